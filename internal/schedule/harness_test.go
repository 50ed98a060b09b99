package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// start is the time of the newest sample of made hosts, on the hour, and when the tests' clocks begin.
var start = time.Unix(fleet.End, 0).UTC()

// clock is a clock that a test sets.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// hosts is a source of made hosts in memory, whose samples move along with the time asked for.
type hosts struct {
	mu       sync.Mutex
	readings []leak.Reading
	newest   time.Time
	none     error                                         // of a source that has no samples
	ended    map[string]bool                               // hosts whose data has ended
	broken   map[string]error                              // hosts that cannot be read
	before   func(ctx context.Context, q leak.Query) error // called before each read
}

func (h *hosts) Hosts(context.Context, time.Time) ([]leak.Host, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []leak.Host
	for _, r := range h.readings {
		if !h.ended[r.Host.Name] {
			out = append(out, r.Host)
		}
	}
	return out, nil
}

func (h *hosts) Newest(context.Context) (time.Time, error) { return h.newest, h.none }

func (h *hosts) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	if h.before != nil {
		if err := h.before(ctx, q); err != nil {
			return err
		}
	}
	for i := range h.readings {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := h.readings[i]
		h.mu.Lock()
		skip := h.ended[r.Host.Name] || q.Hosts != nil && !slices.Contains(q.Hosts, r.Host.Name)
		r.Err = h.broken[r.Host.Name]
		h.mu.Unlock()
		if skip {
			continue
		}
		if err := each(&r); err != nil {
			return err
		}
	}
	return nil
}

// newHosts makes n hosts of a few kinds, host-000, host-001, …; each tenth leaks.
func newHosts(n int) *hosts {
	h := &hosts{newest: start, ended: map[string]bool{}, broken: map[string]error{}}
	for i := range n {
		kind := "flat"
		if i%10 == 0 {
			kind = "linear"
		}
		for _, k := range fleet.Kinds() {
			if k.Name == kind {
				s := fleet.Make(k, 40).Series
				s.Object.Host = fmt.Sprintf("host-%03d", i)
				h.readings = append(h.readings, leak.Reading{
					Host:   leak.Host{Name: s.Object.Host, Labels: map[string]string{"zone": "a"}, TotalBytes: 16 << 30},
					Memory: &s,
				})
			}
		}
	}
	return h
}

// bench is a schedule on a database of its own, whose loop the test turns.
type bench struct {
	*Schedule
	db    *state.DB
	clock *clock
	src   *hosts
	ws    string

	mu      sync.Mutex
	told    []event.Transition
	changes []Change
}

func newBench(t *testing.T, url string, with func(*Options)) *bench {
	t.Helper()
	db, err := state.Open(t.Context(), state.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	b := &bench{db: db, clock: &clock{t: start}, src: newHosts(23)}
	w := state.Workspace{Name: "default"}
	if rows, _, err := db.Workspaces(t.Context(), state.Page{}); err != nil {
		t.Fatal(err)
	} else if len(rows) > 0 {
		w = rows[0]
	} else if err := db.AddWorkspace(t.Context(), &w); err != nil {
		t.Fatal(err)
	}
	b.ws = w.ID
	o := Options{
		DB:         db,
		Source:     func(context.Context, state.Inspection) (inspect.Source, error) { return b.src, nil },
		Clock:      b.clock.now,
		Logger:     slog.New(slog.DiscardHandler),
		ChunkHosts: 5,
		Retry:      []time.Duration{10 * time.Millisecond, 10 * time.Millisecond},
		Notices: func(_ context.Context, _ *state.Tx, changed []event.Transition) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.told = append(b.told, changed...)
			return nil
		},
		Published: func(_ string, c Change) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.changes = append(b.changes, c)
		},
	}
	if with != nil {
		with(&o)
	}
	if b.Schedule, err = New(o); err != nil {
		t.Fatal(err)
	}
	return b
}

// works begins to work on jobs; the loop stays with the test.
func (b *bench) works(t *testing.T) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	if err := b.startJobs(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.jobs.StopAndCancel(ctx); err != nil {
			t.Error(err)
		}
		if b.replica != nil {
			b.replica.leave(ctx)
		}
	})
}

