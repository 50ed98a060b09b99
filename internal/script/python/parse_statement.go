package python

// statement reads one line, which may hold several statements, or one with its block.
func (p *parser) statement() []stmt {
	defer p.deeper()()
	t := p.peek()
	switch t.kind {
	case indent:
		fail(t.at, "this line is indented without a reason", "indent it like the line above")
	case operator:
		if t.value == "@" {
			return []stmt{p.decorated()}
		}
	case keyword:
		if read := p.compound(t.value); read != nil {
			return []stmt{read()}
		}
	case name:
		if next := p.tokens[p.next+1]; t.value == "match" && next.kind == name {
			fail(t.at, "`match` is not supported", "write `if` and `elif`")
		} else if t.value == "print" && (next.kind == text || next.kind == formatText || next.kind == name) {
			fail(t.at, "`print` is a function", "write its argument in brackets")
		}
	}
	var line []stmt
	for {
		line = append(line, p.simple()...)
		if !p.accept(";") || p.peek().kind == newline {
			break
		}
	}
	if t := p.peek(); t.kind != newline {
		failf(t.at, "there is %s where the line should end", t.describe())
	}
	p.take()
	return line
}

// compound is how a statement with a block is read, nil where the word begins none.
func (p *parser) compound(word string) func() stmt {
	switch word {
	case "if":
		return p.conditional
	case "while":
		return p.while
	case "for":
		return p.loop
	case "try":
		return p.try
	case "with":
		return p.with
	case "def":
		return func() stmt { return p.function(nil) }
	case "class":
		return func() stmt { return p.class(nil) }
	case "async":
		fail(p.at(), "`async` is not supported", "leave it out: calls wait for their answers")
	}
	return nil
}

// simple reads a statement without a block.
func (p *parser) simple() []stmt {
	t := p.peek()
	if t.kind == keyword {
		switch t.value {
		case "pass", "break", "continue":
			p.take()
			if t.value != "pass" && p.scope.loops == 0 {
				failf(t.at, "`%s` stands outside of a loop", t.value)
			}
			return []stmt{branch{t.at, t.value}}
		case "return":
			p.take()
			if p.scope.kind != functionScope {
				failf(t.at, "`return` stands outside of a function")
			}
			r := returning{Position: t.at}
			if p.startsExpression() {
				r.value = p.expressions()
			}
			return []stmt{r}
		case "raise":
			return []stmt{p.raise()}
		case "assert":
			p.take()
			a := assertion{Position: t.at, cond: p.expression()}
			if p.accept(",") {
				a.message = p.expression()
			}
			return []stmt{a}
		case "del":
			p.take()
			return []stmt{deletion{t.at, p.deleted()}}
		case "global", "nonlocal":
			return p.declare()
		case "import":
			return p.imports()
		case "from":
			return []stmt{p.fromImport()}
		case "yield":
			fail(t.at, "`yield` is not supported", "put the values into a list and return it")
		}
	}
	return p.assignment()
}

func (p *parser) raise() stmt {
	r := raise{Position: p.take().at}
	if p.startsExpression() {
		r.value = p.expression()
		if p.accept("from") {
			r.cause = p.expression()
		}
	}
	return r
}

func (p *parser) deleted() (targets []expr) {
	for {
		target := p.primary()
		if _, ok := target.(index); !ok {
			fail(target.pos(), "`del` takes an entry", "write `del x[key]`; set a variable that is done with to None")
		}
		targets = append(targets, target)
		if !p.accept(",") {
			return targets
		}
	}
}

func (p *parser) declare() []stmt {
	word := p.take()
	for {
		n := p.name("the name of a variable")
		if p.scope.kind != functionScope {
			failf(n.Position, "`%s` belongs into a function", word.value)
		}
		if p.scope.bound[n.name] {
			failf(n.Position, "%s is assigned before `%s` declares it", n.name, word.value)
		}
		if word.value == "global" {
			p.scope.global[n.name] = n.Position
		} else {
			p.scope.outer[n.name] = n.Position
		}
		if !p.accept(",") {
			return []stmt{branch{word.at, "pass"}}
		}
	}
}

func (p *parser) dotted() string {
	text := p.name("the name of a module").name
	for p.accept(".") {
		text += "." + p.name("the name of a module").name
	}
	return text
}

