package script_test

import (
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/script/sandbox"
)

// hostileLimits end a script within seconds.
var hostileLimits = sandbox.Limits{Wall: 10 * time.Second, CPU: time.Second, Steps: 5_000_000, Memory: 256 << 20}

// TestHostileScripts runs testdata/hostile/*.py: each ends by itself, with a message that names why,
// one of those of its first line: a limit, `error` (an exception), `invalid` (not loaded), `fine`,
// or `any` of them. The parent's memory stays as it was, and another script answers after each.
func TestHostileScripts(t *testing.T) {
	if raceDetector {
		t.Skip("a child with the race detector cannot be limited in memory")
	}
	files, err := filepath.Glob("testdata/hostile/*.py")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d scripts: %v", len(files), err)
	}
	f := newFleet(t)
	before := heap()
	t.Run("scripts", func(t *testing.T) {
		for _, path := range files {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".py"), func(t *testing.T) {
				t.Parallel()
				source := readFile(t, path)
				want := strings.Fields(readExpected(source).one("ends"))
				w := f.world(true, "")
				w.limits = hostileLimits
				got := w.run(t, f.job(filepath.Base(path), source, "run"))
				if how := ended(got.result.Failure); !slices.Contains(want, how) && !slices.Contains(want, "any") {
					t.Errorf("ended by %s, want %v: %+v", how, want, got.result.Failure)
				}
				if got.result.PeakBytes > hostileLimits.Memory*5/4 {
					t.Errorf("the child held %d MB", got.result.PeakBytes>>20)
				}
			})
		}
	})
	if after := heap(); after > before+32<<20 {
		t.Errorf("the parent's memory grew from %d to %d MB", before>>20, after>>20)
	}
	got := f.world(true, "").run(t, f.job("after.py", "def run():\n    return 1\n", "run"))
	if got.result.Failure != nil || string(got.result.Value) != "1" {
		t.Errorf("a script after them: %+v", got.result)
	}
}

func ended(f *sandbox.Failure) string {
	switch {
	case f == nil:
		return "fine"
	case f.Limit != "":
		return f.Limit
	case f.Invalid:
		return "invalid"
	case strings.Contains(f.Message, "process ended without an answer"):
		return "unexplained: " + f.Message
	}
	return "error"
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
