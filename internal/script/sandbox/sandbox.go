// Package sandbox runs a job in a child process of the same binary, under limits.
//
// In go a job, limits and the calls that it may make; out come its prints as they are made, and an
// Outcome. Read this file first (the parent), then child.go; frame.go is what passes between them.
package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// ChildCommand is the argument that makes the binary a child; it has to call Main then.
const ChildCommand = "script-child"

// Limits of one run. The zero value of a field is that of DefaultLimits.
type Limits struct {
	Wall   time.Duration // from start to end, with the time that calls take
	CPU    time.Duration // of the child alone
	Memory int64         // bytes of data of the child process, the binary's own about 40 MB among them
	Steps  uint64        // of the interpreter
	Depth  int           // of calls within each other
	Output int           // bytes of prints and of the result
}

// DefaultLimits suit an inspection that runs every hour.
var DefaultLimits = Limits{
	Wall: 15 * time.Minute, CPU: time.Minute, Memory: 384 << 20, Steps: 2_000_000_000, Depth: 1000, Output: 4 << 20,
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	for _, f := range []struct{ given, to *time.Duration }{{&l.Wall, &d.Wall}, {&l.CPU, &d.CPU}} {
		if *f.given > 0 {
			*f.to = *f.given
		}
	}
	if l.Memory > 0 {
		d.Memory = l.Memory
	}
	if l.Steps > 0 {
		d.Steps = l.Steps
	}
	if l.Depth > 0 {
		d.Depth = l.Depth
	}
	if l.Output > 0 {
		d.Output = l.Output
	}
	return d
}

// Call answers what a child asks for; the answer is sent as JSON. An error is the script's to
// catch: a ValueError, or what its method Exception() string names. ctx ends with the run.
type Call func(ctx context.Context, args json.RawMessage) (any, error)

