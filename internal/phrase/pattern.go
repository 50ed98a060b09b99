package phrase

import (
	"regexp"
	"strconv"
	"strings"
)

// pattern finds what a format has written, and writes it in another language.
type pattern struct {
	written *regexp.Regexp
	anchor  string // the longest piece of its own text: what does not hold it was not written by it
	own     int    // how much text of its own it has
	verbs   []byte // of the parts, in the order of the format
	said    []piece
}

// piece is a text of the translation, followed by one of the parts; -1 is none.
type piece struct {
	text string
	part int
}

// verb is a verb of fmt with its flags; %% is one too.
var verb = regexp.MustCompile(`%(?:\[(\d)\])?[-+# 0]*[\d.]*([a-zA-Z%])`)

// shapes are what verbs write.
var shapes = map[byte]string{
	'd': `(-?[0-9]+)`, 'f': `(-?[0-9.]+)`, 'X': `([0-9A-F]+)`, 'c': `(.)`, 's': `((?:[^:]|:[^ ])*?)`, 'v': `(.*?)`,
	'q': "(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|'(?:[^'\\\\]|\\\\.)*')",
}

// shapeOf is what a verb writes that stands behind the text. A name has no ": " in it, or a cause that
// follows would be taken for a part of it; what stands behind ": " or at brackets is no name.
func shapeOf(verb byte, behind string) string {
	if verb == 's' && (strings.HasSuffix(behind, ": ") || strings.HasSuffix(behind, "(") || behind == ")") {
		return `(.*?)`
	}
	return shapes[verb]
}

func patternOf(format, said string) pattern {
	var p pattern
	var shape strings.Builder
	shape.WriteString(`^`)
	for _, piece := range piecesOf(format) {
		shape.WriteString(regexp.QuoteMeta(piece.text))
		p.own += len(piece.text)
		if len(piece.text) > len(p.anchor) {
			p.anchor = piece.text
		}
		if piece.part >= 0 {
			v := verbsOf(format)[piece.part]
			p.verbs = append(p.verbs, v)
			shape.WriteString(shapeOf(v, piece.text))
		}
	}
	p.written = regexp.MustCompile(shape.String() + `$`)
	p.said = piecesOf(said)
	return p
}

// piecesOf cuts a format at its verbs, which are counted unless they name their part.
func piecesOf(format string) []piece {
	var out []piece
	text, at, part := "", 0, 0
	for _, m := range verb.FindAllStringSubmatchIndex(format, -1) {
		text += format[at:m[0]]
		at = m[1]
		if format[m[4]:m[5]] == "%" {
			text += "%"
			continue
		}
		if m[2] >= 0 {
			n, _ := strconv.Atoi(format[m[2]:m[3]]) // the expression takes digits alone
			part = n - 1
		}
		out = append(out, piece{text, part})
		text = ""
		part++
	}
	return append(out, piece{text + format[at:], -1})
}

// verbsOf are the letters of a format's verbs.
func verbsOf(format string) []byte {
	var out []byte
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] != "%" {
			out = append(out, m[2][0])
		}
	}
	return out
}

// match gives the parts of a text that the format has written; nil where it has not.
func (p pattern) match(text string) []string {
	if !strings.Contains(text, p.anchor) {
		return nil
	}
	if m := p.written.FindStringSubmatch(text); m != nil {
		return m[1:]
	}
	return nil
}

// fill writes the translation; ok tells whether the parts that are said could be.
func (p pattern) fill(parts []string, say func(string) (string, bool)) (said string, ok bool) {
	var out strings.Builder
	ok = true
	for _, piece := range p.said {
		out.WriteString(piece.text)
		if piece.part < 0 {
			continue
		}
		part := parts[piece.part]
		if p.verbs[piece.part] == 'v' {
			var known bool
			part, known = say(part)
			ok = ok && known
		}
		out.WriteString(part)
	}
	return out.String(), ok
}
