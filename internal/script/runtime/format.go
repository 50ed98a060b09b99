package runtime

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"
)

// maxWidth bounds the width and the precision of a format.
const maxWidth = 10_000

// specification is Python's format specification: [[fill]align][sign][#][0][width][,_][.precision][type].
var specification = regexp.MustCompile(`^(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\d{1,6})?([,_])?(?:\.(\d{1,6}))?([bcdeEfFgGnosxX%])?$`)

// spec is a specification that was read.
type spec struct {
	fill, align, sign, group string
	alternate                bool
	width, precision         int
	kind                     byte
}

func readSpec(text string) (spec, error) {
	m := specification.FindStringSubmatch(text)
	if m == nil {
		return spec{}, raised(valueError, "invalid format specifier '%s'", text)
	}
	s := spec{fill: m[1], align: m[2], sign: m[3], alternate: m[4] != "", group: m[7], precision: -1}
	if s.fill == "" {
		s.fill = " "
		if m[5] != "" {
			s.fill = "0"
			if s.align == "" {
				s.align = "="
			}
		}
	}
	s.width, _ = strconv.Atoi(m[6])
	if m[8] != "" {
		s.precision, _ = strconv.Atoi(m[8])
	}
	if m[9] != "" {
		s.kind = m[9][0]
	}
	if s.width > maxWidth || s.precision > maxWidth {
		return spec{}, raised(valueError, "a width of more than %d in '%s'", maxWidth, text)
	}
	return s, nil
}

// formatValue is format(v, text).
func formatValue(v starlark.Value, text string) (string, error) {
	if text == "" {
		return Text(v), nil
	}
	if f, ok := v.(interface{ Format(string) (string, bool) }); ok {
		if out, done := f.Format(text); done {
			return out, nil
		}
	}
	s, err := readSpec(text)
	if err != nil {
		return "", err
	}
	if b, ok := v.(starlark.Bool); ok && s.kind != 0 && s.kind != 's' {
		v = starlark.MakeInt(0)
		if b {
			v = starlark.MakeInt(1)
		}
	}
	switch v := v.(type) {
	case starlark.Int:
		return s.integer(v, text)
	case starlark.Float:
		if s.kind == 'd' || s.kind == 'x' || s.kind == 's' {
			return "", raised(valueError, "unknown format code '%c' for object of type 'float'", s.kind)
		}
		return s.number(s.float(float64(v))), nil
	case starlark.String:
		if s.kind != 0 && s.kind != 's' {
			return "", raised(valueError, "unknown format code '%c' for object of type 'str'", s.kind)
		}
		return s.text(string(v)), nil
	}
	if s.kind != 0 && s.kind != 's' {
		return "", raised(typeError, "unsupported format string '%s' passed to %s", text, v.Type())
	}
	return s.text(Text(v)), nil
}

func (s spec) integer(v starlark.Int, text string) (string, error) {
	base := map[byte]int{'b': 2, 'o': 8, 'x': 16, 'X': 16}[s.kind]
	switch {
	case base > 0:
		digits := v.BigInt().Text(base)
		prefix := ""
		if s.alternate {
			prefix = "0" + strings.ToLower(string(s.kind))
		}
		if s.kind == 'X' {
			digits = strings.ToUpper(digits)
		}
		if rest, negative := strings.CutPrefix(digits, "-"); negative {
			return s.number("-" + prefix + rest), nil
		}
		return s.number(prefix + digits), nil
	case s.kind == 'c':
		i, ok := v.Int64()
		if !ok || i < 0 || i > utf8.MaxRune {
			return "", raised(valueError, "%s is no character", v)
		}
		return s.text(string(rune(i))), nil
	case s.kind == 0 || s.kind == 'd' || s.kind == 'n':
		if s.precision >= 0 {
			return "", raised(valueError, "precision not allowed in integer format specifier '%s'", text)
		}
		return s.number(v.String()), nil
	case s.kind == 's':
		return "", raised(valueError, "unknown format code 's' for object of type 'int'")
	}
	return s.number(s.float(float64(v.Float()))), nil
}

func (s spec) float(f float64) string {
	precision := s.precision
	switch s.kind {
	case '%':
		if precision < 0 {
			precision = 6
		}
		return strconv.FormatFloat(f*100, 'f', precision, 64) + "%"
	case 'f', 'F', 'e', 'E':
		if precision < 0 {
			precision = 6
		}
		return strconv.FormatFloat(f, formatLetter[s.kind], precision, 64)
	case 'g', 'G', 'n':
		if precision < 0 {
			precision = 6
		}
		return strconv.FormatFloat(f, 'g', precision, 64)
	}
	if precision < 0 {
		return floatText(f)
	}
	return strconv.FormatFloat(f, 'g', max(precision, 1), 64)
}

// number adds sign, groups and padding to the digits of a number.
func (s spec) number(digits string) string {
	sign := ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		sign, digits = "-", rest
	} else if s.sign == "+" || s.sign == " " {
		sign = s.sign
	}
	if s.group != "" {
		digits = grouped(digits, s.group)
	}
	if s.align == "=" {
		return sign + strings.Repeat(s.fill, max(0, s.width-len(sign)-len(digits))) + digits
	}
	return s.pad(sign+digits, ">")
}

func grouped(digits, by string) string {
	whole, rest := digits, ""
	if i := strings.IndexAny(digits, ".e%"); i >= 0 {
		whole, rest = digits[:i], digits[i:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + by + whole[i:]
	}
	return whole + rest
}

func (s spec) text(t string) string {
	if s.precision >= 0 && utf8.RuneCountInString(t) > s.precision {
		t = string([]rune(t)[:s.precision])
	}
	return s.pad(t, "<")
}

func (s spec) pad(t, align string) string {
	if s.align != "" {
		align = s.align
	}
	room := max(0, s.width-utf8.RuneCountInString(t))
	left := 0
	switch align {
	case ">", "=":
		left = room
	case "^":
		left = room / 2
	}
	return strings.Repeat(s.fill, left) + t + strings.Repeat(s.fill, room-left)
}

// converted applies the !r of a replacement field.
func converted(v starlark.Value, conversion string) starlark.Value {
	switch conversion {
	case "r":
		return starlark.String(Repr(v))
	case "s":
		return starlark.String(Text(v))
	case "a":
		return starlark.String(strconv.QuoteToASCII(Text(v)))
	}
	return v
}

var formatLetter = map[byte]byte{'f': 'f', 'F': 'f', 'e': 'e', 'E': 'E'}