func (p *parser) imports() (list []stmt) {
	p.take()
	for {
		i := importation{Position: p.at()}
		i.module = p.dotted()
		i.bind = i.module
		if p.accept("as") {
			i.bind = p.name("a name").name
		} else if first, _, nested := cutDot(i.module); nested {
			fail(i.Position, "a module with a dot needs a name here", "write `import "+i.module+" as "+first+"`")
		}
		p.scope.bind(i.bind)
		p.scope.modules[i.bind] = i.module
		list = append(list, i)
		if !p.accept(",") {
			return list
		}
	}
}

func cutDot(module string) (first, rest string, found bool) {
	for i := range module {
		if module[i] == '.' {
			return module[:i], module[i+1:], true
		}
	}
	return module, "", false
}

func (p *parser) fromImport() stmt {
	p.take()
	f := fromImport{Position: p.at()}
	if p.is(".") {
		fail(p.at(), "a relative import is not supported", "name the module in full")
	}
	f.module = p.dotted()
	p.expect("import", "behind the module")
	if p.is("*") {
		fail(p.at(), "`import *` is not supported", "name what you use")
	}
	brackets := p.accept("(")
	for {
		n := p.name("the name of what is imported")
		as := n
		if p.accept("as") {
			as = p.name("a name")
		}
		p.scope.bind(as.name)
		f.names, f.as = append(f.names, n), append(f.as, as)
		if !p.accept(",") || brackets && p.is(")") {
			break
		}
	}
	if brackets {
		p.expect(")", "to close the list of names")
	}
	return f
}

var augmentedOperators = []string{"+=", "-=", "*=", "/=", "//=", "%=", "**=", "&=", "|=", "^=", "<<=", ">>="}

// assignment reads x = y = value, x += value, x: type = value, or an expression alone.
func (p *parser) assignment() []stmt {
	first := p.expressions()
	at := p.at()
	if p.is(augmentedOperators...) {
		op := p.take().value
		if s, ok := first.(sequence); ok {
			failf(s.pos(), "`%s` takes one variable", op)
		}
		p.bind(first)
		return []stmt{augmented{at, op[:len(op)-1], first, p.expressions()}}
	}
	if p.is(":") {
		p.take()
		p.expression()
		if !p.is("=") {
			return []stmt{branch{at, "pass"}}
		}
		at = p.at()
	}
	var targets []expr
	value := first
	for p.accept("=") {
		p.short(len(targets))
		p.bind(value)
		targets = append(targets, value)
		value = p.expressions()
	}
	if targets == nil {
		return []stmt{expression{value}}
	}
	return []stmt{assign{at, targets, value}}
}

// block reads the lines behind a colon.
func (p *parser) block(where string) []stmt {
	p.expect(":", where)
	if p.peek().kind != newline {
		if t := p.peek(); t.kind == keyword && p.compoundWord(t.value) {
			fail(t.at, "`"+t.value+"` needs a line of its own here", "put it on the next line, indented")
		}
		return p.statement()
	}
	p.take()
	if t := p.peek(); t.kind != indent {
		fail(t.at, "a block belongs here", "indent the lines that belong to it; write `pass` where there are none")
	}
	p.take()
	var body []stmt
	for p.peek().kind != dedent && p.peek().kind != endOfFile {
		body = append(body, p.statement()...)
	}
	p.take()
	return body
}

func (p *parser) compoundWord(word string) bool {
	switch word {
	case "if", "while", "for", "try", "with", "def", "class", "async":
		return true
	}
	return false
}

func (p *parser) conditional() stmt {
	var chain []conditionalBlock
	for word := "if"; p.accept(word); word = "elif" {
		p.short(len(chain))
		c := conditionalBlock{Position: p.tokens[p.next-1].at, cond: p.expression()}
		c.yes = p.block("behind the condition")
		chain = append(chain, c)
	}
	var no []stmt
	if p.accept("else") {
		no = p.block("behind `else`")
	}
	for i := len(chain) - 1; i >= 0; i-- {
		chain[i].no = no
		no = []stmt{chain[i]}
	}
	return no[0]
}

func (p *parser) while() stmt {
	w := while{Position: p.take().at, cond: p.expression()}
	w.body, w.otherwise = p.loopBody("behind the condition")
	return w
}

func (p *parser) loop() stmt {
	l := loop{Position: p.take().at, target: p.targets()}
	p.expect("in", "behind the variables of a loop")
	l.source = p.expressions()
	l.body, l.otherwise = p.loopBody("behind what the loop goes over")
	return l
}

func (p *parser) loopBody(where string) (body, otherwise []stmt) {
	p.scope.loops++
	body = p.block(where)
	p.scope.loops--
	if p.accept("else") {
		otherwise = p.block("behind `else`")
	}
	return body, otherwise
}
