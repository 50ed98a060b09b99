package script

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/python"
	"github.com/memseep/memseep/internal/script/runtime"
	"github.com/memseep/memseep/internal/script/sandbox"
)

// Child is the whole life of a process that was started as a sandbox; it returns the exit status.
func Child() int { return sandbox.Main(runJob) }

func runJob(c *sandbox.Child, body json.RawMessage) (any, *sandbox.Failure) {
	var job order
	if err := json.Unmarshal(body, &job); err != nil {
		return nil, &sandbox.Failure{Message: "read the job: " + err.Error()}
	}
	r := newRun(c, &job)
	program, err := r.scripts.compile(job.Name, job.Source)
	if err != nil {
		p := problemOf(job.Name, err)
		if job.Load {
			return loaded{Problem: p}, nil
		}
		return nil, &sandbox.Failure{Message: p.Error(), Line: p.Line, Column: p.Column, Invalid: true}
	}
	thread := &starlark.Thread{Name: job.Name, Print: c.Print}
	c.Watch(thread)
	defer runtime.Flush(thread)
	globals, err := program.Init(thread, r.scripts.names)
	if err != nil {
		return nil, r.describe(err)
	}
	if job.Load {
		return loaded{Functions: functions(program, r.set)}, nil
	}
	value, failure := r.callFunction(thread, globals, program)
	if failure != nil {
		return nil, failure
	}
	out := returned{}
	for _, registered := range r.set.Registered {
		told := *registered
		told.Key = "" // the parent was told when it was run, and nobody else is
		out.Registered = append(out.Registered, &told)
	}
	if out.Value, err = modules.ToJSON(value); err != nil {
		return nil, &sandbox.Failure{Message: "the returned value: " + err.Error()}
	}
	return out, nil
}

// run is one run of a job in the child.
type run struct {
	*sandbox.Child
	job     *order
	set     *modules.Set
	scripts *scripts
	loaded  map[string]starlark.HasAttrs // scripts that were imported
}

func newRun(c *sandbox.Child, job *order) *run {
	r := &run{Child: c, job: job, loaded: map[string]starlark.HasAttrs{}}
	given := modules.Given{
		World: c, Now: time.Now, Account: job.Account, Variables: job.Variables, Context: job.Context, Script: r.imported, Placeholders: job.Load,
	}
	if !job.Now.IsZero() {
		given.Now = func() time.Time { return job.Now.Local() }
	}
	if job.Load {
		given.World = unreachable{}
	}
	r.set = modules.New(given)
	r.scripts = newScripts(predeclared(r.set), func(name string) (source string, found bool, err error) {
		var answer *string
		if err := c.Call("script", name, &answer); err != nil || answer == nil {
			return "", false, err
		}
		return *answer, true, nil
	})
	return r
}

// imported loads another script, once, on the thread of the one that is run: its steps, depth and memory count together.
func (r *run) imported(thread *starlark.Thread, name string) (starlark.HasAttrs, error) {
	if m := r.loaded[name]; m != nil {
		return m, nil
	}
	program := r.scripts.programs[name]
	if program == nil {
		return nil, nil
	}
	defer r.set.Within(name)()
	globals, err := program.Init(thread, r.scripts.names)
	if err != nil {
		return nil, err
	}
	members := starlark.StringDict{}
	for _, name := range program.Names {
		if v := python.Global(globals, name); v != nil {
			members[name] = v
		}
	}
	m := modules.NewModule(name, members)
	r.loaded[name] = m
	return m, nil
}

func (r *run) callFunction(thread *starlark.Thread, globals starlark.StringDict, program *python.Program) (starlark.Value, *sandbox.Failure) {
	job := r.job
	f, ok := python.Global(globals, job.Function).(starlark.Callable)
	if !ok {
		var have []string
		for _, f := range program.Functions {
			have = append(have, f.Name)
		}
		return nil, &sandbox.Failure{Message: fmt.Sprintf("%s has no function %s; it has %s", job.Name, job.Function, strings.Join(have, ", ")), Invalid: true}
	}
	args, kwargs, err := arguments(job.Args)
	if err != nil {
		return nil, &sandbox.Failure{Message: err.Error(), Invalid: true}
	}
	value, err := starlark.Call(thread, f, args, kwargs)
	if err != nil {
		return nil, r.describe(err)
	}
	return value, nil
}

// arguments reads a list of arguments, or an object of named ones.
func arguments(text json.RawMessage) (args starlark.Tuple, kwargs []starlark.Tuple, err error) {
	if len(text) == 0 {
		return nil, nil, nil
	}
	v, err := modules.FromJSON(text)
	if err != nil {
		return nil, nil, fmt.Errorf("the arguments are no JSON: %w", err)
	}
	switch v := v.(type) {
	case *starlark.List:
		return slices.Collect(v.Elements()), nil, nil
	case *starlark.Dict:
		return nil, v.Items(), nil
	case starlark.NoneType:
		return nil, nil, nil
	}
	return nil, nil, errors.New("the arguments have to be a JSON object of named ones, or a list")
}

// describe says what a script did wrong, as Python would: the calls, the lines, the exception. The place is the last in the script that
// is run, not in one that it imports.
func (r *run) describe(err error) *sandbox.Failure {
	f := r.Failure()
	if f == nil {
		f = &sandbox.Failure{}
		e := runtime.AsException(err)
		f.Message = (&runtime.Raised{Exception: e}).Error()
		f.Source = e.Is(runtime.SourceError)
	}
	var failed *starlark.EvalError
	if !errors.As(err, &failed) {
		return f
	}
	var b strings.Builder
	b.WriteString("Traceback (most recent call last):\n")
	for _, frame := range frames(failed.CallStack, r.scripts.sources) {
		file, line := frame.Pos.Filename(), int(frame.Pos.Line)
		if file == r.job.Name {
			f.Line, f.Column = line, int(frame.Pos.Col)
		}
		fmt.Fprintf(&b, "  File \"%s\", line %d, in %s\n", file, line, frame.Name)
		if lines := strings.Split(r.scripts.sources[file], "\n"); line >= 1 && line <= len(lines) {
			fmt.Fprintf(&b, "    %s\n", strings.TrimSpace(lines[line-1]))
		}
	}
	b.WriteString(f.Message + "\n")
	f.Traceback = b.String()
	return f
}

// mostFrames is how many calls of a traceback are shown at its end, besides the first.
const mostFrames = 20

// frames are the calls of the functions of scripts, those of the same place in a row once. A part that became a function of its own is
// where the function around it stands.
func frames(stack starlark.CallStack, files map[string]string) []starlark.CallFrame {
	var out []starlark.CallFrame
	for _, frame := range stack {
		_, ours := files[frame.Pos.Filename()]
		switch {
		case !ours:
		case strings.HasPrefix(frame.Name, python.Hidden) && len(out) > 0:
			out[len(out)-1].Pos = frame.Pos
		default:
			if frame.Name == "<toplevel>" {
				frame.Name = "<module>"
			}
			out = append(out, frame)
		}
	}
	out = slices.CompactFunc(out, func(a, b starlark.CallFrame) bool { return a.Pos == b.Pos && a.Name == b.Name })
	if len(out) > mostFrames+1 {
		out = append(out[:1], out[len(out)-mostFrames:]...)
	}
	return out
}
