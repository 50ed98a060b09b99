package runtime

import (
	"math"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

type function = func(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)

// builtins are those of Python that Starlark lacks, or has otherwise.
var builtins = starlark.StringDict{}

func init() {
	for name, f := range map[string]function{
		"str": str, "repr": repr, "len": lenOf, "type": typeFunction, "isinstance": isInstanceFunction, "issubclass": isSubclass,
		"callable": callable, "sum": sum, "round": round, "divmod": divmod, "pow": pow, "map": mapFunction, "filter": filter,
		"format": format, "id": id, "object": object, "hex": base("x"), "bin": base("b"), "oct": base("o"), "getattr": getAttribute,
		"hasattr": hasAttribute, "setattr": setAttribute, "print": printFunction, "sorted": sorted, "float": float, "int": integer,
		"vars": vars, "frozenset": overText("set"), "min": overText("min"), "max": overText("max"), "staticmethod": staticMethod, "classmethod": classMethodOf,
		"list": overText("list"), "tuple": overText("tuple"), "set": overText("set"), "enumerate": overText("enumerate"),
		"reversed": overText("reversed"), "zip": overText("zip"), "any": overText("any"), "all": overText("all"),
	} {
		builtins[name] = starlark.NewBuiltin(name, f)
	}
	builtins["NotImplemented"] = starlark.None
	builtins["__name__"] = starlark.String("__script__")
}

// overText hands on to Starlark's function, with texts as lists of their characters.
func overText(name string) function {
	return func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		iterable := make(starlark.Tuple, len(args))
		for i, a := range args {
			iterable[i] = a
			if _, isText := a.(starlark.String); isText && (len(args) > 1 && (name == "min" || name == "max")) {
				continue
			}
			var err error
			if iterable[i], err = iterate(a); err != nil {
				return nil, err
			}
		}
		if name != "min" && name != "max" {
			return starlark.Call(thread, starlark.Universe[name], iterable, kwargs)
		}
		rest := kwargs[:0:0]
		var otherwise starlark.Value
		for _, k := range kwargs {
			if k[0] == starlark.String("default") {
				otherwise = k[1]
			} else {
				rest = append(rest, k)
			}
		}
		if len(args) == 1 && otherwise != nil && starlark.Len(iterable[0]) == 0 {
			return otherwise, nil
		}
		return starlark.Call(thread, starlark.Universe[name], iterable, rest)
	}
}

func str(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 0 {
		return starlark.String(""), nil
	}
	return starlark.String(Text(args[0])), nil
}

func repr(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	v, err := one(b.Name(), args, kwargs)
	if err != nil {
		return nil, err
	}
	return starlark.String(Repr(v)), nil
}

func lenOf(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	v, err := one(b.Name(), args, kwargs)
	if err != nil {
		return nil, err
	}
	n, err := length(v)
	return starlark.MakeInt(n), err
}

// integer is int(x[, base]), which takes spaces around digits, as Python does.
func integer(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 0 {
		return starlark.MakeInt(0), nil
	}
	const mostDigits = 4300 // Python's own limit
	if s, ok := args[0].(starlark.String); ok {
		text := strings.TrimSpace(string(s))
		if len(text) > mostDigits {
			return nil, raised(valueError, "a number of more than %d digits", mostDigits)
		}
		args = append(starlark.Tuple{starlark.String(text)}, args[1:]...)
	}
	return starlark.Call(thread, starlark.Universe["int"], args, kwargs)
}

func float(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 1 {
		if s, ok := args[0].(starlark.String); ok {
			args = starlark.Tuple{starlark.String(strings.TrimSpace(string(s)))}
		}
	}
	return starlark.Call(thread, starlark.Universe["float"], args, kwargs)
}

var universalTypes = map[string]string{"string": "str", "int": "int", "float": "float", "bool": "bool", "list": "list", "dict": "dict", "tuple": "tuple", "set": "set", "bytes": "bytes", "range": "range"}

// typeOf is the class or the builtin function that makes such values.
func typeOf(v starlark.Value) starlark.Value {
	if i, ok := v.(*Instance); ok {
		return i.class
	}
	if name, ok := universalTypes[v.Type()]; ok {
		if b, own := builtins[name]; own {
			return b
		}
		return starlark.Universe[name]
	}
	return &Class{name: typeName(v)}
}

func typeFunction(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	v, err := one(b.Name(), args, kwargs)
	if err != nil {
		return nil, err
	}
	return typeOf(v), nil
}

