package python

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
