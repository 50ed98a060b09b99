package python

// expr is a node that has a value; stmt is one that does something. Each knows its place.
type (
	expr interface{ pos() Position }
	stmt interface{ pos() Position }
)

func (p Position) pos() Position { return p }

// Expressions.
type (
	ident struct {
		Position
		name string
	}
	literal struct {
		Position
		value any
	} // string, []byte, int64, *big.Int, float64, bool, nil
	fstring struct {
		Position
		parts []expr
	} // literal or formatted
	// formatted is {value!conversion:spec} within an f-string.
	formatted struct {
		Position
		value      expr
		conversion string
		spec       expr
	}
	unary struct {
		Position
		op string
		x  expr
	}
	binary struct {
		Position
		op   string
		x, y expr
	}
	// compare is a chain: first op[0] rest[0] op[1] rest[1] …
	compare struct {
		Position
		first expr
		ops   []string
		rest  []expr
	}
	conditional struct {
		Position
		cond, yes, no expr
	}
	attribute struct {
		Position
		x    expr
		name string
	}
	index struct {
		Position
		x, key expr
	}
	slice struct {
		Position
		x, low, high, step expr
	}
	call struct {
		Position
		function expr
		args     []argument
		end      Position
	}
	lambda struct {
		Position
		params []param
		body   expr
		scope  *scope
	}
	sequence struct {
		Position
		open  string
		items []expr
	} // open is "(", "[" or "{"
	star struct {
		Position
		x expr
	}
	mapping struct {
		Position
		keys, values []expr
	} // a key of nil is **value
	// comprehension is [body for …], {body for …} or {key: body for …}; open as of a sequence.
	comprehension struct {
		Position
		open      string
		key, body expr
		clauses   []clause
		scope     *scope
		closed    bool // its bracket is closed
	}
)

// argument of a call: value, name=value, *value or **value.
type argument struct {
	at    Position
	name  string
	stars int
	value expr
}

// param of a function: name, name=value, *name, ** name, or * alone.
type param struct {
	at    Position
	name  string
	stars int
	value expr
}

// clause of a comprehension: for target in source, or if cond.
type clause struct {
	at                   Position
	target, source, cond expr
}

// Statements.
type (
	expression struct{ x expr }
	assign     struct {
		Position
		targets []expr
		value   expr
	}
	augmented struct {
		Position
		op            string
		target, value expr
	}
	returning struct {
		Position
		value expr
	}
	branch struct {
		Position
		word string
	} // pass, break or continue
	raise struct {
		Position
		value, cause expr
	}
	assertion struct {
		Position
		cond, message expr
	}
	deletion struct {
		Position
		targets []expr
	}
	importation struct {
		Position
		module, bind string
	} // import module.x [as y]
	fromImport struct {
		Position
		module    string
		names, as []ident
	}
	conditionalBlock struct {
		Position
		cond    expr
		yes, no []stmt
	}
	while struct {
		Position
		cond            expr
		body, otherwise []stmt
	}
	loop struct {
		Position
		target, source  expr
		body, otherwise []stmt
	}
	with struct {
		Position
		value, as expr
		body      []stmt
	}
	try struct {
		Position
		body               []stmt
		handlers           []handler
		otherwise, finally []stmt
	}
	function struct {
		Position
		name       ident
		decorators []expr
		params     []param
		body       []stmt
		scope      *scope
	}
	class struct {
		Position
		name       ident
		decorators []expr
		bases      []expr
		body       []stmt
		scope      *scope
	}
)

func (e expression) pos() Position { return e.x.pos() }

// handler is one except of a try.
type handler struct {
	at   Position
	kind expr // nil catches all
	as   *ident
	body []stmt
}
