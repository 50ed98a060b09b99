package store_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
)

func TestAppendsAreRefusedUnderTheReserve(t *testing.T) {
	const gib = 1 << 30
	for _, c := range []struct {
		name       string
		reserve    store.Reserve
		free, size int64
		full       bool
	}{
		{"plenty", store.Reserve{}, 50 * gib, 100 * gib, false},
		{"under 1 % of a large disk", store.Reserve{}, gib - 1, 100 * gib, true},
		{"under 256 MiB of a middling disk", store.Reserve{}, gib/4 - 1, 10 * gib, true},
		{"a small disk, a quarter of it free", store.Reserve{}, gib / 8, gib / 2, false},
		{"a reserve of one's own", store.Reserve{Bytes: 20 * gib}, 19 * gib, 100 * gib, true},
		{"no reserve", store.Reserve{Bytes: -1, Fraction: -1}, 1, 100 * gib, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.reserve.Space = func(string) (int64, int64, error) { return c.free, c.size, nil }
			e := embedded(t, store.EmbeddedOptions{Reserve: c.reserve})
			r, err := e.Append(t.Context(), []store.Series{one("up", "a", sample(0, 1))})
			if errors.Is(err, store.ErrDiskFull) != c.full || (r.Stored == 1) == c.full {
				t.Errorf("%+v, %v; full is %v", r, err, c.full)
			}
			if derived := e.AppendDerived(t.Context(), []store.Series{one("up", "a", sample(0, 1))}); errors.Is(derived, store.ErrDiskFull) != c.full {
				t.Errorf("derived: %v; full is %v", derived, c.full)
			}
			if s, err := e.Stats(t.Context()); err != nil || s.DiskFull != c.full || s.DiskFree != c.free {
				t.Errorf("stats %+v, %v", s, err)
			}
		})
	}
}

func TestSamplesAreTakenAgainWhenThereIsRoom(t *testing.T) {
	var free atomic.Int64
	free.Store(1 << 40)
	now := at
	e := embedded(t, store.EmbeddedOptions{
		Clock:   func() time.Time { return now },
		Reserve: store.Reserve{Space: func(string) (int64, int64, error) { return free.Load(), 1 << 41, nil }},
	})
	appendOne := func(v float64) error {
		now = now.Add(2 * time.Second) // a look at the disk is believed for less
		_, err := e.Append(t.Context(), []store.Series{{Labels: series("mem_used_percent", "host", "a"), Samples: []store.Sample{{T: now.UnixMilli(), V: v}}}})
		return err
	}
	if err := appendOne(1); err != nil {
		t.Fatal(err)
	}
	free.Store(0)
	if err := appendOne(2); !errors.Is(err, store.ErrDiskFull) {
		t.Errorf("append: %v, want ErrDiskFull", err)
	}
	if got := readings(t, e.Source(), leak.Query{At: now, Window: time.Hour}); len(got) != 1 {
		t.Errorf("%d readings of a full disk, want 1", len(got))
	}
	free.Store(1 << 40)
	if err := appendOne(3); err != nil {
		t.Errorf("append after there is room: %v", err)
	}
}
