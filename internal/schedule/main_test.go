package schedule

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// childRole names what a test's child process does; it is this test's binary again.
const childRole = "MEMSEEP_TEST_CHILD"

var childRoles = map[string]func(args []string) error{
	"river":    riverChild,
	"schedule": scheduleChild,
}

func TestMain(m *testing.M) {
	role := os.Getenv(childRole)
	if role == "" {
		os.Exit(m.Run())
	}
	if err := childRoles[role](os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// startChild runs a role in a process of its own, which the test has to end by kill.
func startChild(t *testing.T, role string, args ...string) (kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), childRole+"="+role)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := false
	kill = func() {
		if !ended {
			ended = true
			_ = cmd.Process.Kill() // SIGKILL; it may have ended by itself
			_ = cmd.Wait()         // how it ended is what the test looks at
		}
	}
	t.Cleanup(kill)
	return kill
}
