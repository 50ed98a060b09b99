package python

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is the class of a token.
type kind uint8

const (
	endOfFile kind = iota
	newline
	indent
	dedent
	name
	keyword
	number
	text       // value is the decoded string
	formatText // value is the undecoded inside of an f-string
	bytesText
	operator
)

// token is one word of a script. For an f-string, inside is the place of its first character.
type token struct {
	kind   kind
	value  string
	raw    bool // an f-string without escapes
	at     Position
	inside Position
}

// describe names a token in an error.
func (t token) describe() string {
	switch t.kind {
	case endOfFile:
		return "the end of the script"
	case newline:
		return "the end of the line"
	case indent:
		return "an indented line"
	case dedent:
		return "a line that is indented less"
	case text, formatText, bytesText:
		return "a text"
	}
	return "`" + t.value + "`"
}

var keywords = map[string]bool{
	"False": true, "None": true, "True": true, "and": true, "as": true, "assert": true, "async": true,
	"await": true, "break": true, "class": true, "continue": true, "def": true, "del": true, "elif": true,
	"else": true, "except": true, "finally": true, "for": true, "from": true, "global": true, "if": true,
	"import": true, "in": true, "is": true, "lambda": true, "nonlocal": true, "not": true, "or": true,
	"pass": true, "raise": true, "return": true, "try": true, "while": true, "with": true, "yield": true,
}

// operators, the longest first.
var operators = []string{
	"**=", "//=", ">>=", "<<=", "...",
	"**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=",
	"+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "=",
}

// fullWidth maps characters that a Chinese keyboard gives for punctuation to what Python wants.
var fullWidth = map[rune]string{
	'，': ",", '：': ":", '（': "(", '）': ")", '【': "[", '】': "]", '；': ";", '。': ".", '“': `"`, '”': `"`, '‘': "'", '’': "'", '！': "!", '＝': "=",
}

// maxDepth bounds brackets and blocks within each other, so that no script exhausts the stack of
// who reads it.
const maxDepth = 100

// scanner cuts a script into tokens.
type scanner struct {
	rest     string
	at       Position
	brackets []byte
	indents  []int
	tokens   []token
}

// scan returns the tokens of a script, with the places of its blocks; it ends with endOfFile.
func scan(source string) []token {
	s := &scanner{rest: strings.TrimPrefix(source, "\ufeff"), at: Position{1, 1}, indents: []int{0}}
	for lineStart := true; s.rest != ""; {
		if lineStart {
			if s.skipEmptyLine() {
				continue
			}
			s.indent()
		}
		lineStart = s.token()
	}
	if n := len(s.brackets); n > 0 {
		failf(s.at, "the script ends before `%c` is closed", s.brackets[n-1])
	}
	if n := len(s.tokens); n > 0 && s.tokens[n-1].kind != newline {
		s.add(newline, "\n", s.at)
	}
	for range s.indents[1:] {
		s.add(dedent, "", s.at)
	}
	s.add(endOfFile, "", s.at)
	return s.tokens
}

func (s *scanner) add(k kind, value string, at Position) {
	s.tokens = append(s.tokens, token{kind: k, value: value, at: at})
}

// take moves over n bytes.
func (s *scanner) take(n int) string {
	taken := s.rest[:n]
	s.rest = s.rest[n:]
	for _, r := range taken {
		if r == '\n' {
			s.at = Position{s.at.Line + 1, 1}
		} else {
			s.at.Column++
		}
	}
	return taken
}

// skipEmptyLine moves over a line that holds a comment or nothing.
func (s *scanner) skipEmptyLine() bool {
	end := strings.IndexByte(s.rest, '\n') + 1
	if end == 0 {
		end = len(s.rest)
	}
	content := strings.TrimLeft(s.rest[:end], " \t\r\f\n")
	if content != "" && content[0] != '#' {
		return false
	}
	s.take(end)
	return true
}

