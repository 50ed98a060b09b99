package notify

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// start is when the tests' clocks begin: a Monday noon.
var start = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// testClock is a clock that a test sets.
type testClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *testClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// bench is telling on a database of its own, with a queue whose time is the test's.
type bench struct {
	*Notify
	t      *testing.T
	db     *state.DB
	clock  *testClock
	ws     string
	inspec state.Inspection

	mu     sync.Mutex
	queued []queued // what waits, until the transaction that put it there is kept
}

// queued is a job with the time at which it is due by the test's clock.
type queued struct {
	args river.JobArgs
	due  time.Time
}

// InsertTx puts a job into the test's queue.
func (b *bench) InsertTx(_ context.Context, _ *sql.Tx, args river.JobArgs, o *river.InsertOpts) (*rivertype.JobInsertResult, error) {
	due := b.clock.now()
	if !o.ScheduledAt.IsZero() {
		due = due.Add(time.Until(o.ScheduledAt).Round(time.Second))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queued = append(b.queued, queued{args, due})
	return &rivertype.JobInsertResult{}, nil
}

// plainSealer hides nothing: what is tested here is what is told.
type plainSealer struct{}

func (plainSealer) Seal(text []byte) ([]byte, error)   { return append([]byte("sealed:"), text...), nil }
func (plainSealer) Open(sealed []byte) ([]byte, error) { return sealed[len("sealed:"):], nil }

// emptyPostgres is the address of a new database while the stories are told on PostgreSQL; nil while
// on SQLite.
var emptyPostgres func() string

// emptySQLite is a database without records, made once: under the race detector its tables take seconds.
var emptySQLite = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "memseep-notify-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "state.db")
	db, err := state.Open(context.Background(), state.Config{URL: "sqlite:" + path, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newState is the address of a new database.
func newState(t *testing.T) string {
	if emptyPostgres != nil {
		return emptyPostgres()
	}
	path := filepath.Join(t.TempDir(), "state.db")
	file, err := emptySQLite()
	must(t, err)
	must(t, os.WriteFile(path, file, 0o600))
	return "sqlite:" + path
}

func newBench(t *testing.T) *bench {
	t.Helper()
	url := newState(t)
	db, err := state.Open(t.Context(), state.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	b := &bench{t: t, db: db, clock: &testClock{t: start}}
	b.Notify, err = New(Options{
		DB: db, Sealer: plainSealer{}, SigningKey: []byte("0123456789abcdef0123456789abcdef"), BaseURL: "https://memseep.example",
		Network: target.Network{AllowLoopback: true, Timeout: 10 * time.Second}, Clock: b.clock.now, Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	b.Attach(b)
	w := state.Workspace{Name: "prod"}
	must(t, db.AddWorkspace(t.Context(), &w))
	b.ws = w.ID
	b.inspec = state.Inspection{WorkspaceID: b.ws, Name: "Memory leaks", Origin: state.FromApp, Enabled: true}
	must(t, db.AddInspection(t.Context(), &b.inspec))
	return b
}

// addTarget keeps a webhook that goes to a server.
func (b *bench) addTarget(name string, s *server) string {
	b.t.Helper()
	to := state.Target{WorkspaceID: b.ws, Name: name, Kind: "webhook", Language: "en", Enabled: true}
	must(b.t, b.SetSettings(&to, map[string]string{"url": s.URL + "/" + name}))
	must(b.t, b.db.AddTarget(b.t.Context(), &to))
	return to.ID
}

// setPolicy makes the workspace's default policy.
func (b *bench) setPolicy(p state.Policy) state.Policy {
	b.t.Helper()
	p.WorkspaceID, p.IsDefault = b.ws, true
	if p.Name == "" {
		p.Name = "Default"
	}
	must(b.t, CheckPolicy(&p))
	must(b.t, b.db.AddPolicy(b.t.Context(), &p))
	return p
}

// change keeps events, new or as they are now, and makes notices of them, in one transaction.
func (b *bench) change(events ...*event.Event) {
	b.t.Helper()
	must(b.t, b.db.InTx(b.t.Context(), func(ctx context.Context, tx *state.Tx) error {
		var changed []event.Transition
		for _, e := range events {
			write := tx.UpdateEvent
			if e.Version == 0 {
				write = tx.InsertEvent
			}
			if err := write(ctx, e); err != nil {
				return err
			}
			changed = append(changed, event.Transition{Event: *e})
		}
		return b.Notices(ctx, tx, changed)
	}))
	silences, err := b.db.CurrentSilences(b.t.Context(), b.ws, b.clock.now())
	must(b.t, err)
	for _, e := range events { // telling marks what is silenced
		if len(silences) == 0 && !e.Silenced {
			continue
		}
		kept, err := b.db.Event(b.t.Context(), b.ws, e.ID)
		must(b.t, err)
		e.Silenced = kept.Silenced
	}
}

// leakOn is a new event of a host that names a workload.
func (b *bench) leakOn(host, culprit string) *event.Event {
	now := b.clock.now()
	id := state.NewID()
	return &event.Event{
		ID: id, WorkspaceID: b.ws, InspectionID: b.inspec.ID, Inspection: b.inspec.Name, Fingerprint: id,
		Object: leak.Object{Kind: leak.KindHost, Host: host}, Title: host + " leaks", Status: event.Open, Level: leak.Warning, Cause: leak.Steady,
		Onset: now.Add(-time.Hour), OpenedAt: now, UpdatedAt: now, LastSeenAt: now, CheckedAt: now,
		Verdict: event.Verdict{
			At: now, Leak: true, Cause: leak.Steady, Level: leak.Warning, Confidence: 0.9, Unit: "percent", Value: 60, Capacity: 100, SlopePerHour: 2,
			Onset: now.Add(-time.Hour), Exhaustion: now.Add(20 * time.Hour), Reasons: []event.Reason{},
		},
		Suspects:   []event.Suspect{{Kind: leak.KindProcess, Name: culprit, Share: 0.9, Growth: 1 << 30, Bytes: 4 << 30}},
		Dimensions: map[string]string{"host": host, "kind": "host"},
		Attributes: map[string]string{event.AttrCulprit: culprit, "zone": "a"},
	}
}

// recover ends an event by itself.
func (b *bench) recover(e *event.Event) {
	e.Status, e.Recovery, e.RecoveredAt, e.UpdatedAt = event.Recovered, event.ByItself, b.clock.now(), b.clock.now()
}

// until works what is due in the queue until a time, in the order of time, moving the clock along.
func (b *bench) until(end time.Time) {
	b.t.Helper()
	for {
		slices.SortStableFunc(b.queued, func(x, y queued) int { return x.due.Compare(y.due) })
		if len(b.queued) == 0 || b.queued[0].due.After(end) {
			b.clock.set(end)
			return
		}
		job := b.queued[0]
		b.queued = b.queued[1:]
		if job.due.After(b.clock.now()) {
			b.clock.set(job.due)
		}
		next, err := b.work(job.args)
		must(b.t, err)
		if !next.IsZero() {
			b.queued = append(b.queued, queued{job.args, next})
		}
	}
}

func (b *bench) work(args river.JobArgs) (time.Time, error) {
	ctx := b.t.Context()
	switch a := args.(type) {
	case tellArgs:
		return time.Time{}, (&tellWorker{n: b.Notify}).Work(ctx, &river.Job[tellArgs]{Args: a})
	case escalateArgs:
		return time.Time{}, (&escalateWorker{n: b.Notify}).Work(ctx, &river.Job[escalateArgs]{Args: a})
	case deliverArgs:
		return b.deliver(ctx, a.Workspace, a.Notice)
	}
	return time.Time{}, fmt.Errorf("no such job %T", args)
}

// after lets time go by.
func (b *bench) after(d time.Duration) { b.until(b.clock.now().Add(d)) }

// server takes webhooks and remembers what it took.
type server struct {
	*httptest.Server
	mu     sync.Mutex
	took   []taken
	answer func(r *http.Request) int // nil is 200
}

type taken struct {
	to  string // name of the target
	key string // Idempotency-Key
	v   target.View
}

func newServer(t *testing.T) *server {
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		if s.answer != nil {
			if code := s.answer(r); code != 200 {
				w.WriteHeader(code)
				return
			}
		}
		one := taken{to: r.URL.Path[1:], key: r.Header.Get("Idempotency-Key")}
		_ = json.Unmarshal(body, &one.v)
		s.took = append(s.took, one)
	}))
	t.Cleanup(s.Close)
	return s
}

// told is what came, as "target: reason count", and forgets it.
func (s *server) told() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []string{}
	for _, one := range s.took {
		out = append(out, fmt.Sprintf("%s: %s %d", one.to, one.v.Reason, one.v.Count))
	}
	slices.Sort(out)
	s.took = nil
	return out
}

func (b *bench) wantTold(s *server, want ...string) {
	b.t.Helper()
	if got := s.told(); !slices.Equal(got, want) {
		b.t.Errorf("at %s: told %q, want %q", b.clock.now().Format("15:04:05"), got, want)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newRobot answers as DingTalk's does, and returns its address.
func newRobot(t *testing.T, took func()) string {
	return answering(t, `{"errcode":0,"errmsg":"ok"}`, took)
}

// newFeishu answers as Feishu's does.
func newFeishu(t *testing.T, took func()) string {
	return answering(t, `{"code":0,"msg":"success"}`, took)
}

func answering(t *testing.T, answer string, took func()) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		took()
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(s.Close)
	return s.URL
}
