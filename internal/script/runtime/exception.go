package runtime

import (
	"errors"
	"fmt"
	"strings"

	"go.starlark.net/starlark"
)

// exceptions by name; the tree is Python's, as far as scripts meet it.
var exceptions = map[string]*Class{}

func exception(name string, base *Class) *Class {
	c := &Class{name: name, base: base, members: starlark.StringDict{}}
	exceptions[name] = c
	return c
}

var (
	baseException            = exception("BaseException", nil)
	anyException             = exception("Exception", baseException)
	arithmeticError          = exception("ArithmeticError", anyException)
	zeroDivisionError        = exception("ZeroDivisionError", arithmeticError)
	overflowError            = exception("OverflowError", arithmeticError)
	assertionError           = exception("AssertionError", anyException)
	attributeError           = exception("AttributeError", anyException)
	importError              = exception("ImportError", anyException)
	_                        = exception("ModuleNotFoundError", importError)
	lookupError              = exception("LookupError", anyException)
	indexError               = exception("IndexError", lookupError)
	keyError                 = exception("KeyError", lookupError)
	nameError                = exception("NameError", anyException)
	unboundError             = exception("UnboundLocalError", nameError)
	osError                  = exception("OSError", anyException)
	_                        = exception("ConnectionError", osError)
	_                        = exception("TimeoutError", osError)
	runtimeError             = exception("RuntimeError", anyException)
	_                        = exception("RecursionError", runtimeError)
	_                        = exception("NotImplementedError", runtimeError)
	_                        = exception("StopIteration", anyException)
	typeError                = exception("TypeError", anyException)
	valueError               = exception("ValueError", anyException)
	_                        = exception("UnicodeError", valueError)
	SourceError       *Class = exception("SourceError", osError)   // the source of samples did not answer
	AccountError             = exception("AccountError", keyError) // what the installation should have given is absent
)

func init() {
	exceptions["IOError"] = osError
	baseException.members["__init__"] = exceptionInit
}

// exceptionInit is Exception.__init__(self, *args); a class without a base has it too, and it does nothing.
var exceptionInit = starlark.NewBuiltin("__init__", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 0 {
		return nil, raised(typeError, "__init__() takes the object")
	}
	if i, ok := args[0].(*Instance); ok && i.class.is(baseException) {
		i.fields["args"] = args[1:]
	}
	return starlark.None, nil
})

// Raised is the error of a script that raised an exception.
type Raised struct {
	Exception *Instance
}

// Error is "ValueError: what".
func (r *Raised) Error() string {
	if m := r.Exception.message(); m != "" {
		return r.Exception.class.name + ": " + m
	}
	return r.Exception.class.name
}

// message is str(exception).
func (i *Instance) message() string {
	if v, ok, err := i.special("__str__"); ok && err == nil {
		return Text(v)
	}
	args, _ := i.fields["args"].(starlark.Tuple)
	switch {
	case len(args) == 0:
		return ""
	case len(args) > 1:
		return Repr(args)
	case i.class == keyError:
		return Repr(args[0])
	}
	return Text(args[0])
}

// raised makes the error of an exception.
func raised(c *Class, format string, args ...any) error {
	return &Raised{&Instance{class: c, fields: starlark.StringDict{"args": starlark.Tuple{starlark.String(fmt.Sprintf(format, args...))}}}}
}

// Fail makes an error that a script catches as the class given.
func Fail(c *Class, format string, args ...any) error { return raised(c, format, args...) }

// Exceptions that modules raise.
var (
	AttributeError = attributeError
	KeyError       = keyError
	TypeError      = typeError
	ValueError     = valueError
)

// Exception is the class of a name, ValueError where there is none.
func Exception(name string) *Class {
	if c := exceptions[name]; c != nil {
		return c
	}
	return valueError
}

// kinds tells Starlark's errors apart by what they say.
var kinds = []struct {
	has   string
	class *Class
	says  string // instead of Starlark's words
}{
	{"division by zero", zeroDivisionError, "division by zero"},
	{"modulo by zero", zeroDivisionError, ""},
	{"key not found", keyError, ""},
	{"not in dict", keyError, ""},
	{"missing key", keyError, ""},
	{"out of range", indexError, ""},
	{"empty list", indexError, ""},
	{" field or method", attributeError, ""},
	{"referenced before assignment", unboundError, ""},
	{"invalid literal", valueError, ""},
	{"could not convert", valueError, ""},
	{"cannot parse", valueError, ""},
	{"not found", valueError, ""},
	{"empty sequence", valueError, ""},
	{"too many values to unpack", valueError, ""},
	{"too few values to unpack", valueError, ""},
	{"cannot convert float infinity", overflowError, ""},
	{"excessive", overflowError, ""},
	{"duplicate key", valueError, ""},
}

