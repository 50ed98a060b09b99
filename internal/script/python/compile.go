// Package python lets Python scripts run on Starlark, unchanged.
//
// In goes a script and the names that it may use; out comes a Starlark program whose positions are
// those of the script, or an *Error with line, column and what to write instead. Read this file
// first, then token.go, the parse_*.go and the lower_*.go; what lowered code calls at run time is in
// internal/script/runtime.
package python

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Options say what a script may use.
type Options struct {
	// Predeclared tells whether a name is there without being assigned.
	Predeclared func(name string) bool
	// Module returns the names that a module gives, nil where there is no such module. An error, for
	// example an *Error of a script that is imported, is told where it is imported.
	Module func(name string) ([]string, error)
	// Extra tells whether an attribute is looked up by Attribute rather than by Starlark, because
	// Python's types have it and Starlark's do not.
	Extra func(attribute string) bool
}

// Program is a script that is ready to run.
type Program struct {
	*starlark.Program
	Functions []Function // at the top of the script, in its order
	Names     []string   // that the script binds at its top, sorted; not nil
}

// Function is what a script defines at its top.
type Function struct {
	Name string
	Position
	Parameters []string // as written, without annotations and default values
	Doc        string
}

// MaxSource is the longest script, in bytes.
const MaxSource = 1 << 20

// Compile turns a script into a program. Every error is an *Error.
func Compile(file, source string, o Options) (p *Program, err error) {
	defer func() {
		switch failed := recover().(type) {
		case nil:
		case *Error:
			failed.File = file
			p, err = nil, failed
		default:
			panic(failed)
		}
	}()
	if len(source) > MaxSource {
		failf(Position{1, 1}, "the script is longer than %d kB", MaxSource>>10)
	}
	body, module := parseModule(source)
	l := &lowerer{options: o, file: &file, scope: module}
	tree := &syntax.File{
		Path:    file,
		Stmts:   l.module(body),
		Options: &syntax.FileOptions{Set: true, While: true, TopLevelControl: true, GlobalReassign: true, Recursion: true},
	}
	compiled, err := starlark.FileProgram(tree, func(name string) bool {
		return strings.HasPrefix(name, hidden) || o.Predeclared(name)
	})
	if err != nil {
		return nil, explain(file, err)
	}
	return &Program{Program: compiled, Functions: functions(body), Names: append([]string{}, slices.Sorted(maps.Keys(module.bound))...)}, nil
}

// explain turns the first error of Starlark's resolver into ours.
func explain(file string, err error) error {
	var list resolve.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return &Error{File: file, Position: Position{1, 1}, Message: err.Error()}
	}
	first := list[0]
	e := &Error{File: file, Position: Position{int(first.Pos.Line), int(first.Pos.Col)}, Message: first.Msg}
	if name, undefined := strings.CutPrefix(first.Msg, "undefined: "); undefined {
		name, guess, _ := strings.Cut(name, " (did you mean ")
		e.Message = fmt.Sprintf("%s is not defined", name)
		e.Instead = instead[name]
		if guess = strings.TrimSuffix(guess, "?)"); e.Instead == "" && guess != "" && !strings.HasPrefix(guess, hidden) {
			e.Instead = "did you mean " + guess + "?"
		}
	}
	return e
}

// instead says what to write for names of Python that scripts do not have.
var instead = map[string]string{
	"open":       "a script reads no files; keep what has to last with DFF.STORE",
	"exec":       "a script runs its own code alone",
	"eval":       "a script runs its own code alone; read JSON with json.loads",
	"compile":    "a script runs its own code alone",
	"__import__": "write `import` at the top",
	"input":      "nobody answers while a script runs; give it arguments",
	"globals":    "keep the values in a dict",
	"locals":     "keep the values in a dict",
	"super":      "`super()` stands in a method of a class",
	"bytearray":  "use a list of numbers, or bytes",
	"memoryview": "use bytes",
	"complex":    "complex numbers are not supported",
	"property":   "write a method",
	"next":       "take `x[0]` of a list",
	"iter":       "loop over the value itself",
}

func functions(body []stmt) (list []Function) {
	for _, s := range body {
		f, ok := s.(function)
		if !ok {
			continue
		}
		described := Function{Name: f.name.name, Position: f.name.Position, Doc: docstring(f.body)}
		for _, p := range f.params {
			described.Parameters = append(described.Parameters, strings.Repeat("*", p.stars)+p.name)
		}
		list = append(list, described)
	}
	return list
}

// docstring is the text that a body begins with.
func docstring(body []stmt) string {
	if len(body) == 0 {
		return ""
	}
	if e, ok := body[0].(expression); ok {
		if l, ok := e.x.(literal); ok {
			doc, _ := l.value.(string)
			return doc
		}
	}
	return ""
}

// Hidden begins the names of functions that scripts do not know of.
const Hidden = hidden

// Global is a value at the top of a script that ran; nil where it has no such name.
func Global(globals starlark.StringDict, name string) starlark.Value {
	if v, ok := globals[hidden+name].(starlark.Mapping); ok {
		if found, ok, err := v.Get(starlark.String(name)); ok && err == nil {
			return found
		}
	}
	return globals[name]
}
