package store

// Raw reads samples alone, without kept floors.
func Raw(e *Embedded) *embeddedSource { return &embeddedSource{e} }

// RawSource is Raw without what only the store's own source can do.
func RawSource(e *Embedded) inner { return struct{ inner }{Raw(e)} }
