package store

// Raw reads samples alone, without kept floors.
func Raw(e *Embedded) *embeddedSource { return &embeddedSource{e} }
