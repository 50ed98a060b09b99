package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/memseep/memseep/internal/state"
)

// scriptQueue is River's queue of scripts: one that takes long keeps no inspection waiting.
const scriptQueue = "scripts"

// scriptAttempts is how often a function is begun at most where its process is lost, or the database
// or the sandbox is away. What a script itself does wrong is never tried again.
const scriptAttempts = 3

// scriptGrace is how much longer than its timeout a script's run may take, so that who runs it can say
// where it was.
const scriptGrace = 5 * time.Second

// maxResult is how long a kept result may be, in bytes of JSON.
const maxResult = 1 << 20

// scriptArgs is the job that runs the function of a trigger.
type scriptArgs struct {
	Workspace string `json:"workspace"`
	Run       string `json:"run"`
}

// Kind names the job in River's tables.
func (scriptArgs) Kind() string { return "script" }

func scriptOpts() *river.InsertOpts {
	return &river.InsertOpts{Queue: scriptQueue, MaxAttempts: scriptAttempts}
}

// scriptWorker runs the function of a trigger.
type scriptWorker struct {
	river.WorkerDefaults[scriptArgs]
	s *Schedule
}

// NextRetry is when an attempt that failed is followed by the next.
func (w *scriptWorker) NextRetry(job *river.Job[scriptArgs]) time.Time {
	return w.s.retryAt(job.JobRow)
}

// Timeout is none of River's: the run's own deadline ends it, and lost jobs are given back.
func (w *scriptWorker) Timeout(*river.Job[scriptArgs]) time.Duration { return -1 }

// Work is called by River.
func (w *scriptWorker) Work(ctx context.Context, job *river.Job[scriptArgs]) error {
	s, a := w.s, job.Args
	s.metrics.lag.Observe(time.Since(job.ScheduledAt).Seconds())
	run, err := s.o.DB.Run(ctx, a.Workspace, a.Run)
	if err != nil || !going(run) {
		return ignoreGone(err)
	}
	t, err := s.o.DB.Trigger(ctx, a.Workspace, run.TriggerID)
	if err != nil {
		return ignoreGone(err)
	}
	if job.Attempt > job.MaxAttempts {
		return s.fail(ctx, &run, "the process was lost each time that it ran the script")
	}
	ctx, done := s.begin(ctx, &run, triggerTimeout(t)+scriptGrace, parentIndex)
	defer done()
	r, err := s.startScript(ctx, run, t)
	switch {
	case errors.Is(err, state.ErrConflict), errors.Is(err, state.ErrNotFound):
		return nil // it has ended, or was deleted, in between
	case err != nil:
		return stopped(ctx, err)
	}
	err = r.work(ctx)
	var wrong *ScriptError
	after, cancel := lastWords(ctx)
	defer cancel()
	switch {
	case endedHere(ctx):
		return nil
	case err == nil:
		return r.end(after, nil)
	case interrupted(ctx):
		return stopped(ctx, err) // whatever the script made of it
	case errors.As(err, &wrong):
		return r.end(after, wrong)
	case job.Attempt == job.MaxAttempts:
		return r.end(after, &ScriptError{Message: err.Error()})
	}
	s.logAlone(after, &run, "warning", fmt.Sprintf("the script could not be run, attempt %d of %d: %s", job.Attempt, job.MaxAttempts, err))
	return err
}

// startScript begins a run, or an attempt at it anew.
func (s *Schedule) startScript(ctx context.Context, run state.Run, t state.Trigger) (*ScriptRun, error) {
	if run.Status == state.RunRunning {
		s.logAlone(ctx, &run, "warning", "the script begins anew: the attempt before did not come to its end")
	} else {
		run.Status, run.StartedAt = state.RunRunning, s.now()
		if err := s.o.DB.UpdateRun(ctx, &run); err != nil {
			return nil, err
		}
		s.published(run.WorkspaceID, runChange(&run))
	}
	return &ScriptRun{Trigger: t, Run: run, s: s, run: run}, nil
}

// work runs the function, and writes its log as it grows.
func (r *ScriptRun) work(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("running the script panicked: %v", p)
		}
	}()
	if r.s.o.Scripts == nil {
		return &ScriptError{Message: ErrNoScripts.Error()}
	}
	printing, stop := context.WithCancel(ctx)
	flushed := make(chan struct{})
	go func() {
		defer close(flushed)
		r.keepPrints(printing)
	}()
	defer func() {
		stop()
		<-flushed
		after, cancel := lastWords(ctx)
		defer cancel()
		r.flush(after)
	}()
	return r.s.o.Scripts(ctx, r)
}

// end ends a run whose function has come to its end, or failed.
func (r *ScriptRun) end(ctx context.Context, wrong *ScriptError) error {
	s := r.s
	var kept committed
	err := s.again(ctx, func(ctx context.Context, tx *state.Tx) error {
		kept = committed{last: true}
		var err error
		if kept.run, err = tx.AddToRun(ctx, r.Run.WorkspaceID, r.Run.ID, state.ChunkResult{}); err != nil {
			return err
		}
		if !going(kept.run) {
			return errEnded
		}
		lines := r.close(&kept.run, wrong)
		if err := s.tieIncidents(ctx, tx, &kept); err != nil {
			return err
		}
		if err := tx.UpdateRun(ctx, &kept.run); err != nil {
			return err
		}
		if err := tx.ForgetHosts(ctx, kept.run.WorkspaceID, kept.run.ID); err != nil {
			return err
		}
		return tx.AppendLog(ctx, kept.run.WorkspaceID, kept.run.ID, lines)
	})
	switch {
	case errors.Is(err, errEnded), errors.Is(err, state.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("end run %s: %w", r.Run.ID, err)
	}
	s.tell(kept)
	return nil
}

// close fills in how the run has ended, and returns the last lines of its log.
func (r *ScriptRun) close(run *state.Run, wrong *ScriptError) []state.LogLine {
	s := r.s
	r.mu.Lock()
	run.Result, run.PeakBytes = r.result, r.peak
	r.mu.Unlock()
	var lines []state.LogLine
	if len(run.Result) > maxResult {
		run.Result = nil
		lines = append(lines, s.line("warning", fmt.Sprintf("what the function returned is longer than %d bytes and not kept", maxResult)))
	}
	if wrong == nil {
		return append(lines, s.endRun(run)...)
	}
	run.Status, run.EndedAt = state.RunFailure, s.now()
	if wrong.Timeout {
		run.Status = state.RunTimeout
	}
	run.Error, run.Traceback = printable(wrong.Message, maxMessage), printable(wrong.Traceback, maxMessage)
	return append(lines, s.line("error", run.Error))
}
