package script

import (
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/python"
	"github.com/memseep/memseep/internal/script/runtime"
)

// Bounds of the scripts that one imports, those that they import among them.
const (
	mostScripts     = 100
	mostScriptBytes = 4 << 20
)

// scripts compiles the script that is run, and those that it imports, each once.
type scripts struct {
	names    starlark.StringDict                     // predeclared
	read     func(name string) (string, bool, error) // the source of a script that may be imported
	programs map[string]*python.Program
	sources  map[string]string // by the name of the file, as tracebacks have it
	chain    []string          // that are being compiled, each imported by the one before
	bytes    int
}

func newScripts(names starlark.StringDict, read func(name string) (string, bool, error)) *scripts {
	return &scripts{names: names, read: read, programs: map[string]*python.Program{}, sources: map[string]string{}}
}

// compile reads a script; every error is a *python.Error.
func (s *scripts) compile(file, source string) (*python.Program, error) {
	s.chain = append(s.chain, file)
	defer func() { s.chain = s.chain[:len(s.chain)-1] }()
	s.sources[file] = source
	return python.Compile(file, source, python.Options{Predeclared: s.names.Has, Module: s.module, Extra: runtime.Extra})
}

// module lists what a module gives: one of ours, or a script.
func (s *scripts) module(name string) ([]string, error) {
	if names := modules.Names(name); names != nil {
		return names, nil
	}
	if at := slices.IndexFunc(s.chain, func(file string) bool { return file == name || strings.TrimSuffix(file, ".py") == name }); at >= 0 {
		return nil, fmt.Errorf("the scripts import each other in a circle, %s: move what they share into a script of its own",
			strings.Join(append(slices.Clone(s.chain[at:]), name), " → "))
	}
	if p := s.programs[name]; p != nil {
		return p.Names, nil
	}
	source, found, err := s.read(name)
	if err != nil || !found {
		return nil, err
	}
	if s.bytes += len(source); s.bytes > mostScriptBytes || len(s.programs) == mostScripts {
		return nil, fmt.Errorf("more than %d scripts, or %d MB of them, are imported", mostScripts, mostScriptBytes>>20)
	}
	p, err := s.compile(name, source)
	if err != nil {
		return nil, err
	}
	s.programs[name] = p
	return p.Names, nil
}
