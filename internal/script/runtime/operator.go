package runtime

import (
	"math"
	"math/big"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// cell is a variable that inner functions assign: an object with one entry.
type cell struct {
	name  string
	value starlark.Value // nil before the first assignment
}

func (c *cell) String() string        { return "variable " + c.name }
func (c *cell) Type() string          { return "variable" }
func (c *cell) Freeze()               {}
func (c *cell) Truth() starlark.Bool  { return true }
func (c *cell) Hash() (uint32, error) { return 0, nil }

// Get is the value of the variable.
func (c *cell) Get(starlark.Value) (starlark.Value, bool, error) {
	if c.value == nil {
		return nil, false, raised(unboundError, "%s is used before it has a value", c.name)
	}
	return c.value, true, nil
}

// SetKey assigns the variable.
func (c *cell) SetKey(_, v starlark.Value) error {
	c.value = v
	return nil
}

func makeCell(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	c := &cell{name: string(args[0].(starlark.String))}
	if len(args) > 1 {
		c.value = args[1]
	}
	return c, nil
}

// iterate is what a loop goes over: the characters of a text, where Starlark has none.
func iterate(v starlark.Value) (starlark.Value, error) {
	switch v := v.(type) {
	case starlark.String:
		return characters(string(v)), nil
	case starlark.Bytes:
		values := make([]starlark.Value, len(v))
		for i := range len(v) {
			values[i] = starlark.MakeInt(int(v[i]))
		}
		return starlark.NewList(values), nil
	case *Instance:
		items, ok, err := v.special("__iter__")
		if err != nil || !ok {
			return v, err
		}
		if items == v {
			return nil, raised(typeError, "an iterator of one's own is not supported: return a list from __iter__")
		}
		return items, nil
	}
	return v, nil
}

func characters(s string) *starlark.List {
	values := make([]starlark.Value, 0, len(s))
	for _, r := range s {
		values = append(values, starlark.String(string(r)))
	}
	return starlark.NewList(values)
}

// indexOf is x[key].
func indexOf(x, key starlark.Value) (starlark.Value, error) {
	switch v := x.(type) {
	case starlark.Mapping:
		found, ok, err := v.Get(key)
		if err == nil && !ok {
			err = &Raised{&Instance{class: keyError, fields: starlark.StringDict{"args": starlark.Tuple{key}}}}
		}
		return found, err
	case starlark.String:
		if isASCII(string(v)) {
			break
		}
		runes := []rune(string(v))
		i, err := place(key, len(runes), "string")
		if err != nil {
			return nil, err
		}
		return starlark.String(string(runes[i])), nil
	case *Instance:
		if found, ok, err := v.special("__getitem__", key); ok {
			return found, err
		}
	}
	list, ok := x.(starlark.Indexable)
	if !ok {
		return nil, raised(typeError, "'%s' object is not subscriptable", typeName(x))
	}
	i, err := place(key, list.Len(), typeName(x))
	if err != nil {
		return nil, err
	}
	return list.Index(i), nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func place(key starlark.Value, length int, what string) (int, error) {
	k, ok := key.(starlark.Int)
	if b, isBool := key.(starlark.Bool); isBool {
		k, ok = starlark.MakeInt(int(truth(b))), true
	}
	if !ok {
		return 0, raised(typeError, "%s indices must be integers, not %s", what, typeName(key))
	}
	i, fits := k.Int64()
	if i < 0 {
		i += int64(length)
	}
	if !fits || i < 0 || i >= int64(length) {
		return 0, raised(indexError, "%s index out of range", what)
	}
	return int(i), nil
}

func truth(b starlark.Bool) int64 {
	if b {
		return 1
	}
	return 0
}

// sliceOf is x[low:high:step].
func sliceOf(x, low, high, step starlark.Value) (starlark.Value, error) {
	s, isText := x.(starlark.String)
	if isText && !isASCII(string(s)) {
		cut, err := sliceOf(characters(string(s)), low, high, step)
		if err != nil {
			return nil, err
		}
		var b strings.Builder
		for c := range starlark.Elements(cut.(starlark.Iterable)) {
			b.WriteString(string(c.(starlark.String)))
		}
		return starlark.String(b.String()), nil
	}
	list, ok := x.(starlark.Sliceable)
	if !ok {
		return nil, raised(typeError, "'%s' object cannot be sliced", typeName(x))
	}
	by := 1
	if step != starlark.None {
		var err error
		if by, err = starlark.AsInt32(step); err != nil || by == 0 {
			return nil, raised(valueError, "slice step must be a whole number, and not zero")
		}
	}
	n := list.Len()
	from, to := 0, n
	if by < 0 {
		from, to = n-1, -1
	}
	for _, bound := range []struct {
		given starlark.Value
		to    *int
	}{{low, &from}, {high, &to}} {
		if bound.given == starlark.None {
			continue
		}
		i, ok := bound.given.(starlark.Int)
		if !ok {
			return nil, raised(typeError, "slice indices must be integers or None, not %s", typeName(bound.given))
		}
		*bound.to = clamp(i, n, by < 0)
	}
	return list.Slice(from, to, by), nil
}

// clamp moves an index of a slice into the list.
func clamp(i starlark.Int, n int, backward bool) int {
	at, fits := i.Int64()
	if !fits {
		at = int64(i.Sign()) * math.MaxInt32
	}
	if at < 0 {
		at += int64(n)
	}
	if backward {
		return int(min(max(at, -1), int64(n)-1))
	}
	return int(min(max(at, 0), int64(n)))
}

func remainder(x, y starlark.Value) (starlark.Value, error) {
	if s, ok := x.(starlark.String); ok {
		return percent(string(s), y)
	}
	return starlark.Binary(syntax.PERCENT, x, y)
}

// mostBits bounds a whole number that ** makes.
const mostBits = 1 << 20

func power(x, y starlark.Value) (starlark.Value, error) {
	a, aWhole := x.(starlark.Int)
	b, bWhole := y.(starlark.Int)
	if aWhole && bWhole && b.Sign() >= 0 {
		n, fits := b.Int64()
		bits := int64(a.BigInt().BitLen())
		if (!fits || bits*n > mostBits) && bits > 1 {
			return nil, raised(overflowError, "%s ** %s is too large", short(x), short(y))
		}
		return starlark.MakeBigInt(new(big.Int).Exp(a.BigInt(), b.BigInt(), nil)), nil
	}
	f, okA := starlark.AsFloat(x)
	g, okB := starlark.AsFloat(y)
	if !okA || !okB {
		return nil, raised(typeError, "unsupported operand types for **: '%s' and '%s'", typeName(x), typeName(y))
	}
	if f == 0 && g < 0 {
		return nil, raised(zeroDivisionError, "0 cannot be raised to a negative power")
	}
	out := math.Pow(f, g)
	if math.IsNaN(out) && f < 0 {
		return nil, raised(valueError, "a negative number has no real power of %s", short(y))
	}
	return starlark.Float(out), nil
}

// short is a value for a message.
func short(v starlark.Value) string {
	const most = 60
	text := Repr(v)
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}

// same is x is y.
func same(x, y starlark.Value) bool {
	switch x.(type) {
	case starlark.NoneType, starlark.Bool, starlark.Int, starlark.String:
		equal, err := starlark.Equal(x, y)
		return err == nil && equal && x.Type() == y.Type()
	case starlark.Tuple, starlark.Float, starlark.Bytes:
		return false
	}
	return x == y
}
