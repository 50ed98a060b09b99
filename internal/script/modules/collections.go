package modules

import (
	"math"
	"path"
	"slices"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

var collectionsModule = starlark.StringDict{
	"OrderedDict": starlark.Universe["dict"], // dicts keep their order
	"defaultdict": starlark.NewBuiltin("defaultdict", newDefaultDict),
}

// defaultDict makes the entries that are asked for and not there.
type defaultDict struct {
	*starlark.Dict
	factory starlark.Value
}

func newDefaultDict(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var factory starlark.Value = starlark.None
	if err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 0, &factory); err != nil {
		return nil, err
	}
	return defaultDict{new(starlark.Dict), factory}, nil
}

// Get is d[key].
func (d defaultDict) Get(key starlark.Value) (starlark.Value, bool, error) {
	v, found, err := d.Dict.Get(key)
	if found || err != nil || d.factory == starlark.None {
		return v, found, err
	}
	thread := &starlark.Thread{Name: "defaultdict"}
	const most = 100_000 // steps: the factory runs without the script's own limits
	thread.SetMaxExecutionSteps(most)
	if v, err = starlark.Call(thread, d.factory, nil, nil); err != nil {
		return nil, false, err
	}
	return v, true, d.SetKey(key, v)
}

var fnmatchModule = functions(map[string]function{
	"fnmatch": func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var name, pattern string
		if err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 2, &name, &pattern); err != nil {
			return nil, err
		}
		matched, err := path.Match(pattern, name)
		if err != nil {
			return nil, runtime.Fail(runtime.ValueError, "fnmatch: the pattern %q is broken", pattern)
		}
		return starlark.Bool(matched), nil
	},
})

var functoolsModule = functions(map[string]function{
	// wraps keeps the name of a function; tracebacks here name where a function was written.
	"wraps": func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
		return decorator("wraps", func(_ *starlark.Thread, f starlark.Callable) (starlark.Value, error) { return f, nil }), nil
	},
	"partial": func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if len(args) == 0 {
			return nil, runtime.Fail(runtime.TypeError, "partial takes a function")
		}
		f, first, named := args[0], slices.Clone(args[1:]), slices.Clone(kwargs)
		return starlark.NewBuiltin("partial", func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			return starlark.Call(thread, f, slices.Concat(first, args), slices.Concat(named, kwargs))
		}), nil
	},
	"reduce": func(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var f, value starlark.Value
		var items starlark.Iterable
		if err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 2, &f, &items, &value); err != nil {
			return nil, err
		}
		for item := range starlark.Elements(items) {
			if value == nil {
				value = item
				continue
			}
			var err error
			if value, err = starlark.Call(thread, f, starlark.Tuple{value, item}, nil); err != nil {
				return nil, err
			}
		}
		if value == nil {
			return nil, runtime.Fail(runtime.TypeError, "reduce of an empty list needs a first value")
		}
		return value, nil
	},
})

var statisticsModule = functions(map[string]function{
	"mean":   statistic(1, mean),
	"median": statistic(1, median),
	"stdev": statistic(2, func(values []float64) float64 {
		return math.Sqrt(squares(values) / float64(len(values)-1))
	}),
	"pstdev": statistic(1, func(values []float64) float64 { return math.Sqrt(squares(values) / float64(len(values))) }),
})

func statistic(least int, of func([]float64) float64) function {
	return func(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var items starlark.Iterable
		if err := starlark.UnpackPositionalArgs(b.Name(), args, kwargs, 1, &items); err != nil {
			return nil, err
		}
		var values []float64
		for item := range starlark.Elements(items) {
			f, ok := starlark.AsFloat(item)
			if !ok {
				return nil, runtime.Fail(runtime.TypeError, "%s takes numbers, not %s", b.Name(), runtime.Repr(item))
			}
			values = append(values, f)
		}
		if len(values) < least {
			return nil, runtime.Fail(runtime.ValueError, "%s needs %d values at least", b.Name(), least)
		}
		return starlark.Float(of(values)), nil
	}
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// squares is the sum of the squares of what each value is from the mean.
func squares(values []float64) float64 {
	m, sum := mean(values), 0.0
	for _, v := range values {
		sum += (v - m) * (v - m)
	}
	return sum
}
