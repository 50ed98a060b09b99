package torture_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/torture"
)

// A data directory on a disk that others fill up: samples are refused so that they are sent again,
// what is there can be read, and when there is room everything goes on, also after a kill.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "small")
	must(t, os.Mkdir(dir, 0o700))
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=96m"); err != nil {
		t.Skipf("nothing may be mounted here, so that no disk can be filled: %v", err)
	}
	s := newServer(t, torture.Options{Data: filepath.Join(dir, "data")})
	t.Cleanup(func() {
		s.Kill()
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	must(t, s.Start())
	must(t, s.AwaitReady(t.Context()))
	f := smallFleet()
	inspection, book := inspected(t, s, f)
	sender, stop := sending(t, s, f)
	must(t, torture.Within(t.Context(), time.Minute, func() bool { return sender.Samples() > 0 }))

	filler := filepath.Join(dir, "filler")
	fill(t, filler)
	must(t, torture.Within(t.Context(), time.Minute, func() bool { return sender.Refused() > 10 }))
	body, err := f.Packed(time.Now())
	must(t, err)
	a, err := torture.Write(t.Context(), s, body)
	if err != nil || a.Status != http.StatusServiceUnavailable || a.RetryAfter == "" || !strings.Contains(a.Body, "disk") {
		t.Errorf("samples were answered %+v, %v; want 503 with Retry-After that speaks of the disk", a, err)
	}
	must(t, book.Check(t.Context(), s))
	var health api.Health
	must(t, s.Client.Call(t.Context(), "GET", "/health", nil, &health))
	if !strings.Contains(health.Store.Problem, "disk") {
		t.Errorf("health says of the store %q", health.Store.Problem)
	}

	must(t, os.Remove(filler))
	before := sender.Samples()
	must(t, torture.Within(t.Context(), time.Minute, func() bool { return sender.Samples() > before }))
	runAgain(t, s, inspection, f)
	must(t, sender.Verify(t.Context(), f.Begun))
	s.Kill()
	must(t, s.Start())
	must(t, s.AwaitReady(t.Context()))
	must(t, book.Check(t.Context(), s))
	stop()
	must(t, sender.Verify(t.Context(), f.Begun))
}

// fill writes a file until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	must(t, err)
	defer func() { _ = file.Close() }()
	for size := 1 << 20; size > 0; size /= 2 {
		for block := make([]byte, size); err == nil; {
			_, err = file.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
		err = nil
	}
}
