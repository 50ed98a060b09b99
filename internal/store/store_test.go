package store_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

// at lies in the middle of the TSDB's chunks and blocks, so that both are cut.
var at = time.Date(2026, 3, 1, 12, 34, 0, 0, time.UTC)

const gib = 1 << 30

// line is one series and its value, so many minutes before the end; NaN is a gap.
type line struct {
	labels labels.Labels
	value  func(ago int) float64
}

func series(metric string, pairs ...string) labels.Labels {
	return labels.FromStrings(append([]string{model.MetricNameLabel, metric}, pairs...)...)
}

func constant(v float64) func(int) float64 { return func(int) float64 { return v } }

// host is one that node_exporter and process-exporter tell of on two ports: it is filled by 10 %
// in an hour, by the process named java.
func host(name string) []line {
	node, process := name+":9100", name+":9256"
	java := func(ago int) float64 { return 6*gib - 16*gib*0.1*float64(ago)/60 }
	return []line{
		{series("node_memory_MemTotal_bytes", "instance", node, "job", "node"), constant(16 * gib)},
		{series("node_memory_MemAvailable_bytes", "instance", node, "job", "node"), func(ago int) float64 { return 8*gib - java(ago) }},
		{series("node_uname_info", "instance", node, "job", "node", "nodename", name), constant(1)},
		{series("namedprocess_namegroup_memory_bytes", "instance", process, "job", "process", "groupname", "java", "memtype", "resident"), java},
		{series("namedprocess_namegroup_memory_bytes", "instance", process, "job", "process", "groupname", "java", "memtype", "virtual"), constant(64 * gib)},
		{series("namedprocess_namegroup_memory_bytes", "instance", process, "job", "process", "groupname", "sshd", "memtype", "resident"), constant(gib / 64)},
		{series("process_resident_memory_bytes", "instance", "prometheus:9090", "job", "prometheus"), constant(gib)},
	}
}

// write appends the lines from so many minutes ago to so many, as one collector after the other
// would: minute by minute.
func write(t testing.TB, appender func() storage.AppenderV2, lines []line, from, to int) {
	t.Helper()
	app := appender()
	for ago := from; ago >= to; ago-- {
		for _, l := range lines {
			v := l.value(ago)
			if math.IsNaN(v) {
				continue
			}
			if _, err := app.Append(0, l.labels, 0, at.Add(-time.Duration(ago)*time.Minute).UnixMilli(), v, nil, nil, storage.AOptions{}); err != nil {
				t.Fatalf("append to %s: %v", l.labels, err)
			}
		}
	}
	if err := app.Commit(); err != nil {
		t.Fatal(err)
	}
}

