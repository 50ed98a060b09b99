package runtime

import "go.starlark.net/starlark"

// decoratedKey is where a thread keeps the name that is being decorated.
const decoratedKey = "decorated"

// decorate is ·decorate(decorator, value, name): what is bound to the name from then on.
func decorate(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	before := thread.Local(decoratedKey)
	thread.SetLocal(decoratedKey, args[2])
	defer thread.SetLocal(decoratedKey, before)
	return starlark.Call(thread, args[0], args[1:2], nil)
}

// Decorated is the name that the script binds what is being decorated to: that of the function
// itself may be another one, where a decorator put its own function around it.
func Decorated(thread *starlark.Thread, f starlark.Callable) string {
	if name, ok := thread.Local(decoratedKey).(starlark.String); ok {
		return string(name)
	}
	return f.Name()
}
