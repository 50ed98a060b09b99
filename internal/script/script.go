// Package script runs the scripts of users: filters, checks of their own, startup scripts.
//
// In go a Job (a script, a function, its arguments) and a World (where samples come from, who is
// told); out come prints, findings and events as they are made, and a Result. Read this file first,
// then world.go (what the parent does for a script) and child.go (what runs in the sandbox).
package script

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/python"
	"github.com/memseep/memseep/internal/script/runtime"
	"github.com/memseep/memseep/internal/script/sandbox"
)

// Job is one run of a function of a script.
type Job struct {
	Name      string            `json:"name"`   // of the file, for messages
	Source    string            `json:"source"` // the script
	Function  string            `json:"function"`
	Args      json.RawMessage   `json:"args,omitempty"` // an object of named arguments, or a list; nil is none
	Account   map[string]string `json:"account,omitempty"`
	Variables map[string]any    `json:"variables,omitempty"` // DFF.ENV
	Context   map[string]any    `json:"context,omitempty"`   // DFF.CTX
	Now       time.Time         `json:"now,omitzero"`        // the script's clock; zero is the machine's
	Secrets   []string          `json:"-"`                   // masked in all that a person sees, besides the account's key
	// Modules are the sources of scripts that may be imported, by the name SET__SCRIPT.
	Modules map[string]string `json:"-"`
}

// order is what a child is told to do.
type order struct {
	Job
	Load bool `json:"load,omitempty"` // load the script, and run nothing
}

// Result is what a run came to.
type Result struct {
	Value      json.RawMessage         `json:"value,omitempty"` // what the function returned
	Registered []*modules.Registration `json:"registered,omitempty"`
	Failure    *sandbox.Failure        `json:"failure,omitempty"` // nil where the script ran to its end
	Elapsed    time.Duration           `json:"elapsed_ns"`
	CPU        time.Duration           `json:"cpu_ns"`
	PeakBytes  int64                   `json:"peak_bytes"`
}

// Run runs a job in a sandbox. print gets each line as it is printed. An error says that it could
// not be run at all; what the script did wrong is the Result's Failure.
func Run(ctx context.Context, job Job, w *World, limits sandbox.Limits, print func(sandbox.Line)) (Result, error) {
	mask := newMask(job.secrets())
	calls := w.calls(mask)
	maps.Copy(calls, job.calls())
	calls["say"] = func(_ context.Context, args json.RawMessage) (any, error) {
		var text string
		if err := json.Unmarshal(args, &text); err != nil {
			return nil, err
		}
		print(sandbox.Line{At: time.Now(), Text: mask.Replace(text), Said: true})
		return nil, nil
	}
	outcome, err := sandbox.Run(ctx, order{Job: job}, limits, calls, func(l sandbox.Line) {
		l.Text = mask.Replace(l.Text)
		print(l)
	})
	if err != nil {
		return Result{}, err
	}
	r := Result{Failure: outcome.Failure, Elapsed: outcome.Elapsed, CPU: outcome.CPU, PeakBytes: outcome.Peak}
	if f := r.Failure; f != nil {
		f.Message, f.Traceback = mask.Replace(f.Message), mask.Replace(f.Traceback)
		return r, nil
	}
	var returned returned
	if err := json.Unmarshal([]byte(mask.Replace(string(outcome.Result))), &returned); err != nil {
		return r, fmt.Errorf("read the result of %s: %w", job.Name, err)
	}
	r.Value, r.Registered = returned.Value, returned.Registered
	return r, nil
}

// returned is what a child gives back.
type returned struct {
	Value      json.RawMessage         `json:"value"`
	Registered []*modules.Registration `json:"registered"`
}

// Check says whether a script that imports no other would be loaded: nil, or a *Problem. The functions are those that can be run.
func Check(name, source string) ([]python.Function, error) {
	return Job{Name: name, Source: source}.Check()
}

// Check says, without loading it, whether the script of a job would be loaded: nil, or a *Problem. The functions are those that can be run.
func (j Job) Check() ([]python.Function, error) {
	p, err := newScripts(predeclared(modules.New(modules.Given{})), j.script).compile(j.Name, j.Source)
	if err != nil {
		return nil, problemOf(j.Name, err)
	}
	return p.Functions, nil
}

// script is the source of one that may be imported.
func (j Job) script(name string) (source string, found bool, err error) {
	source, found = j.Modules[name]
	return source, found, nil
}

// calls are those that a child makes for the job itself.
func (j Job) calls() map[string]sandbox.Call {
	return map[string]sandbox.Call{"script": func(_ context.Context, args json.RawMessage) (any, error) {
		var name string
		if err := json.Unmarshal(args, &name); err != nil {
			return nil, err
		}
		source, found := j.Modules[name]
		if !found {
			return nil, nil
		}
		return source, nil
	}}
}

func (j Job) secrets() []string {
	return append(slices.Clone(j.Secrets), j.Account["api_key"])
}

func predeclared(set *modules.Set) starlark.StringDict {
	names := runtime.Predeclared(set.Load)
	for name, v := range set.Predeclared() {
		names[name] = v
	}
	return names
}
