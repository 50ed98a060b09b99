package runtime

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Class is a class of a script, or an exception.
type Class struct {
	name    string
	base    *Class
	members starlark.StringDict
	doc     string
}

// Name is the class's name as written.
func (c *Class) Name() string                              { return c.name }
func (c *Class) String() string                            { return "<class '" + c.name + "'>" }
func (c *Class) Type() string                              { return "type" }
func (c *Class) Freeze()                                   {}
func (c *Class) Truth() starlark.Bool                      { return true }
func (c *Class) Hash() (uint32, error)                     { return starlark.String(c.name).Hash() }
func (c *Class) AttrNames() []string                       { return slices.Sorted(maps.Keys(c.members)) }
func (c *Class) SetField(n string, v starlark.Value) error { c.members[n] = v; return nil }

// member looks a name up in the class and those that it is based on.
func (c *Class) member(name string) starlark.Value {
	for at := c; at != nil; at = at.base {
		if v, ok := at.members[name]; ok {
			return v
		}
	}
	return nil
}

// is tells whether the class is another one, or based on it.
func (c *Class) is(other *Class) bool {
	for at := c; at != nil; at = at.base {
		if at == other {
			return true
		}
	}
	return false
}

// Attr is a member of the class.
func (c *Class) Attr(name string) (starlark.Value, error) {
	switch name {
	case "__name__":
		return starlark.String(c.name), nil
	case "__doc__":
		return starlark.String(c.doc), nil
	}
	switch v := c.member(name).(type) {
	case nil:
		return nil, nil
	case *static:
		return v.function, nil
	case *classMethod:
		return &method{v.function, c}, nil
	default:
		return v, nil
	}
}

// CallInternal makes an instance.
func (c *Class) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	i := &Instance{class: c, fields: starlark.StringDict{}}
	if c.is(baseException) {
		i.fields["args"] = args
	}
	if init := c.member("__init__"); init != nil {
		if _, err := starlark.Call(thread, init, append(starlark.Tuple{i}, args...), kwargs); err != nil {
			return nil, err
		}
	} else if !c.is(baseException) && len(args)+len(kwargs) > 0 {
		return nil, raised(typeError, "%s() takes no arguments", c.name)
	}
	return i, nil
}

// Instance is an object of a class.
type Instance struct {
	class  *Class
	fields starlark.StringDict
}

func (i *Instance) Type() string          { return i.class.name }
func (i *Instance) Freeze()               {}
func (i *Instance) Hash() (uint32, error) { return starlark.String(fmt.Sprintf("%p", i)).Hash() }
func (i *Instance) String() string {
	if i.class.is(baseException) {
		return i.message()
	}
	return "<" + i.class.name + " object>"
}

// Truth is that of __bool__ or __len__, where the class has them.
func (i *Instance) Truth() starlark.Bool {
	for _, name := range []string{"__bool__", "__len__"} {
		if v, ok, err := i.special(name); ok {
			return err == nil && v.Truth()
		}
	}
	return true
}

// special calls a method such as __len__ on a thread of its own, which inherits nothing: limits of
// steps are those of the script's thread, where the call began.
func (i *Instance) special(name string, args ...starlark.Value) (starlark.Value, bool, error) {
	method := i.class.member(name)
	if method == nil {
		return nil, false, nil
	}
	thread := &starlark.Thread{Name: name}
	thread.SetMaxExecutionSteps(specialSteps)
	v, err := starlark.Call(thread, method, append(starlark.Tuple{i}, args...), nil)
	return v, true, err
}

// specialSteps bounds methods that Starlark calls without a thread.
const specialSteps = 100_000

