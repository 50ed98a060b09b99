package python

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// textPrefix tells whether a text begins here, and the letters before its quotes, in lower case.
func (s *scanner) textPrefix() (prefix string, ok bool) {
	for n := 0; n < len(s.rest) && n <= 2; n++ {
		switch c := s.rest[n]; {
		case c == '"' || c == '\'':
			return strings.ToLower(s.rest[:n]), true
		case !strings.ContainsRune("rRbBuUfF", rune(c)):
			return "", false
		}
	}
	return "", false
}

// text reads a text with its prefix.
func (s *scanner) text(prefix string) {
	at := s.at
	s.take(len(prefix))
	quotes := s.rest[:1]
	if strings.HasPrefix(s.rest, strings.Repeat(quotes, 3)) {
		quotes = s.rest[:3]
	}
	s.take(len(quotes))
	inside := s.at
	content := s.untilQuotes(quotes, at)
	s.take(len(quotes))
	raw := strings.Contains(prefix, "r")
	t := token{kind: text, value: content, at: at, inside: inside, raw: raw}
	switch {
	case strings.Contains(prefix, "f"):
		t.kind = formatText
	case strings.Contains(prefix, "b"):
		t.kind = bytesText
		fallthrough
	default:
		if !raw {
			t.value = unescape(content, inside)
		}
	}
	s.tokens = append(s.tokens, t)
}

// untilQuotes moves to the quotes that end a text.
func (s *scanner) untilQuotes(quotes string, at Position) string {
	for n := 0; n < len(s.rest); n++ {
		switch {
		case s.rest[n] == '\\':
			n++
		case strings.HasPrefix(s.rest[n:], quotes):
			return strings.ReplaceAll(s.take(n), "\r\n", "\n")
		case s.rest[n] == '\n' && len(quotes) == 1:
			fail(at, "this text is not closed on its line", "close it with "+quotes+", or use three quotes for a text of several lines")
		}
	}
	fail(at, "this text is not closed", "close it with "+quotes)
	return ""
}

var escapes = map[byte]string{
	'\n': "", '\\': `\`, '\'': "'", '"': `"`, 'a': "\a", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// unescape decodes the backslashes of a text. What is no escape stays as it is, as in Python.
func unescape(content string, at Position) string {
	var b strings.Builder
	for {
		plain, rest, found := strings.Cut(content, `\`)
		b.WriteString(plain)
		if !found {
			return b.String()
		}
		if rest == "" {
			return b.String() + `\`
		}
		if plainText, ok := escapes[rest[0]]; ok {
			b.WriteString(plainText)
			content = rest[1:]
			continue
		}
		n := escapeNumber(&b, rest, at)
		content = rest[n:]
	}
}

// escapeNumber writes the character of \xHH, \uHHHH, \UHHHHHHHH or \OOO, and returns how long it is.
func escapeNumber(b *strings.Builder, rest string, at Position) int {
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[rest[0]]
	switch {
	case digits > 0:
		if len(rest) <= digits {
			failf(at, "`\\%c` wants %d digits", rest[0], digits)
		}
		code, err := strconv.ParseUint(rest[1:1+digits], 16, 32)
		if err != nil || code > utf8.MaxRune {
			failf(at, "`\\%s` is no character", rest[:1+digits])
		}
		b.WriteRune(rune(code))
		return 1 + digits
	case rest[0] >= '0' && rest[0] <= '7':
		n := 1
		for n < 3 && n < len(rest) && rest[n] >= '0' && rest[n] <= '7' {
			n++
		}
		code, err := strconv.ParseUint(rest[:n], 8, 32)
		if err != nil {
			failf(at, "`\\%s` is no character", rest[:n])
		}
		b.WriteRune(rune(code))
		return n
	}
	b.WriteByte('\\')
	return 0
}
