package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"go.starlark.net/starlark"
)

// Child is the inside of a sandbox: its only way out is the pipe to the parent.
type Child struct {
	Limits  Limits
	out     io.Writer
	answers chan frame
	printed int
	limit   string // that ended the script
}

// Main is the whole life of a child: it reads a job, runs it and tells the outcome. The process
// has to end with the status that it returns.
func Main(run func(c *Child, job json.RawMessage) (any, *Failure)) int {
	f, err := read(os.Stdin, maxFromParent)
	if err != nil || f.Kind != kindJob || f.Limits == nil {
		fmt.Fprintln(os.Stderr, "this command is started by memseep itself, to run a script")
		return 2
	}
	if err := confine(*f.Limits); err != nil {
		fmt.Fprintln(os.Stderr, "limit a script:", err)
		return 2
	}
	debug.SetMaxStack(maxStack)
	c := &Child{Limits: *f.Limits, out: os.Stdout, answers: make(chan frame)}
	go c.listen()
	result, failure := run(c, f.Body)
	done := frame{Kind: kindDone, Failure: failure}
	if failure == nil {
		if done.Body, err = json.Marshal(result); err != nil {
			done.Failure = &Failure{Message: "the result cannot be written: " + err.Error()}
		}
	}
	if len(done.Body) > c.Limits.Output {
		done = frame{Kind: kindDone, Failure: c.Limits.exceeded("output")}
	}
	if write(os.Stdout, done) != nil {
		return 1
	}
	return 0
}

// maxStack ends what recurses without the interpreter's notice.
const maxStack = 64 << 20

// listen reads answers. It lives as long as the process: when the parent goes, so does the child.
func (c *Child) listen() {
	for {
		f, err := read(os.Stdin, maxFromParent)
		if err != nil {
			os.Exit(1)
		}
		c.answers <- f
	}
}

// CallError is what the parent answered instead of a value.
type CallError struct {
	Message string
	Source  bool   // the source of samples failed, rather than the arguments
	Name    string // of the exception that it is; empty for ValueError
}

func (e *CallError) Error() string { return e.Message }

// Class names the exception that it is.
func (e *CallError) Class() string { return e.Name }

// FromSource tells whether the source of samples failed.
func (e *CallError) FromSource() bool { return e.Source }

// Call asks the parent; result is a pointer, or nil where the answer does not matter.
func (c *Child) Call(name string, args, result any) error {
	body, err := json.Marshal(args)
	if err != nil {
		return &CallError{Message: "the arguments cannot be written: " + err.Error()}
	}
	if len(body) > maxFromChild/2 {
		return &CallError{Message: fmt.Sprintf("the arguments are longer than %d MB", maxFromChild>>21)}
	}
	if err := write(c.out, frame{Kind: kindCall, Name: name, Body: body}); err != nil {
		return err
	}
	answer := <-c.answers
	if answer.Error != "" {
		return &CallError{answer.Error, answer.Source, answer.Class}
	}
	if result == nil || answer.Body == nil {
		return nil
	}
	return json.Unmarshal(answer.Body, result)
}

// Print sends a line to the parent; more than the limit ends the script.
func (c *Child) Print(thread *starlark.Thread, text string) {
	if c.printed += len(text); c.printed > c.Limits.Output {
		c.end(thread, "output")
		return
	}
	if write(c.out, frame{Kind: kindPrint, Text: text, At: time.Now()}) != nil {
		os.Exit(1)
	}
}

// Failure is the limit that ended the script, nil where none did.
func (c *Child) Failure() *Failure {
	if c.limit == "" {
		return nil
	}
	return c.Limits.exceeded(c.limit)
}

func (c *Child) end(thread *starlark.Thread, limit string) {
	c.limit = limit
	thread.Cancel(limit)
}

// stepsBetweenLooks is how often the interpreter's thread is looked at.
const stepsBetweenLooks = 2000

// Watch makes a thread end at its limits of steps, depth and memory.
func (c *Child) Watch(thread *starlark.Thread) {
	held := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	most := uint64(c.Limits.Memory) * 6 / 10
	thread.OnMaxSteps = func(thread *starlark.Thread) {
		thread.SetMaxExecutionSteps(thread.Steps + stepsBetweenLooks)
		metrics.Read(held)
		switch {
		case thread.Steps > c.Limits.Steps:
			c.end(thread, "steps")
		case thread.CallStackDepth() > c.Limits.Depth:
			c.end(thread, "depth")
		case held[0].Value.Uint64() > most:
			runtime.GC()
			if metrics.Read(held); held[0].Value.Uint64() > most {
				c.end(thread, "memory")
			}
		}
	}
	thread.SetMaxExecutionSteps(stepsBetweenLooks)
}