// isInstance tells whether v is of a class, of a builtin type, or of one of several.
func isInstance(v, class starlark.Value) bool {
	switch c := class.(type) {
	case starlark.Tuple:
		for _, one := range c {
			if isInstance(v, one) {
				return true
			}
		}
	case *Class:
		i, ok := v.(*Instance)
		return ok && i.class.is(c)
	case *starlark.Builtin:
		name := universalTypes[v.Type()]
		return c.Name() == "object" || name == c.Name() || name == "bool" && c.Name() == "int"
	}
	return false
}

func isInstanceFunction(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 2 {
		return nil, raised(typeError, "isinstance() takes two arguments (%d given)", len(args))
	}
	return starlark.Bool(isInstance(args[0], args[1])), nil
}

func isSubclass(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 2 {
		c, ok := args[0].(*Class)
		of, also := args[1].(*Class)
		if ok && also {
			return starlark.Bool(c.is(of)), nil
		}
	}
	return nil, raised(typeError, "issubclass() takes two classes")
}

func callable(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	v, err := one(b.Name(), args, kwargs)
	if err != nil {
		return nil, err
	}
	_, ok := v.(starlark.Callable)
	return starlark.Bool(ok), nil
}

func elements(v starlark.Value) (starlark.Iterable, error) {
	items, err := iterate(v)
	if err != nil {
		return nil, err
	}
	list, ok := items.(starlark.Iterable)
	if !ok {
		return nil, raised(typeError, "'%s' object is not iterable", typeName(v))
	}
	return list, nil
}

func sum(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var items starlark.Value
	var total starlark.Value = starlark.MakeInt(0)
	if err := starlark.UnpackArgs("sum", args, kwargs, "iterable", &items, "start?", &total); err != nil {
		return nil, err
	}
	list, err := elements(items)
	if err != nil {
		return nil, err
	}
	for item := range starlark.Elements(list) {
		if b, ok := item.(starlark.Bool); ok {
			item = starlark.MakeInt64(truth(b))
		}
		if total, err = starlark.Binary(syntax.PLUS, total, item); err != nil {
			return nil, err
		}
	}
	return total, nil
}

// round rounds halves to even, as Python does.
func round(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var x, digits starlark.Value
	if err := starlark.UnpackArgs("round", args, kwargs, "number", &x, "ndigits?", &digits); err != nil {
		return nil, err
	}
	if i, ok := x.(starlark.Int); ok {
		return i, nil
	}
	f, ok := starlark.AsFloat(x)
	if !ok {
		return nil, raised(typeError, "round() takes a number, not %s", typeName(x))
	}
	if digits == nil || digits == starlark.None {
		return starlark.NumberToInt(starlark.Float(math.RoundToEven(f)))
	}
	n, err := starlark.AsInt32(digits)
	if err != nil || n > 300 || n < -300 {
		return nil, raised(valueError, "round(): digits have to be a whole number up to 300")
	}
	if n >= 0 {
		rounded, err := starlark.Call(&starlark.Thread{}, starlark.Universe["float"], starlark.Tuple{starlark.String(spec{precision: n, kind: 'f'}.float(f))}, nil)
		return rounded, err
	}
	scale := math.Pow(10, float64(-n))
	return starlark.Float(math.RoundToEven(f/scale) * scale), nil
}

func divmod(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 2 {
		return nil, raised(typeError, "divmod() takes two numbers")
	}
	q, err := starlark.Binary(syntax.SLASHSLASH, args[0], args[1])
	if err != nil {
		return nil, err
	}
	r, err := starlark.Binary(syntax.PERCENT, args[0], args[1])
	return starlark.Tuple{q, r}, err
}

func pow(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 2 {
		return nil, raised(typeError, "pow() takes two numbers here")
	}
	return power(args[0], args[1])
}

func mapFunction(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) < 2 {
		return nil, raised(typeError, "map() takes a function and what to go over")
	}
	rows, err := overText("zip")(thread, nil, args[1:], nil)
	if err != nil {
		return nil, err
	}
	var out []starlark.Value
	for row := range starlark.Elements(rows.(starlark.Iterable)) {
		v, err := starlark.Call(thread, args[0], row.(starlark.Tuple), nil)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return starlark.NewList(out), nil
}

func filter(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 2 {
		return nil, raised(typeError, "filter() takes a function and what to go over")
	}
	list, err := elements(args[1])
	if err != nil {
		return nil, err
	}
	var out []starlark.Value
	for item := range starlark.Elements(list) {
		var keep starlark.Value = item
		if args[0] != starlark.None {
			if keep, err = starlark.Call(thread, args[0], starlark.Tuple{item}, nil); err != nil {
				return nil, err
			}
		}
		if keep.Truth() {
			out = append(out, item)
		}
	}
	return starlark.NewList(out), nil
}
