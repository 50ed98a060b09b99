package runtime

import (
	"strings"
	"unicode"

	"go.starlark.net/starlark"
)

// Attributes of values that modules give, for example of the name of a host: nil where the value
// has none of that name.
type Attributes func(v starlark.Value, name string) starlark.Value

// attributesKey is where a thread keeps its Attributes.
const attributesKey = "attributes"

// SetAttributes lets a thread's scripts see further attributes.
func SetAttributes(thread *starlark.Thread, a Attributes) { thread.SetLocal(attributesKey, a) }

type methodOf func(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)

// methods that Python's types have and Starlark's do not, or have otherwise.
var methods map[string]map[string]methodOf

func init() {
	methods = map[string]map[string]methodOf{
		"string": {
			"format": formatMethod, "join": joinTexts, "zfill": zfill, "ljust": justify("<"), "rjust": justify(">"), "center": justify("^"),
			"encode": encode, "isnumeric": eachRune(unicode.IsDigit), "isdecimal": eachRune(unicode.IsDigit),
			"swapcase": mapped(swapCase), "casefold": mapped(unicode.ToLower),
		},
		"bytes": {"decode": decode, "hex": hexText},
		"list":  {"sort": sortList, "reverse": reverseList, "copy": copyList, "count": countItems},
		"tuple": {"count": countItems, "index": indexItem},
		"dict":  {"copy": copyDict},
		"set":   {"copy": copySet},
	}
}

// hostAttributes are looked up by Attributes, whatever the value.
var hostAttributes = map[string]bool{"labels": true, "total_bytes": true, "collectors": true, "name": true}

// Extra tells whether an attribute may be one that Starlark does not know.
func Extra(name string) bool {
	if hostAttributes[name] {
		return true
	}
	for _, list := range methods {
		if list[name] != nil {
			return true
		}
	}
	return false
}

// attributeOf is x.name for the names that Extra knows.
func attributeOf(thread *starlark.Thread, x starlark.Value, name string) (starlark.Value, error) {
	if m := methods[x.Type()][name]; m != nil {
		return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			return m(thread, x, args, kwargs)
		}), nil
	}
	if further, ok := thread.Local(attributesKey).(Attributes); ok {
		if v := further(x, name); v != nil {
			return v, nil
		}
	}
	switch v := x.(type) {
	case starlark.HasAttrs:
		found, err := v.Attr(name)
		if found != nil || err != nil {
			return found, err
		}
	case starlark.Callable:
		if name == "__name__" {
			return starlark.String(v.Name()), nil
		}
	}
	if b, ok := x.(*starlark.Builtin); ok && b.Receiver() == nil {
		if f := unbound(b, name); f != nil {
			return f, nil
		}
	}
	if f, ok := x.(*starlark.Function); ok && name == "__doc__" {
		return starlark.String(f.Doc()), nil
	}
	if name == "__class__" {
		return typeOf(x), nil
	}
	return nil, raised(attributeError, "'%s' object has no attribute '%s'", typeName(x), name)
}

func one(what string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 1 || len(kwargs) > 0 {
		return nil, raised(typeError, "%s() takes one argument (%d given)", what, len(args)+len(kwargs))
	}
	return args[0], nil
}

func width(what string, args starlark.Tuple) (int, error) {
	if len(args) == 0 {
		return 0, raised(typeError, "%s() takes a width", what)
	}
	n, err := starlark.AsInt32(args[0])
	if err != nil || n > maxWidth {
		return 0, raised(valueError, "%s(): the width has to be a number up to %d", what, maxWidth)
	}
	return n, nil
}

func zfill(_ *starlark.Thread, receiver starlark.Value, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	n, err := width("zfill", args)
	if err != nil {
		return nil, err
	}
	return starlark.String(spec{fill: "0", align: "=", width: n}.number(string(receiver.(starlark.String)))), nil
}

func justify(align string) methodOf {
	return func(_ *starlark.Thread, receiver starlark.Value, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		n, err := width("ljust", args)
		if err != nil {
			return nil, err
		}
		s := spec{fill: " ", width: n}
		if len(args) > 1 {
			s.fill = Text(args[1])
		}
		return starlark.String(s.pad(string(receiver.(starlark.String)), align)), nil
	}
}

func eachRune(is func(rune) bool) methodOf {
	return func(_ *starlark.Thread, receiver starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		text := string(receiver.(starlark.String))
		return starlark.Bool(text != "" && strings.IndexFunc(text, func(r rune) bool { return !is(r) }) < 0), nil
	}
}

func mapped(to func(rune) rune) methodOf {
	return func(_ *starlark.Thread, receiver starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		return starlark.String(strings.Map(to, string(receiver.(starlark.String)))), nil
	}
}

