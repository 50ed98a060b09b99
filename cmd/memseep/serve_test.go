package main

import (
	"bufio"
	"io"
	"os/exec"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// serving VARIABLE starts a server on a free port, puts its address into the variable, and ends it
// with the script.
func serving(ts *testscript.TestScript, _ bool, args []string) {
	path, err := exec.LookPath("memseep")
	if p := ts.Getenv("PATH"); p != "" {
		for dir := range strings.SplitSeq(p, ":") {
			if found, lookErr := exec.LookPath(dir + "/memseep"); lookErr == nil {
				path, err = found, nil
				break
			}
		}
	}
	ts.Check(err)
	c := exec.Command(path, "serve", "--listen", "127.0.0.1:0", "--no-agent")
	c.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "MEMSEEP_INGEST_KEY", "MEMSEEP_ADMIN_KEY", "MEMSEEP_ADMIN_PASSWORD"} {
		c.Env = append(c.Env, name+"="+ts.Getenv(name))
	}
	out, err := c.StdoutPipe()
	ts.Check(err)
	ts.Check(c.Start())
	ts.Defer(func() {
		_ = c.Process.Signal(syscall.SIGTERM) // it may have ended
		_ = c.Wait()
	})
	for lines := bufio.NewReader(out); ; {
		text, err := lines.ReadString('\n')
		if url, ok := strings.CutPrefix(text, "memseep listens on "); ok {
			ts.Setenv(args[0], strings.TrimSpace(url))
			go func() { _, _ = io.Copy(io.Discard, lines) }() // ends with the server
			return
		}
		ts.Check(err)
	}
}
