// Package schedule says when inspections and triggers of scripts run, and runs them.
//
// In go inspections and triggers with their schedules and a source of windows; out come runs with
// their logs, events, hosts and verdicts, a chunk of hosts in one transaction. Read this file, then
// tick.go (what is due), parent.go (a run's hosts and chunks), chunk.go and commit.go (what a chunk
// does), script.go and script_worker.go (what a script does instead).
package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// Options is what a schedule works with. DB and Source have to be there, the rest has defaults.
type Options struct {
	DB *state.DB
	// Source is where an inspection reads from.
	Source func(ctx context.Context, i state.Inspection) (inspect.Source, error)
	// Filters choose hosts beside the inspection's list, once a run; nil is none.
	Filters func(ctx context.Context, i state.Inspection) ([]inspect.Filter, error)
	// Derived keeps the verdicts of a chunk as series, before its transaction: twice is as once.
	Derived func(ctx context.Context, i state.Inspection, findings []inspect.Finding) error
	// Levels are a workspace's own, for inspections that have none; nil is the detector's.
	Levels func(ctx context.Context, workspaceID string) (leak.Thresholds, error)
	// Notices keeps what is to be told, in the transaction that changes the events.
	Notices func(ctx context.Context, tx *state.Tx, changed []event.Transition) error
	// Scripts runs the function of a trigger. An error of type *ScriptError ends the run with what it
	// says, another is tried again; where it is nil, triggers are not run. It has to return when ctx
	// ends: with the run, or with the process.
	Scripts func(ctx context.Context, r *ScriptRun) error
	// Published is told after a commit what is not as it was.
	Published func(workspaceID string, c Change)

	// Register adds the workers of other packages, Queues the queues that they work: there is one
	// client of River in a process, since its leader discards lost jobs whose kind it does not know.
	Register func(*river.Workers)
	Queues   map[string]river.QueueConfig

	Clock         func() time.Time      // nil is time.Now
	Logger        *slog.Logger          // nil is slog.Default()
	Registry      prometheus.Registerer // nil is none
	Workers       int                   // chunks at a time in this process; below 1 is 2
	ScriptsAtOnce int                   // scripts at a time in this process; below 1 is 2
	ChunkHosts    int                   // hosts of a chunk at most; below 1 is 500
	Parallel      int                   // hosts of a chunk in flight; below 1 is 4
	// ChunkTimeout is how long one attempt at a chunk, or at choosing hosts, may take; 0 is 5 min.
	ChunkTimeout time.Duration
	// Retry is the pause after each failed attempt; one attempt more than pauses is made. nil is 2,
	// 8, 20 and 40 s: a source that is away for a minute fails no run.
	Retry []time.Duration
}

// Change tells what of a workspace is not as it was.
type Change struct {
	Kind         string // "run", "event" or "hosts"
	ID           string // of the run or the event; of the run for hosts
	InspectionID string
	Status       string // of the run, or what happened to the event
}

// DefaultTimeout is how long a run may take unless its inspection says otherwise.
const DefaultTimeout = 900 * time.Second

// Schedule claims what is due and works on it. It is safe for concurrent use.
type Schedule struct {
	o       Options
	jobs    *river.Client[*sql.Tx]
	metrics *metrics
	replica *replica // nil on SQLite, which one process has for itself

	owner   sync.WaitGroup // of the loop
	cancel  context.CancelFunc
	rescued time.Time // when the loop last looked for lost jobs
	ticked  time.Time // the latest clock that the loop has seen

	mu      sync.Mutex
	working map[string]map[int]context.CancelCauseFunc // run → what is worked here of it
	queued  map[string]time.Time                       // runs that wait for a worker, since when as seen here
}

// New prepares a schedule; nothing runs until Start. Runs can be asked for at once.
func New(o Options) (*Schedule, error) {
	if o.DB == nil || o.Source == nil {
		return nil, errors.New("a schedule needs a database and a source")
	}
	s := &Schedule{o: withDefaults(o), working: map[string]map[int]context.CancelCauseFunc{}, queued: map[string]time.Time{}}
	var err error
	if s.metrics, err = newMetrics(o.Registry); err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	id := state.NewID()
	if s.jobs, err = s.client(id); err != nil {
		return nil, fmt.Errorf("make the job queue: %w", err)
	}
	if pool := o.DB.Pool(); pool != nil {
		s.replica = newReplica(pool, id)
	}
	return s, nil
}