// indent compares the start of a line with the blocks that are open. A tab stands for the next
// multiple of eight columns, as in Python.
func (s *scanner) indent() {
	width, n := 0, 0
loop:
	for ; n < len(s.rest); n++ {
		switch s.rest[n] {
		case ' ':
			width++
		case '\t':
			width += 8 - width%8
		case '\f':
			width = 0
		default:
			break loop
		}
	}
	s.take(n)
	if width > s.indents[len(s.indents)-1] {
		if len(s.indents) > maxDepth {
			failf(s.at, "more than %d blocks within each other", maxDepth)
		}
		s.indents = append(s.indents, width)
		s.add(indent, "", s.at)
		return
	}
	for width < s.indents[len(s.indents)-1] {
		s.indents = s.indents[:len(s.indents)-1]
		s.add(dedent, "", s.at)
	}
	if width != s.indents[len(s.indents)-1] {
		fail(s.at, "this line is indented like none of the blocks above it", "indent it like the line that it belongs with")
	}
}

// token reads one token, and tells whether a new line begins after it.
func (s *scanner) token() (lineStart bool) {
	c := s.rest[0]
	switch {
	case c == ' ' || c == '\t' || c == '\r' || c == '\f':
		s.take(1)
		return false
	case c == '#':
		s.take(len(s.rest) - len(strings.TrimLeftFunc(s.rest, func(r rune) bool { return r != '\n' })))
		return false
	case c == '\n':
		at := s.at
		s.take(1)
		if len(s.brackets) > 0 {
			return false
		}
		s.add(newline, "\n", at)
		return true
	case c == '\\':
		s.continueLine()
		return false
	case c >= '0' && c <= '9', c == '.' && len(s.rest) > 1 && s.rest[1] >= '0' && s.rest[1] <= '9':
		s.number()
		return false
	}
	if prefix, ok := s.textPrefix(); ok {
		s.text(prefix)
		return false
	}
	r, size := utf8.DecodeRuneInString(s.rest)
	switch {
	case r == utf8.RuneError && size == 1:
		fail(s.at, "this is not UTF-8", "save the script as UTF-8")
	case r == '_' || unicode.IsLetter(r):
		s.word()
		return false
	}
	s.operator(r)
	return false
}

func (s *scanner) continueLine() {
	for _, end := range []string{"\\\n", "\\\r\n"} {
		if strings.HasPrefix(s.rest, end) {
			s.take(len(end))
			return
		}
	}
	fail(s.at, "there is something behind the `\\`", "end the line after it, or write the expression in brackets")
}

func (s *scanner) word() {
	end := strings.IndexFunc(s.rest, func(r rune) bool {
		return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !unicode.Is(unicode.Mc, r)
	})
	if end < 0 {
		end = len(s.rest)
	}
	at := s.at
	word := s.take(end)
	if keywords[word] {
		s.add(keyword, word, at)
	} else {
		s.add(name, word, at)
	}
}

func (s *scanner) number() {
	n := 0
	for n < len(s.rest) {
		c := s.rest[n]
		sign := (c == '+' || c == '-') && n > 0 && (s.rest[n-1] == 'e' || s.rest[n-1] == 'E') && !isHex(s.rest)
		if !sign && c != '.' && c != '_' && !(c >= '0' && c <= '9') && !(c|0x20 >= 'a' && c|0x20 <= 'z') {
			break
		}
		n++
	}
	at := s.at
	s.add(number, s.take(n), at)
}

func isHex(s string) bool { return len(s) > 1 && s[0] == '0' && s[1]|0x20 == 'x' }

func (s *scanner) operator(r rune) {
	at := s.at
	if half, ok := fullWidth[r]; ok {
		fail(at, "`"+string(r)+"` is the full-width form", "write `"+half+"`")
	}
	for _, op := range operators {
		if strings.HasPrefix(s.rest, op) {
			s.bracket(op[0], at)
			s.add(operator, s.take(len(op)), at)
			return
		}
	}
	failf(at, "%q does not belong into a script here", r)
}

// bracket keeps count of what is open: line ends do not count within.
func (s *scanner) bracket(c byte, at Position) {
	pairs := map[byte]byte{')': '(', ']': '[', '}': '{'}
	switch c {
	case '(', '[', '{':
		if len(s.brackets) >= maxDepth {
			failf(at, "more than %d brackets within each other", maxDepth)
		}
		s.brackets = append(s.brackets, c)
	case ')', ']', '}':
		n := len(s.brackets)
		if n == 0 {
			failf(at, "`%c` closes nothing", c)
		}
		if open := s.brackets[n-1]; open != pairs[c] {
			failf(at, "`%c` does not close `%c`", c, open)
		}
		s.brackets = s.brackets[:n-1]
	}
}
