package modules

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

// Host is what a filter sees of a host, besides its name.
type Host struct {
	Name       string            `json:"name"`
	Labels     map[string]string `json:"labels,omitempty"`
	TotalBytes float64           `json:"total_bytes,omitempty"`
	Collectors []string          `json:"collectors,omitempty"`

	labels, collectors starlark.Value
}

// Inspection is what the parent is asked to inspect.
type Inspection struct {
	Configs  []string `json:"configs,omitempty"` // names and globs; empty is every host
	Filtered bool     `json:"filtered"`          // then Keep holds
	Keep     []string `json:"keep,omitempty"`    // what the filters kept
	Quiet    bool     `json:"quiet,omitempty"`   // the findings are the script's, and no events
}

// memoryLeakCheck is MemoryLeakCheck(configs=, filters=[…]).
type memoryLeakCheck struct {
	Module
	configs []string
	filters []starlark.Callable
}

func memoryLeakModule(*Set) starlark.StringDict {
	return functions(map[string]function{"MemoryLeakCheck": newMemoryLeakCheck})
}

func newMemoryLeakCheck(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var configs starlark.Value = starlark.None
	var filters starlark.Value = starlark.None
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "configs?", &configs, "filters?", &filters); err != nil {
		return nil, err
	}
	hosts, err := hostNames(configs)
	if err != nil {
		return nil, err
	}
	c := &memoryLeakCheck{Module: Module{name: "MemoryLeakCheck"}, configs: hosts}
	c.filters, err = callables(filters)
	return c, err
}

func callables(v starlark.Value) (list []starlark.Callable, err error) {
	if f, ok := v.(starlark.Callable); ok {
		return []starlark.Callable{f}, nil
	}
	if v == starlark.None {
		return nil, nil
	}
	items, ok := v.(starlark.Iterable)
	if !ok {
		return nil, runtime.Fail(runtime.TypeError, "filters is a list of functions, not %s", v.Type())
	}
	for item := range starlark.Elements(items) {
		f, ok := item.(starlark.Callable)
		if !ok {
			return nil, runtime.Fail(runtime.TypeError, "filters is a list of functions, and %s is none", runtime.Repr(item))
		}
		list = append(list, f)
	}
	return list, nil
}

// hostNames reads configs: None, a text with a host on each line, a list of them, or a dict or JSON
// with a list as `hosts`.
func hostNames(configs starlark.Value) ([]string, error) {
	switch v := configs.(type) {
	case starlark.NoneType:
		return nil, nil
	case starlark.String:
		text := strings.TrimSpace(string(v))
		if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") && strings.Contains(text, `"`) {
			read, err := FromJSON([]byte(text))
			if err != nil {
				return nil, runtime.Fail(runtime.ValueError, "configs: it begins like JSON, and is none: %v", err)
			}
			return hostNames(read)
		}
		return lines(text), nil
	case starlark.Mapping:
		hosts, found, err := v.Get(starlark.String("hosts"))
		if err != nil || !found {
			if starlark.Len(configs) == 0 {
				return nil, nil
			}
			return nil, runtime.Fail(runtime.ValueError, "configs: the dict has no list `hosts`")
		}
		return hostNames(hosts)
	case starlark.Iterable:
		var names []string
		for item := range starlark.Elements(v) {
			text, ok := item.(starlark.String)
			if !ok {
				return nil, runtime.Fail(runtime.TypeError, "configs: %s is no name of a host", runtime.Repr(item))
			}
			names = append(names, lines(string(text))...)
		}
		return names, nil
	}
	return nil, runtime.Fail(runtime.TypeError, "configs is a text with a host on each line, a list or a dict, not %s", configs.Type())
}

func lines(text string) (names []string) {
	for line := range strings.Lines(text) {
		if name := strings.TrimSpace(line); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// inspection evaluates the filters over all hosts, in one batch.
func (s *Set) inspection(thread *starlark.Thread, c *memoryLeakCheck) (Inspection, error) {
	i := Inspection{Configs: c.configs, Filtered: len(c.filters) > 0}
	if !i.Filtered {
		return i, nil
	}
	hosts, err := s.allHosts(thread)
	if err != nil {
		return i, err
	}
	if i.Keep, err = Filter(thread, hosts, c.filters); err != nil || len(i.Keep) > 0 || len(hosts) == 0 {
		return i, err
	}
	// A filter that returns nothing, or asks for a label that no host has, would look like a healthy fleet.
	return i, s.call("say", fmt.Sprintf("the filters keep none of %d hosts: nothing is inspected", len(hosts)), nil)
}

// Filter returns the names that every filter keeps by returning something true; a filter sees the
// hosts that the one before it kept.
func Filter(thread *starlark.Thread, hosts []*Host, filters []starlark.Callable) ([]string, error) {
	kept := make([]string, 0, len(hosts))
hosts:
	for _, h := range hosts {
		args := starlark.Tuple{starlark.String(h.Name)}
		for _, f := range filters {
			v, err := starlark.Call(thread, f, args, nil)
			if err != nil {
				return nil, err
			}
			if !v.Truth() {
				continue hosts
			}
		}
		kept = append(kept, h.Name)
	}
	return kept, nil
}

// allHosts asks for the hosts once a run. From then on their names have attributes.
func (s *Set) allHosts(thread *starlark.Thread) ([]*Host, error) {
	if s.listed == nil {
		list := []*Host{}
		if err := s.call("hosts", nil, &list); err != nil {
			return nil, err
		}
		s.listed, s.hosts = list, make(map[string]*Host, len(list))
		for _, h := range list {
			s.hosts[h.Name] = h
		}
		runtime.SetAttributes(thread, s.hostAttribute)
	}
	return s.listed, nil
}

// hostAttribute is host.labels and the like: a host is its name, a text, which knows more.
func (s *Set) hostAttribute(v starlark.Value, name string) starlark.Value {
	text, ok := v.(starlark.String)
	if !ok {
		return nil
	}
	h := s.hosts[string(text)]
	if h == nil {
		return nil
	}
	switch name {
	case "name":
		return text
	case "total_bytes":
		return starlark.Float(h.TotalBytes)
	case "labels":
		if h.labels == nil {
			d := starlark.NewDict(len(h.Labels))
			for k, v := range h.Labels {
				_ = d.SetKey(starlark.String(k), starlark.String(v)) // strings hash, and nobody iterates
			}
			h.labels = d
		}
		return h.labels
	case "collectors":
		if h.collectors == nil {
			items := make([]starlark.Value, len(h.Collectors))
			for i, c := range h.Collectors {
				items[i] = starlark.String(c)
			}
			h.collectors = starlark.NewList(items)
		}
		return h.collectors
	}
	return nil
}
