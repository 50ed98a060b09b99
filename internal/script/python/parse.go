package python

// parser turns tokens into a tree. It reads what scripts use of Python 3 and says of the rest what
// to write instead.
type parser struct {
	tokens []token
	next   int
	scope  *scope
	depth  int
}

// maxChain bounds operators, calls and branches in a row: each makes the tree one deeper.
const maxChain = 500

func parseModule(source string) (body []stmt, module *scope) {
	p := &parser{tokens: scan(source), scope: newScope(moduleScope, "", nil)}
	for p.peek().kind != endOfFile {
		body = append(body, p.statement()...)
	}
	p.scope.settle()
	return body, p.scope
}

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) at() Position { return p.peek().at }

func (p *parser) take() token {
	t := p.tokens[p.next]
	if p.next < len(p.tokens)-1 {
		p.next++
	}
	return t
}

// is tells whether the next token is one of these operators or keywords.
func (p *parser) is(words ...string) bool {
	t := p.peek()
	if t.kind != operator && t.kind != keyword {
		return false
	}
	for _, w := range words {
		if t.value == w {
			return true
		}
	}
	return false
}

func (p *parser) accept(word string) bool {
	if p.is(word) {
		p.next++
		return true
	}
	return false
}

func (p *parser) expect(word, where string) Position {
	t := p.peek()
	if !p.is(word) {
		if word == ":" && p.is("=") {
			fail(t.at, "`=` assigns, and is no comparison", "write `==`")
		}
		failf(t.at, "there is %s where `%s` belongs %s", t.describe(), word, where)
	}
	p.next++
	return t.at
}

func (p *parser) name(what string) ident {
	t := p.peek()
	if t.kind != name {
		failf(t.at, "there is %s where %s belongs", t.describe(), what)
	}
	p.next++
	return ident{t.at, t.value}
}

// deeper guards against trees that are too deep to walk; call the function that it returns at the end.
func (p *parser) deeper() func() {
	p.depth++
	if p.depth > 3*maxDepth {
		failf(p.at(), "this is nested too deep")
	}
	return func() { p.depth-- }
}

// within reads with another scope in force.
func (p *parser) within(s *scope, read func()) *scope {
	before := p.scope
	p.scope = s
	read()
	p.scope = before
	return s
}
