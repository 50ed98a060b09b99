package python

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