// open makes a store whose samples of the last two hours are in the head, and those of the week
// before in blocks.
func open(t testing.TB, days int, lines []line) *store.Store {
	t.Helper()
	dir := t.TempDir()
	const head = 120
	for day := days; day > 0; day-- {
		from, to := head+24*60*day, head+24*60*(day-1)+1
		err := store.Fill(t.Context(), dir, 24*time.Hour, func(appender func() storage.AppenderV2) error {
			write(t, appender, lines, from, to)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if len(lines) > 0 {
		write(t, func() storage.AppenderV2 { return s.Appender(t.Context()) }, lines, head, 0)
	}
	return s
}

// read copies all readings, sorted by host.
func read(t *testing.T, s *store.Store, q leak.Query) []leak.Reading {
	t.Helper()
	var all []leak.Reading
	q.At, q.Parallel = at, 1
	err := s.Reader().Read(t.Context(), q, func(r *leak.Reading) error {
		c := *r
		if r.Memory != nil {
			m := clone(*r.Memory)
			c.Memory = &m
		}
		c.Workloads = nil
		for _, w := range r.Workloads {
			c.Workloads = append(c.Workloads, clone(w))
		}
		all = append(all, c)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b leak.Reading) int { return compare(a.Host.Name, b.Host.Name) })
	return all
}

func clone(s leak.Series) leak.Series {
	s.Window.Values = slices.Clone(s.Window.Values)
	s.History.Floors = slices.Clone(s.History.Floors)
	return s
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestReaderMakesOneReadingOfAHostBehindTwoPorts(t *testing.T) {
	s := open(t, 1, append(host("web-1"), host("web-2")...))
	readings := read(t, s, leak.Query{Window: 6 * time.Hour})
	if len(readings) != 2 || readings[0].Host.Name != "web-1" || readings[1].Host.Name != "web-2" {
		t.Fatalf("hosts: %v, want web-1 and web-2, and not the Prometheus itself", names(readings))
	}
	r := readings[0]
	if r.Err != nil || r.Memory == nil {
		t.Fatalf("error %v, memory %v", r.Err, r.Memory)
	}
	w := r.Memory.Window
	if w.End() != at.Unix() || w.Step != 60 || len(w.Values) != 360 {
		t.Errorf("window ends at %d in steps of %d with %d values, want %d, 60, 360", w.End(), w.Step, len(w.Values), at.Unix())
	}
	for i, v := range w.Values {
		if want := 87.5 - 10*float64(359-i)/60; math.Abs(v-want) > 1e-9 {
			t.Fatalf("value %d is %g, want %g: its samples are not all there, or in other slots", i, v, want)
		}
	}
	if len(r.Workloads) != 2 || r.Workloads[0].Object.Name != "java" || r.Workloads[1].Object.Name != "sshd" {
		t.Fatalf("workloads: %+v, want java and sshd", r.Workloads)
	}
	if got := r.Workloads[0].Window.Values[359]; got != 6*gib {
		t.Errorf("java has %g bytes at the end, want its resident memory of %d", got, 6*gib)
	}
}

func TestReaderMakesFloorsOfRawSamples(t *testing.T) {
	saw := func(ago int) float64 { return 10 + float64(ago%15) }
	s := open(t, 2, []line{{series("mem_used_percent", "host", "db-1"), saw}})
	r := read(t, s, leak.Query{Window: 6 * time.Hour, History: 24 * time.Hour})[0]
	h := r.Memory.History
	if h.Start%leak.FloorSeconds != 0 || len(h.Floors) != 96 {
		t.Fatalf("history begins at %d with %d floors, want a multiple of 900 and 96", h.Start, len(h.Floors))
	}
	for i, v := range h.Floors {
		if v != 10 {
			t.Fatalf("floor %d is %g, want 10", i, v)
		}
	}
}

func TestReaderLeavesGaps(t *testing.T) {
	value := func(ago int) float64 {
		if ago >= 30 && ago < 50 {
			return math.NaN()
		}
		return float64(ago)
	}
	s := open(t, 1, []line{{series("mem_used_percent", "host", "db-1"), value}})
	w := read(t, s, leak.Query{Window: time.Hour})[0].Memory.Window
	for i, v := range w.Values {
		if ago := 59 - i; !cmp.Equal(v, value(ago), cmpopts.EquateNaNs()) {
			t.Errorf("%d min ago: %g, want %g", ago, v, value(ago))
		}
	}
}

func TestReaderReadsTheHostsAskedFor(t *testing.T) {
	var lines []line
	for i := range 500 { // more than one batch
		lines = append(lines, line{series("mem_used_percent", "host", fmt.Sprintf("h.%03d", i)), constant(float64(i))})
	}
	s := open(t, 0, lines)
	for _, c := range []struct {
		name string
		ask  []string
		want int
	}{
		{"all", nil, 500},
		{"one", []string{"h.007"}, 1},
		{"one twice", []string{"h.007", "h.007"}, 1},
		{"one of two known", []string{"h.007", "h.700"}, 1},
		{"none", []string{}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			readings := read(t, s, leak.Query{Window: time.Hour, Hosts: c.ask})
			if len(readings) != c.want {
				t.Fatalf("%d readings, want %d", len(readings), c.want)
			}
			for _, r := range readings {
				if got := fmt.Sprintf("h.%03.0f", r.Memory.Window.Values[59]); got != r.Host.Name {
					t.Errorf("host %s has the samples of %s", r.Host.Name, got)
				}
			}
		})
	}
}

func TestReaderListsHosts(t *testing.T) {
	s := open(t, 0, append(host("web-1"), line{series("mem_used_percent", "host", "db-1", "rack", "7"), constant(50)}))
	got, err := s.Reader().Hosts(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	want := []leak.Host{
		{Name: "db-1", Labels: map[string]string{"host": "db-1", "rack": "7"}, Collectors: []string{"Telegraf"}},
		{
			Name: "web-1", Labels: map[string]string{"instance": "web-1:9100", "job": "node"},
			TotalBytes: 16 * gib, Collectors: []string{"node_exporter", "process-exporter"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("hosts (-want +got):\n%s", diff)
	}
}

func TestReaderEndsWithTheContextAndWithEach(t *testing.T) {
	s := open(t, 0, append(host("web-1"), host("web-2")...))
	q := leak.Query{At: at, Window: time.Hour, Parallel: 2}
	stop := errors.New("enough")
	if err := s.Reader().Read(t.Context(), q, func(*leak.Reading) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v, want the one that each returned", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Reader().Read(ctx, q, func(*leak.Reading) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
}

func TestStoreSaysWhatIsNotThere(t *testing.T) {
	empty := open(t, 0, nil)
	if _, err := empty.Newest(t.Context()); !errors.Is(err, store.ErrEmpty) {
		t.Errorf("newest of an empty store: %v, want ErrEmpty", err)
	}
	s := open(t, 0, []line{{series("up", "instance", "web-1:9100"), constant(1)}})
	var missing *store.NoMetricsError
	err := s.Reader().Read(t.Context(), leak.Query{At: at, Window: time.Hour}, func(*leak.Reading) error { return nil })
	if !errors.As(err, &missing) {
		t.Errorf("read: %v, want a NoMetricsError", err)
	}
	if newest, err := s.Newest(t.Context()); err != nil || !newest.Equal(at) {
		t.Errorf("newest %v, %v; want %v", newest, err, at)
	}
}

func TestStoreKeepsWhatWasWritten(t *testing.T) {
	dir := t.TempDir()
	for _, part := range []struct{ from, to int }{{120, 61}, {60, 0}} {
		s, err := store.Open(dir, store.Options{OutOfOrder: -1})
		if err != nil {
			t.Fatal(err)
		}
		write(t, func() storage.AppenderV2 { return s.Appender(t.Context()) }, host("web-1"), part.from, part.to)
		old := s.Appender(t.Context())
		_, err = old.Append(0, series("mem_used_percent", "host", "late"), 0, at.Add(-48*time.Hour).UnixMilli(), 1, nil, nil, storage.AOptions{})
		if !errors.Is(err, storage.ErrOutOfBounds) {
			t.Errorf("a sample of two days ago: %v, want ErrOutOfBounds", err)
		}
		if err := old.Rollback(); err != nil {
			t.Fatal(err)
		}
		if part.to == 0 {
			if got := countSamples(read(t, s, leak.Query{Window: 2 * time.Hour})[0]); got != 120 {
				t.Errorf("%d samples of the last two hours after opening again, want 120", got)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func countSamples(r leak.Reading) int {
	n := 0
	for _, v := range r.Memory.Window.Values {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}

func names(readings []leak.Reading) []string {
	var out []string
	for _, r := range readings {
		out = append(out, r.Host.Name)
	}
	return out
}
