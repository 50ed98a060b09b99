package runtime_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/python"
	"github.com/memseep/memseep/internal/script/runtime"
)

// TestScripts runs testdata/*.py: what each prints stands in its comments that begin with `#>`.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.py")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, f := range files {
		t.Run(strings.TrimSuffix(filepath.Base(f), ".py"), func(t *testing.T) {
			source, err := os.ReadFile(f) //nolint:gosec // of testdata
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for line := range strings.Lines(string(source)) {
				if _, said, ok := strings.Cut(line, "#> "); ok {
					want = append(want, strings.TrimSuffix(said, "\n"))
				}
			}
			printed, err := run(filepath.Base(f), string(source))
			if err != nil {
				t.Fatal(err)
			}
			for i := range max(len(printed), len(want)) {
				got, wanted := "", ""
				if i < len(printed) {
					got = printed[i]
				}
				if i < len(want) {
					wanted = want[i]
				}
				if got != wanted {
					t.Fatalf("print %d: %q, want %q", i+1, got, wanted)
				}
			}
		})
	}
}

func run(name, source string) (printed []string, err error) {
	noModules := func(_ *starlark.Thread, name string) (starlark.HasAttrs, error) {
		return nil, fmt.Errorf("no module %s", name)
	}
	names := runtime.Predeclared(noModules)
	p, err := python.Compile(name, source, python.Options{
		Predeclared: names.Has,
		Module:      func(string) ([]string, error) { return nil, nil },
		Extra:       runtime.Extra,
	})
	if err != nil {
		return nil, err
	}
	thread := &starlark.Thread{Print: func(_ *starlark.Thread, text string) { printed = append(printed, text) }}
	thread.SetMaxExecutionSteps(10_000_000)
	_, err = p.Init(thread, names)
	return printed, err
}