// add makes an inspection that is due at the next full hour.
func (b *bench) add(t *testing.T, change func(*state.Inspection)) state.Inspection {
	t.Helper()
	i := state.Inspection{
		WorkspaceID: b.ws, Name: "memory", Origin: state.FromApp, Schedule: "0 * * * *", Enabled: true,
		NextRunAt: start.Add(time.Hour),
	}
	if change != nil {
		change(&i)
	}
	if err := b.db.AddInspection(t.Context(), &i); err != nil {
		t.Fatal(err)
	}
	return i
}

// at sets the clock and looks once at what is due.
func (b *bench) at(t *testing.T, now time.Time) {
	t.Helper()
	b.clock.set(now)
	if err := b.tick(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// runs lists all runs of an inspection, the oldest first, with their logs.
func (b *bench) runs(t *testing.T, i state.Inspection) []state.Run {
	t.Helper()
	return b.runsOf(t, state.RunFilter{InspectionID: i.ID})
}

func (b *bench) runsOf(t *testing.T, f state.RunFilter) []state.Run {
	t.Helper()
	rows, _, err := b.db.Runs(t.Context(), b.ws, f)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(rows)
	for n := range rows {
		if rows[n], err = b.db.Run(t.Context(), b.ws, rows[n].ID); err != nil {
			t.Fatal(err)
		}
	}
	return rows
}

// ends waits until no run of an inspection is going on, and returns the newest.
func (b *bench) ends(t *testing.T, i state.Inspection) state.Run {
	t.Helper()
	return b.endsOf(t, state.RunFilter{InspectionID: i.ID}, func() ([]state.Run, error) { return b.db.RunningRuns(t.Context(), b.ws, i.ID) })
}

func (b *bench) endsOf(t *testing.T, f state.RunFilter, running func() ([]state.Run, error)) state.Run {
	t.Helper()
	until(t, "the run ends", func() bool {
		rows, err := running()
		if err != nil {
			t.Fatal(err)
		}
		return len(rows) == 0
	})
	rows := b.runsOf(t, f)
	if len(rows) == 0 {
		t.Fatal("no run was made")
	}
	return rows[len(rows)-1]
}

// next is when an inspection is due next.
func (b *bench) next(t *testing.T, i state.Inspection) time.Time {
	t.Helper()
	now, err := b.db.Inspection(t.Context(), b.ws, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	return now.NextRunAt
}

func logged(r state.Run, level string) []string {
	var out []string
	for _, l := range r.Log {
		if l.Level == level {
			out = append(out, l.Text)
		}
	}
	return out
}

var errAway = errors.New("the source is away")

// TestSchedule shows each behaviour on SQLite and on PostgreSQL, in a database of its own.
func TestSchedule(t *testing.T) {
	t.Parallel()
	behaviours := slices.Concat(triggerBehaviours, runBehaviours, replicaBehaviours, scriptBehaviours, scriptTriggerBehaviours)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		for _, b := range behaviours {
			if b.postgresOnly {
				continue
			}
			t.Run(b.name, func(t *testing.T) {
				t.Parallel()
				b.shows(t, "sqlite:"+filepath.Join(t.TempDir(), "memseep.db"))
			})
		}
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		p := realserver.StartPostgres(t)
		for _, b := range behaviours {
			t.Run(b.name, func(t *testing.T) {
				t.Parallel()
				b.shows(t, p.URL(t))
			})
		}
	})
}

type behaviour struct {
	name  string
	shows func(t *testing.T, url string)

	postgresOnly bool
}

func (b *bench) events(t *testing.T, f state.EventFilter) []event.Event {
	t.Helper()
	events, _, err := b.db.Events(t.Context(), b.ws, f)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

// inspectedAllOnce wants of a run over 120 hosts, of which twelve leak, that each counts once.
func (b *bench) inspectedAllOnce(t *testing.T, r state.Run) {
	t.Helper()
	if r.Status != state.RunSuccess || r.Chunks != 24 || r.ChunksDone != 24 || r.Hosts != 120 || r.Failed != 0 || r.Opened != 12 {
		t.Errorf("run %+v", r)
	}
	if n := len(b.events(t, state.EventFilter{Status: event.Open})); n != 12 {
		t.Errorf("%d events are open, want 12", n)
	}
}
