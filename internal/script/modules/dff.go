package modules

import (
	"encoding/json"
	"fmt"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

// dffModule is DFF, the platform's own object.
func dffModule(s *Set) starlark.StringDict {
	members := functions(map[string]function{
		"API":  s.api,
		"LOG":  logFunction,
		"ENV":  s.env,
		"CONN": noConnections,
	})
	members["CTX"] = &Module{"DFF.CTX", functions(s.context())}
	members["STORE"] = &Module{"DFF.STORE", functions(s.kept("store"))}
	members["CACHE"] = &Module{"DFF.CACHE", functions(s.kept("cache"))}
	members["CONFIG"] = s.variables()
	return members
}

// api is the decorator @DFF.API(title, …).
func (s *Set) api(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	made := &API{}
	var tags, ignored starlark.Value
	var crontab, timeout, title, category starlark.Value
	if err := starlark.UnpackArgs("DFF.API", args, kwargs, "title?", &title, "category?", &category, "tags?", &tags, "timeout?", &timeout,
		"fixed_crontab?", &crontab, "is_hidden?", &made.Hidden, "expires?", &ignored, "cache_result?", &ignored, "delayed_crontab?", &ignored,
		"kwargs_hint?", &ignored, "api_timeout?", &ignored, "queue?", &ignored, "integration?", &ignored); err != nil {
		return nil, err
	}
	made.Title, made.Category, made.Crontab = textOr(title, ""), textOr(category, "general"), textOr(crontab, "")
	if timeout != nil && timeout != starlark.None {
		seconds, err := starlark.AsInt32(timeout)
		if err != nil || seconds < 1 || seconds > 3600 {
			return nil, runtime.Fail(runtime.ValueError, "DFF.API: timeout is a number of seconds from 1 to 3600, not %s", runtime.Repr(timeout))
		}
		made.Timeout = seconds
	}
	if list, ok := tags.(starlark.Iterable); ok {
		for tag := range starlark.Elements(list) {
			made.Tags = append(made.Tags, runtime.Text(tag))
		}
	}
	return decorator(b.Name(), func(thread *starlark.Thread, f starlark.Callable) (starlark.Value, error) {
		name := runtime.Decorated(thread, f)
		if made.Title == "" {
			made.Title = name
		}
		s.apis[described{s.script, name}] = made
		for _, r := range s.Registered {
			if r.Script == s.script && r.Function == name {
				r.API = *made
			}
		}
		return f, nil
	}), nil
}

func textOr(v starlark.Value, otherwise string) string {
	if v == nil || v == starlark.None {
		return otherwise
	}
	return runtime.Text(v)
}

func logFunction(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	text := ""
	for i, a := range args {
		if i > 0 {
			text += " "
		}
		text += runtime.Text(a)
	}
	thread.Print(thread, text)
	return starlark.None, nil
}

// env is DFF.ENV(name, default=None).
func (s *Set) env(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var name string
	var otherwise starlark.Value = starlark.None
	if err := starlark.UnpackArgs("DFF.ENV", args, kwargs, "name", &name, "default?", &otherwise); err != nil {
		return nil, err
	}
	v, ok := s.Variables[name]
	if !ok {
		return otherwise, nil
	}
	return asValue(v)
}

func asValue(v any) (starlark.Value, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("read a variable: %w", err)
	}
	return FromJSON(text)
}

// variables is DFF.CONFIG, a dict.
func (s *Set) variables() starlark.Value {
	v, err := asValue(s.Variables)
	if err != nil || v == starlark.None {
		return new(starlark.Dict)
	}
	return v
}

func noConnections(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
	return nil, runtime.Fail(runtime.ValueError, "DFF.CONN: a script has no connections to other systems: read metrics with memseep.query(metric), or call a server with memseep.http(url)")
}

// context is DFF.CTX: what the run was started with, and what the script puts there.
func (s *Set) context() map[string]function {
	own := new(starlark.Dict)
	return map[string]function{
		"get": func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var key string
			var otherwise starlark.Value = starlark.None
			if err := starlark.UnpackArgs("DFF.CTX.get", args, kwargs, "key", &key, "default?", &otherwise); err != nil {
				return nil, err
			}
			if v, found, err := own.Get(starlark.String(key)); found || err != nil {
				return v, err
			}
			if v, ok := s.Context[key]; ok {
				return asValue(v)
			}
			return otherwise, nil
		},
		"set": func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var key string
			var value starlark.Value
			if err := starlark.UnpackArgs("DFF.CTX.set", args, kwargs, "key", &key, "value", &value); err != nil {
				return nil, err
			}
			return starlark.None, own.SetKey(starlark.String(key), value)
		},
	}
}

// Kept names a value of DFF.STORE or DFF.CACHE.
type Kept struct {
	Key    string          `json:"key"`
	Scope  string          `json:"scope,omitempty"`
	Value  json.RawMessage `json:"value,omitempty"`
	Expire int             `json:"expire,omitempty"` // seconds; 0 is never
}

// kept is DFF.STORE, which lasts, or DFF.CACHE, which may go.
func (s *Set) kept(where string) map[string]function {
	name := map[string]string{"store": "DFF.STORE.", "cache": "DFF.CACHE."}[where]
	return map[string]function{
		"get": func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var k Kept
			var otherwise starlark.Value = starlark.None
			if err := starlark.UnpackArgs(name+"get", args, kwargs, "key", &k.Key, "scope?", &k.Scope, "default?", &otherwise); err != nil {
				return nil, err
			}
			v, err := s.ask(where+".get", k)
			if err == nil && v == starlark.None {
				v = otherwise
			}
			return v, err
		},
		"set": func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var k Kept
			var value starlark.Value
			var expire starlark.Value
			if err := starlark.UnpackArgs(name+"set", args, kwargs, "key", &k.Key, "value", &value, "scope?", &k.Scope, "expire?", &expire, "expires?", &expire); err != nil {
				return nil, err
			}
			var err error
			if k.Value, err = ToJSON(value); err != nil {
				return nil, err
			}
			if i, ok := expire.(starlark.Int); ok {
				if k.Expire, err = starlark.AsInt32(i); err != nil {
					return nil, err
				}
			}
			return starlark.None, s.call(where+".set", k, nil)
		},
		"delete": func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			var k Kept
			if err := starlark.UnpackArgs(name+"delete", args, kwargs, "key", &k.Key, "scope?", &k.Scope); err != nil {
				return nil, err
			}
			return starlark.None, s.call(where+".delete", k, nil)
		},
	}
}
