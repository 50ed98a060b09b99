package schedule

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// many is so many hosts of one series, so that what is measured is not how they are read.
type many struct {
	hosts []leak.Host
	of    leak.Series
}

func newMany(n int) *many {
	m := &many{of: *newHosts(2).readings[1].Memory}
	for i := range n {
		m.hosts = append(m.hosts, leak.Host{
			Name: fmt.Sprintf("host-%05d", i), Labels: map[string]string{"zone": "a", "role": "web"},
			Collectors: []string{"node_exporter"}, TotalBytes: 16 << 30,
		})
	}
	return m
}

func (m *many) Hosts(context.Context, time.Time) ([]leak.Host, error) { return m.hosts, nil }
func (m *many) Newest(context.Context) (time.Time, error)             { return start, nil }

func (m *many) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	wanted := make(map[string]bool, len(q.Hosts))
	for _, h := range q.Hosts {
		wanted[h] = true
	}
	for _, h := range m.hosts {
		if len(wanted) > 0 && !wanted[h.Name] {
			continue
		}
		s := m.of
		s.Object.Host = h.Name
		if err := each(&leak.Reading{Host: h, Memory: &s}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// BenchmarkRunOf10000Hosts is a whole run, from the claim of its trigger to its end; judging is the
// same hosts by inspect.Run alone.
func BenchmarkRunOf10000Hosts(b *testing.B) {
	const n = 10_000
	src := newMany(n)
	b.Run("judging", func(b *testing.B) {
		for b.Loop() {
			if _, err := inspect.Run(b.Context(), src, inspect.Options{At: start, Now: start}, func(inspect.Finding) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sqlite", func(b *testing.B) { benchmarkRuns(b, "sqlite:"+filepath.Join(b.TempDir(), "memseep.db"), src) })
	b.Run("postgres", func(b *testing.B) { benchmarkRuns(b, realserver.StartPostgres(b).URL(b), src) })
}

func benchmarkRuns(b *testing.B, url string, src inspect.Source) {
	ctx := b.Context()
	db, err := state.Open(ctx, state.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	w := state.Workspace{Name: "default"}
	if err := db.AddWorkspace(ctx, &w); err != nil {
		b.Fatal(err)
	}
	i := state.Inspection{WorkspaceID: w.ID, Name: "memory", Origin: state.FromApp, Schedule: "0 * * * *"}
	if err := db.AddInspection(ctx, &i); err != nil {
		b.Fatal(err)
	}
	ended := make(chan Change, 100)
	s, err := New(Options{
		DB: db, Source: func(context.Context, state.Inspection) (inspect.Source, error) { return src, nil },
		Clock: func() time.Time { return start.Add(time.Minute) }, Logger: slog.New(slog.DiscardHandler),
		Published: func(_ string, c Change) {
			if c.Kind == "run" && c.Status != string(state.RunRunning) && c.Status != string(state.RunPending) {
				ended <- c
			}
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Start(ctx); err != nil {
		b.Fatal(err)
	}
	chunks := 0
	for b.Loop() {
		if _, err := s.RunNow(ctx, w.ID, i.ID, "bench"); err != nil {
			b.Fatal(err)
		}
		c := <-ended
		r, err := db.Run(ctx, w.ID, c.ID)
		if err != nil || r.Status != state.RunSuccess {
			b.Fatalf("%+v, %v", r, err)
		}
		chunks += r.Chunks
	}
	b.ReportMetric(float64(chunks)/b.Elapsed().Seconds(), "chunks/s")
	if err := s.Stop(ctx); err != nil {
		b.Fatal(err)
	}
}
