package store_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
	"github.com/prometheus/prometheus/storage"
)

// filled opens metrics that hold the lines of so many days.
func filled(t testing.TB, days int, lines []line) *store.Embedded {
	t.Helper()
	dir := t.TempDir()
	const head = 120
	err := store.Fill(t.Context(), filepath.Join(dir, "samples"), time.Duration(days)*24*time.Hour, func(appender func() storage.AppenderV2) error {
		write(t, appender, lines, head+24*60*days, head+1)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	e := embeddedIn(t, dir, store.EmbeddedOptions{})
	for ago := head; ago >= 0; ago-- {
		appendAt(t, e, lines, ago)
	}
	return e
}

// appendAt appends what the lines have so many minutes before the end.
func appendAt(t testing.TB, m store.Metrics, lines []line, ago int) {
	t.Helper()
	var all []store.Series
	for _, l := range lines {
		if v := l.value(ago); !math.IsNaN(v) {
			all = append(all, store.Series{Labels: l.labels, Samples: []store.Sample{sample(time.Duration(ago)*time.Minute, v)}})
		}
	}
	r, err := m.Append(t.Context(), all)
	if err != nil || r.Refused() > 0 {
		t.Fatalf("append: %+v, %v", r, err)
	}
}

type reads interface {
	Read(context.Context, leak.Query, func(*leak.Reading) error) error
}

// readings copies all readings of a query, sorted by host.
func readings(t testing.TB, s reads, q leak.Query) []leak.Reading {
	t.Helper()
	var all []leak.Reading
	q.Parallel = 1
	err := s.Read(t.Context(), q, func(r *leak.Reading) error {
		c := *r
		c.Host.Labels, c.Host.Collectors, c.Notes = nil, nil, nil
		if r.Memory != nil {
			m := cloneAll(*r.Memory)
			c.Memory = &m
		}
		c.Workloads = nil
		for _, w := range r.Workloads {
			c.Workloads = append(c.Workloads, cloneAll(w))
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

func cloneAll(s leak.Series) leak.Series {
	s = clone(s)
	s.Limits.Starts = slices.Clone(s.Limits.Starts)
	return s
}

func expectSameReadings(t *testing.T, what string, want, got []leak.Reading) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty(), cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("%s (-all samples +floors kept):\n%s", what, diff)
	}
}

// lives is a process that starts at some minutes before the end; before and between it is not there.
func lives(host, name string, from, to int, starts ...int) []line {
	labels := []string{"instance", host + ":9256", "job", "process", "groupname", name}
	within := func(ago int) bool { return ago <= from && ago >= to }
	return []line{
		{series("namedprocess_namegroup_memory_bytes", append(labels, "memtype", "resident")...), func(ago int) float64 {
			if !within(ago) {
				return math.NaN()
			}
			return gib + float64(ago%97)*4096
		}},
		{series("namedprocess_namegroup_oldest_start_time_seconds", labels...), func(ago int) float64 {
			last := math.NaN()
			for _, s := range starts {
				if within(ago) && s >= ago {
					last = float64(at.Add(-time.Duration(s) * time.Minute).Unix())
				}
			}
			return last
		}},
	}
}

func fleet() []line {
	const day, hour = 24 * 60, 60
	var lines []line
	lines = append(lines, host("web-1")...)
	lines = append(lines, lives("web-1", "restarted", 3*day, 0, 3*day, 2*day, hour)...)
	lines = append(lines, lives("web-1", "gone", 3*day, 2*day, 3*day)...)
	lines = append(lines, lives("web-1", "new", 5*hour, 0, 5*hour)...)
	saw := func(ago int) float64 { return 10 + float64(ago%15) }
	only := func(from, to int) func(int) float64 {
		return func(ago int) float64 {
			if ago > from || ago < to {
				return math.NaN()
			}
			return saw(ago)
		}
	}
	return append(lines,
		line{series("mem_used_percent", "host", "saw"), saw},
		line{series("mem_used_percent", "host", "dead"), only(4*day, 2*day)},
		line{series("mem_used_percent", "host", "lately"), only(8*hour, 0)},
		line{series("mem_used_percent", "host", "back"), func(ago int) float64 {
			if ago < 30*hour && ago > 20*hour {
				return math.NaN()
			}
			return saw(ago)
		}},
	)
}

// A week of history is the same whether it is read from samples or from the floors of earlier runs.
func TestSourceGivesTheSameFromKeptFloorsAsFromSamples(t *testing.T) {
	e := filled(t, 4, fleet())
	query := func(ago time.Duration) leak.Query {
		return leak.Query{At: at.Add(-ago), Window: 6 * time.Hour, History: 3 * 24 * time.Hour}
	}
	for i, ago := range []time.Duration{20 * time.Hour, 19 * time.Hour, 19 * time.Hour, 9 * time.Hour, time.Hour, time.Minute, 0} {
		name := fmt.Sprintf("run %d, %s before the end", i, ago)
		src := e.Source()
		expectSameReadings(t, name, readings(t, store.Raw(e), query(ago)), readings(t, src, query(ago)))
		if err := src.WriteFloors(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := query1(t, e, `count(count_over_time(memseep_floor{host="saw"}[10d])) + sum(count_over_time(memseep_floor{host="saw"}[10d]))`); got != "369" {
		t.Errorf("floors of a host that was there all the time: %s, want 1 series, and the floors of 92 hours", got)
	}
}

// askedSource remembers the longest history that each host was asked for.
type askedSource struct {
	Source
	longest map[string]time.Duration
}

// Source is an inspect.Source, as the store takes it from outside.
type Source interface {
	Hosts(ctx context.Context, at time.Time) ([]leak.Host, error)
	Newest(ctx context.Context) (time.Time, error)
	Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error
}

func (s *askedSource) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	for _, h := range q.Hosts {
		s.longest[h] = max(s.longest[h], q.History)
	}
	return s.Source.Read(ctx, q, each)
}
