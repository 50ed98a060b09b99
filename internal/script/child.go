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
	var job Job
	if err := json.Unmarshal(body, &job); err != nil {
		return nil, &sandbox.Failure{Message: "read the job: " + err.Error()}
	}
	now := time.Now
	if !job.Now.IsZero() {
		now = func() time.Time { return job.Now.Local() }
	}
	set := modules.New(modules.Given{World: c, Now: now, Account: job.Account, Variables: job.Variables, Context: job.Context})
	names := predeclared(set)
	program, err := compile(job.Name, job.Source, names)
	if err != nil {
		var e *python.Error
		if errors.As(err, &e) {
			return nil, &sandbox.Failure{Message: err.Error(), Line: e.Line, Column: e.Column, Invalid: true}
		}
		return nil, &sandbox.Failure{Message: err.Error(), Invalid: true}
	}
	thread := &starlark.Thread{Name: job.Name, Print: c.Print}
	c.Watch(thread)
	defer runtime.Flush(thread)
	globals, err := program.Init(thread, names)
	if err != nil {
		return nil, describe(c, &job, err)
	}
	value, failure := callFunction(c, thread, globals, program, &job)
	if failure != nil {
		return nil, failure
	}
	out := returned{Registered: set.Registered}
	if out.Value, err = modules.ToJSON(value); err != nil {
		return nil, &sandbox.Failure{Message: "the returned value: " + err.Error()}
	}
	return out, nil
}

func callFunction(c *sandbox.Child, thread *starlark.Thread, globals starlark.StringDict, program *python.Program, job *Job) (starlark.Value, *sandbox.Failure) {
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
		return nil, describe(c, job, err)
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

// describe says what a script did wrong, as Python would: the calls, the lines, the exception.
func describe(c *sandbox.Child, job *Job, err error) *sandbox.Failure {
	f := c.Failure()
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
	lines := strings.Split(job.Source, "\n")
	var b strings.Builder
	b.WriteString("Traceback (most recent call last):\n")
	for _, frame := range frames(failed.CallStack, job.Name) {
		f.Line, f.Column = int(frame.Pos.Line), int(frame.Pos.Col)
		fmt.Fprintf(&b, "  File \"%s\", line %d, in %s\n", job.Name, f.Line, frame.Name)
		if f.Line >= 1 && f.Line <= len(lines) {
			fmt.Fprintf(&b, "    %s\n", strings.TrimSpace(lines[f.Line-1]))
		}
	}
	b.WriteString(f.Message + "\n")
	f.Traceback = b.String()
	return f
}

// mostFrames is how many calls of a traceback are shown at its end, besides the first.
const mostFrames = 20

// frames are the calls of a script's own functions, those of the same place in a row once. A part that became a function of its own is
// where the function around it stands.
func frames(stack starlark.CallStack, file string) []starlark.CallFrame {
	var out []starlark.CallFrame
	for _, frame := range stack {
		switch {
		case frame.Pos.Filename() != file:
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
