package python

import "go.starlark.net/syntax"

func (l *lowerer) sequence(x sequence) syntax.Expr {
	for _, item := range x.items {
		if _, ok := item.(star); ok {
			return l.unpacked(x)
		}
	}
	items := make([]syntax.Expr, len(x.items))
	for i, item := range x.items {
		items[i] = l.expr(item)
	}
	at := l.position(x.Position)
	switch x.open {
	case "(":
		return l.tuple(x.Position, items...)
	case "{":
		return l.call(x.Position, MakeSet, &syntax.ListExpr{Lbrack: at, List: items, Rbrack: at})
	}
	return &syntax.ListExpr{Lbrack: at, List: items, Rbrack: at}
}

// unpacked lowers a sequence with *items.
func (l *lowerer) unpacked(x sequence) syntax.Expr {
	args := []syntax.Expr{l.text(x.Position, x.open)}
	for _, item := range x.items {
		s, isStar := item.(star)
		if isStar {
			item = s.x
		}
		args = append(args, l.item(x.Position, isStar, item))
	}
	return l.call(x.Position, Concat, args...)
}

func (l *lowerer) item(at Position, isStar bool, x expr) syntax.Expr {
	return l.tuple(at, l.literal(literal{at, isStar}), l.expr(x))
}

func (l *lowerer) mapping(x mapping) syntax.Expr {
	var keys, values, parts []syntax.Expr
	merged := false
	for i, key := range x.keys {
		if key != nil {
			keys, values = append(keys, l.expr(key)), append(values, l.expr(x.values[i]))
			continue
		}
		merged = true
		parts = append(parts, l.dict(x.Position, keys, values), l.expr(x.values[i]))
		keys, values = nil, nil
	}
	last := l.dict(x.Position, keys, values)
	if !merged {
		return last
	}
	return l.call(x.Position, Merge, append(parts, last)...)
}

func (l *lowerer) dict(at Position, keys, values []syntax.Expr) syntax.Expr {
	made := &syntax.DictExpr{Lbrace: l.position(at), Rbrace: l.position(at)}
	for i, key := range keys {
		made.List = append(made.List, &syntax.DictEntry{Key: key, Colon: l.position(at), Value: values[i]})
	}
	return made
}

func (l *lowerer) comprehension(x comprehension) syntax.Expr {
	at := l.position(x.Position)
	made := &syntax.Comprehension{Curly: x.key != nil, Lbrack: at, Rbrack: at}
	l.within(x.scope, func() {
		for _, c := range x.clauses {
			if c.cond != nil {
				made.Clauses = append(made.Clauses, &syntax.IfClause{If: l.position(c.at), Cond: l.expr(c.cond)})
				continue
			}
			made.Clauses = append(made.Clauses, &syntax.ForClause{
				For: l.position(c.at), Vars: l.target(c.target), In: l.position(c.at), X: l.call(c.source.pos(), Iterate, l.expr(c.source)),
			})
		}
		made.Body = l.expr(x.body)
		if x.key != nil {
			made.Body = &syntax.DictEntry{Key: l.expr(x.key), Colon: at, Value: made.Body}
		}
	})
	if x.open == "{" && x.key == nil {
		return l.call(x.Position, MakeSet, made)
	}
	return made
}
