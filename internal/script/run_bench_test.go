package script_test

import (
	"testing"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/sandbox"
)

// BenchmarkRun: what it costs to start a sandbox, run a script of one line and end it.
func BenchmarkRun(b *testing.B) {
	f := newFleet(b)
	w := f.world(true, "")
	job := f.job("one.py", "def run():\n    return 1\n", "run")
	for b.Loop() {
		if _, err := script.Run(b.Context(), job, w.World, sandbox.Limits{}, func(sandbox.Line) {}); err != nil {
			b.Fatal(err)
		}
	}
}
