package python

import (
	"slices"

	"go.starlark.net/syntax"
)

// part makes a function of a part of the one in force, and notes which signals it gives.
func (l *lowerer) part(at Position, params []string, failure string, signals map[string]bool, before []syntax.Stmt, body []stmt) (syntax.Stmt, string) {
	made := &syntax.DefStmt{Def: l.position(at), Name: l.ident(at, l.fresh("part")), Lparen: l.position(at), Rparen: l.position(at)}
	for _, p := range params {
		made.Params = append(made.Params, l.ident(at, p))
	}
	if failure == "" {
		failure = l.failure
	}
	l.apart(context{inner: true, signals: signals, failure: failure}, func() {
		made.Body = append(before, l.block(body)...)
	})
	return made, made.Name.Name
}

func (l *lowerer) try(s try) []syntax.Stmt {
	var out []syntax.Stmt
	signals := map[string]bool{}
	part := func(at Position, params []string, before []syntax.Stmt, body []stmt) syntax.Expr {
		if body == nil {
			return l.none(at)
		}
		failure := ""
		if len(params) > 0 {
			failure = params[0]
		}
		made, name := l.part(at, params, failure, signals, before, body)
		out = append(out, made)
		return l.ident(at, name)
	}
	body := part(s.Position, nil, nil, s.body)
	var handlers []syntax.Expr
	for _, h := range s.handlers {
		failure := l.fresh("failure")
		var before []syntax.Stmt
		if h.as != nil {
			before = one(l.set(h.at, l.variable(h.at, h.as.name), l.ident(h.at, failure)))
		}
		kind := l.none(h.at)
		if h.kind != nil {
			kind = &syntax.LambdaExpr{Lambda: l.position(h.at), Body: l.expr(h.kind)}
		}
		handlers = append(handlers, l.tuple(h.at, kind, part(h.at, []string{failure}, before, h.body)))
	}
	otherwise := part(s.Position, nil, nil, s.otherwise)
	finally := part(s.Position, nil, nil, s.finally)
	return append(out, l.dispatch(s.Position, signals, l.call(s.Position, Try, body, l.tuple(s.Position, handlers...), otherwise, finally))...)
}

func (l *lowerer) with(s with) []syntax.Stmt {
	entered := l.fresh("entered")
	var before []syntax.Stmt
	if s.as != nil {
		before = one(l.set(s.Position, l.target(s.as), l.ident(s.Position, entered)))
	}
	signals := map[string]bool{}
	body, name := l.part(s.Position, []string{entered}, "", signals, before, s.body)
	return append(one(body), l.dispatch(s.Position, signals, l.call(s.Position, With, l.expr(s.value), l.ident(s.Position, name)))...)
}

// dispatch runs a part, and goes on as its signal says.
func (l *lowerer) dispatch(at Position, signals map[string]bool, run syntax.Expr) []syntax.Stmt {
	if len(signals) == 0 {
		return one(&syntax.ExprStmt{X: run})
	}
	result := l.fresh("signal")
	first := func() syntax.Expr { return l.call(at, Index, l.ident(at, result), l.literal(literal{at, int64(0)})) }
	var cases []syntax.Stmt
	for _, signal := range []string{signalReturn, signalBreak, signalContinue} {
		if !signals[signal] {
			continue
		}
		var then []syntax.Stmt
		value := l.call(at, Index, l.ident(at, result), l.literal(literal{at, int64(1)}))
		switch {
		case signal != signalReturn:
			then = l.branch(at, signal)
		case l.inner:
			then = one(l.signal(at, signalReturn, value))
		default:
			then = one(&syntax.ReturnStmt{Return: l.position(at), Result: value})
		}
		cases = append(cases, &syntax.IfStmt{If: l.position(at), Cond: l.pair(at, first(), syntax.EQL, l.text(at, signal)), True: then})
	}
	return []syntax.Stmt{
		l.set(at, l.ident(at, result), run),
		&syntax.IfStmt{If: l.position(at), Cond: l.pair(at, l.ident(at, result), syntax.NEQ, l.none(at)), True: cases},
	}
}

func (l *lowerer) function(s function) []syntax.Stmt {
	at := s.name.Position
	place := l.scope.find(s.name.name)
	spelled := s.name.name
	if place.owner != nil {
		spelled = l.spelled(place.owner, spelled)
	}
	made := &syntax.DefStmt{
		Def: l.position(s.Position), Name: l.ident(at, spelled),
		Lparen: l.position(at), Params: l.params(s.params), Rparen: l.position(at),
	}
	l.within(s.scope, func() {
		l.apart(context{}, func() {
			body := s.body
			if doc := docstring(body); doc != "" {
				made.Body = one(&syntax.ExprStmt{X: l.text(body[0].pos(), doc)})
				body = body[1:]
			}
			made.Body = append(made.Body, l.cells(s.params)...)
			made.Body = append(made.Body, l.block(body)...)
		})
	})
	out := one(made)
	if place.cell {
		out = append(out, l.set(at, l.variable(at, s.name.name), l.ident(at, spelled)))
	}
	return append(out, l.decorated(s.name, s.decorators)...)
}

// decorated applies decorators, the lowest first.
func (l *lowerer) decorated(name ident, decorators []expr) (out []syntax.Stmt) {
	for _, d := range slices.Backward(decorators) {
		at := d.pos()
		applied := l.call(at, Decorate, l.expr(d), l.variable(at, name.name), l.text(at, name.name))
		out = append(out, l.set(at, l.variable(at, name.name), applied))
	}
	return out
}

// class lowers the body of a class to a function that returns its members.
func (l *lowerer) class(s class) []syntax.Stmt {
	at := s.name.Position
	body := &syntax.DefStmt{Def: l.position(s.Position), Name: l.ident(at, l.fresh("part")), Lparen: l.position(at), Rparen: l.position(at)}
	l.within(s.scope, func() {
		l.apart(context{}, func() {
			body.Body = append(l.cells(nil), l.block(s.body)...)
			var keys, values []syntax.Expr
			names := make([]string, 0, len(s.scope.bound))
			for name := range s.scope.bound {
				names = append(names, name)
			}
			slices.Sort(names)
			for _, name := range names {
				keys, values = append(keys, l.text(at, name)), append(values, l.variable(at, name))
			}
			body.Body = append(body.Body, &syntax.ReturnStmt{Return: l.position(at), Result: l.dict(at, keys, values)})
		})
	})
	base := l.none(at)
	if len(s.bases) == 1 {
		base = l.expr(s.bases[0])
	}
	made := l.call(at, Class, l.text(at, s.name.name), base, l.call(at, body.Name.Name), l.text(at, docstring(s.body)))
	out := []syntax.Stmt{body, l.set(at, l.variable(at, s.name.name), made)}
	return append(out, l.decorated(s.name, s.decorators)...)
}