// AsException is the exception that an error of a script stands for.
func AsException(err error) *Instance {
	var r *Raised
	if errors.As(err, &r) {
		return r.Exception
	}
	message := err.Error()
	class := typeError
	for _, k := range kinds {
		if strings.Contains(message, k.has) {
			class = k.class
			if k.says != "" {
				message = k.says
			}
			break
		}
	}
	return &Instance{class: class, fields: starlark.StringDict{"args": starlark.Tuple{starlark.String(message)}}}
}

func raise(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	value := args[0]
	if c, ok := value.(*Class); ok && c.is(baseException) {
		value = &Instance{class: c, fields: starlark.StringDict{"args": starlark.Tuple{}}}
	}
	i, ok := value.(*Instance)
	if !ok || !i.class.is(baseException) {
		return nil, raised(typeError, "exceptions must derive from BaseException")
	}
	if args[1] != starlark.None {
		i.fields["__cause__"] = args[1]
	}
	return nil, &Raised{i}
}

func assert(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	i := &Instance{class: assertionError, fields: starlark.StringDict{"args": starlark.Tuple{}}}
	if args[0] != starlark.None {
		i.fields["args"] = args
	}
	return nil, &Raised{i}
}

// cancelled tells whether a limit ended the script: nothing catches that.
func cancelled(err error) bool {
	return strings.Contains(err.Error(), "Starlark computation cancelled")
}

// attempt is ·try(body, ((kind, handler)…), else, finally).
func attempt(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	signal, err := starlark.Call(thread, args[0], nil, nil)
	switch {
	case err != nil && !cancelled(err):
		signal, err = handle(thread, args[1].(starlark.Tuple), err)
	case err == nil && signal == starlark.None && args[2] != starlark.None:
		signal, err = starlark.Call(thread, args[2], nil, nil)
	}
	if args[3] == starlark.None || err != nil && cancelled(err) {
		return signal, err
	}
	last, failed := starlark.Call(thread, args[3], nil, nil)
	if failed != nil || last != starlark.None {
		return last, failed
	}
	return signal, err
}

func handle(thread *starlark.Thread, handlers starlark.Tuple, failed error) (starlark.Value, error) {
	e := AsException(failed)
	for _, h := range handlers {
		kind, handler := h.(starlark.Tuple)[0], h.(starlark.Tuple)[1]
		if kind != starlark.None {
			wanted, err := starlark.Call(thread, kind, nil, nil)
			if err != nil {
				return nil, err
			}
			if !isInstance(e, wanted) {
				continue
			}
		}
		return starlark.Call(thread, handler, starlark.Tuple{e}, nil)
	}
	return nil, failed
}

// with is ·with(x, body).
func with(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	i, ok := args[0].(*Instance)
	if !ok || i.class.member("__enter__") == nil || i.class.member("__exit__") == nil {
		return nil, raised(typeError, "'%s' object does not support with: it wants __enter__ and __exit__", args[0].Type())
	}
	entered, err := starlark.Call(thread, bind(i.class.member("__enter__"), i), nil, nil)
	if err != nil {
		return nil, err
	}
	signal, failed := starlark.Call(thread, args[1], starlark.Tuple{entered}, nil)
	about := starlark.Tuple{starlark.None, starlark.None, starlark.None}
	if failed != nil {
		if cancelled(failed) {
			return nil, failed
		}
		e := AsException(failed)
		about = starlark.Tuple{e.class, e, starlark.None}
	}
	done, err := starlark.Call(thread, bind(i.class.member("__exit__"), i), about, nil)
	switch {
	case err != nil:
		return nil, err
	case failed != nil && bool(done.Truth()):
		return starlark.None, nil
	}
	return signal, failed
}

// Is tells whether the object is of a class, or of one based on it.
func (i *Instance) Is(c *Class) bool { return i.class.is(c) }
