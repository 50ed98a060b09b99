// Package realserver starts the real programs that tests run against: Prometheus, VictoriaMetrics
// and exporters, each on a free port of 127.0.0.1 in a directory of the test's own.
// In goes a testing.TB and what the server shall hold; out comes the address of a server that is
// ready, and that is ended when the test is.
// Read Start in this file first, then prometheus.go and victoriametrics.go.
package realserver

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// RequireEnv is the variable that turns a missing program from a skip into a failure.
const RequireEnv = "MEMSEEP_REQUIRE_SERVERS"

// readyTimeout is how long a server may take until it answers.
const readyTimeout = 60 * time.Second

// Process is a program that a test has started.
type Process struct {
	cmd    *exec.Cmd
	output *tailBuffer
	done   chan struct{} // closed when the program has ended
	stop   sync.Once
}

// Start runs the program with its output kept for the failure message, and ends it with the test.
func Start(t testing.TB, path string, args ...string) *Process {
	t.Helper()
	cmd := exec.Command(path, args...)
	cmd.Dir = t.TempDir()
	cmd.SysProcAttr = dieWithParent()
	return start(t, cmd)
}

func start(t testing.TB, cmd *exec.Cmd) *Process {
	t.Helper()
	p := &Process{cmd: cmd, output: &tailBuffer{}, done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", cmd.Path, err)
	}
	go func() {
		defer close(p.done)
		_ = p.cmd.Wait() // how it ended is seen in the output
	}()
	t.Cleanup(p.Stop)
	return p
}

// Pid is the process id of the program.
func (p *Process) Pid() int { return p.cmd.Process.Pid }

// Output is the end of what the program has printed.
func (p *Process) Output() string { return p.output.String() }

// Stop kills the program and waits for its end; it may be called more than once. What it has
// written is thrown away, so that there is nothing to wait for in an orderly end.
func (p *Process) Stop() {
	p.stop.Do(func() {
		_ = p.cmd.Process.Kill() // it may have ended by itself
		<-p.done
	})
}

// WaitReady polls the address until it answers 200, and fails the test where the program ends
// before or takes longer than a minute.
func (p *Process) WaitReady(t testing.TB, url string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if answersOK(ctx, url) {
			return
		}
		select {
		case <-tick.C:
		case <-p.done:
			t.Fatalf("%s ended before it was ready:\n%s", p.cmd.Path, p.Output())
		case <-ctx.Done():
			t.Fatalf("%s did not answer %s within %s:\n%s", p.cmd.Path, url, readyTimeout, p.Output())
		}
	}
}

func answersOK(ctx context.Context, url string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// Find returns the path of the first program of these names in PATH or in Go's bin directory.
// Where there is none the test is skipped, or fails when MEMSEEP_REQUIRE_SERVERS=1.
func Find(t testing.TB, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
		for _, dir := range goBins() {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				return path
			}
		}
	}
	message := fmt.Sprintf("no %s in PATH or in Go's bin directory", strings.Join(names, " or "))
	if os.Getenv(RequireEnv) == "1" {
		t.Fatalf("%s, and %s=1 wants it", message, RequireEnv)
	}
	t.Skipf("%s: install it to run this test", message)
	return ""
}

func goBins() []string {
	var dirs []string
	if bin := os.Getenv("GOBIN"); bin != "" {
		dirs = append(dirs, bin)
	}
	for _, dir := range filepath.SplitList(os.Getenv("GOPATH")) {
		dirs = append(dirs, filepath.Join(dir, "bin"))
	}
	if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, "go", "bin"))
	}
	return dirs
}

// FreePort is a port of 127.0.0.1 that nobody listened on a moment ago.
func FreePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// tailBuffer keeps the last 16 KiB that were written to it.
type tailBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

const tailSize = 16 << 10

func (b *tailBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf.Write(p)
	if over := b.buf.Len() - tailSize; over > 0 {
		b.buf.Next(over)
	}
	return len(p), nil
}

func (b *tailBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
