package store_test

import (
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
)

// While samples come in, in order and late, a copy is made; opened elsewhere it has everything that
// was acknowledged before it was begun.
func TestSnapshotHasWhatWasAcknowledged(t *testing.T) {
	e := filled(t, 1, fleet())
	late := one("late", "a", sample(5*time.Hour, 5), sample(4*time.Hour, 4))
	if r, err := e.Append(t.Context(), []store.Series{one("late", "a", sample(0, 0)), late}); err != nil || r.Stored != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := e.AppendDerived(t.Context(), []store.Series{one("derived", "a", sample(6*24*time.Hour, 1), sample(0, 2))}); err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	done := make(chan error, 1)
	go func() {
		var err error
		for i := 0; err == nil && !stop.Load(); i++ {
			_, err = e.Append(t.Context(), []store.Series{one("counter", "a", sample(-time.Duration(i)*time.Millisecond, float64(i)))})
		}
		done <- err
	}()
	dir := filepath.Join(t.TempDir(), "backup", "w1")
	err := e.Snapshot(t.Context(), dir)
	stop.Store(true)
	if appendErr := <-done; err != nil || appendErr != nil {
		t.Fatal(err, appendErr)
	}
	if err := e.Snapshot(t.Context(), dir); err == nil {
		t.Error("a second snapshot into the same directory is taken")
	}
	target := filepath.Join(t.TempDir(), "w1")
	if err := store.Restore(t.Context(), dir, target); err != nil {
		t.Fatal(err)
	}
	if err := store.Restore(t.Context(), dir, target); err == nil {
		t.Error("restored into a directory that is not empty")
	}
	if err := store.Restore(t.Context(), t.TempDir(), filepath.Join(t.TempDir(), "w2")); err == nil {
		t.Error("restored from what is no snapshot")
	}
	restored := embeddedIn(t, target, store.EmbeddedOptions{})
	for _, expr := range []string{`sum(count_over_time(late[6h]))`, `sum(sum_over_time(late[6h]))`, `sum(count_over_time(derived[10d]))`, `count({__name__=~"mem.*|node.*|named.*"})`, `sum(count_over_time(mem_used_percent[2d]))`} {
		if want, got := query1(t, e, expr), query1(t, restored, expr); got != want || got == "" {
			t.Errorf("%s is %s in the copy, want %s", expr, got, want)
		}
	}
	q := leak.Query{At: at, Window: 6 * time.Hour, History: 12 * time.Hour}
	expectSameReadings(t, "readings of the copy", readings(t, store.Raw(e), q), readings(t, store.Raw(restored), q))
	if r, err := restored.Append(t.Context(), []store.Series{one("after", "a", sample(0, 1))}); err != nil || r.Stored != 1 {
		t.Errorf("append after restoring: %+v, %v", r, err)
	}
}
