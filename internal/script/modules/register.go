package modules

import (
	"encoding/json"
	"strings"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

// API is what @DFF.API says of a function.
type API struct {
	Title    string   `json:"title"`
	Category string   `json:"category,omitempty"`
	Tags     []string `json:"tags,omitempty"`
	Timeout  int      `json:"timeout,omitempty"` // seconds
	Crontab  string   `json:"fixed_crontab,omitempty"`
	Hidden   bool     `json:"is_hidden,omitempty"`
}

// Registration is a function that is an inspection.
type Registration struct {
	Script   string `json:"script,omitempty"` // that defines it, as SET__SCRIPT; empty for the one that is run
	Function string `json:"function"`
	Doc      string `json:"doc,omitempty"`
	KeyID    string `json:"key_id"`
	Key      string `json:"key,omitempty"` // the secret, for the parent's check alone
	API
}

// Registered is what is configured for a registration: its values win over those of the call.
type Registered struct {
	Enabled    bool            `json:"enabled"`
	Parameters json.RawMessage `json:"parameters,omitempty"` // an object
}

func registerModule(s *Set) starlark.StringDict {
	return functions(map[string]function{"self_hosted_monitor": s.selfHostedMonitor})
}

// selfHostedMonitor is the decorator @self_hosted_monitor(key_id, key).
func (s *Set) selfHostedMonitor(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var keyID, key, node starlark.Value
	if err := starlark.UnpackArgs("self_hosted_monitor", args, kwargs, "api_key_id", &keyID, "api_key", &key, "guance_node?", &node); err != nil {
		return nil, err
	}
	for name, v := range map[string]starlark.Value{"api_key_id": keyID, "api_key": key} {
		if text, ok := v.(starlark.String); !ok || text == "" {
			return nil, runtime.Fail(runtime.ValueError, "self_hosted_monitor: %s is empty", name)
		}
	}
	return decorator("self_hosted_monitor", func(thread *starlark.Thread, f starlark.Callable) (starlark.Value, error) {
		name := runtime.Decorated(thread, f)
		r := &Registration{Script: s.script, Function: name, KeyID: runtime.Text(keyID), Key: runtime.Text(key), API: API{Title: name}}
		if api := s.apis[described{s.script, name}]; api != nil {
			r.API = *api
		}
		if described, ok := f.(*starlark.Function); ok {
			r.Doc = strings.TrimSpace(described.Doc())
		}
		s.Registered = append(s.Registered, r)
		return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			return s.runRegistered(thread, f, r, args, kwargs)
		}), nil
	}), nil
}

func decorator(name string, apply func(*starlark.Thread, starlark.Callable) (starlark.Value, error)) starlark.Value {
	return starlark.NewBuiltin(name, func(thread *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		if len(args) == 1 {
			if f, ok := args[0].(starlark.Callable); ok {
				return apply(thread, f)
			}
		}
		return nil, runtime.Fail(runtime.TypeError, "%s decorates a function", name)
	})
}

// runRegistered runs an inspection with what is configured for it.
func (s *Set) runRegistered(thread *starlark.Thread, f starlark.Callable, r *Registration, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var registered Registered
	if err := s.call("register", r, &registered); err != nil {
		return nil, err
	}
	if !registered.Enabled {
		return starlark.None, s.call("say", "the inspection "+r.Title+" is disabled: nothing is inspected", nil)
	}
	args, kwargs, err := configured(f, registered.Parameters, args, kwargs)
	if err != nil {
		return nil, err
	}
	result, err := starlark.Call(thread, f, args, kwargs)
	if err != nil {
		return nil, err
	}
	return result, s.reportResult(result)
}

// configured puts what is configured over the arguments of a call, as far as the function takes it.
func configured(f starlark.Callable, parameters json.RawMessage, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Tuple, []starlark.Tuple, error) {
	described, ok := f.(*starlark.Function)
	if !ok || len(parameters) == 0 {
		return args, kwargs, nil
	}
	v, err := FromJSON(parameters)
	if err != nil {
		return nil, nil, err
	}
	values, ok := v.(*starlark.Dict)
	if !ok {
		return args, kwargs, nil
	}
	args, kwargs = append(starlark.Tuple{}, args...), append([]starlark.Tuple{}, kwargs...)
next:
	for i := range described.NumParams() {
		name, _ := described.Param(i)
		v, found, err := values.Get(starlark.String(name))
		if err != nil || !found || v == starlark.None {
			continue
		}
		if i < len(args) {
			args[i] = v
			continue
		}
		for _, k := range kwargs {
			if k[0] == starlark.String(name) {
				k[1] = v
				continue next
			}
		}
		kwargs = append(kwargs, starlark.Tuple{starlark.String(name), v})
	}
	return args, kwargs, nil
}

// call asks the world; what it answers is the script's to catch.
func (s *Set) call(name string, args, result any) error {
	err := s.World.Call(name, args, result)
	if err == nil {
		return nil
	}
	if source, ok := err.(interface{ FromSource() bool }); ok && source.FromSource() { //nolint:errorlint // it comes from there as it is
		return runtime.Fail(runtime.SourceError, "%v", err)
	}
	if class, ok := err.(interface{ Class() string }); ok { //nolint:errorlint // as above
		return runtime.Fail(runtime.Exception(class.Class()), "%v", err)
	}
	return runtime.Fail(runtime.ValueError, "%v", err)
}
