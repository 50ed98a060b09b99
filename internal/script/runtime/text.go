package runtime

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"go.starlark.net/starlark"
)

// maxNested is how deep a value is shown.
const maxNested = 50

// Text is str(v) as Python writes it.
func Text(v starlark.Value) string {
	switch v := v.(type) {
	case starlark.String:
		return string(v)
	case *Instance:
		if s, ok, err := v.special("__str__"); ok && err == nil {
			return Text(s)
		}
		if v.class.is(baseException) {
			return v.message()
		}
	}
	return Repr(v)
}

// Repr is repr(v) as Python writes it.
func Repr(v starlark.Value) string {
	var b strings.Builder
	write(&b, v, 0)
	return b.String()
}

func write(b *strings.Builder, v starlark.Value, depth int) {
	if depth > maxNested {
		b.WriteString("…")
		return
	}
	switch v := v.(type) {
	case starlark.String:
		b.WriteString(quote(string(v)))
	case starlark.Bytes:
		b.WriteString("b" + quote(string(v)))
	case starlark.Float:
		b.WriteString(floatText(float64(v)))
	case *starlark.List:
		writeAll(b, "[", "]", v, depth)
	case starlark.Tuple:
		if len(v) == 1 {
			writeAll(b, "(", ",)", v, depth)
		} else {
			writeAll(b, "(", ")", v, depth)
		}
	case *starlark.Set:
		if v.Len() == 0 {
			b.WriteString("set()")
		} else {
			writeAll(b, "{", "}", v, depth)
		}
	case *starlark.Dict:
		b.WriteString("{")
		for i, item := range v.Items() {
			if i > 0 {
				b.WriteString(", ")
			}
			write(b, item[0], depth+1)
			b.WriteString(": ")
			write(b, item[1], depth+1)
		}
		b.WriteString("}")
	case *Instance:
		writeInstance(b, v)
	default:
		b.WriteString(v.String())
	}
}

func writeAll(b *strings.Builder, open, end string, v starlark.Iterable, depth int) {
	b.WriteString(open)
	first := true
	for item := range starlark.Elements(v) {
		if !first {
			b.WriteString(", ")
		}
		first = false
		write(b, item, depth+1)
	}
	b.WriteString(end)
}

func writeInstance(b *strings.Builder, i *Instance) {
	if s, ok, err := i.special("__repr__"); ok && err == nil {
		b.WriteString(Text(s))
		return
	}
	if !i.class.is(baseException) {
		b.WriteString(i.String())
		return
	}
	b.WriteString(i.class.name)
	args, _ := i.fields["args"].(starlark.Tuple)
	text := Repr(args)
	b.WriteString(strings.Replace(text, ",)", ")", 1))
}

// quote writes a text in single quotes, as Python does, and keeps what can be read.
func quote(s string) string {
	q := '\''
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = '"'
	}
	var b strings.Builder
	b.WriteRune(q)
	for _, r := range s {
		switch {
		case r == q || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	b.WriteRune(q)
	return b.String()
}

func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}