func withDefaults(o Options) Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Workers < 1 {
		o.Workers = 2
	}
	if o.ScriptsAtOnce < 1 {
		o.ScriptsAtOnce = 2
	}
	if o.ChunkHosts < 1 {
		o.ChunkHosts = 500
	}
	if o.Parallel < 1 {
		o.Parallel = 4
	}
	if o.ChunkTimeout <= 0 {
		o.ChunkTimeout = 5 * time.Minute
	}
	if o.Retry == nil {
		o.Retry = []time.Duration{2 * time.Second, 8 * time.Second, 20 * time.Second, 40 * time.Second}
	}
	return o
}

func (s *Schedule) client(id string) (*river.Client[*sql.Tx], error) {
	workers := river.NewWorkers()
	if err := errors.Join(
		river.AddWorkerSafely(workers, &parentWorker{s: s}),
		river.AddWorkerSafely(workers, &chunkWorker{s: s}),
		river.AddWorkerSafely(workers, &scriptWorker{s: s}),
	); err != nil {
		return nil, err
	}
	if s.o.Register != nil {
		s.o.Register(workers)
	}
	queues := maps.Clone(s.o.Queues)
	if queues == nil {
		queues = map[string]river.QueueConfig{}
	}
	// A parent waits for no chunk, so that the two can share a queue.
	queues[queue] = river.QueueConfig{MaxWorkers: s.o.Workers, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 250 * time.Millisecond}
	queues[scriptQueue] = river.QueueConfig{MaxWorkers: s.o.ScriptsAtOnce, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: 250 * time.Millisecond}
	var driver riverdriver.Driver[*sql.Tx] = riversqlite.New(s.o.DB.SQL())
	if pool := s.o.DB.Pool(); pool != nil {
		driver = riverdatabasesql.NewWithPgxListener(s.o.DB.SQL(), pool)
	}
	return river.NewClient(driver, &river.Config{
		ID:                          id,
		Workers:                     workers,
		Queues:                      queues,
		Logger:                      s.o.Logger.With("part", "jobs"),
		JobTimeout:                  s.o.ChunkTimeout,
		RescueStuckJobsAfter:        s.o.ChunkTimeout + 15*time.Second,
		CompletedJobRetentionPeriod: time.Hour,
		CancelledJobRetentionPeriod: time.Hour,
		DiscardedJobRetentionPeriod: 24 * time.Hour,
	})
}

// Jobs is the process's queue of jobs, for packages that registered workers. Within a transaction
// use its InsertTx alone.
func (s *Schedule) Jobs() *river.Client[*sql.Tx] { return s.jobs }

// Start sets schedules right, gives back what an ended process was working on, and begins to work.
// It goes on until Stop, whatever becomes of ctx.
func (s *Schedule) Start(ctx context.Context) error {
	if err := s.setSchedules(ctx); err != nil {
		return fmt.Errorf("set schedules: %w", err)
	}
	// River takes the end of its context for a failure of what is running, and counts an attempt.
	ctx = context.WithoutCancel(ctx)
	if err := s.startJobs(ctx); err != nil {
		return err
	}
	ctx, s.cancel = context.WithCancel(ctx)
	s.owner.Go(func() { s.loop(ctx) })
	return nil
}

func (s *Schedule) startJobs(ctx context.Context) error {
	if s.replica == nil {
		n, err := giveBack(ctx, s.o.DB.SQL(), s.jobs, func(j *rivertype.JobRow) bool { return clientOf(j) != s.jobs.ID() })
		if err != nil {
			return fmt.Errorf("give back jobs of an ended process: %w", err)
		}
		if n > 0 {
			s.o.Logger.Info("jobs of a process that ended are worked again", "jobs", n)
		}
	}
	if err := s.jobs.Start(ctx); err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	return nil
}

// Stop ends the work in progress and gives it back to the queue, where another replica, or this one
// when it starts again, takes it up; no attempt is counted. It waits until all has ended, at most
// as long as ctx.
func (s *Schedule) Stop(ctx context.Context) error {
	if s.cancel == nil {
		return nil
	}
	s.cancel()
	s.owner.Wait()
	err := s.jobs.StopAndCancel(ctx)
	if s.replica != nil {
		s.replica.leave(ctx)
	}
	if err != nil {
		return fmt.Errorf("stop the job queue: %w", err)
	}
	return nil
}

// now is the clock as times are kept: UTC, to the millisecond.
func (s *Schedule) now() time.Time { return s.o.Clock().UTC().Truncate(time.Millisecond) }

// published tells of changes, after their commit.
func (s *Schedule) published(workspaceID string, changes ...Change) {
	if s.o.Published == nil {
		return
	}
	for _, c := range changes {
		s.o.Published(workspaceID, c)
	}
}
