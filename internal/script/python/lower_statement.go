package python

import (
	"slices"

	"go.starlark.net/syntax"
)

func (l *lowerer) block(body []stmt) (out []syntax.Stmt) {
	for _, s := range body {
		out = append(out, l.stmt(s)...)
	}
	if len(out) == 0 {
		out = append(out, l.pass(Position{1, 1}))
	}
	return out
}

func (l *lowerer) stmt(s stmt) []syntax.Stmt {
	switch s := s.(type) {
	case expression:
		return one(&syntax.ExprStmt{X: l.expr(s.x)})
	case assign:
		return l.assign(s)
	case augmented:
		return one(l.augmented(s))
	case returning:
		return one(l.returning(s))
	case branch:
		return l.branch(s.Position, s.word)
	case raise:
		return one(l.raise(s))
	case assertion:
		return one(&syntax.IfStmt{
			If:   l.position(s.Position),
			Cond: &syntax.UnaryExpr{OpPos: l.position(s.Position), Op: syntax.NOT, X: l.group(s.Position, l.expr(s.cond))},
			True: one(&syntax.ExprStmt{X: l.call(s.Position, Assert, l.optional(s.Position, s.message))}),
		})
	case deletion:
		var out []syntax.Stmt
		for _, target := range s.targets {
			i := target.(index)
			out = append(out, &syntax.ExprStmt{X: l.call(i.Position, Delete, l.expr(i.x), l.expr(i.key))})
		}
		return out
	case importation:
		l.checkModule(s.Position, s.module)
		return one(l.set(s.Position, l.variable(s.Position, s.bind), l.call(s.Position, Import, l.text(s.Position, s.module))))
	case fromImport:
		return l.fromImport(s)
	case conditionalBlock:
		made := &syntax.IfStmt{If: l.position(s.Position), Cond: l.expr(s.cond), True: l.block(s.yes), ElsePos: l.position(s.Position)}
		if s.no != nil {
			made.False = l.block(s.no)
		}
		return one(made)
	case while:
		return l.loop(s.Position, s.otherwise, func() syntax.Stmt {
			return &syntax.WhileStmt{While: l.position(s.Position), Cond: l.expr(s.cond), Body: l.block(s.body)}
		})
	case loop:
		return l.loop(s.Position, s.otherwise, func() syntax.Stmt {
			return &syntax.ForStmt{For: l.position(s.Position), Vars: l.target(s.target), X: l.call(s.source.pos(), Iterate, l.expr(s.source)), Body: l.block(s.body)}
		})
	case with:
		return l.with(s)
	case try:
		return l.try(s)
	case function:
		return l.function(s)
	case class:
		return l.class(s)
	}
	panic("no case for a statement")
}

func one(s syntax.Stmt) []syntax.Stmt { return []syntax.Stmt{s} }

// target lowers what stands left of =.
func (l *lowerer) target(x expr) syntax.Expr {
	switch x := x.(type) {
	case ident:
		return l.variable(x.Position, x.name)
	case attribute:
		return l.dot(x)
	case index:
		return &syntax.IndexExpr{X: l.expr(x.x), Lbrack: l.position(x.Position), Y: l.expr(x.key), Rbrack: l.position(x.Position)}
	case sequence:
		items := make([]syntax.Expr, len(x.items))
		for i, item := range x.items {
			items[i] = l.target(item)
		}
		return l.tuple(x.Position, items...)
	case slice:
		fail(x.Position, "a value cannot be assigned to a slice", "make a new list: `x = x[:a] + new + x[b:]`")
	}
	failf(x.pos(), "a value cannot be assigned to this")
	return nil
}

func (l *lowerer) assign(s assign) []syntax.Stmt {
	if len(s.targets) == 1 {
		return one(l.set(s.Position, l.target(s.targets[0]), l.expr(s.value)))
	}
	value := l.fresh("value")
	out := one(l.set(s.Position, l.ident(s.Position, value), l.expr(s.value)))
	for _, t := range s.targets {
		out = append(out, l.set(s.Position, l.target(t), l.ident(s.Position, value)))
	}
	return out
}

var augmentedTokens = map[string]syntax.Token{
	"+": syntax.PLUS_EQ, "-": syntax.MINUS_EQ, "*": syntax.STAR_EQ, "/": syntax.SLASH_EQ, "//": syntax.SLASHSLASH_EQ,
	"&": syntax.AMP_EQ, "|": syntax.PIPE_EQ, "^": syntax.CIRCUMFLEX_EQ, "<<": syntax.LTLT_EQ, ">>": syntax.GTGT_EQ,
}

func (l *lowerer) augmented(s augmented) syntax.Stmt {
	if op, ok := augmentedTokens[s.op]; ok {
		return &syntax.AssignStmt{OpPos: l.position(s.Position), Op: op, LHS: l.target(s.target), RHS: l.expr(s.value)}
	}
	return l.set(s.Position, l.target(s.target), l.binary(s.Position, s.op, s.target, l.expr(s.target), s.value))
}

func (l *lowerer) returning(s returning) syntax.Stmt {
	at := l.position(s.Position)
	if l.inner {
		return l.signal(s.Position, signalReturn, l.optional(s.Position, s.value))
	}
	made := &syntax.ReturnStmt{Return: at}
	if s.value != nil {
		made.Result = l.expr(s.value)
	}
	return made
}

// signal leaves a part of a function, and tells the rest how to go on.
func (l *lowerer) signal(at Position, what string, values ...syntax.Expr) syntax.Stmt {
	l.signals[what] = true
	return &syntax.ReturnStmt{Return: l.position(at), Result: l.tuple(at, append([]syntax.Expr{l.text(at, what)}, values...)...)}
}

func (l *lowerer) branch(at Position, word string) []syntax.Stmt {
	if word == "pass" {
		return one(l.pass(at))
	}
	n := len(l.loops)
	if n == 0 {
		return one(l.signal(at, word))
	}
	if word == signalContinue {
		return one(&syntax.BranchStmt{Token: syntax.CONTINUE, TokenPos: l.position(at)})
	}
	var out []syntax.Stmt
	if left := l.loops[n-1]; left != "" {
		out = append(out, l.set(at, l.ident(at, left), l.ident(at, "True")))
	}
	return append(out, &syntax.BranchStmt{Token: syntax.BREAK, TokenPos: l.position(at)})
}

// loop lowers a loop; its else runs unless it was left by break.
func (l *lowerer) loop(at Position, otherwise []stmt, made func() syntax.Stmt) []syntax.Stmt {
	left := ""
	if otherwise != nil {
		left = l.fresh("left")
	}
	l.loops = append(slices.Clip(l.loops), left)
	loop := made()
	l.loops = l.loops[:len(l.loops)-1]
	if otherwise == nil {
		return one(loop)
	}
	return []syntax.Stmt{
		l.set(at, l.ident(at, left), l.ident(at, "False")),
		loop,
		&syntax.IfStmt{
			If:   l.position(at),
			Cond: &syntax.UnaryExpr{OpPos: l.position(at), Op: syntax.NOT, X: l.ident(at, left)},
			True: l.block(otherwise),
		},
	}
}

func (l *lowerer) raise(s raise) syntax.Stmt {
	var value syntax.Expr
	switch {
	case s.value != nil:
		value = l.expr(s.value)
	case l.failure != "":
		value = l.ident(s.Position, l.failure)
	default:
		fail(s.Position, "`raise` alone stands outside of `except`", "name the exception")
	}
	return &syntax.ExprStmt{X: l.call(s.Position, Raise, value, l.optional(s.Position, s.cause))}
}
