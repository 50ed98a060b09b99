package schedule

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// parentIndex stands for the parent among a run's chunks.
const parentIndex = -1

// errEnded is the cause of a context whose run has ended: what is left of it is dropped.
var errEnded = errors.New("the run has ended")

// begin gives the work at a run a context that ends with the run: when it has taken as long as it may,
// or when this or another replica ends it. What it returns beside has to be called when the work is
// done.
func (s *Schedule) begin(ctx context.Context, run *state.Run, left time.Duration, index int) (context.Context, func()) {
	if !run.StartedAt.IsZero() {
		left -= s.o.Clock().Sub(run.StartedAt)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(left, func() { cancel(errEnded) })
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.working[run.ID] == nil {
		s.working[run.ID] = map[int]context.CancelCauseFunc{}
	}
	s.working[run.ID][index] = cancel
	return ctx, func() {
		timer.Stop()
		cancel(nil)
		s.mu.Lock()
		defer s.mu.Unlock()
		if delete(s.working[run.ID], index); len(s.working[run.ID]) == 0 {
			delete(s.working, run.ID)
		}
	}
}

// timeout is how long a run of the inspection may take.
func timeout(i state.Inspection) time.Duration {
	if i.Timeout <= 0 {
		return DefaultTimeout
	}
	return i.Timeout
}

// endedHere tells whether the context ended because its run has.
func endedHere(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errEnded) }

// interrupted tells whether the work was stopped with its process: neither has its run ended, nor
// has the attempt used up its time.
func interrupted(ctx context.Context) bool { return errors.Is(ctx.Err(), context.Canceled) }

// lastWords is for what has to be kept of an attempt whose own time is up.
func lastWords(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
}

// stopped makes River see a stop for what it is, whatever a source made of the cancelled context.
func stopped(ctx context.Context, err error) error {
	if cancelled := ctx.Err(); cancelled != nil && !errors.Is(err, cancelled) {
		return fmt.Errorf("%w: %w", cancelled, err)
	}
	return err
}

// workedHere lists the runs that this process works at.
func (s *Schedule) workedHere() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Keys(s.working))
}

// drop cancels what is worked here of a run that has ended.
func (s *Schedule) drop(runID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cancel := range s.working[runID] {
		cancel(errEnded)
	}
}
