package python

// closed reads a part of a function that becomes a function of its own.
func (p *parser) closed(read func()) {
	p.scope.inner++
	read()
	p.scope.inner--
}

func (p *parser) try() stmt {
	t := try{Position: p.take().at}
	p.closed(func() {
		t.body = p.block("behind `try`")
		for p.is("except") {
			p.short(len(t.handlers))
			t.handlers = append(t.handlers, p.handler())
		}
		if p.accept("else") {
			t.otherwise = p.block("behind `else`")
		}
		if p.accept("finally") {
			t.finally = p.block("behind `finally`")
		}
	})
	if len(t.handlers) == 0 && t.finally == nil {
		fail(p.at(), "a `try` needs what to do when it fails", "write `except Exception as e:` below it")
	}
	return t
}

func (p *parser) handler() handler {
	h := handler{at: p.take().at}
	if p.is("*") {
		fail(p.at(), "`except*` is not supported", "write `except`")
	}
	if !p.is(":") {
		h.kind = p.expression()
		if p.is(",") {
			fail(p.at(), "several exceptions stand in brackets", "write `except (A, B):`")
		}
		if p.accept("as") {
			n := p.name("the name of the exception")
			p.bind(n)
			h.as = &n
		}
	}
	h.body = p.block("behind `except`")
	return h
}

// with reads `with A as a, B as b:`, which is the same as one within the other.
func (p *parser) with() stmt {
	at := p.take().at
	var list []with
	p.closed(func() {
		for {
			p.short(len(list))
			w := with{Position: at, value: p.expression()}
			if p.accept("as") {
				w.as = p.primary()
				p.bind(w.as)
			}
			list = append(list, w)
			if !p.accept(",") {
				break
			}
		}
		list[len(list)-1].body = p.block("behind `with`")
	})
	for i := len(list) - 2; i >= 0; i-- {
		list[i].body = []stmt{list[i+1]}
	}
	return list[0]
}

func (p *parser) decorated() stmt {
	var decorators []expr
	for p.accept("@") {
		p.short(len(decorators))
		decorators = append(decorators, p.expression())
		if t := p.peek(); t.kind != newline {
			failf(t.at, "there is %s where the line should end", t.describe())
		}
		p.take()
	}
	switch {
	case p.is("def"):
		return p.function(decorators)
	case p.is("class"):
		return p.class(decorators)
	case p.is("async"):
		p.compound("async")
	}
	failf(p.at(), "a decorator belongs to a function, or to a class")
	return nil
}

func (p *parser) function(decorators []expr) stmt {
	f := function{Position: p.take().at, decorators: decorators}
	f.name = p.name("the name of a function")
	p.bind(f.name)
	f.scope = p.within(newScope(functionScope, f.name.name, p.scope), func() {
		p.expect("(", "behind the name of a function")
		f.params = p.params(")", true)
		p.expect(")", "to close the parameters")
		if p.accept("->") {
			p.expression()
		}
		if len(f.params) > 0 {
			p.scope.self = f.params[0].name
		}
		f.body = p.block("behind the parameters")
	})
	return f
}

func (p *parser) class(decorators []expr) stmt {
	c := class{Position: p.take().at, decorators: decorators}
	c.name = p.name("the name of a class")
	p.bind(c.name)
	if p.accept("(") {
		for _, a := range p.arguments() {
			if a.name != "" || a.stars > 0 {
				fail(a.at, "a class takes its base classes alone", "leave the others out")
			}
			c.bases = append(c.bases, a.value)
		}
		p.expect(")", "to close the base classes")
	}
	if len(c.bases) > 1 {
		fail(c.bases[1].pos(), "a class has one base class at most", "keep the second as an attribute")
	}
	c.scope = p.within(newScope(classScope, c.name.name, p.scope), func() {
		c.body = p.block("behind the class")
	})
	return c
}
