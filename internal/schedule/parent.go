package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/state"
)

// ErrRunning says that a run of the inspection or the trigger is going on.
var ErrRunning = errors.New("a run of it is going on: wait for its end")

// RunNow runs an inspection at once for a person, also while all is paused or its trigger is off.
// The error is ErrRunning where a run of it has not ended, state.ErrNotFound where there is none. Of
// an inspection that a script has registered the trigger runs.
func (s *Schedule) RunNow(ctx context.Context, workspaceID, inspectionID, by string) (state.Run, error) {
	run, err := s.runNow(ctx, by, func(ctx context.Context, tx *state.Tx) (planned, error) {
		i, err := tx.Inspection(ctx, workspaceID, inspectionID)
		if err != nil || i.Origin != state.FromScript {
			return ofInspection(i), err
		}
		t, err := tx.Trigger(ctx, workspaceID, triggerOf(&i))
		if err != nil {
			return planned{}, fmt.Errorf("the trigger that runs it is gone: make one for the function %s: %w", i.OriginKey, err)
		}
		return ofTrigger(t), nil
	})
	if err != nil {
		return run, fmt.Errorf("run inspection %s: %w", inspectionID, err)
	}
	return run, nil
}

// RunTrigger runs the function of a trigger at once for a person, also while all is paused or the
// trigger is off. The error is ErrRunning where a run of it has not ended, state.ErrNotFound where
// there is none.
func (s *Schedule) RunTrigger(ctx context.Context, workspaceID, triggerID, by string) (state.Run, error) {
	run, err := s.runNow(ctx, by, func(ctx context.Context, tx *state.Tx) (planned, error) {
		t, err := tx.Trigger(ctx, workspaceID, triggerID)
		return ofTrigger(t), err
	})
	if err != nil {
		return run, fmt.Errorf("run trigger %s: %w", triggerID, err)
	}
	return run, nil
}

func (s *Schedule) runNow(ctx context.Context, by string, read func(context.Context, *state.Tx) (planned, error)) (state.Run, error) {
	var run *state.Run
	err := s.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		p, err := read(ctx, tx)
		if err != nil {
			return err
		}
		if p.trigger != nil && s.o.Scripts == nil {
			return ErrNoScripts
		}
		before, err := p.running(ctx, tx.Queries)
		if err != nil {
			return err
		}
		if len(before) > 0 {
			return ErrRunning
		}
		if run, err = p.newRun(ctx, tx.Queries, s.now()); err != nil {
			return err
		}
		run.Manual = by
		if err := tx.AddRun(ctx, run); err != nil {
			return err
		}
		if err := p.trim(ctx, tx.Queries, s.now()); err != nil {
			return err
		}
		return s.insertJob(ctx, tx, run)
	})
	if err != nil {
		return state.Run{}, err
	}
	s.published(run.WorkspaceID, runChange(run))
	return *run, nil
}

func runChange(r *state.Run) Change {
	return Change{Kind: "run", ID: r.ID, InspectionID: r.InspectionID, Status: string(r.Status)}
}

// parentWorker begins a run: it chooses the hosts once and cuts them into chunks.
type parentWorker struct {
	river.WorkerDefaults[parentArgs]
	s *Schedule
}

// NextRetry is when a failed choice of hosts is tried again.
func (w *parentWorker) NextRetry(job *river.Job[parentArgs]) time.Time {
	return w.s.retryAt(job.JobRow)
}

// Work is called by River. Whatever is done twice is as done once.
func (w *parentWorker) Work(ctx context.Context, job *river.Job[parentArgs]) error {
	s, a := w.s, job.Args
	s.metrics.lag.Observe(time.Since(job.ScheduledAt).Seconds())
	run, i, err := s.load(ctx, a.Workspace, a.Run)
	if err != nil || !going(run) || run.Chunks > 0 {
		return ignoreGone(err)
	}
	if job.Attempt > job.MaxAttempts {
		return s.fail(ctx, &run, "the process was lost each time that it chose the hosts")
	}
	ctx, done := s.begin(ctx, &run, timeout(i), parentIndex)
	defer done()
	err = s.choose(ctx, &run, i)
	switch {
	case err == nil, errors.Is(err, state.ErrConflict), endedHere(ctx):
		return nil // a conflict: it has ended in between
	case interrupted(ctx):
		return stopped(ctx, err)
	}
	after, cancel := lastWords(ctx)
	defer cancel()
	if job.Attempt == job.MaxAttempts {
		return s.fail(after, &run, err.Error())
	}
	s.logAlone(after, &run, "warning", fmt.Sprintf("hosts could not be chosen, attempt %d of %d: %s", job.Attempt, job.MaxAttempts, err))
	return err
}

// load reads a run and its inspection.
func (s *Schedule) load(ctx context.Context, workspaceID, runID string) (state.Run, state.Inspection, error) {
	run, err := s.o.DB.Run(ctx, workspaceID, runID)
	if err != nil {
		return run, state.Inspection{}, err
	}
	i, err := s.o.DB.Inspection(ctx, workspaceID, run.InspectionID)
	return run, i, err
}

