package schedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	_ "modernc.org/sqlite" // the driver named sqlite
)

// These tests prove the queue that everything in this package stands on, without the package:
// River on SQLite with one writer. What holds and what does not is in docs/decisions/0003-schedule.md.

// openRiver opens the database as the server does and sees to River's tables.
func openRiver(ctx context.Context, path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=busy_timeout(10000)&_pragma=synchronous(normal)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	migrator, err := rivermigrate.New(riversqlite.New(db), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return nil, err
	}
	_, err = db.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS work (run TEXT, part INTEGER, done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (run, part));
		CREATE TABLE IF NOT EXISTS total (n INTEGER NOT NULL); INSERT INTO total SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM total);`)
	return db, err
}

// worked is a chunk's worker reduced to what the queue has to carry.
type worked struct {
	river.WorkerDefaults[chunkArgs]
	work    func(ctx context.Context, job *river.Job[chunkArgs]) error
	timeout time.Duration
}

func (w *worked) Work(ctx context.Context, job *river.Job[chunkArgs]) error { return w.work(ctx, job) }
func (w *worked) Timeout(*river.Job[chunkArgs]) time.Duration               { return w.timeout }
func (w *worked) NextRetry(*river.Job[chunkArgs]) time.Time {
	return time.Now().Add(10 * time.Millisecond)
}

func riverClient(db *sql.DB, w *worked, o river.Config) (*river.Client[*sql.Tx], error) {
	o.Workers = river.NewWorkers()
	river.AddWorker(o.Workers, w)
	o.Queues = map[string]river.QueueConfig{queue: {MaxWorkers: 4}}
	o.Logger = slog.New(slog.DiscardHandler)
	o.FetchCooldown = 10 * time.Millisecond
	o.FetchPollInterval = 50 * time.Millisecond
	o.TestOnly = true
	return river.NewClient(riversqlite.New(db), &o)
}

// finish does a part of the work once: whoever changes it from undone to done counts it.
func finish(ctx context.Context, db *sql.DB, a chunkArgs) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	r, err := tx.ExecContext(ctx, `UPDATE work SET done = 1 WHERE run = ? AND part = ? AND done = 0`, a.Run, a.Index)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE total SET n = n + 1`); err != nil {
		return err
	}
	return tx.Commit()
}

// riverChild works parts until it is killed, slowly enough to be killed in the middle of some.
func riverChild(args []string) error {
	ctx := context.Background()
	db, err := openRiver(ctx, args[0])
	if err != nil {
		return err
	}
	client, err := riverClient(db, &worked{work: func(ctx context.Context, job *river.Job[chunkArgs]) error {
		time.Sleep(time.Duration(rand.IntN(8)) * time.Millisecond)
		return finish(ctx, db, job.Args)
	}}, river.Config{MaxAttempts: 100})
	if err != nil {
		return err
	}
	if _, err := giveBack(ctx, db, client, func(j *rivertype.JobRow) bool { return clientOf(j) != client.ID() }); err != nil {
		return err
	}
	if err := client.Start(ctx); err != nil {
		return err
	}
	select {} // until it is killed
}

