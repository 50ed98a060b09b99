package python

import (
	"math/big"
	"strings"

	"go.starlark.net/syntax"
)

func (l *lowerer) expr(x expr) syntax.Expr {
	switch x := x.(type) {
	case ident:
		return l.variable(x.Position, x.name)
	case literal:
		return l.literal(x)
	case fstring:
		return l.fstring(x)
	case formatted:
		return l.formatted(x)
	case unary:
		return &syntax.UnaryExpr{OpPos: l.position(x.Position), Op: tokens[x.op], X: l.expr(x.x)}
	case binary:
		return l.binary(x.Position, x.op, x.x, l.expr(x.x), x.y)
	case compare:
		return l.chain(x, func() syntax.Expr { return l.expr(x.first) })
	case conditional:
		at := l.position(x.Position)
		return l.group(x.Position, &syntax.CondExpr{If: at, Cond: l.expr(x.cond), True: l.expr(x.yes), ElsePos: at, False: l.expr(x.no)})
	case attribute:
		l.checkAttribute(x)
		if strings.HasPrefix(x.name, "__") || l.options.Extra(x.name) || l.isBuiltin(x.x) {
			return l.call(x.Position, Attribute, l.expr(x.x), l.text(x.Position, x.name))
		}
		return l.dot(x)
	case index:
		return l.call(x.Position, Index, l.expr(x.x), l.expr(x.key))
	case slice:
		return l.call(x.Position, Slice, l.expr(x.x), l.optional(x.Position, x.low), l.optional(x.Position, x.high), l.optional(x.Position, x.step))
	case call:
		return l.calling(x)
	case lambda:
		return l.lambda(x)
	case sequence:
		return l.sequence(x)
	case mapping:
		return l.mapping(x)
	case comprehension:
		return l.comprehension(x)
	case star:
		fail(x.Position, "`*` does not belong here", "unpack within brackets or a call")
	}
	panic("no case for an expression")
}

func (l *lowerer) group(at Position, x syntax.Expr) syntax.Expr {
	return &syntax.ParenExpr{Lparen: l.position(at), X: x, Rparen: l.position(at)}
}

func (l *lowerer) optional(at Position, x expr) syntax.Expr {
	if x == nil {
		return l.none(at)
	}
	return l.expr(x)
}

func (l *lowerer) dot(x attribute) syntax.Expr {
	at := l.position(x.Position)
	return &syntax.DotExpr{X: l.expr(x.x), Dot: at, NamePos: at, Name: l.ident(x.Position, x.name)}
}

func (l *lowerer) literal(x literal) syntax.Expr {
	made := &syntax.Literal{TokenPos: l.position(x.Position), Value: x.value}
	switch v := x.value.(type) {
	case nil:
		return l.none(x.Position)
	case bool:
		if v {
			return l.ident(x.Position, "True")
		}
		return l.ident(x.Position, "False")
	case string:
		made.Token = syntax.STRING
	case []byte:
		made.Token, made.Value = syntax.BYTES, string(v)
	case int64, *big.Int:
		made.Token = syntax.INT
	case float64:
		made.Token = syntax.FLOAT
	}
	return made
}

func (l *lowerer) fstring(x fstring) syntax.Expr {
	parts := make([]syntax.Expr, len(x.parts))
	for i, p := range x.parts {
		parts[i] = l.expr(p)
	}
	return l.call(x.Position, Join, parts...)
}

func (l *lowerer) formatted(x formatted) syntax.Expr {
	return l.call(x.Position, Format, l.expr(x.value), l.text(x.Position, x.conversion), l.optional(x.Position, x.spec))
}

var tokens = map[string]syntax.Token{
	"not": syntax.NOT, "and": syntax.AND, "or": syntax.OR, "in": syntax.IN, "not in": syntax.NOT_IN,
	"+": syntax.PLUS, "-": syntax.MINUS, "*": syntax.STAR, "/": syntax.SLASH, "//": syntax.SLASHSLASH,
	"&": syntax.AMP, "|": syntax.PIPE, "^": syntax.CIRCUMFLEX, "~": syntax.TILDE, "<<": syntax.LTLT, ">>": syntax.GTGT,
	"<": syntax.LT, ">": syntax.GT, "<=": syntax.LE, ">=": syntax.GE, "==": syntax.EQL, "!=": syntax.NEQ,
}

// binary lowers x op y; lowered is x, which an assignment may have lowered before.
func (l *lowerer) binary(at Position, op string, _ expr, lowered syntax.Expr, y expr) syntax.Expr {
	switch op {
	case "%":
		return l.call(at, Modulo, lowered, l.expr(y))
	case "**":
		return l.call(at, Power, lowered, l.expr(y))
	}
	return l.pair(at, lowered, tokens[op], l.expr(y))
}

