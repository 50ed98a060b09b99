package suspect

func (r *Ranker) contain() {}
