// Package modules holds what scripts import: Python's small modules, the platform's, and our own.
//
// In go the calls to the parent (World) and what a run was given; out come modules as Starlark
// values. Read this file first, then register.go and memory_leak.go, what an inspection is made of.
package modules

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

// World is what lies outside of the sandbox.
type World interface {
	// Call asks for something by its name; result is a pointer for the answer, or nil.
	Call(name string, args, result any) error
}

// Given is what a run is given.
type Given struct {
	World     World
	Now       func() time.Time
	Account   map[string]string // api_key_id, api_key, guance_node
	Variables map[string]any    // for DFF.ENV
	Context   map[string]any    // for DFF.CTX
	// Script gives another script as a module; nil where there is none of that name, or no other script at all.
	Script func(thread *starlark.Thread, name string) (starlark.HasAttrs, error)
	// Placeholders stand in for values of the account that are absent: the script is loaded, and not run.
	Placeholders bool
}

// Set is the modules of one run.
type Set struct {
	Given
	// Registered are the functions that the script made inspections of, in its order.
	Registered []*Registration
	script     string // that is being loaded: empty for the one that is run, else its name as a module
	apis       map[described]*API
	listed     []*Host // nil before they were asked for
	hosts      map[string]*Host
	loaded     map[string]*Module
}

// New makes the modules of a run.
func New(g Given) *Set {
	return &Set{Given: g, apis: map[described]*API{}, loaded: map[string]*Module{}}
}

// all lists every module; a new one is a line here.
var all = map[string]func(*Set) starlark.StringDict{
	"guance_monitor__register":         registerModule,
	"guance_monitor__runner":           runnerModule,
	"guance_monitor_memory_leak__main": memoryLeakModule,
	"memseep":                          memseepModule,
	"json":                             func(*Set) starlark.StringDict { return jsonModule },
	"math":                             func(*Set) starlark.StringDict { return mathModule },
	"re":                               func(*Set) starlark.StringDict { return regexpModule },
	"time":                             timeModule,
	"datetime":                         datetimeModule,
	"collections":                      func(*Set) starlark.StringDict { return collectionsModule },
	"fnmatch":                          func(*Set) starlark.StringDict { return fnmatchModule },
	"functools":                        func(*Set) starlark.StringDict { return functoolsModule },
	"statistics":                       func(*Set) starlark.StringDict { return statisticsModule },
}

// All lists the modules.
func All() []string { return slices.Sorted(maps.Keys(all)) }

// Names lists what a module gives; nil where there is no such module.
func Names(module string) []string { return names()[module] }

var names = sync.OnceValue(func() map[string][]string {
	lists := map[string][]string{}
	for name, made := range all {
		lists[name] = slices.Sorted(maps.Keys(made(New(Given{Now: time.Now}))))
	}
	return lists
})

// Load gives a module to a script.
func (s *Set) Load(thread *starlark.Thread, name string) (starlark.HasAttrs, error) {
	if m, ok := s.loaded[name]; ok {
		return m, nil
	}
	if made, ok := all[name]; ok {
		m := &Module{name, made(s)}
		s.loaded[name] = m
		return m, nil
	}
	if s.Script != nil {
		if m, err := s.Script(thread, name); m != nil || err != nil {
			return m, err
		}
	}
	return nil, fmt.Errorf("no module %s", name)
}

// NewModule makes a module of what a script binds at its top.
func NewModule(name string, members starlark.StringDict) *Module { return &Module{name, members} }

// described names a function: the script that defines it, as of Set.script, and its name there.
type described struct{ script, function string }

// Within notes that another script is being loaded, until the function that it returns is called.
func (s *Set) Within(script string) (leave func()) {
	before := s.script
	s.script = script
	return func() { s.script = before }
}

// Described is what @DFF.API says of a function of the script that is run, and whether it is an inspection.
func (s *Set) Described(function string) (api API, registered bool) {
	if a := s.apis[described{function: function}]; a != nil {
		api = *a
	}
	for _, r := range s.Registered {
		registered = registered || r.Script == "" && r.Function == function
	}
	return api, registered
}

// Predeclared are the names that are there without an import.
func (s *Set) Predeclared() starlark.StringDict {
	return starlark.StringDict{"account": account(s.Account, s.Placeholders), "DFF": &Module{"DFF", dffModule(s)}}
}

// Module is a module, or another value that has attributes alone.
type Module struct {
	name    string
	members starlark.StringDict
}

func (m *Module) String() string        { return "<module '" + m.name + "'>" }
func (m *Module) Type() string          { return "module" }
func (m *Module) Freeze()               {}
func (m *Module) Truth() starlark.Bool  { return true }
func (m *Module) Hash() (uint32, error) { return starlark.String(m.name).Hash() }
func (m *Module) AttrNames() []string   { return slices.Sorted(maps.Keys(m.members)) }

// Attr is what a module gives.
func (m *Module) Attr(name string) (starlark.Value, error) {
	v, ok := m.members[name]
	if !ok {
		return nil, runtime.Fail(runtime.AttributeError, "%s has no %s; it has %v", m.name, name, m.AttrNames())
	}
	return v, nil
}

type function = func(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)

// functions makes a dict of builtin functions.
func functions(list map[string]function) starlark.StringDict {
	made := starlark.StringDict{}
	for name, f := range list {
		made[name] = starlark.NewBuiltin(name, f)
	}
	return made
}

// accountValues is `account`: a dict that says what to do where a value is absent.
type accountValues struct {
	*starlark.Dict
	placeholders bool
}

func account(values map[string]string, placeholders bool) starlark.Value {
	d := new(starlark.Dict)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if values[name] != "" {
			_ = d.SetKey(starlark.String(name), starlark.String(values[name])) // strings hash, and nobody iterates
		}
	}
	return accountValues{d, placeholders}
}

// Get is account['api_key'].
func (a accountValues) Get(key starlark.Value) (starlark.Value, bool, error) {
	v, found, err := a.Dict.Get(key)
	if err == nil && !found && a.placeholders {
		return starlark.String("placeholder of " + runtime.Text(key)), true, nil
	}
	if err == nil && !found {
		return nil, false, runtime.Fail(runtime.AccountError, "account has no %[1]s: fill in the form of the installation, or make a variable account_%[1]s; at the command line give --account-key-id, --account-key or --account-node", runtime.Text(key))
	}
	return v, found, err
}
