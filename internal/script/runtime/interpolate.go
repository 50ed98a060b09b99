package runtime

import (
	"strconv"
	"strings"

	"go.starlark.net/starlark"
)

// percent is text % values.
func percent(format string, values starlark.Value) (starlark.Value, error) {
	args, isTuple := values.(starlark.Tuple)
	if !isTuple {
		args = starlark.Tuple{values}
	}
	named, isMap := values.(starlark.Mapping)
	var b strings.Builder
	used := 0
	for {
		plain, rest, found := strings.Cut(format, "%")
		b.WriteString(plain)
		if !found {
			break
		}
		if strings.HasPrefix(rest, "%") {
			b.WriteByte('%')
			format = rest[1:]
			continue
		}
		var v starlark.Value
		if strings.HasPrefix(rest, "(") {
			key, after, closed := strings.Cut(rest[1:], ")")
			if !closed || !isMap {
				return nil, raised(typeError, "format requires a mapping")
			}
			value, ok, err := named.Get(starlark.String(key))
			if err != nil || !ok {
				return nil, raised(keyError, "%s", key)
			}
			v, rest = value, after
		}
		n := strings.IndexFunc(rest, func(r rune) bool { return !strings.ContainsRune("-+ #0123456789.", r) })
		if n < 0 {
			return nil, raised(valueError, "incomplete format")
		}
		if v == nil {
			if used >= len(args) {
				return nil, raised(typeError, "not enough arguments for format string")
			}
			v = args[used]
			used++
		}
		out, err := percentOne(rest[:n], rest[n], v)
		if err != nil {
			return nil, err
		}
		b.WriteString(out)
		format = rest[n+1:]
	}
	if used < len(args) && !isMap {
		return nil, raised(typeError, "not all arguments converted during string formatting")
	}
	return starlark.String(b.String()), nil
}

// percentOne formats one value by the flags and the letter of %.
func percentOne(flags string, kind byte, v starlark.Value) (string, error) {
	text := ""
	if strings.HasPrefix(flags, "-") {
		text, flags = "<", flags[1:]
	} else if kind == 's' || kind == 'r' {
		text = ">"
	}
	switch kind {
	case 's':
		v = starlark.String(Text(v))
	case 'r', 'a':
		v, kind = starlark.String(Repr(v)), 's'
	case 'd', 'i', 'u':
		kind = 'd'
		i, err := starlark.NumberToInt(v)
		if err != nil {
			return "", raised(typeError, "%%d format: a number is required, not %s", v.Type())
		}
		v = i
	case 'f', 'F', 'e', 'E', 'g', 'G', 'x', 'X', 'o', 'c':
		if _, isText := v.(starlark.String); isText && kind != 'c' {
			return "", raised(typeError, "must be real number, not str")
		} else if isText {
			kind = 's'
		}
	default:
		return "", raised(valueError, "unsupported format character '%c'", kind)
	}
	return formatValue(v, text+flags+string(kind))
}

// formatMethod is str.format.
func formatMethod(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	f := fields{thread: thread, args: args, kwargs: kwargs}
	out, err := f.expand(string(receiver.(starlark.String)), 0)
	return starlark.String(out), err
}

// fields are what the replacement fields of str.format stand for.
type fields struct {
	thread *starlark.Thread
	args   starlark.Tuple
	kwargs []starlark.Tuple
	next   int
}

func (f *fields) expand(format string, depth int) (string, error) {
	var b strings.Builder
	for format != "" {
		i := strings.IndexAny(format, "{}")
		if i < 0 {
			b.WriteString(format)
			break
		}
		b.WriteString(format[:i])
		c := format[i]
		format = format[i+1:]
		if strings.HasPrefix(format, string(c)) {
			b.WriteByte(c)
			format = format[1:]
			continue
		}
		end := fieldEnd(format)
		if c == '}' || end < 0 || depth > 1 {
			return "", raised(valueError, "single '%c' encountered in format string", c)
		}
		out, err := f.field(format[:end], depth)
		if err != nil {
			return "", err
		}
		b.WriteString(out)
		format = format[end+1:]
	}
	return b.String(), nil
}

func fieldEnd(format string) int {
	depth := 0
	for i := range len(format) {
		switch format[i] {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

func (f *fields) field(field string, depth int) (string, error) {
	name, text, _ := strings.Cut(field, ":")
	name, conversion, _ := strings.Cut(name, "!")
	v, err := f.value(name)
	if err != nil {
		return "", err
	}
	if strings.Contains(text, "{") {
		if text, err = f.expand(text, depth+1); err != nil {
			return "", err
		}
	}
	return formatValue(converted(v, conversion), text)
}

// value looks up "", "0", "name", "name.attribute" or "name[key]".
func (f *fields) value(name string) (starlark.Value, error) {
	end := strings.IndexAny(name, ".[")
	if end < 0 {
		end = len(name)
	}
	first, rest := name[:end], name[end:]
	var v starlark.Value
	if first == "" {
		first = strconv.Itoa(f.next)
		f.next++
	}
	if n, err := strconv.Atoi(first); err == nil {
		if n < 0 || n >= len(f.args) {
			return nil, raised(indexError, "replacement index %d out of range for positional args tuple", n)
		}
		v = f.args[n]
	} else {
		for _, k := range f.kwargs {
			if k[0] == starlark.String(first) {
				v = k[1]
			}
		}
		if v == nil {
			return nil, raised(keyError, "%s", first)
		}
	}
	for rest != "" {
		var err error
		if rest[0] == '.' {
			end := strings.IndexAny(rest[1:], ".[") + 1
			if end == 0 {
				end = len(rest)
			}
			v, err = attributeOf(f.thread, v, rest[1:end])
			rest = rest[end:]
		} else {
			key, after, closed := strings.Cut(rest[1:], "]")
			if !closed {
				return nil, raised(valueError, "missing ']' in format string")
			}
			var k starlark.Value = starlark.String(key)
			if n, numeric := strconv.Atoi(key); numeric == nil {
				k = starlark.MakeInt(n)
			}
			v, err = indexOf(v, k)
			rest = after
		}
		if err != nil {
			return nil, err
		}
	}
	return v, nil
}
