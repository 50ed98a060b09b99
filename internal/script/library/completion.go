package library

// Name is what scripts are given, for completion.
type Name struct {
	Module    string // where it is imported from; empty for what is there without an import
	Name      string // with dots where it is an attribute
	Signature string
	English   string
	Chinese   string
}

// Names lists all, by module.
func Names() []Name { return completion }

var completion = []Name{}