func TestRiverOnSQLiteLosesAndDoublesNothingUnderKills(t *testing.T) {
	t.Parallel()
	const parts, kills = 200, 6
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "river.db")
	db, err := openRiver(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	insert, err := river.NewClient(riversqlite.New(db), &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for i := range parts { // the part and its job are one commit
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		a := chunkArgs{Run: "r", Index: i}
		if _, err := tx.ExecContext(ctx, `INSERT INTO work (run, part) VALUES (?, ?)`, a.Run, a.Index); err != nil {
			t.Fatal(err)
		}
		if _, err := insert.InsertTx(ctx, tx, a, &river.InsertOpts{Queue: queue, MaxAttempts: 100}); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	done := func() int { return count(t, db, `SELECT count(*) FROM work WHERE done = 1`) }
	orphans := 0
	for range kills {
		kill := startChild(t, "river", path)
		want := min(done()+5+rand.IntN(parts/kills-5), parts)
		until(t, "parts are done", func() bool { return done() >= want })
		kill()
		orphans += count(t, db, `SELECT count(*) FROM river_job WHERE state = 'running'`)
	}
	defer startChild(t, "river", path)()
	until(t, "all is done", func() bool { return done() == parts })
	until(t, "no job is left", func() bool { return count(t, db, `SELECT count(*) FROM river_job WHERE state <> 'completed'`) == 0 })
	if n := count(t, db, `SELECT n FROM total`); n != parts {
		t.Errorf("%d parts were counted, want %d", n, parts)
	}
	if orphans == 0 {
		t.Error("no kill left a running job: this test shows nothing")
	}
	t.Logf("%d jobs were running when their process was killed", orphans)
}

func TestRiverOnSQLite(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		timeout time.Duration
		work    func(ctx context.Context, job *river.Job[chunkArgs]) error
		state   rivertype.JobState
		attempt int
	}{
		{"a good job", 0, func(context.Context, *river.Job[chunkArgs]) error { return nil }, rivertype.JobStateCompleted, 1},
		{"fails twice, then not", 0, func(_ context.Context, job *river.Job[chunkArgs]) error {
			if job.Attempt < 3 {
				return errors.New("not yet")
			}
			return nil
		}, rivertype.JobStateCompleted, 3},
		{"fails always", 0, func(context.Context, *river.Job[chunkArgs]) error { return errors.New("never") }, rivertype.JobStateDiscarded, 4},
		{"panics always", 0, func(context.Context, *river.Job[chunkArgs]) error { panic("on purpose") }, rivertype.JobStateDiscarded, 4},
		{"too slow once", 50 * time.Millisecond, func(ctx context.Context, job *river.Job[chunkArgs]) error {
			if job.Attempt > 1 {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}, rivertype.JobStateCompleted, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db, client := startRiver(t, &worked{work: tt.work, timeout: tt.timeout}, river.Config{})
			inserted, err := client.Insert(t.Context(), chunkArgs{Run: "r"}, &river.InsertOpts{Queue: queue, MaxAttempts: 4})
			if err != nil {
				t.Fatal(err)
			}
			until(t, "the job ends", func() bool {
				return count(t, db, `SELECT count(*) FROM river_job WHERE finalized_at IS NOT NULL`) == 1
			})
			job, err := client.JobGet(t.Context(), inserted.Job.ID)
			if err != nil || job.State != tt.state || job.Attempt != tt.attempt {
				t.Errorf("%s after %d attempts, %v; want %s after %d", job.State, job.Attempt, err, tt.state, tt.attempt)
			}
		})
	}
}

func TestRiverOnSQLiteGivesBackWhatIsRunningWhenItStops(t *testing.T) {
	t.Parallel()
	started := make(chan struct{}, 1)
	db, client := startRiver(t, &worked{work: func(ctx context.Context, _ *river.Job[chunkArgs]) error {
		started <- struct{}{}
		<-ctx.Done()
		return fmt.Errorf("read windows: %w", ctx.Err())
	}}, river.Config{})
	if _, err := client.Insert(t.Context(), chunkArgs{Run: "r"}, &river.InsertOpts{Queue: queue, MaxAttempts: 1}); err != nil {
		t.Fatal(err)
	}
	<-started
	if err := client.StopAndCancel(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, `SELECT count(*) FROM river_job WHERE state = 'available' AND attempt = 0 AND errors IS NULL`); n != 1 {
		t.Error("the job is not as it was before: available, no attempt counted")
	}
}

func TestRiverOnSQLiteRescuesWhatWasLost(t *testing.T) {
	t.Parallel()
	db, client := startRiver(t, nil, river.Config{})
	if _, err := client.Insert(t.Context(), chunkArgs{Run: "r"}, &river.InsertOpts{Queue: queue, MaxAttempts: 4}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE river_job SET state = 'running', attempt = 1,
		attempted_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 hour'), attempted_by = jsonb('["gone"]')`); err != nil {
		t.Fatal(err)
	}
	second, err := riverClient(db, &worked{work: func(context.Context, *river.Job[chunkArgs]) error { return nil }},
		river.Config{JobTimeout: time.Second, RescueStuckJobsAfter: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = second.StopAndCancel(context.WithoutCancel(t.Context())) }()
	until(t, "it is rescued and done", func() bool {
		return count(t, db, `SELECT count(*) FROM river_job WHERE state = 'completed' AND attempt = 2`) == 1
	})
}

// startRiver has a client that works; with no worker it only inserts.
func startRiver(t *testing.T, w *worked, o river.Config) (*sql.DB, *river.Client[*sql.Tx]) {
	t.Helper()
	db, err := openRiver(t.Context(), filepath.Join(t.TempDir(), "river.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if w == nil {
		client, err := river.NewClient(riversqlite.New(db), &river.Config{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		return db, client
	}
	client, err := riverClient(db, w, o)
	if err != nil {
		t.Fatal(err)
	}
	// River takes the end of this context for a failure of the jobs, not for a stop.
	if err := client.Start(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.StopAndCancel(context.Background()) })
	return db, client
}

func count(t *testing.T, db *sql.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// until polls for a condition, and fails the test where it does not come within half a minute.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited half a minute: %s", what)
		}
	}
}
