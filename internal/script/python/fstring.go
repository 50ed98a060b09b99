package python

import "strings"

// texts reads one text, or several beside each other, which are one.
func (p *parser) texts() expr {
	at := p.at()
	var parts []expr
	formatted, bytes, plain := false, false, false
	for {
		t := p.peek()
		switch t.kind {
		case text:
			plain = true
			parts = append(parts, literal{t.at, t.value})
		case bytesText:
			bytes = true
			parts = append(parts, literal{t.at, t.value})
		case formatText:
			formatted, plain = true, true
			f := formatReader{parser: p, rest: t.value, at: t.inside, raw: t.raw}
			parts = append(parts, f.parts(0)...)
		default:
			if bytes && plain {
				failf(at, "a text and bytes do not go together")
			}
			if formatted {
				return fstring{at, parts}
			}
			joined := strings.Builder{}
			for _, part := range parts {
				joined.WriteString(part.(literal).value.(string))
			}
			if bytes {
				return literal{at, []byte(joined.String())}
			}
			return literal{at, joined.String()}
		}
		p.take()
	}
}

// formatReader takes the inside of an f-string apart.
type formatReader struct {
	parser *parser
	rest   string
	at     Position
	raw    bool
}

func (f *formatReader) take(n int) string {
	s := scanner{rest: f.rest, at: f.at}
	taken := s.take(n)
	f.rest, f.at = s.rest, s.at
	return taken
}

// parts reads up to the end, or, within a format specification (depth 1 and more), up to its `}`.
func (f *formatReader) parts(depth int) (parts []expr) {
	var plain strings.Builder
	start := f.at
	flush := func() {
		if plain.Len() > 0 {
			content := plain.String()
			if !f.raw {
				content = unescape(content, start)
			}
			parts = append(parts, literal{start, content})
			plain.Reset()
		}
		start = f.at
	}
	for f.rest != "" {
		switch {
		case depth == 0 && (strings.HasPrefix(f.rest, "{{") || strings.HasPrefix(f.rest, "}}")):
			plain.WriteString(f.take(2)[:1])
		case f.rest[0] == '{':
			flush()
			parts = append(parts, f.formatted(depth))
			start = f.at
		case f.rest[0] == '}' && depth > 0:
			flush()
			return parts
		case f.rest[0] == '}':
			fail(f.at, "`}` alone in an f-string", "write `}}` for the character")
		case f.rest[0] == '\\' && len(f.rest) > 1 && !f.raw:
			n := 2
			if strings.HasPrefix(f.rest, `\N{`) {
				fail(f.at, "`\\N{…}` is not supported", "write the character itself")
			}
			plain.WriteString(f.take(n))
		default:
			plain.WriteByte(f.rest[0])
			f.skipByte()
		}
	}
	flush()
	return parts
}

// skipByte moves over one byte; the column counts characters.
func (f *formatReader) skipByte() {
	c := f.rest[0]
	f.rest = f.rest[1:]
	switch {
	case c == '\n':
		f.at = Position{f.at.Line + 1, 1}
	case c&0xc0 != 0x80:
		f.at.Column++
	}
}

// formatted reads {value=!r:spec}.
func (f *formatReader) formatted(depth int) expr {
	at := f.at
	if depth > 1 {
		failf(at, "a format within the format of a format")
	}
	f.take(1)
	inside := f.at
	source := f.take(f.endOfValue(at))
	named := strings.HasSuffix(strings.TrimRight(source, " "), "=") && !strings.HasSuffix(strings.TrimRight(source, " "), "==")
	code := source
	if named {
		code = strings.TrimSuffix(strings.TrimRight(source, " "), "=")
	}
	if strings.TrimSpace(code) == "" {
		fail(at, "there is no value between `{` and `}`", "write `{{}}` for the characters")
	}
	v := formatted{Position: at, value: f.value(code, inside)}
	if strings.HasPrefix(f.rest, "!") {
		f.take(1)
		if f.rest == "" || !strings.ContainsRune("rsa", rune(f.rest[0])) {
			failf(f.at, "behind `!` belongs r, s or a")
		}
		v.conversion = f.take(1)
	} else if named && !strings.HasPrefix(f.rest, ":") {
		v.conversion = "r"
	}
	if strings.HasPrefix(f.rest, ":") {
		f.take(1)
		specAt := f.at
		v.spec = fstring{specAt, f.parts(depth + 1)}
	}
	if !strings.HasPrefix(f.rest, "}") {
		failf(at, "this `{` is not closed")
	}
	f.take(1)
	if named {
		return fstring{at, []expr{literal{at, source}, v}}
	}
	return v
}

// endOfValue is where the value ends: at a !, : or } outside of brackets and texts.
func (f *formatReader) endOfValue(at Position) int {
	depth := 0
	for n := 0; n < len(f.rest); n++ {
		switch c := f.rest[n]; c {
		case '(', '[', '{':
			depth++
		case ')', ']':
			depth--
		case '}':
			if depth == 0 {
				return n
			}
			depth--
		case '!':
			if depth == 0 && !strings.HasPrefix(f.rest[n:], "!=") {
				return n
			}
		case ':':
			if depth == 0 {
				return n
			}
		case '\'', '"':
			end := strings.IndexByte(f.rest[n+1:], c)
			if end < 0 {
				failf(at, "a text within this `{` is not closed")
			}
			n += end + 1
		case '\\', '#':
			fail(at, "`"+string(c)+"` within the `{}` of an f-string", "give the value a name before")
		}
	}
	failf(at, "this `{` is not closed")
	return 0
}

// value reads an expression of an f-string with the names that are in force around it.
func (f *formatReader) value(code string, at Position) expr {
	inner := f.parser
	s := scanner{rest: code, at: at, indents: []int{0}, brackets: []byte{'('}}
	for s.rest != "" {
		s.token()
	}
	if len(s.brackets) != 1 {
		failf(at, "a bracket within `{}` is not closed")
	}
	s.add(endOfFile, "", s.at)
	p := &parser{tokens: s.tokens, scope: inner.scope, depth: inner.depth}
	x := p.expressions()
	if t := p.peek(); t.kind != endOfFile {
		failf(t.at, "there is %s where the value should end", t.describe())
	}
	return x
}