func swapCase(r rune) rune {
	if unicode.IsUpper(r) {
		return unicode.ToLower(r)
	}
	return unicode.ToUpper(r)
}

func encode(_ *starlark.Thread, receiver starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	return starlark.Bytes(receiver.(starlark.String)), nil
}

func decode(_ *starlark.Thread, receiver starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	return starlark.String(strings.ToValidUTF8(string(receiver.(starlark.Bytes)), "�")), nil
}

func hexText(_ *starlark.Thread, receiver starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	const digits = "0123456789abcdef"
	var b strings.Builder
	for _, c := range []byte(receiver.(starlark.Bytes)) {
		b.WriteByte(digits[c>>4])
		b.WriteByte(digits[c&15])
	}
	return starlark.String(b.String()), nil
}

func sortList(thread *starlark.Thread, receiver starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	sorted, err := starlark.Call(thread, starlark.Universe["sorted"], append(starlark.Tuple{receiver}, args...), kwargs)
	if err != nil {
		return nil, err
	}
	return starlark.None, replaceItems(receiver.(*starlark.List), sorted.(*starlark.List))
}

func replaceItems(list, by *starlark.List) error {
	for i := range by.Len() {
		if err := list.SetIndex(i, by.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func reverseList(_ *starlark.Thread, receiver starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	list := receiver.(*starlark.List)
	return starlark.None, replaceItems(list, list.Slice(list.Len()-1, -1, -1).(*starlark.List))
}

func copyList(_ *starlark.Thread, receiver starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	list := receiver.(*starlark.List)
	return list.Slice(0, list.Len(), 1), nil
}

func countItems(_ *starlark.Thread, receiver starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	wanted, err := one("count", args, kwargs)
	if err != nil {
		return nil, err
	}
	n := 0
	for item := range starlark.Elements(receiver.(starlark.Iterable)) {
		if equal, err := starlark.Equal(item, wanted); err != nil {
			return nil, err
		} else if equal {
			n++
		}
	}
	return starlark.MakeInt(n), nil
}

func indexItem(_ *starlark.Thread, receiver starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	wanted, err := one("index", args, kwargs)
	if err != nil {
		return nil, err
	}
	for i, item := range receiver.(starlark.Tuple) {
		if equal, err := starlark.Equal(item, wanted); err != nil || equal {
			return starlark.MakeInt(i), err
		}
	}
	return nil, raised(valueError, "%s is not in the tuple", short(wanted))
}

func copyDict(_ *starlark.Thread, receiver starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	return merge(starlark.Tuple{receiver})
}

func copySet(_ *starlark.Thread, receiver starlark.Value, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	return makeSet(receiver)
}

// unbound is a method of a type, such as str.lower, which takes the value first; nil where the
// function makes no values with such a method.
func unbound(b *starlark.Builtin, name string) starlark.Value {
	if b.Name() == "dict" && name == "fromkeys" {
		return starlark.NewBuiltin(name, fromKeys)
	}
	samples := map[string]starlark.Value{"str": starlark.String(""), "list": new(starlark.List), "dict": new(starlark.Dict), "set": new(starlark.Set)}
	sample, ok := samples[b.Name()].(starlark.HasAttrs)
	if !ok {
		return nil
	}
	if found, err := sample.Attr(name); methods[sample.Type()][name] == nil && (found == nil || err != nil) {
		return nil
	}
	return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if len(args) == 0 || args[0].Type() != sample.Type() {
			return nil, raised(typeError, "%s.%s takes a %s first", b.Name(), name, b.Name())
		}
		f, err := attributeOf(thread, args[0], name)
		if err != nil {
			return nil, err
		}
		return starlark.Call(thread, f, args[1:], kwargs)
	})
}

func fromKeys(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 0 || len(args) > 2 {
		return nil, raised(typeError, "dict.fromkeys takes keys and perhaps a value")
	}
	var value starlark.Value = starlark.None
	if len(args) == 2 {
		value = args[1]
	}
	keys, err := elements(args[0])
	if err != nil {
		return nil, err
	}
	made := new(starlark.Dict)
	for key := range starlark.Elements(keys) {
		if err := made.SetKey(key, value); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// joinTexts is str.join, which takes the characters of a text too.
func joinTexts(_ *starlark.Thread, receiver starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	v, err := one("join", args, kwargs)
	if err != nil {
		return nil, err
	}
	list, err := elements(v)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	n := 0
	for item := range starlark.Elements(list) {
		text, ok := item.(starlark.String)
		if !ok {
			return nil, raised(typeError, "sequence item %d: expected str instance, %s found", n, typeName(item))
		}
		if n > 0 {
			b.WriteString(string(receiver.(starlark.String)))
		}
		n++
		b.WriteString(string(text))
	}
	return starlark.String(b.String()), nil
}
