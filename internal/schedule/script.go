package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/state"
)

// ScriptError is what a script did wrong: its run ends with it, and is not tried again.
type ScriptError struct {
	Message   string
	Traceback string
	Timeout   bool // it took longer than its trigger gives it
}

// Error is the message.
func (e *ScriptError) Error() string { return e.Message }

// ErrNoScripts says that this server runs none.
var ErrNoScripts = errors.New("this server runs no scripts")

// errUnbound says that a script did something that needs an inspection before it had one.
var errUnbound = errors.New("the function is no inspection yet: decorate it with @self_hosted_monitor, so that it registers before it inspects or reports")

// ScriptRun is one run of a trigger's function, as who runs the function sees it. Its methods are
// safe for concurrent use. A run whose process was lost, or stopped, begins anew with the same clock:
// hosts and reports that were kept before count once.
type ScriptRun struct {
	Trigger state.Trigger
	Run     state.Run // as it was when this attempt began

	s *Schedule

	working sync.Mutex // one Inspect, Report or Bind at a time
	kept    map[string]bool
	seen    map[string]outcome // hosts that this attempt has judged

	mu         sync.Mutex // guards what follows
	run        state.Run
	inspection *state.Inspection // with the levels that its hosts are judged by
	result     json.RawMessage
	peak       int64
	log        printed
}

// At is the end of the windows and the run's clock. Until Bind it is when the run began.
func (r *ScriptRun) At() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.run.At.IsZero() {
		return r.run.StartedAt
	}
	return r.run.At
}

// TimeLeft is what the trigger's timeout leaves: an attempt after the first has less of it.
func (r *ScriptRun) TimeLeft() time.Duration {
	return max(triggerTimeout(r.Trigger)-r.s.o.Clock().Sub(r.current().StartedAt), 0)
}

// Returned says what the function returned, as JSON, and how much memory it took at most.
func (r *ScriptRun) Returned(result json.RawMessage, peakBytes int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result, r.peak = result, peakBytes
}

// Bind makes the run one of an inspection too, which the function has registered: what it inspects
// and reports from now on is the inspection's.
func (r *ScriptRun) Bind(ctx context.Context, i state.Inspection) error {
	r.working.Lock()
	defer r.working.Unlock()
	s, run := r.s, r.current()
	if i.WorkspaceID != run.WorkspaceID {
		return fmt.Errorf("bind the run to inspection %s: %w", i.ID, state.ErrNotFound)
	}
	i, err := s.withLevels(ctx, i)
	if err != nil {
		return err
	}
	run.InspectionID, run.Inspection = i.ID, i.Name
	if run.At.IsZero() {
		run.At = r.windowEnd(ctx, i)
	}
	err = s.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		if err := tx.BindRun(ctx, run.WorkspaceID, run.ID, i.ID, i.Name); err != nil {
			return err
		}
		return tx.UpdateRun(ctx, &run)
	})
	if err != nil {
		return overIfEnded(err)
	}
	r.mu.Lock()
	r.inspection = &i
	r.run = run
	r.mu.Unlock()
	s.published(run.WorkspaceID, runChange(&run))
	return nil
}

// windowEnd is the end of the windows of an inspection; now where its source cannot say: a script
// that only reports needs none, and one that inspects is told when it reads.
func (r *ScriptRun) windowEnd(ctx context.Context, i state.Inspection) time.Time {
	now := r.s.now()
	src, err := r.s.o.Source(ctx, i)
	if err != nil {
		return now
	}
	at, err := windowEnd(ctx, src, now)
	if err != nil {
		return now
	}
	return at
}

// Source is where the inspection reads from; where none is bound, the workspace's own store.
func (r *ScriptRun) Source(ctx context.Context) (inspect.Source, error) {
	i := state.Inspection{WorkspaceID: r.Run.WorkspaceID}
	if bound := r.bound(); bound != nil {
		i = *bound
	}
	src, err := r.s.o.Source(ctx, i)
	if err != nil {
		return nil, fmt.Errorf("open the source: %w", err)
	}
	return src, nil
}

// Options are those of the inspection, for what is read beside; where none is bound, the defaults.
// At and Now are the run's, series are not kept.
func (r *ScriptRun) Options() inspect.Options {
	at := r.At()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.inspection == nil {
		return inspect.Options{At: at, Now: at, Parallel: r.s.o.Parallel}
	}
	o := inspectOptions(*r.inspection, at, r.s.o.Parallel)
	o.Filters, o.KeepSeries = nil, false
	return o
}

func (r *ScriptRun) bound() *state.Inspection {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.inspection
}

func (r *ScriptRun) current() state.Run {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.run
}

// took keeps the run as a commit of this attempt has left it.
func (r *ScriptRun) took(run state.Run) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.run = run
}

// overIfEnded says of a change that came too late that the run is over.
func overIfEnded(err error) error {
	if errors.Is(err, state.ErrConflict) {
		return errEnded
	}
	return err
}
