package python

// expressions reads what may stand behind = or return: one expression, or several that make a tuple.
func (p *parser) expressions() expr {
	at := p.at()
	first := p.starred()
	if !p.is(",") {
		return first
	}
	items := []expr{first}
	for p.accept(",") && p.startsExpression() {
		items = append(items, p.starred())
	}
	return sequence{at, "(", items}
}

func (p *parser) startsExpression() bool {
	switch t := p.peek(); t.kind {
	case name, number, text, formatText, bytesText:
		return true
	case keyword:
		return p.is("None", "True", "False", "not", "lambda", "await", "yield")
	case operator:
		return p.is("(", "[", "{", "-", "+", "~", "*", "...")
	}
	return false
}

func (p *parser) starred() expr {
	if at := p.at(); p.accept("*") {
		return star{at, p.binary(0)}
	}
	return p.expression()
}

// expression reads a conditional, a lambda or what binds tighter.
func (p *parser) expression() expr {
	defer p.deeper()()
	if p.is("lambda") {
		return p.lambda()
	}
	yes := p.or()
	if p.is(":=") {
		fail(p.at(), "`:=` is not supported", "assign in a statement of its own before")
	}
	at := p.at()
	if !p.accept("if") {
		return yes
	}
	cond := p.or()
	p.expect("else", "in `A if CONDITION else B`")
	return conditional{at, cond, yes, p.expression()}
}

func (p *parser) lambda() expr {
	at := p.take().at
	l := lambda{Position: at}
	l.scope = p.within(newScope(functionScope, "lambda", p.scope), func() {
		l.params = p.params(":", false)
		p.expect(":", "behind the parameters of a lambda")
		l.body = p.expression()
	})
	return l
}

func (p *parser) or() expr  { return p.logical("or", p.and) }
func (p *parser) and() expr { return p.logical("and", p.not) }

func (p *parser) logical(op string, tighter func() expr) expr {
	x := tighter()
	for n := 0; p.is(op); n++ {
		p.short(n)
		at := p.take().at
		x = binary{at, op, x, tighter()}
	}
	return x
}

func (p *parser) short(n int) {
	if n >= maxChain {
		failf(p.at(), "more than %d operators in one expression", maxChain)
	}
}

func (p *parser) not() expr {
	defer p.deeper()()
	if at := p.at(); p.accept("not") {
		return unary{at, "not", p.not()}
	}
	return p.comparison()
}

func (p *parser) comparison() expr {
	c := compare{Position: p.at(), first: p.binary(0)}
	for {
		op, at := p.comparisonOperator()
		if op == "" {
			break
		}
		p.short(len(c.ops))
		if len(c.ops) == 0 {
			c.Position = at
		}
		c.ops, c.rest = append(c.ops, op), append(c.rest, p.binary(0))
	}
	if len(c.ops) == 0 {
		return c.first
	}
	return c
}

func (p *parser) comparisonOperator() (string, Position) {
	at := p.at()
	switch {
	case p.is("<", ">", "<=", ">=", "==", "!=", "in"):
		return p.take().value, at
	case p.accept("is"):
		if p.accept("not") {
			return "is not", at
		}
		return "is", at
	case p.is("not"):
		p.take()
		p.expect("in", "in a comparison behind `not`")
		return "not in", at
	}
	return "", at
}

// levels are the operators with two sides, the loosest first.
var levels = [][]string{{"|"}, {"^"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "//", "%"}}

func (p *parser) binary(level int) expr {
	if level == len(levels) {
		return p.unary()
	}
	x := p.binary(level + 1)
	for n := 0; p.is(levels[level]...); n++ {
		p.short(n)
		op := p.take()
		x = binary{op.at, op.value, x, p.binary(level + 1)}
	}
	if p.is("@") {
		fail(p.at(), "`@` between values is not supported", "multiply in a loop")
	}
	return x
}

func (p *parser) unary() expr {
	defer p.deeper()()
	if p.is("-", "+", "~") {
		op := p.take()
		return unary{op.at, op.value, p.unary()}
	}
	x := p.primary()
	if at := p.at(); p.accept("**") {
		return binary{at, "**", x, p.unary()}
	}
	return x
}

// primary reads an atom and what hangs on it: calls, indexes, attributes.
func (p *parser) primary() expr {
	x := p.atom()
	for n := 0; ; n++ {
		p.short(n)
		at := p.at()
		switch {
		case p.accept("."):
			x = attribute{p.at(), x, p.name("the name of an attribute").name}
		case p.accept("("):
			c := call{Position: at, function: x, args: p.arguments()}
			c.end = p.expect(")", "to close the call")
			x = c
		case p.accept("["):
			x = p.subscript(at, x)
		default:
			return x
		}
	}
}

func (p *parser) arguments() (args []argument) {
	for !p.is(")") {
		a := argument{at: p.at()}
		switch t := p.peek(); {
		case p.accept("*"):
			a.stars, a.value = 1, p.expression()
		case p.accept("**"):
			a.stars, a.value = 2, p.expression()
		case t.kind == name && p.tokens[p.next+1].kind == operator && p.tokens[p.next+1].value == "=":
			p.next += 2
			a.name, a.value = t.value, p.expression()
		default:
			a.value = p.element("(", nil)
		}
		args = append(args, a)
		if !p.accept(",") {
			return args
		}
	}
	return args
}

func (p *parser) subscript(at Position, x expr) expr {
	var bounds [3]expr
	n := 0
	for ; ; n++ {
		if n > 2 {
			failf(p.at(), "a slice has three parts at most")
		}
		if !p.is(":", "]") {
			if n == 0 {
				bounds[n] = p.expressions()
			} else {
				bounds[n] = p.expression()
			}
		}
		if !p.accept(":") {
			break
		}
	}
	end := p.expect("]", "to close the index")
	if n > 0 {
		return slice{at, x, bounds[0], bounds[1], bounds[2]}
	}
	if bounds[0] == nil {
		failf(end, "the index is missing")
	}
	return index{at, x, bounds[0]}
}

func (p *parser) atom() expr {
	t := p.take()
	switch t.kind {
	case name:
		return ident{t.at, t.value}
	case number:
		return literal{t.at, numberValue(t)}
	case text, formatText, bytesText:
		p.next--
		return p.texts()
	case keyword:
		switch t.value {
		case "None":
			return literal{t.at, nil}
		case "True", "False":
			return literal{t.at, t.value == "True"}
		case "yield":
			fail(t.at, "`yield` is not supported", "put the values into a list and return it")
		case "await", "async":
			fail(t.at, "`"+t.value+"` is not supported", "call the function as it is: calls wait for their answers")
		}
	case operator:
		switch t.value {
		case "(":
			return p.parenthesis(t.at)
		case "[":
			return p.list(t.at)
		case "{":
			return p.braces(t.at)
		case "...":
			return literal{t.at, nil}
		}
	}
	failf(t.at, "there is %s where a value belongs", t.describe())
	return nil
}
