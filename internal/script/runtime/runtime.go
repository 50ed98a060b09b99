// Package runtime is what lowered scripts call: the parts of Python that Starlark does not have.
//
// In go Starlark values; out come what Python's operators, methods, classes, exceptions and builtin
// functions make of them. Read this file first, then operator.go, attribute.go and exception.go.
package runtime

import (
	"maps"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/python"
)

// Modules loads a module by its name, for the thread of a script.
type Modules func(thread *starlark.Thread, name string) (starlark.HasAttrs, error)

// Predeclared returns every name that a script sees without assigning it.
func Predeclared(modules Modules) starlark.StringDict {
	names := maps.Clone(builtins)
	for name, class := range exceptions {
		names[name] = class
	}
	add := func(name string, f func(thread *starlark.Thread, args starlark.Tuple) (starlark.Value, error)) {
		names[name] = starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return f(thread, args)
		})
	}
	for name, f := range map[string]func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error){
		python.Cell: makeCell, python.Class: makeClass, python.Super: makeSuper,
		python.Raise: raise, python.Assert: assert, python.Try: attempt, python.With: with, python.Decorate: decorate,
	} {
		names[name] = starlark.NewBuiltin(name, f)
	}
	add(python.Iterate, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return iterate(a[0]) })
	add(python.Index, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return indexOf(a[0], a[1]) })
	add(python.Slice, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		return sliceOf(a[0], a[1], a[2], a[3])
	})
	add(python.Modulo, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return remainder(a[0], a[1]) })
	add(python.Power, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return power(a[0], a[1]) })
	add(python.Same, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		return starlark.Bool(same(a[0], a[1])), nil
	})
	add(python.MakeSet, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return makeSet(a[0]) })
	add(python.Merge, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return merge(a) })
	add(python.Concat, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return concat(a) })
	add(python.Join, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return join(a) })
	add(python.Delete, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return deleteEntry(a[0], a[1]) })
	add(python.Format, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		text := ""
		if a[2] != starlark.None {
			text = Text(a[2])
		}
		out, err := formatValue(converted(a[0], Text(a[1])), text)
		return starlark.String(out), err
	})
	add(python.Attribute, func(thread *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		return attributeOf(thread, a[0], Text(a[1]))
	})
	add(python.Import, func(thread *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		return modules(thread, Text(a[0]))
	})
	add(python.From, func(thread *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		m, err := modules(thread, Text(a[0]))
		if err != nil {
			return nil, err
		}
		return m.Attr(Text(a[1]))
	})
	return names
}

func makeSet(items starlark.Value) (starlark.Value, error) {
	made := new(starlark.Set)
	list, ok := items.(starlark.Iterable)
	if !ok {
		return nil, raised(typeError, "'%s' object is not iterable", typeName(items))
	}
	for item := range starlark.Elements(list) {
		if err := made.Insert(item); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func merge(dicts starlark.Tuple) (starlark.Value, error) {
	made := new(starlark.Dict)
	for _, d := range dicts {
		m, ok := d.(starlark.IterableMapping)
		if !ok {
			return nil, raised(typeError, "'%s' object is not a mapping", typeName(d))
		}
		for _, item := range m.Items() {
			if err := made.SetKey(item[0], item[1]); err != nil {
				return nil, err
			}
		}
	}
	return made, nil
}

// concat joins items and the items of items: (open, (starred, x)…).
func concat(args starlark.Tuple) (starlark.Value, error) {
	var all []starlark.Value
	for _, a := range args[1:] {
		x := a.(starlark.Tuple)[1]
		if a.(starlark.Tuple)[0] == starlark.False {
			all = append(all, x)
			continue
		}
		items, err := iterate(x)
		if err != nil {
			return nil, err
		}
		list, ok := items.(starlark.Iterable)
		if !ok {
			return nil, raised(typeError, "'%s' object is not iterable", typeName(x))
		}
		for item := range starlark.Elements(list) {
			all = append(all, item)
		}
	}
	switch Text(args[0]) {
	case "[":
		return starlark.NewList(all), nil
	case "{":
		return makeSet(starlark.Tuple(all))
	}
	return starlark.Tuple(all), nil
}

func join(parts starlark.Tuple) (starlark.Value, error) {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(Text(p))
	}
	return starlark.String(b.String()), nil
}

func deleteEntry(x, key starlark.Value) (starlark.Value, error) {
	switch v := x.(type) {
	case *starlark.Dict:
		_, found, err := v.Delete(key)
		if err == nil && !found {
			err = raised(keyError, "%s", Text(key))
		}
		return starlark.None, err
	case *starlark.List:
		i, err := place(key, v.Len(), "list")
		if err != nil {
			return nil, err
		}
		pop, err := v.Attr("pop")
		if err != nil {
			return nil, err
		}
		_, err = starlark.Call(&starlark.Thread{}, pop, starlark.Tuple{starlark.MakeInt(i)}, nil)
		return starlark.None, err
	}
	return nil, raised(typeError, "'%s' object does not support item deletion", typeName(x))
}

// typeName is what Python calls the type of a value.
func typeName(v starlark.Value) string {
	switch v := v.(type) {
	case starlark.String:
		return "str"
	case *method, *starlark.Function, *starlark.Builtin:
		return "function"
	case *Class:
		return "type"
	default:
		return v.Type()
	}
}

func length(v starlark.Value) (int, error) {
	switch v := v.(type) {
	case starlark.String:
		return utf8.RuneCountInString(string(v)), nil
	case *Instance:
		return v.length()
	}
	if n := starlark.Len(v); n >= 0 {
		return n, nil
	}
	return 0, raised(typeError, "object of type '%s' has no len()", typeName(v))
}