// AttrNames are the fields and the members of the class.
func (i *Instance) AttrNames() []string {
	names := slices.Collect(maps.Keys(i.fields))
	for at := i.class; at != nil; at = at.base {
		names = append(names, slices.Collect(maps.Keys(at.members))...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// SetField assigns an attribute.
func (i *Instance) SetField(name string, v starlark.Value) error {
	i.fields[name] = v
	return nil
}

// Attr is a field, or a member of the class; a function becomes a method.
func (i *Instance) Attr(name string) (starlark.Value, error) {
	if v, ok := i.fields[name]; ok {
		return v, nil
	}
	if name == "__class__" {
		return i.class, nil
	}
	if v := i.class.member(name); v != nil {
		return bind(v, i), nil
	}
	return i.class.Attr(name)
}

// bind makes a method of a function.
func bind(v starlark.Value, self starlark.Value) starlark.Value {
	switch f := v.(type) {
	case *starlark.Function:
		return &method{f, self}
	case *starlark.Builtin:
		if f == exceptionInit {
			return &method{f, self}
		}
	case *static:
		return f.function
	case *classMethod:
		if i, ok := self.(*Instance); ok {
			return &method{f.function, i.class}
		}
	}
	return v
}

// CompareSameType is __eq__ and __lt__, where the class has them; else identity.
func (i *Instance) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	other, ok := y.(*Instance)
	if !ok {
		return op == syntax.NEQ, nil
	}
	names := map[syntax.Token]string{syntax.EQL: "__eq__", syntax.NEQ: "__eq__", syntax.LT: "__lt__", syntax.LE: "__le__", syntax.GT: "__gt__", syntax.GE: "__ge__"}
	if v, ok, err := i.special(names[op], other); ok {
		return err == nil && bool(v.Truth()) != (op == syntax.NEQ), err
	}
	switch op {
	case syntax.EQL:
		return i == other, nil
	case syntax.NEQ:
		return i != other, nil
	case syntax.GT:
		if v, ok, err := other.special("__lt__", i); ok {
			return err == nil && bool(v.Truth()), err
		}
	}
	return false, raised(typeError, "'%s' not supported between instances of '%s' and '%s'", op, i.Type(), y.Type())
}

var binaryMethods = map[syntax.Token]string{
	syntax.PLUS: "__add__", syntax.MINUS: "__sub__", syntax.STAR: "__mul__", syntax.SLASH: "__truediv__", syntax.IN: "__contains__",
}

// Binary is __add__ and the like.
func (i *Instance) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	name := binaryMethods[op]
	if side == starlark.Right && op != syntax.IN || name == "" {
		return nil, nil
	}
	v, _, err := i.special(name, y)
	return v, err
}

// Len is __len__.
func (i *Instance) length() (int, error) {
	v, ok, err := i.special("__len__")
	if err != nil || !ok {
		return 0, errors.Join(err, raised(typeError, "object of type '%s' has no len()", i.Type()))
	}
	return starlark.AsInt32(v)
}

// method is a function with the object that it belongs to.
type method struct {
	function starlark.Callable
	self     starlark.Value
}

func (m *method) Name() string          { return m.function.Name() }
func (m *method) String() string        { return "<method " + m.function.Name() + ">" }
func (m *method) Type() string          { return "method" }
func (m *method) Freeze()               {}
func (m *method) Truth() starlark.Bool  { return true }
func (m *method) Hash() (uint32, error) { return starlark.String(m.function.Name()).Hash() }

func (m *method) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	return starlark.Call(thread, m.function, append(starlark.Tuple{m.self}, args...), kwargs)
}

// static and classMethod are what @staticmethod and @classmethod make of a function.
type (
	static struct {
		*starlark.Builtin
		function starlark.Callable
	}
	classMethod struct {
		*starlark.Builtin
		function starlark.Callable
	}
)

// parent is super(): the members of the base class, bound to the object.
type parent struct {
	class *Class
	self  *Instance
}

func (p *parent) String() string        { return "<super of " + p.class.name + ">" }
func (p *parent) Type() string          { return "super" }
func (p *parent) Freeze()               {}
func (p *parent) Truth() starlark.Bool  { return true }
func (p *parent) Hash() (uint32, error) { return 0, errors.New("super is not hashable") }
func (p *parent) AttrNames() []string   { return nil }

func (p *parent) Attr(name string) (starlark.Value, error) {
	if p.class.base != nil {
		if v := p.class.base.member(name); v != nil {
			return bind(v, p.self), nil
		}
	}
	if name == "__init__" {
		return &method{exceptionInit, p.self}, nil
	}
	return nil, nil
}

func makeClass(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	c := &Class{name: string(args[0].(starlark.String)), members: starlark.StringDict{}, doc: string(args[3].(starlark.String))}
	switch base := args[1].(type) {
	case starlark.NoneType:
	case *Class:
		c.base = base
	case *starlark.Builtin:
		if base.Name() != "object" {
			return nil, raised(typeError, "a class cannot be based on %s: keep one as an attribute", base.Name())
		}
	default:
		return nil, raised(typeError, "a class cannot be based on %s", base.Type())
	}
	for _, item := range args[2].(*starlark.Dict).Items() {
		c.members[string(item[0].(starlark.String))] = item[1]
	}
	return c, nil
}

func makeSuper(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	c, isClass := args[0].(*Class)
	self, isInstance := args[1].(*Instance)
	if !isClass || !isInstance {
		return nil, raised(typeError, "super() stands in a method that is called on an object")
	}
	return &parent{c, self}, nil
}
