package runtime

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"
)

func format(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	text := ""
	switch len(args) {
	case 2:
		text = Text(args[1])
	case 1:
	default:
		return nil, raised(typeError, "format() takes a value and a format")
	}
	out, err := formatValue(args[0], text)
	return starlark.String(out), err
}

func base(kind string) function {
	return func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		v, err := one(b.Name(), args, kwargs)
		if err != nil {
			return nil, err
		}
		out, err := formatValue(v, "#"+kind)
		return starlark.String(out), err
	}
}

func id(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 1 {
		return nil, raised(typeError, "id() takes one argument")
	}
	h, err := starlark.String(fmt.Sprintf("%p", args[0])).Hash()
	return starlark.MakeUint64(uint64(h)), err
}

func object(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
	return &Instance{class: &Class{name: "object"}, fields: starlark.StringDict{}}, nil
}

func getAttribute(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) < 2 || len(args) > 3 {
		return nil, raised(typeError, "%s() takes an object, a name and perhaps a default", b.Name())
	}
	v, err := attributeOf(thread, args[0], Text(args[1]))
	if err != nil && len(args) == 3 && AsException(err).class == attributeError {
		return args[2], nil
	}
	return v, err
}

func hasAttribute(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 2 {
		return nil, raised(typeError, "%s() takes an object and a name", b.Name())
	}
	_, err := attributeOf(thread, args[0], Text(args[1]))
	return starlark.Bool(err == nil), nil
}

func setAttribute(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 3 {
		return nil, raised(typeError, "%s() takes an object, a name and a value", b.Name())
	}
	o, ok := args[0].(starlark.HasSetField)
	if !ok {
		return nil, raised(attributeError, "'%s' object takes no attributes", typeName(args[0]))
	}
	return starlark.None, o.SetField(Text(args[1]), args[2])
}

func vars(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	v, err := one(b.Name(), args, kwargs)
	if err != nil {
		return nil, err
	}
	i, ok := v.(*Instance)
	if !ok {
		return nil, raised(typeError, "vars() takes an object of a class")
	}
	made := new(starlark.Dict)
	for _, name := range i.fields.Keys() {
		if err := made.SetKey(starlark.String(name), i.fields[name]); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func sorted(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 0 {
		return nil, raised(typeError, "sorted() takes what to sort")
	}
	items, err := iterate(args[0])
	if err != nil {
		return nil, err
	}
	return starlark.Call(thread, starlark.Universe["sorted"], append(starlark.Tuple{items}, args[1:]...), kwargs)
}

func printFunction(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	separator, end := " ", "\n"
	for _, k := range kwargs {
		if k[0] == starlark.String("sep") && k[1] != starlark.None {
			separator = Text(k[1])
		}
		if k[0] == starlark.String("end") && k[1] != starlark.None {
			end = Text(k[1])
		}
	}
	var b strings.Builder
	begun, _ := thread.Local(lineKey).(string)
	b.WriteString(begun)
	for i, a := range args {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(Text(a))
	}
	b.WriteString(end)
	line, whole := strings.CutSuffix(b.String(), "\n")
	if !whole && len(line) < longestLine {
		thread.SetLocal(lineKey, line)
		return starlark.None, nil
	}
	thread.SetLocal(lineKey, "")
	thread.Print(thread, line)
	return starlark.None, nil
}

// lineKey is where a thread keeps a line that print(…, end="") has begun, up to longestLine bytes.
const (
	lineKey     = "line"
	longestLine = 4096
)

// Flush prints the line that was begun and not ended.
func Flush(thread *starlark.Thread) {
	if line, _ := thread.Local(lineKey).(string); line != "" {
		thread.SetLocal(lineKey, "")
		thread.Print(thread, line)
	}
}

func staticMethod(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	f, err := oneFunction(b, args, kwargs)
	return &static{b, f}, err
}

func classMethodOf(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	f, err := oneFunction(b, args, kwargs)
	return &classMethod{b, f}, err
}

func oneFunction(b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Callable, error) {
	v, err := one(b.Name(), args, kwargs)
	if err != nil {
		return nil, err
	}
	f, ok := v.(starlark.Callable)
	if !ok {
		return nil, raised(typeError, "%s() takes a function", b.Name())
	}
	return f, nil
}