// chain lowers a < b < c to a < b and b < c, where b is evaluated once.
func (l *lowerer) chain(x compare, first func() syntax.Expr) syntax.Expr {
	at := x.Position
	if len(x.ops) == 1 {
		return l.comparison(at, first(), x.ops[0], l.expr(x.rest[0]), x.rest[0])
	}
	rest := compare{at, x.rest[0], x.ops[1:], x.rest[1:]}
	switch x.rest[0].(type) {
	case ident, literal:
		left := l.comparison(at, first(), x.ops[0], l.expr(x.rest[0]), x.rest[0])
		return l.group(at, l.pair(at, left, syntax.AND, l.chain(rest, func() syntax.Expr { return l.expr(x.rest[0]) })))
	}
	a, b := l.fresh("left"), l.fresh("middle")
	body := l.pair(at, l.comparison(at, l.ident(at, a), x.ops[0], l.ident(at, b), x.rest[0]), syntax.AND,
		l.chain(rest, func() syntax.Expr { return l.ident(at, b) }))
	function := &syntax.LambdaExpr{Lambda: l.position(at), Params: []syntax.Expr{l.ident(at, a), l.ident(at, b)}, Body: body}
	return &syntax.CallExpr{Fn: l.group(at, function), Lparen: l.position(at), Args: []syntax.Expr{first(), l.expr(x.rest[0])}, Rparen: l.position(at)}
}

func (l *lowerer) comparison(at Position, x syntax.Expr, op string, y syntax.Expr, source expr) syntax.Expr {
	switch op {
	case "is", "is not":
		same := l.call(at, Same, x, y)
		if v, ok := source.(literal); ok && v.value == nil {
			same = l.group(at, l.pair(at, x, syntax.EQL, y))
		}
		if op == "is" {
			return same
		}
		return &syntax.UnaryExpr{OpPos: l.position(at), Op: syntax.NOT, X: same}
	}
	return l.group(at, l.pair(at, x, tokens[op], y))
}

func (l *lowerer) calling(x call) syntax.Expr {
	if f, ok := x.function.(ident); ok && f.name == "super" && len(x.args) == 0 {
		return l.super(x)
	}
	made := &syntax.CallExpr{Fn: l.expr(x.function), Lparen: l.position(x.Position), Rparen: l.position(x.end)}
	if plainOrder(x.args) {
		for _, a := range x.args {
			made.Args = append(made.Args, l.argument(a))
		}
		return made
	}
	positional := []syntax.Expr{l.text(x.Position, "(")}
	var named []syntax.Expr
	for _, a := range x.args {
		switch {
		case a.name != "":
			named = append(named, l.dict(a.at, []syntax.Expr{l.text(a.at, a.name)}, []syntax.Expr{l.expr(a.value)}))
		case a.stars == 2:
			named = append(named, l.expr(a.value))
		default:
			positional = append(positional, l.item(a.at, a.stars == 1, a.value))
		}
	}
	made.Args = []syntax.Expr{
		&syntax.UnaryExpr{OpPos: l.position(x.Position), Op: syntax.STAR, X: l.call(x.Position, Concat, positional...)},
		&syntax.UnaryExpr{OpPos: l.position(x.Position), Op: syntax.STARSTAR, X: l.call(x.Position, Merge, named...)},
	}
	return made
}

// plainOrder tells whether Starlark takes the arguments as they stand: positional, named, one *,
// one **.
func plainOrder(args []argument) bool {
	last := 0
	for _, a := range args {
		rank := 0
		switch {
		case a.stars > 0:
			rank = a.stars + 1
		case a.name != "":
			rank = 1
		}
		if rank < last || rank > 1 && rank == last {
			return false
		}
		last = rank
	}
	return true
}

func (l *lowerer) argument(a argument) syntax.Expr {
	value := l.expr(a.value)
	switch {
	case a.name != "":
		return l.pair(a.at, l.ident(a.at, a.name), syntax.EQ, value)
	case a.stars == 1:
		return &syntax.UnaryExpr{OpPos: l.position(a.at), Op: syntax.STAR, X: value}
	case a.stars == 2:
		return &syntax.UnaryExpr{OpPos: l.position(a.at), Op: syntax.STARSTAR, X: value}
	}
	return value
}

func (l *lowerer) super(x call) syntax.Expr {
	f := l.scope.function()
	if f == nil || f.self == "" || f.parent == nil || f.parent.kind != classScope {
		fail(x.Position, "`super()` stands outside of a method", "")
	}
	return l.call(x.Position, Super, l.variable(x.Position, f.parent.name), l.variable(x.Position, f.self))
}

func (l *lowerer) lambda(x lambda) syntax.Expr {
	made := &syntax.LambdaExpr{Lambda: l.position(x.Position), Params: l.params(x.params)}
	l.within(x.scope, func() {
		l.apart(context{}, func() { made.Body = l.expr(x.body) })
	})
	return made
}

// params lowers parameters; the scope in force is the one around the function.
func (l *lowerer) params(params []param) (out []syntax.Expr) {
	for _, p := range params {
		var made syntax.Expr
		if p.name != "" {
			made = l.ident(p.at, p.name)
		}
		switch {
		case p.stars == 1:
			made = &syntax.UnaryExpr{OpPos: l.position(p.at), Op: syntax.STAR, X: made}
		case p.stars == 2:
			made = &syntax.UnaryExpr{OpPos: l.position(p.at), Op: syntax.STARSTAR, X: made}
		case p.value != nil:
			made = l.pair(p.at, made, syntax.EQ, l.expr(p.value))
		}
		out = append(out, made)
	}
	return out
}

// isBuiltin tells whether an expression is a name that the script does not bind, such as str in
// str.lower.
func (l *lowerer) isBuiltin(x expr) bool {
	name, ok := x.(ident)
	return ok && l.scope.find(name.name).owner == nil
}
