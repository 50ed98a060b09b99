package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// chunkWorker inspects the hosts of one chunk and keeps what was found.
type chunkWorker struct {
	river.WorkerDefaults[chunkArgs]
	s *Schedule
}

// NextRetry is when a failed chunk is tried again, it alone.
func (w *chunkWorker) NextRetry(job *river.Job[chunkArgs]) time.Time { return w.s.retryAt(job.JobRow) }

// Work is called by River. A chunk that was worked twice, since its first job was taken for lost,
// counts once.
func (w *chunkWorker) Work(ctx context.Context, job *river.Job[chunkArgs]) error {
	s, a := w.s, job.Args
	s.metrics.lag.Observe(time.Since(job.ScheduledAt).Seconds())
	run, i, err := s.load(ctx, a.Workspace, a.Run)
	if err != nil || !going(run) {
		return ignoreGone(err)
	}
	chunk, err := s.o.DB.Chunk(ctx, a.Workspace, a.Run, a.Index)
	if err != nil || chunk.Status == state.ChunkDone {
		return ignoreGone(err)
	}
	if job.Attempt > job.MaxAttempts {
		return s.giveUp(ctx, run, chunk, "its process was lost in each attempt")
	}
	ctx, done := s.begin(ctx, &run, timeout(i), a.Index)
	defer done()
	started := time.Now()
	err = s.inspectChunk(ctx, run, i, chunk)
	s.metrics.chunk.Observe(time.Since(started).Seconds())
	switch {
	case err == nil:
		s.metrics.chunks.WithLabelValues("done").Inc()
		return nil
	case endedHere(ctx) || errors.Is(err, errEnded):
		s.metrics.chunks.WithLabelValues("dropped").Inc()
		return nil
	case interrupted(ctx):
		return stopped(ctx, err)
	}
	s.metrics.chunks.WithLabelValues("failed").Inc()
	after, cancel := lastWords(ctx)
	defer cancel()
	if job.Attempt == job.MaxAttempts {
		return s.giveUp(after, run, chunk, err.Error())
	}
	if kept := s.o.DB.AttemptChunk(after, a.Workspace, a.Run, a.Index, err.Error()); kept != nil {
		err = errors.Join(err, kept)
	}
	s.logAlone(after, &run, "warning", fmt.Sprintf("chunk %d failed, attempt %d of %d: %s", a.Index+1, job.Attempt, job.MaxAttempts, err))
	return err
}

// inspected is what a chunk has found, ready to be kept.
type inspected struct {
	collected
	hosts  []state.Host
	unread []string // why hosts could not be read
	result state.ChunkResult
}

// inspectChunk reads, judges and keeps one chunk.
func (s *Schedule) inspectChunk(ctx context.Context, run state.Run, i state.Inspection, chunk state.Chunk) error {
	i, err := s.withLevels(ctx, i)
	if err != nil {
		return err
	}
	found, err := s.judge(ctx, run, i, chunk.Hosts)
	if err != nil {
		return err
	}
	_, err = s.commit(ctx, run, i, chunk, found)
	if errors.Is(err, errCounted) {
		return nil
	}
	return err
}

// withLevels is an inspection with the levels of its workspace where it has none.
func (s *Schedule) withLevels(ctx context.Context, i state.Inspection) (state.Inspection, error) {
	if i.Thresholds != (leak.Thresholds{}) || s.o.Levels == nil {
		return i, nil
	}
	var err error
	if i.Thresholds, err = s.o.Levels(ctx, i.WorkspaceID); err != nil {
		return i, fmt.Errorf("read the levels of the workspace: %w", err)
	}
	return i, nil
}

// judge reads and judges hosts.
func (s *Schedule) judge(ctx context.Context, run state.Run, i state.Inspection, hosts []string) (*inspected, error) {
	src, err := s.o.Source(ctx, i)
	if err != nil {
		return nil, fmt.Errorf("open the source: %w", err)
	}
	found := &inspected{}
	now := s.now()
	sum, err := inspect.Run(ctx, fixed{src, hosts}, inspectOptions(i, run.At, s.o.Parallel), func(f inspect.Finding) error {
		return found.take(f, now)
	})
	if err != nil {
		return nil, err
	}
	found.trim()
	found.result = state.ChunkResult{Hosts: sum.Hosts, Failed: sum.Failed, NoData: sum.NoData, Leaks: sum.Leaks}
	return found, nil
}

// inspectOptions are those of an inspection for hosts that were chosen before.
func inspectOptions(i state.Inspection, at time.Time, parallel int) inspect.Options {
	history := i.History
	if history == 0 {
		history = -1 // none was asked for; to a run zero is the default
	}
	return inspect.Options{
		At: at, Now: at, Window: i.Window, History: history, Thresholds: i.Thresholds,
		Filters: []inspect.Filter{keepAll}, Parallel: parallel, KeepSeries: true,
	}
}

// take adds a finding; all of one host come together, the host's own first.
func (in *inspected) take(f inspect.Finding, now time.Time) error {
	if f.Object.Kind == leak.KindHost {
		switch h, err := hostRecord(&f, now); {
		case f.Err != nil:
			in.unread = append(in.unread, f.Object.Host+": "+f.Err.Error())
		case err != nil:
			return err
		default:
			in.hosts = append(in.hosts, h)
		}
	}
	in.add(f)
	return nil
}
