package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
)

// A disk that others fill up between two looks at it: the TSDB cannot move its chunks, which ends
// neither the process nor loses a sample, and goes on when there is room.
func TestUpkeepOfAFullDiskHarmsNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "small")
	if err := os.Mkdir(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err != nil {
		t.Skipf("nothing may be mounted here, so that no disk can be filled: %v", err)
	}
	t.Cleanup(func() {
		// The TSDB that could not be closed in order has files open.
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	const hosts = 300
	e, now := upkeepStore(t, dir, EmbeddedOptions{Reserve: Reserve{Bytes: -1, Fraction: -1}}, hosts)
	filler := filepath.Join(dir, "filler")
	fillUp(t, filler)
	if err := e.samples.compactions.upkeep(e.samples.db); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Fatalf("upkeep of a full disk: %v", err)
	}
	one := []Series{{Labels: labels.FromStrings("__name__", "up", "host", "a"), Samples: []Sample{{T: now.UnixMilli(), V: 1}}}}
	e.disk.reserve.Space = func(string) (int64, int64, error) { return 0, 64 << 20, nil }
	e.disk.looked = now.Add(-diskLooks)
	if _, err := e.Append(t.Context(), one); !errors.Is(err, ErrDiskFull) {
		t.Errorf("append to a full disk: %v", err)
	}
	if series, missing := countUpkept(t, e); series != hosts || missing > 0 {
		t.Errorf("on a full disk %d of %d series, and %d of them have lost samples", series, hosts, missing)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	e.disk.reserve.Space = diskSpace
	e.disk.looked = now.Add(-diskLooks)
	if r, err := e.Append(t.Context(), one); err != nil || r.Stored != 1 {
		t.Errorf("append when there is room: %+v, %v", r, err)
	}
	if err := e.samples.compactions.upkeep(e.samples.db); err != nil {
		t.Error(err)
	}
	if series, missing := countUpkept(t, e); series != hosts || missing > 0 {
		t.Errorf("afterwards %d of %d series, and %d of them have lost samples", series, hosts, missing)
	}
	fillUp(t, filler) // a server that ends in order on a full disk does so
	if err := e.Close(); err != nil && !strings.Contains(err.Error(), "no space") {
		t.Error(err)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	again, err := OpenEmbedded(dir, e.options)
	if err != nil {
		t.Fatal(err)
	}
	if series, missing := countUpkept(t, again); series != hosts || missing > 0 {
		t.Errorf("opened again %d of %d series, and %d of them have lost samples", series, hosts, missing)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func countUpkept(t *testing.T, e *Embedded) (series, missing int) {
	t.Helper()
	return countMissing(t, e, e.options.Clock(), upkeepSamples)
}

func fillUp(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for block := make([]byte, 1<<20); len(block) > 0; block = block[:len(block)/2] {
		for err = nil; err == nil; {
			_, err = f.Write(block)
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
}
