package server_test

import (
	"os"
	"testing"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/sandbox"
)

// A sandbox starts the program that it is in: the test's.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == sandbox.ChildCommand {
		os.Exit(script.Child())
	}
	os.Exit(m.Run())
}
