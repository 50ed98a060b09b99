package state_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

func init() {
	suite["many write at once"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		i := addInspection(t, db, ws, "i")
		r := state.Run{WorkspaceID: ws, InspectionID: i.ID, ScheduledAt: now, Status: state.RunRunning}
		must(t, db.AddRun(ctx, &r))
		const writers, each = 8, 10
		atOnce(t, writers, func(n int) error {
			for k := range each {
				e := event.Event{WorkspaceID: ws, Fingerprint: fmt.Sprint(n, k), Status: event.Open, OpenedAt: now, UpdatedAt: now, LastSeenAt: now}
				err := db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
					e.ID = ""
					return errors.Join(tx.InsertEvent(ctx, &e), tx.AppendLog(ctx, ws, r.ID, []state.LogLine{{At: now, Level: "info", Text: e.Fingerprint}}))
				})
				if _, _, readErr := db.Events(ctx, ws, state.EventFilter{}); err != nil || readErr != nil {
					return errors.Join(err, readErr)
				}
			}
			return nil
		})
		counts, err := db.EventCounts(ctx, ws, state.EventFilter{})
		must(t, err)
		if counts.Total != writers*each {
			t.Errorf("%d events, want %d", counts.Total, writers*each)
		}
		log, err := db.RunLog(ctx, ws, r.ID, 0)
		must(t, err)
		for i, line := range log {
			if line.Seq != int64(i+1) {
				t.Fatalf("line %d is numbered %d", i+1, line.Seq)
			}
		}
		if len(log) != writers*each {
			t.Errorf("%d lines, want %d", len(log), writers*each)
		}
	}

	suite["a transaction is kept whole or not at all"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		broken := errors.New("broken")
		wantError(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			i := state.Inspection{WorkspaceID: ws, CreatedAt: now}
			must(t, tx.AddInspection(ctx, &i))
			_, err := tx.Inspection(ctx, ws, i.ID) // it sees its own writes
			must(t, err)
			return broken
		}), broken)
		rows, _, err := db.Inspections(ctx, ws, state.InspectionFilter{})
		must(t, err)
		if len(rows) != 0 {
			t.Error("what was taken back is there")
		}
	}

	suite["what is due is claimed once by two replicas"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		const due = 20
		for n := range due {
			i := state.Inspection{WorkspaceID: ws, Name: fmt.Sprint(n), Enabled: true, NextRunAt: now.Add(-time.Duration(n) * time.Minute), CreatedAt: now}
			must(t, db.AddInspection(ctx, &i))
		}
		for _, i := range []state.Inspection{{Enabled: false, NextRunAt: now}, {Enabled: true}, {Enabled: true, NextRunAt: now.Add(time.Hour)}} {
			i.WorkspaceID, i.CreatedAt = ws, now
			must(t, db.AddInspection(ctx, &i))
		}
		var claimed atomic.Int64
		atOnce(t, 2, func(int) error {
			for {
				got := 0
				err := db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
					rows, err := tx.DueInspections(ctx, now, 3)
					if err != nil {
						return err
					}
					got = len(rows)
					for _, i := range rows {
						r := state.Run{WorkspaceID: ws, InspectionID: i.ID, ScheduledAt: i.NextRunAt}
						if err := errors.Join(tx.AddRun(ctx, &r), tx.SetNextRun(ctx, ws, i.ID, now.Add(time.Hour))); err != nil {
							return err
						}
					}
					return nil
				})
				claimed.Add(int64(got))
				if err != nil || got == 0 {
					return err
				}
			}
		})
		// Rows that the other holds are passed over: a replica may end before all are claimed.
		must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			rows, err := tx.DueInspections(ctx, now, 100)
			claimed.Add(int64(len(rows)))
			return err
		}))
		if claimed.Load() != due {
			t.Errorf("claimed %d times, want %d", claimed.Load(), due)
		}
		next, err := db.NextDue(ctx)
		must(t, err)
		if next.IsZero() {
			t.Error("nothing is due next")
		}
	}

	suite["a chunk counts once"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		i := addInspection(t, db, ws, "i")
		r := state.Run{WorkspaceID: ws, InspectionID: i.ID, ScheduledAt: now, Status: state.RunRunning, Chunks: 3}
		must(t, db.AddRun(ctx, &r))
		must(t, db.AddChunks(ctx, ws, r.ID, []state.Chunk{{Index: 0, Hosts: []string{"a"}}, {Index: 1}, {Index: 2}}))
		var counted, last atomic.Int64
		atOnce(t, 6, func(n int) error { // each chunk by two
			run, mine, err := db.FinishChunk(ctx, ws, r.ID, n%3, state.ChunkResult{Hosts: 10, Failed: 1, NoData: 2, Leaks: 3, Opened: 4, Recovered: 5, EndedAt: now})
			if mine {
				counted.Add(1)
				if run.ChunksDone == run.Chunks {
					last.Add(1)
				}
			}
			return err
		})
		if counted.Load() != 3 || last.Load() != 1 {
			t.Errorf("%d counted and %d were the last, want 3 and 1", counted.Load(), last.Load())
		}
		got, err := db.Run(ctx, ws, r.ID)
		must(t, err)
		r.ChunksDone, r.Hosts, r.Failed, r.NoData, r.Leaks, r.Opened, r.RecoveredN, r.Log = 3, 30, 3, 6, 9, 12, 15, []state.LogLine{}
		same(t, r, got)
		pending, err := db.PendingChunks(ctx, ws, r.ID)
		must(t, err)
		if len(pending) != 0 {
			t.Errorf("pending: %v", pending)
		}
		if done, err := db.Chunk(ctx, ws, r.ID, 0); err != nil || len(done.Hosts) != 0 || done.Status != state.ChunkDone {
			t.Errorf("the first chunk is %+v, %v: want it done, and its hosts forgotten", done, err)
		}

		r.Status, r.EndedAt = state.RunSuccess, now
		must(t, db.UpdateRun(ctx, &r))
		wantError(t, db.UpdateRun(ctx, &r), state.ErrConflict)
		running, err := db.RunningRuns(ctx, ws, i.ID)
		must(t, err)
		if len(running) != 0 {
			t.Errorf("still running: %v", running)
		}
	}

	suite["runs above 500 are trimmed"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		i := addInspection(t, db, ws, "i")
		must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			for n := range 503 {
				r := state.Run{ID: fmt.Sprintf("%04d", n), WorkspaceID: ws, InspectionID: i.ID, ScheduledAt: now.Add(time.Duration(n) * time.Hour), Status: state.RunSuccess}
				if n == 0 {
					r.Status = state.RunRunning
				}
				if err := tx.AddRun(ctx, &r); err != nil {
					return err
				}
			}
			return nil
		}))
		must(t, db.TrimRuns(ctx, ws, i.ID))
		for id, want := range map[string]error{"0000": nil, "0001": state.ErrNotFound, "0002": state.ErrNotFound, "0003": nil} {
			_, err := db.Run(ctx, ws, id)
			wantError(t, err, want)
		}
	}

	// The state's record and the job that follows from it are one commit.
	suite["a job is kept with what it follows from"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		var driver riverdriver.Driver[*sql.Tx] = riversqlite.New(db.SQL())
		if db.Dialect() == state.Postgres {
			driver = riverdatabasesql.NewWithPgxListener(db.SQL(), db.Pool())
		}
		jobs, err := river.NewClient(driver, &river.Config{Logger: slog.New(slog.DiscardHandler)})
		must(t, err)
		broken := errors.New("broken")
		for _, end := range []error{broken, nil} {
			wantError(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
				_, err := jobs.InsertTx(ctx, tx.SQL(), tellArgs{"o'brien"}, &river.InsertOpts{ScheduledAt: now, Tags: []string{"tag"}})
				return errors.Join(err, tx.AddAudit(ctx, &state.Audit{WorkspaceID: ws}), end)
			}), end)
		}
		kept, err := jobs.JobList(ctx, river.NewJobListParams().Kinds("tell"))
		must(t, err)
		if len(kept.Jobs) != 1 || string(kept.Jobs[0].EncodedArgs) == "" {
			t.Errorf("%d jobs, want 1", len(kept.Jobs))
		}
	}
}

type tellArgs struct{ Whom string }

func (tellArgs) Kind() string { return "tell" }

// Processes that start at once on a new database all find it migrated.
func testMigrationsAtOnce(t *testing.T, address string) {
	atOnce(t, 4, func(int) error {
		db, err := state.Open(t.Context(), state.Config{URL: address, Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return err
		}
		_, _, err = db.Workspaces(t.Context(), state.Page{})
		return errors.Join(err, db.Close())
	})
}

func TestOpenRefuses(t *testing.T) {
	for _, url := range []string{"", "state.db", "sqlite:", "sqlite::memory:", "mysql://x", "postgres://127.0.0.1:1/x?connect_timeout=1", "sqlite:/dev/null/x"} {
		if db, err := state.Open(t.Context(), state.Config{URL: url}); err == nil {
			t.Errorf("%q was opened", url)
			_ = db.Close()
		}
	}
}

func atOnce(t *testing.T, n int, f func(n int) error) {
	t.Helper()
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if err := f(i); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
