package python

import (
	"strconv"

	"go.starlark.net/syntax"
)

// hidden begins every name that is made here: no script can write it.
const hidden = "·"

// The functions that lowered code calls; internal/script/runtime has one for each.
const (
	Cell      = hidden + "cell"     // (name[, value]): an object whose entry [name] is a variable
	Import    = hidden + "import"   // (module)
	From      = hidden + "from"     // (module, name)
	Iterate   = hidden + "iter"     // (x): what a loop goes over
	Index     = hidden + "index"    // (x, key)
	Slice     = hidden + "slice"    // (x, low, high, step)
	Attribute = hidden + "attr"     // (x, name)
	Delete    = hidden + "delete"   // (x, key)
	Modulo    = hidden + "mod"      // (x, y): the remainder, or a formatted text
	Power     = hidden + "pow"      // (x, y)
	Same      = hidden + "is"       // (x, y)
	Join      = hidden + "join"     // (parts…) of an f-string
	Format    = hidden + "format"   // (value, conversion, spec)
	MakeSet   = hidden + "set"      // (items)
	Concat    = hidden + "concat"   // (open, (star, x)…): a tuple or a list
	Merge     = hidden + "merge"    // (dicts…)
	Class     = hidden + "class"    // (name, base, members, doc)
	Super     = hidden + "super"    // (class, self)
	Raise     = hidden + "raise"    // (exception, cause)
	Assert    = hidden + "assert"   // (message)
	Try       = hidden + "try"      // (body, ((kind, handler)…), else, finally): a signal or None
	Decorate  = hidden + "decorate" // (decorator, value, name)
	With      = hidden + "with"     // (x, body): a signal or None
)

// A part of a function that became a function of its own tells by what it returns how its caller
// goes on: None for the next statement, or a tuple that begins with one of these.
const (
	signalReturn   = "return"
	signalBreak    = "break"
	signalContinue = "continue"
)

// lowerer turns our tree into Starlark's.
type lowerer struct {
	options Options
	file    *string
	scope   *scope
	made    int // names that were made up
	context
}

// context is what changes from one function of the result to the next.
type context struct {
	inner   bool            // in a part that became a function of its own
	signals map[string]bool // that this part gives
	loops   []string        // loops of this function: the variable that says it was left by break, or ""
	failure string          // the variable that holds the exception that is handled
}

func (l *lowerer) module(body []stmt) []syntax.Stmt {
	out := l.cells(nil)
	return append(out, l.block(body)...)
}

// cells makes the cells of the scope in force; parameters move into theirs.
func (l *lowerer) cells(params []param) (out []syntax.Stmt) {
	for _, name := range l.scope.order {
		at := Position{1, 1}
		args := []syntax.Expr{l.text(at, name)}
		for _, p := range params {
			if p.name == name {
				at = p.at
				args = append(args, l.ident(at, name))
			}
		}
		out = append(out, l.set(at, l.ident(at, hidden+l.spelled(l.scope, name)), l.call(at, Cell, args...)))
	}
	return out
}

// spelled is how a name of a scope is written: those of a class with the class, so that methods do
// not see them.
func (l *lowerer) spelled(owner *scope, name string) string {
	if owner.kind == classScope {
		return owner.name + "." + name
	}
	return name
}

func (l *lowerer) position(at Position) syntax.Position {
	return syntax.MakePosition(l.file, int32(at.Line), int32(at.Column)) //nolint:gosec // a script has 1 MB at most
}

// made-up names
func (l *lowerer) fresh(what string) string {
	l.made++
	return hidden + what + strconv.Itoa(l.made)
}

func (l *lowerer) ident(at Position, name string) *syntax.Ident {
	return &syntax.Ident{NamePos: l.position(at), Name: name}
}

// variable is where the value of a name is read or kept.
func (l *lowerer) variable(at Position, name string) syntax.Expr {
	place := l.scope.find(name)
	switch {
	case place.owner == nil:
		return l.ident(at, name)
	case place.cell:
		return l.cellEntry(at, l.ident(at, hidden+l.spelled(place.owner, name)), name)
	}
	return l.ident(at, l.spelled(place.owner, name))
}

func (l *lowerer) cellEntry(at Position, cell syntax.Expr, name string) syntax.Expr {
	return &syntax.IndexExpr{X: cell, Lbrack: l.position(at), Y: l.text(at, name), Rbrack: l.position(at)}
}

func (l *lowerer) text(at Position, value string) syntax.Expr {
	return &syntax.Literal{Token: syntax.STRING, TokenPos: l.position(at), Value: value}
}

func (l *lowerer) none(at Position) syntax.Expr { return l.ident(at, "None") }

func (l *lowerer) call(at Position, function string, args ...syntax.Expr) syntax.Expr {
	return &syntax.CallExpr{Fn: l.ident(at, function), Lparen: l.position(at), Args: args, Rparen: l.position(at)}
}

func (l *lowerer) set(at Position, target, value syntax.Expr) syntax.Stmt {
	return &syntax.AssignStmt{OpPos: l.position(at), Op: syntax.EQ, LHS: target, RHS: value}
}

func (l *lowerer) tuple(at Position, items ...syntax.Expr) syntax.Expr {
	return &syntax.TupleExpr{Lparen: l.position(at), List: items, Rparen: l.position(at)}
}

func (l *lowerer) pair(at Position, x syntax.Expr, op syntax.Token, y syntax.Expr) syntax.Expr {
	return &syntax.BinaryExpr{X: x, OpPos: l.position(at), Op: op, Y: y}
}

func (l *lowerer) pass(at Position) syntax.Stmt {
	return &syntax.BranchStmt{Token: syntax.PASS, TokenPos: l.position(at)}
}

// within lowers with another scope in force.
func (l *lowerer) within(s *scope, lower func()) {
	before := l.scope
	l.scope = s
	lower()
	l.scope = before
}

// fresh context for a function: what is open around it does not reach into it.
func (l *lowerer) apart(c context, lower func()) context {
	before := l.context
	l.context = c
	lower()
	after := l.context
	l.context = before
	return after
}
