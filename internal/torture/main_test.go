package torture_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/torture"
)

var (
	kills  = flag.Int("kills", 0, "kills of each campaign; 0 is a few")
	seed   = flag.Uint64("seed", 1, "of the random moments")
	binary = flag.String("binary", "", "memseep that was built before; empty builds one")
)

var built struct {
	once sync.Once
	dir  string
	path string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.dir != "" {
		_ = os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

// memseep is the path of the real binary, built as it is released.
func memseep(t testing.TB) string {
	t.Helper()
	if *binary != "" {
		return *binary
	}
	built.once.Do(func() {
		if built.dir, built.err = os.MkdirTemp("", "memseep-torture-"); built.err != nil {
			return
		}
		built.path = filepath.Join(built.dir, "memseep")
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", built.path, "github.com/memseep/memseep/cmd/memseep")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			built.err = fmt.Errorf("build memseep: %w\n%s", err, out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

// newServer prepares a server on a free port, which is killed with the test.
func newServer(t testing.TB, o torture.Options) *torture.Server {
	t.Helper()
	o.Binary = memseep(t)
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	o.Listen = fmt.Sprintf("127.0.0.1:%d", realserver.FreePort(t))
	s, err := torture.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Kill)
	return s
}

// started is a server that is ready.
func started(t testing.TB, o torture.Options) *torture.Server {
	t.Helper()
	s := newServer(t, o)
	must(t, s.Start())
	must(t, s.AwaitReady(t.Context()))
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