// Failure is why a job did not come to its end.
type Failure struct {
	Message   string `json:"message"` // one line, for example "ValueError: no such host"
	Traceback string `json:"traceback,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	Limit     string `json:"limit,omitempty"`   // wall, cpu, memory, steps, depth or output, where one ended it
	Source    bool   `json:"source,omitempty"`  // what it asked the parent for failed, and it did not catch that
	Invalid   bool   `json:"invalid,omitempty"` // it could not be loaded: the script has an error of form
}

func (f *Failure) Error() string { return f.Message }

// Outcome is what a run came to.
type Outcome struct {
	Result  json.RawMessage // what the job returned; nil where it failed
	Failure *Failure        // nil where it did not
	Elapsed time.Duration
	CPU     time.Duration
	Peak    int64 // bytes of memory at the most
}

// Run starts a child, gives it the job, answers its calls and waits for its end. print gets each
// line as it comes. An error says that no child could be started; what a job does is in the Outcome.
func Run(ctx context.Context, job any, limits Limits, calls map[string]Call, print func(Line)) (Outcome, error) {
	limits = limits.orDefault()
	started := time.Now()
	ctx, cancel := context.WithTimeoutCause(ctx, limits.Wall, errWall)
	defer cancel()
	p, err := start(ctx, limits)
	if err != nil {
		return Outcome{}, err
	}
	c := conversation{process: p, limits: limits, calls: calls, print: print}
	failure := c.run(ctx, job)
	if failure != nil && failure.Limit != "" {
		cancel() // a child that is over its limits is not waited for
	}
	_ = p.in.Close()
	_ = p.command.Wait() // how it ended is in its state
	defer p.group.remove()
	o := Outcome{Result: c.result, Failure: failure, Elapsed: time.Since(started)}
	if state := p.command.ProcessState; state != nil {
		o.CPU = state.UserTime() + state.SystemTime()
		o.Peak = peak(state)
	}
	if o.Result == nil && o.Failure == nil {
		o.Failure = died(ctx, limits, p.command.ProcessState, o.CPU, p.stderr.String(), p.group.killed())
	}
	return o, nil
}

var errWall = errors.New("the time of the run is over")

// process is a child with its pipes.
type process struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     io.Reader
	stderr  *tail
	group   *group
}

// start starts a child with all that confines it; where the kernel refuses some of it, without.
func start(ctx context.Context, limits Limits) (*process, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find this program to start a script: %w", err)
	}
	if g := controlGroups.group(limits); g != nil {
		p, err := startIn(ctx, path, limits, g)
		if err == nil {
			return p, nil
		}
		g.remove()
		if ctx.Err() != nil {
			return nil, err
		}
		controlGroups.never()
	}
	return startIn(ctx, path, limits, nil)
}

func startIn(ctx context.Context, path string, limits Limits, g *group) (_ *process, err error) {
	tried := false
	for _, isolated := range []bool{true, false} {
		p := &process{command: exec.CommandContext(ctx, path), stderr: &tail{}, group: g} //nolint:gosec // this program itself
		p.command.Args = []string{os.Args[0], ChildCommand}
		p.command.Env = []string{"GOTRACEBACK=none", "TZ=" + os.Getenv("TZ"), fmt.Sprintf("GOMEMLIMIT=%d", limits.Memory*3/4)}
		p.command.Dir = "/"
		p.command.Stderr = p.stderr
		p.command.WaitDelay = time.Second
		if isolated && !isolate(p.command) {
			continue
		}
		if !isolated {
			p.command.SysProcAttr = &syscall.SysProcAttr{}
		}
		g.enter(p.command)
		if p.in, err = p.command.StdinPipe(); err != nil {
			return nil, fmt.Errorf("start a script: %w", err)
		}
		if p.out, err = p.command.StdoutPipe(); err != nil {
			return nil, fmt.Errorf("start a script: %w", err)
		}
		if err = p.command.Start(); err == nil {
			if tried {
				namespacesRefused() // it is they that kept the child from starting, nothing else
			}
			return p, nil
		}
		tried = true
	}
	return nil, fmt.Errorf("start a script: %w", err)
}

// conversation is what parent and child say to each other.
type conversation struct {
	*process
	limits Limits
	calls  map[string]Call
	print  func(Line)
	output int
	result json.RawMessage
}

// run returns nil where the child gave a result, or ended without a word.
func (c *conversation) run(ctx context.Context, job any) *Failure {
	if err := c.send(frame{Kind: kindJob, Limits: &c.limits}, job); err != nil {
		return nil
	}
	for {
		f, err := read(c.out, maxFromChild)
		if err != nil {
			return nil // it has gone: died says why
		}
		switch f.Kind {
		case kindPrint:
			if c.output += len(f.Text); c.output > c.limits.Output {
				return c.limits.exceeded("output")
			}
			c.print(Line{At: f.At, Text: f.Text})
		case kindCall:
			if err := c.answer(ctx, f); err != nil {
				return nil
			}
		case kindDone:
			if f.Failure != nil {
				return f.Failure
			}
			if len(f.Body)+c.output > c.limits.Output {
				return c.limits.exceeded("output")
			}
			c.result = f.Body
			return nil
		}
	}
}

func (c *conversation) answer(ctx context.Context, f frame) error {
	call, ok := c.calls[f.Name]
	if !ok {
		return c.send(frame{Kind: kindAnswer, Error: "there is no call " + f.Name}, nil)
	}
	value, err := call(ctx, f.Body)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		answer := frame{Kind: kindAnswer, Error: err.Error()}
		var source interface{ Source() bool }
		answer.Source = errors.As(err, &source) && source.Source()
		var exception interface{ Exception() string }
		if errors.As(err, &exception) {
			answer.Class = exception.Exception()
		}
		return c.send(answer, nil)
	}
	return c.send(frame{Kind: kindAnswer}, value)
}

func (c *conversation) send(f frame, body any) error {
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("write %s for a script: %w", f.Kind, err)
		}
		f.Body = text
	}
	return write(c.in, f)
}

// exceeded says which limit ended a run.
func (l Limits) exceeded(limit string) *Failure {
	text := map[string]string{
		"wall":   fmt.Sprintf("the script ran longer than %s, and was ended", l.Wall),
		"cpu":    fmt.Sprintf("the script calculated longer than %s, and was ended", l.CPU),
		"memory": fmt.Sprintf("the script used more than %d MB of memory, and was ended", l.Memory>>20),
		"steps":  fmt.Sprintf("the script took more than %d steps, and was ended", l.Steps),
		"depth":  fmt.Sprintf("the script's functions call each other more than %d deep: RecursionError", l.Depth),
		"output": fmt.Sprintf("the script printed or returned more than %d kB, and was ended", l.Output>>10),
	}
	return &Failure{Message: text[limit], Limit: limit}
}

// died says why a child ended without a word.
func died(ctx context.Context, l Limits, state *os.ProcessState, cpu time.Duration, stderr string, killed bool) *Failure {
	limit := ""
	if state != nil {
		limit = endedBy(state)
	}
	switch {
	case errors.Is(context.Cause(ctx), errWall):
		return l.exceeded("wall")
	case ctx.Err() != nil:
		return &Failure{Message: "the run was stopped"}
	case strings.Contains(stderr, "stack exceeds") || strings.Contains(stderr, "stack overflow"):
		return l.exceeded("depth")
	case killed, strings.Contains(stderr, "out of memory"), strings.Contains(stderr, "pthread_create failed"), strings.Contains(stderr, "cannot allocate memory"),
		strings.Contains(stderr, "SIGSEGV: "): // how the runtime ends when it cannot even say so
		return l.exceeded("memory")
	case limit == "cpu" || strings.Contains(stderr, "SIGXCPU") || cpu >= l.CPU:
		return l.exceeded("cpu")
	case limit != "":
		return l.exceeded(limit)
	}
	first, _, _ := strings.Cut(stderr, "\n")
	return &Failure{Message: fmt.Sprintf("the script's process ended without an answer (%v): %s", state, first)}
}

// tail keeps the first bytes of what a child says on its standard error.
type tail struct{ bytes.Buffer }

const keptOfStderr = 8 << 10

func (t *tail) Write(p []byte) (int, error) {
	if room := keptOfStderr - t.Len(); room > 0 {
		t.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}
