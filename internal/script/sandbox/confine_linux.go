package sandbox

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// confine puts this process under its limits; there is no way back.
func confine(l Limits) error {
	space, err := addressSpace()
	if err != nil {
		return err
	}
	memory := uint64(l.Memory) //nolint:gosec // positive
	seconds := uint64(max(1, (l.CPU+time.Second-1)/time.Second))
	type limit struct {
		what       string
		resource   int
		soft, hard uint64
	}
	limits := []limit{
		{"CPU", unix.RLIMIT_CPU, seconds, seconds + 1},
		{"files written", unix.RLIMIT_FSIZE, 0, 0},
		{"files open", unix.RLIMIT_NOFILE, 16, 16},
		{"core dump", unix.RLIMIT_CORE, 0, 0},
	}
	if !raceDetector {
		limits = append(limits,
			limit{"memory", unix.RLIMIT_DATA, memory, memory},
			limit{"address space", unix.RLIMIT_AS, space + memory, space + memory})
	}
	for _, l := range limits {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.soft, Max: l.hard}); err != nil {
			return fmt.Errorf("limit of %s: %w", l.what, err)
		}
	}
	yield()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up privileges: %w", err)
	}
	return nil
}

// niceness of a child: the server's own work goes first where there is not enough for both.
const niceness = 5

// yield is for each thread that there is; those to come take it from them.
func yield() {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return // it is a courtesy, no limit
	}
	for _, t := range threads {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = unix.Setpriority(unix.PRIO_PROCESS, id, niceness)
		}
	}
}

// refused is set once the kernel has refused namespaces.
var refused atomic.Bool

// isolate gives a child a network of its own, which is empty, where the kernel lets us. It tells
// whether there is anything to try.
func isolate(c *exec.Cmd) bool {
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC}
	return !refused.Load()
}

func namespacesRefused() { refused.Store(true) }

// addressSpace is what this process has reserved so far. RLIMIT_DATA does not see memory that Go
// takes from what it has reserved, so one huge allocation passes it; RLIMIT_AS does, and is set to
// grow from here, for the runtime alone reserves more than a script may use.
func addressSpace() (uint64, error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, fmt.Errorf("read how much is reserved: %w", err)
	}
	var pages uint64
	if _, err := fmt.Sscan(string(text), &pages); err != nil {
		return 0, fmt.Errorf("read how much is reserved: %w", err)
	}
	return pages * uint64(os.Getpagesize()), nil //nolint:gosec // positive
}
