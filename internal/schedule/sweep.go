package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river/rivertype"

	"github.com/memseep/memseep/internal/state"
)

// waitGrace is how much longer than its timeout a run may wait for a free worker.
const waitGrace = time.Minute

// farFuture is after every time at which a run is due, also by a clock that was set back.
var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// sweep ends runs that have taken too long, whatever became of their jobs, cancels what is worked
// here of ended ones, and gives back the jobs of replicas that are gone.
func (s *Schedule) sweep(ctx context.Context) error {
	now := s.o.Clock()
	// What is worked here is asked first: a run that begins while this reads is not taken for ended.
	here := s.workedHere()
	runs, err := s.o.DB.UnfinishedRuns(ctx, farFuture)
	if err != nil {
		return err
	}
	unfinished := make(map[string]bool, len(runs))
	for n := range runs {
		run := &runs[n]
		unfinished[run.ID] = true
		limit, err := s.limitOf(ctx, run)
		if errors.Is(err, state.ErrNotFound) {
			continue // what it is of was deleted in between, and the run with it
		}
		if err != nil {
			return err
		}
		if s.overdue(run, limit, now) {
			if err := s.endTimeout(ctx, run, limit); err != nil {
				return err
			}
			delete(unfinished, run.ID)
		}
	}
	s.forgetQueued(unfinished)
	for _, id := range here {
		if !unfinished[id] {
			s.drop(id)
		}
	}
	return s.rescue(ctx)
}

// overdue tells whether a run has used up its time. One that waits for a worker is measured by how
// long it has been seen waiting, since a run that is made up was due long ago.
func (s *Schedule) overdue(run *state.Run, limit time.Duration, now time.Time) bool {
	if !run.StartedAt.IsZero() {
		return now.Sub(run.StartedAt) >= limit
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	since, seen := s.queued[run.ID]
	if !seen {
		s.queued[run.ID] = now
		return false
	}
	return now.Sub(since) >= limit+waitGrace
}

func (s *Schedule) forgetQueued(unfinished map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.queued {
		if !unfinished[id] {
			delete(s.queued, id)
		}
	}
}

// endTimeout ends a run that has used up its time.
func (s *Schedule) endTimeout(ctx context.Context, run *state.Run, limit time.Duration) error {
	isScript := run.TriggerID != ""
	if isScript {
		limit -= scriptGrace
	}
	why := fmt.Sprintf("not done within its timeout of %s", limit)
	switch {
	case run.StartedAt.IsZero():
		why = fmt.Sprintf("waited %s for a free worker: give the server more workers, or what it runs other times", limit+waitGrace)
	case run.Chunks > 0:
		why += fmt.Sprintf("; %d of %d chunks were done", run.ChunksDone, run.Chunks)
	case isScript:
		why += "; the script was still running"
	default:
		why += "; its hosts were still being chosen"
	}
	return s.end(ctx, run, state.RunTimeout, why)
}

// rescueEvery is how often lost jobs are looked for.
const rescueEvery = 2 * time.Second

// rescue gives back the jobs of replicas that are gone, and those that the queue wrongly holds for
// running here.
func (s *Schedule) rescue(ctx context.Context) error {
	if time.Since(s.rescued) < rescueEvery {
		return nil
	}
	s.rescued = time.Now()
	gone := func(string) bool { return false } // SQLite's only process is this one
	if s.replica != nil {
		var err error
		if gone, err = s.replica.gone(ctx); err != nil {
			return fmt.Errorf("look for replicas that are gone: %w", err)
		}
	}
	n, err := giveBack(ctx, s.o.DB.SQL(), s.jobs, func(j *rivertype.JobRow) bool {
		if id := clientOf(j); id != s.jobs.ID() {
			return gone(id)
		}
		return s.forgot(j)
	})
	if n > 0 {
		s.o.Logger.Warn("jobs that were lost are worked again", "jobs", n)
	}
	return err
}
