package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/units"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/labels"
)

// upkeepStore is an embedded store with so many series of an hour, enough for several chunks each.
func upkeepStore(t *testing.T, dir string, o EmbeddedOptions, series int) (*Embedded, time.Time) {
	t.Helper()
	now := time.Now().Truncate(time.Second)
	o.Clock = func() time.Time { return now }
	e, err := OpenEmbedded(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() }) // its disk may be full
	var all []Series
	for i := range series {
		s := Series{Labels: labels.FromStrings("__name__", "used", "host", fmt.Sprintf("host-%05d", i))}
		for n := upkeepSamples - 1; n >= 0; n-- {
			s.Samples = append(s.Samples, Sample{T: now.Add(-time.Duration(n) * 10 * time.Second).UnixMilli(), V: float64(n*n%977) / 7})
		}
		all = append(all, s)
	}
	if r, err := e.Append(t.Context(), all); err != nil || r.Stored != series*upkeepSamples {
		t.Fatalf("%+v, %v", r, err)
	}
	return e, now
}

const upkeepSamples = 360

// Where others use up the reserve, nothing is moved from memory to the disk until there is room.
func TestUpkeepWaitsForRoom(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		name       string
		free, size int64
		moves      bool
	}{
		{"plenty", 1000 * mib, 100_000 * mib, true},
		{"under the reserve, room for upkeep", 33 * mib, 100_000 * mib, true},
		{"nearly full", 31 * mib, 100_000 * mib, false},
		{"a small disk under its reserve", 13 * mib, 96 * mib, true},
		{"a small disk nearly full", 11 * mib, 96 * mib, false},
		{"full", 0, 100_000 * mib, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			free := int64(1000 * mib)
			e, _ := upkeepStore(t, t.TempDir(), EmbeddedOptions{Reserve: Reserve{Space: func(string) (int64, int64, error) { return free, c.size, nil }}}, 3)
			free = c.free
			e.disk.looked = time.Time{} // the clock stands still here
			if err := e.samples.compactions.upkeep(e.samples.db); err != nil {
				t.Fatal(err)
			}
			if moved := e.samples.gathered(t, "prometheus_tsdb_mmap_chunks_total") > 0; moved != c.moves {
				t.Errorf("chunks were moved: %t, want %t", moved, c.moves)
			}
		})
	}
}

// gathered is the value of one of the TSDB's own counters.
func (s *Store) gathered(t *testing.T, name string) float64 {
	t.Helper()
	families, err := s.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	t.Fatalf("the TSDB has no counter %s", name)
	return 0
}

// A workspace that has reached its bytes gives up its oldest block though nothing is due for one.
func TestUpkeepDeletesWhatIsBeyondTheBytes(t *testing.T) {
	s, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	keepHours := func(from, to int, padding string) {
		t.Helper()
		one := Series{Labels: labels.FromStrings("__name__", "used", "padding", padding)}
		for hour := from; hour <= to; hour++ {
			one.Samples = append(one.Samples, Sample{T: time.Unix(0, 0).Add(time.Duration(hour) * time.Hour).UnixMilli(), V: 1})
		}
		if _, err := s.append(t.Context(), []Series{one}, anyTime); err != nil {
			t.Fatal(err)
		}
		if err := s.compactions.upkeep(s.db); err != nil {
			t.Fatal(err)
		}
	}
	keepHours(0, 8, "")
	blocks := len(s.db.Blocks())
	if blocks == 0 {
		t.Fatal("there is no block to delete")
	}
	limit := config.TSDBConfig{OutOfOrderTimeWindow: s.options.OutOfOrder.Milliseconds(), Retention: &config.TSDBRetentionConfig{Size: units.Base2Bytes(bytesOf(s.db) + 1<<10)}}
	if err := s.db.ApplyConfig(&config.Config{StorageConfig: config.StorageConfig{TSDBConfig: &limit}}); err != nil {
		t.Fatal(err)
	}
	keepHours(8, 8, strings.Repeat("x", 64<<10)) // into the log
	if left := len(s.db.Blocks()); left >= blocks {
		t.Errorf("%d of %d blocks are left", left, blocks)
	}
}
