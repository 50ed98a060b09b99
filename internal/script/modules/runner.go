package modules

import (
	"fmt"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

// Summary is what the parent says of an inspection.
type Summary struct {
	Hosts     int `json:"hosts"`
	Leaks     int `json:"leaks"`
	LeakHosts int `json:"leak_hosts"`
	NoData    int `json:"no_data"`
	Failed    int `json:"failed"`
}

func runnerModule(s *Set) starlark.StringDict {
	return functions(map[string]function{"Runner": s.newRunner})
}

// newRunner is Runner(checkers, debug=False), whose run() runs one checker after the other.
func (s *Set) newRunner(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var checkers starlark.Value
	debug := false
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "checkers", &checkers, "debug?", &debug); err != nil {
		return nil, err
	}
	list := []starlark.Value{checkers}
	if several, ok := checkers.(starlark.Sequence); ok {
		list = list[:0]
		for c := range starlark.Elements(several) {
			list = append(list, c)
		}
	}
	return &Module{"Runner", functions(map[string]function{
		"run": func(thread *starlark.Thread, _ *starlark.Builtin, _ starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			for _, c := range list {
				if err := s.runChecker(thread, c, debug); err != nil {
					return nil, err
				}
			}
			return starlark.None, nil
		},
	})}, nil
}

// runChecker runs the memory-leak inspection, a function, or an object with run() or check(). What
// the latter return is reported.
func (s *Set) runChecker(thread *starlark.Thread, c starlark.Value, debug bool) error {
	if m, ok := c.(*memoryLeakCheck); ok {
		i, err := s.inspection(thread, m)
		if err != nil {
			return err
		}
		var sum Summary
		if err := s.call("inspect", i, &sum); err != nil {
			return err
		}
		if debug {
			return s.call("say", fmt.Sprintf("inspected %d hosts: %d leaks on %d of them, %d without data, %d not readable",
				sum.Hosts, sum.Leaks, sum.LeakHosts, sum.NoData, sum.Failed), nil)
		}
		return nil
	}
	run, isFunction := c.(starlark.Callable)
	if object, ok := c.(starlark.HasAttrs); ok && !isFunction {
		for _, name := range []string{"run", "check"} {
			if f, err := object.Attr(name); err == nil && f != nil {
				run, isFunction = f.(starlark.Callable)
				break
			}
		}
	}
	if !isFunction {
		return runtime.Fail(runtime.TypeError, "a checker is a MemoryLeakCheck, a function, or an object with run() or check(), not %s", runtime.Repr(c))
	}
	result, err := starlark.Call(thread, run, nil, nil)
	if err != nil {
		return err
	}
	return s.reportResult(result)
}