// ignoreGone drops the error of a run that was deleted with its inspection: there is nothing to do.
func ignoreGone(err error) error {
	if errors.Is(err, state.ErrNotFound) {
		return nil
	}
	return err
}

func going(r state.Run) bool { return r.Status == state.RunPending || r.Status == state.RunRunning }

// choose fixes what the run inspects: the end of the windows, the hosts, the chunks and their jobs.
func (s *Schedule) choose(ctx context.Context, run *state.Run, i state.Inspection) error {
	now := s.now()
	if run.Status == state.RunPending {
		run.Status, run.StartedAt = state.RunRunning, now
		if err := s.o.DB.UpdateRun(ctx, run); err != nil {
			return err
		}
		s.published(run.WorkspaceID, runChange(run))
	}
	src, err := s.o.Source(ctx, i)
	if err != nil {
		return fmt.Errorf("open the source: %w", err)
	}
	var hosts []string
	var warnings []string
	switch run.At, err = windowEnd(ctx, src, now); {
	case hasNoSamples(i, err):
		run.At, warnings = now, []string{noSamplesText}
	case err != nil:
		return err
	default:
		if hosts, warnings, err = s.chooseHosts(ctx, src, i, run.At); err != nil {
			return err
		}
	}
	chunks := cut(hosts, s.o.ChunkHosts)
	run.Chunks = len(chunks)
	err = s.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		return s.keepChunks(ctx, tx, run, chunks, len(hosts), warnings)
	})
	if errors.Is(err, state.ErrExists) {
		return nil // another replica has done the same
	}
	if err == nil && len(chunks) == 0 {
		s.ended(*run)
	}
	return err
}

// windowEnd is the newest sample, so that one on its way is not taken for a gap; and now where that
// is old, so that data which has ended is seen to have.
func windowEnd(ctx context.Context, src inspect.Source, now time.Time) (time.Time, error) {
	const onItsWay = 5 * time.Minute
	newest, err := src.Newest(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("find the newest sample: %w", err)
	}
	if newest.After(now) || now.Sub(newest) > onItsWay {
		return now, nil
	}
	return newest.UTC(), nil
}

// noSamplesText is what a run says that comes before the first sample.
const noSamplesText = "the source has no samples yet: there is nothing to inspect until a collector sends some"

const noHostsText = "the source has no hosts: check that collectors send, and to this workspace"

// hasNoSamples tells whether the workspace's own store says that it has none, which is no failure: they
// are on their way. An address outside that has none is the wrong one.
func hasNoSamples(i state.Inspection, err error) bool {
	var none interface{ NoSamples() bool }
	return i.SourceID == "" && errors.As(err, &none) && none.NoSamples()
}

func unmatchedText(name string) string {
	return fmt.Sprintf("no host is named %s: check the inspection's list of hosts", name)
}

func cut(hosts []string, size int) []state.Chunk {
	var out []state.Chunk
	for start := 0; start < len(hosts); start += size {
		out = append(out, state.Chunk{Index: len(out), Hosts: hosts[start:min(start+size, len(hosts))]})
	}
	return out
}

// keepChunks writes the chunks and their jobs in one commit; a run without hosts ends with it.
func (s *Schedule) keepChunks(ctx context.Context, tx *state.Tx, run *state.Run, chunks []state.Chunk, hosts int, warnings []string) error {
	if len(chunks) == 0 {
		run.Status, run.EndedAt = state.RunSuccess, s.now()
	}
	if err := tx.UpdateRun(ctx, run); err != nil {
		return err
	}
	if err := tx.AddChunks(ctx, run.WorkspaceID, run.ID, chunks); err != nil {
		return err
	}
	jobs := make([]river.InsertManyParams, len(chunks))
	for n := range chunks {
		jobs[n] = river.InsertManyParams{Args: chunkArgs{Workspace: run.WorkspaceID, Run: run.ID, Index: n}, InsertOpts: s.insertOpts()}
	}
	if len(jobs) > 0 {
		if _, err := s.jobs.InsertManyTx(ctx, tx.SQL(), jobs); err != nil {
			return fmt.Errorf("queue the chunks: %w", err)
		}
	}
	lines := []state.LogLine{s.line("info", fmt.Sprintf("windows end at %s; %s, %s",
		run.At.Format(time.RFC3339), plural(hosts, "host"), plural(len(chunks), "chunk")))}
	for _, w := range warnings {
		lines = append(lines, s.line("warning", w))
	}
	if hosts == 0 && len(warnings) == 0 {
		lines = append(lines, s.line("warning", noHostsText))
	}
	return tx.AppendLog(ctx, run.WorkspaceID, run.ID, lines)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// fail ends a run that cannot go on.
func (s *Schedule) fail(ctx context.Context, run *state.Run, why string) error {
	return s.end(ctx, run, state.RunFailure, why)
}
