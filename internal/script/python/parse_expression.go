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

func (p *parser) parenthesis(at Position) expr {
	if p.accept(")") {
		return sequence{at, "(", nil}
	}
	items, comma := []expr{p.element("(", nil)}, false
	for p.is(",") {
		comma = true
		if p.take(); p.is(")") {
			break
		}
		items = append(items, p.starred())
	}
	p.expect(")", "to close the bracket")
	if _, isStar := items[0].(star); comma || isStar {
		return sequence{at, "(", items}
	}
	return items[0]
}

func (p *parser) list(at Position) expr {
	var items []expr
	for !p.is("]") {
		items = append(items, p.element("[", nil))
		if !p.accept(",") {
			break
		}
	}
	p.expect("]", "to close the list")
	return listed(at, "[", items)
}

// listed is the sequence, or the comprehension that it holds.
func listed(at Position, open string, items []expr) expr {
	if len(items) == 1 {
		if c, ok := items[0].(comprehension); ok && c.open == open && !c.closed {
			c.closed = true
			return c
		}
	}
	return sequence{at, open, items}
}

func (p *parser) braces(at Position) expr {
	if p.accept("}") {
		return mapping{Position: at}
	}
	if p.is("**") || p.isEntry() {
		return p.mapping(at)
	}
	var items []expr
	for !p.is("}") {
		items = append(items, p.element("{", nil))
		if !p.accept(",") {
			break
		}
	}
	p.expect("}", "to close the set")
	return listed(at, "{", items)
}

// isEntry looks ahead whether a colon of a dict comes before the next comma or for at this level.
func (p *parser) isEntry() bool {
	depth, lambdas := 0, 0
	for i := p.next; i < len(p.tokens); i++ {
		switch t := p.tokens[i]; {
		case t.kind == keyword && t.value == "lambda" && depth == 0:
			lambdas++
		case t.kind == keyword && t.value == "for" && depth == 0:
			return false
		case t.kind != operator:
		case t.value == "(" || t.value == "[" || t.value == "{":
			depth++
		case t.value == ")" || t.value == "]" || t.value == "}":
			if depth--; depth < 0 {
				return false
			}
		case t.value == ":" && depth == 0:
			if lambdas--; lambdas < 0 {
				return true
			}
		case t.value == "," && depth == 0 && lambdas <= 0:
			return false
		}
	}
	return false
}

func (p *parser) mapping(at Position) expr {
	m := mapping{Position: at}
	for !p.is("}") {
		if p.accept("**") {
			m.keys, m.values = append(m.keys, nil), append(m.values, p.binary(0))
		} else {
			inner := newScope(comprehensionScope, "", p.scope)
			var key, value expr
			p.within(inner, func() {
				key = p.expression()
				p.expect(":", "between a key and its value")
				value = p.expression()
			})
			if p.is("for", "async") {
				c := p.comprehend(at, "{", key, value, inner)
				p.expect("}", "to close the comprehension")
				return c
			}
			m.keys, m.values = append(m.keys, key), append(m.values, value)
		}
		if !p.accept(",") {
			break
		}
	}
	p.expect("}", "to close the dict")
	return m
}

// element reads an item of a bracket, or the comprehension that begins with it.
func (p *parser) element(open string, key expr) expr {
	at := p.at()
	inner := newScope(comprehensionScope, "", p.scope)
	var item expr
	p.within(inner, func() { item = p.starred() })
	if p.is("for", "async") {
		return p.comprehend(at, open, key, item, inner)
	}
	return item
}

func (p *parser) comprehend(at Position, open string, key, body expr, inner *scope) expr {
	c := comprehension{Position: at, open: open, key: key, body: body, scope: inner}
	p.within(inner, func() {
		for p.is("for", "if", "async") {
			l := clause{at: p.at()}
			if p.accept("if") {
				l.cond = p.or()
			} else {
				p.expect("for", "in a comprehension")
				l.target = p.targets()
				p.expect("in", "behind the variables of a comprehension")
				l.source = p.or()
			}
			p.short(len(c.clauses))
			c.clauses = append(c.clauses, l)
		}
	})
	return c
}

// targets reads the variables of a for, and binds them.
func (p *parser) targets() expr {
	at := p.at()
	items, tuple := []expr{p.primaryOrStar()}, false
	for p.accept(",") {
		tuple = true
		if p.is("in") {
			break
		}
		items = append(items, p.primaryOrStar())
	}
	var target expr = sequence{at, "(", items}
	if !tuple {
		target = items[0]
	}
	p.bind(target)
	return target
}

func (p *parser) primaryOrStar() expr {
	if at := p.at(); p.accept("*") {
		return star{at, p.primary()}
	}
	return p.primary()
}

// bind notes the names that an assignment makes, and refuses what cannot be assigned.
func (p *parser) bind(target expr) {
	switch t := target.(type) {
	case ident:
		p.scope.bind(t.name)
	case attribute, index, slice:
	case sequence:
		if t.open != "{" {
			for _, item := range t.items {
				p.bind(item)
			}
			return
		}
		failf(t.pos(), "a value cannot be assigned to a set")
	case star:
		fail(t.pos(), "`*` in an assignment is not supported", "take a slice: `first, rest = x[0], x[1:]`")
	case compare:
		fail(t.pos(), "a value cannot be assigned to a comparison", "compare with `==`, assign with `=`")
	case call:
		failf(t.pos(), "a value cannot be assigned to the result of a call")
	default:
		failf(target.pos(), "a value cannot be assigned to this")
	}
}

// params reads the parameters of a function up to the token that ends them.
func (p *parser) params(end string, annotated bool) (params []param) {
	seen := map[string]bool{}
	for !p.is(end) {
		q := param{at: p.at()}
		switch {
		case p.accept("**"):
			q.stars = 2
		case p.accept("*"):
			q.stars = 1
		case p.is("/"):
			fail(q.at, "`/` among parameters is not supported", "leave it out")
		}
		if q.stars != 1 || p.peek().kind == name {
			q.name = p.name("a parameter").name
			if seen[q.name] {
				failf(q.at, "there are two parameters %s", q.name)
			}
			seen[q.name] = true
			p.scope.bind(q.name)
		}
		if annotated && p.accept(":") {
			p.expression()
		}
		if q.stars == 0 && p.accept("=") {
			outer := p.scope
			p.within(outer.parent, func() { q.value = p.expression() })
		}
		params = append(params, q)
		if !p.accept(",") {
			break
		}
	}
	return params
}
