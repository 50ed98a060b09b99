//go:build unix

package sandbox

import (
	"os"
	"runtime"
	"syscall"
)

// peak is how much memory a process that ended held at the most, in bytes.
func peak(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin":
		return usage.Maxrss // the only one that counts bytes
	}
	return usage.Maxrss << 10
}

// endedBy tells what a signal says of a limit, "" where there was none.
func endedBy(state *os.ProcessState) (limit string) {
	status, ok := state.Sys().(syscall.WaitStatus)
	switch {
	case !ok || !status.Signaled():
		return ""
	case status.Signal() == syscall.SIGXCPU:
		return "cpu"
	case status.Signal() == syscall.SIGKILL:
		return "memory" // the kernel's own last word
	}
	return ""
}
