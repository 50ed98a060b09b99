package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/memseep/memseep/internal/state"
)

// planned is what has a schedule: an inspection, or the trigger of a script's function.
type planned struct {
	workspace, id  string
	schedule, zone string
	expires, due   time.Time // zero is never
	trigger        *state.Trigger
	inspection     *state.Inspection // one of the two
}

func ofInspection(i state.Inspection) planned {
	return planned{
		workspace: i.WorkspaceID, id: i.ID, schedule: i.Schedule, zone: i.TimeZone, expires: i.ExpiresAt, due: i.NextRunAt, inspection: &i,
	}
}

func ofTrigger(t state.Trigger) planned {
	return planned{
		workspace: t.WorkspaceID, id: t.ID, schedule: t.Schedule, zone: t.TimeZone, expires: t.ExpiresAt, due: t.NextRunAt, trigger: &t,
	}
}

// plannedKind is one of the two sorts of what has a schedule.
type plannedKind struct {
	next func(ctx context.Context, q *state.Queries) (time.Time, error)                 // when one is due next; zero is never
	due  func(ctx context.Context, tx *state.Tx, now time.Time) (p *planned, err error) // claims one; nil where none is due
}

var (
	inspections = plannedKind{
		next: func(ctx context.Context, q *state.Queries) (time.Time, error) { return q.NextDue(ctx) },
		due:  dueInspection,
	}
	triggers = plannedKind{
		next: func(ctx context.Context, q *state.Queries) (time.Time, error) { return q.NextTrigger(ctx) },
		due:  dueTrigger,
	}
)

func dueInspection(ctx context.Context, tx *state.Tx, now time.Time) (*planned, error) {
	rows, err := tx.DueInspections(ctx, now, 1)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	p := ofInspection(rows[0])
	return &p, nil
}

func dueTrigger(ctx context.Context, tx *state.Tx, now time.Time) (*planned, error) {
	rows, err := tx.DueTriggers(ctx, now, 1)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	p := ofTrigger(rows[0])
	return &p, nil
}

// next is the first time after one at which it is due.
func (p *planned) next(after time.Time) (time.Time, error) { return NextRun(p.schedule, p.zone, after) }

// setNext keeps when it is due next, never where that is zero.
func (p *planned) setNext(ctx context.Context, q *state.Queries, next time.Time) error {
	if p.trigger != nil {
		return q.SetNextTrigger(ctx, p.workspace, p.id, next)
	}
	return q.SetNextRun(ctx, p.workspace, p.id, next)
}

// running are its runs that have not ended.
func (p *planned) running(ctx context.Context, q *state.Queries) ([]state.Run, error) {
	if p.trigger != nil {
		return q.RunningTriggerRuns(ctx, p.workspace, p.id)
	}
	return q.RunningRuns(ctx, p.workspace, p.id)
}

// Which runs of a trigger are kept.
const (
	defaultKeep = 500
	keepFor     = 90 * 24 * time.Hour
)

// trim deletes runs that are too many, of a trigger also those that are too old.
func (p *planned) trim(ctx context.Context, q *state.Queries, now time.Time) error {
	if p.trigger == nil {
		return q.TrimRuns(ctx, p.workspace, p.id)
	}
	keep := p.trigger.Keep
	if keep < 1 {
		keep = defaultKeep
	}
	return q.TrimTriggerRuns(ctx, p.workspace, p.id, keep, now.Add(-keepFor))
}

// newRun is a run of it that is not kept yet.
func (p *planned) newRun(ctx context.Context, q *state.Queries, scheduled time.Time) (*state.Run, error) {
	run := &state.Run{ID: state.NewID(), WorkspaceID: p.workspace, ScheduledAt: scheduled, Status: state.RunPending}
	if p.trigger == nil {
		run.InspectionID, run.Inspection = p.id, p.inspection.Name
		return run, nil
	}
	run.TriggerID = p.id
	key, err := originKey(ctx, q, p.trigger)
	if err != nil {
		return nil, err
	}
	run.Inspection = key
	// What the function has registered before has this run in its list, also where it fails before
	// it registers again.
	switch i, err := q.InspectionByOrigin(ctx, p.workspace, state.FromScript, key); {
	case err == nil:
		run.InspectionID, run.Inspection = i.ID, i.Name
	case !errors.Is(err, state.ErrNotFound):
		return nil, err
	}
	return run, nil
}

// originKey is what a trigger runs: SET__SCRIPT.FUNCTION.
func originKey(ctx context.Context, q *state.Queries, t *state.Trigger) (string, error) {
	script, err := q.Script(ctx, t.WorkspaceID, t.ScriptID)
	if err != nil {
		return "", err
	}
	set, err := q.ScriptSet(ctx, t.WorkspaceID, script.SetID)
	if err != nil {
		return "", err
	}
	return set.Name + "__" + script.Name + "." + t.Function, nil
}

// insertJob puts the job of a run into the queue, in the transaction that keeps the run.
func (s *Schedule) insertJob(ctx context.Context, tx *state.Tx, run *state.Run) error {
	var args river.JobArgs = parentArgs{Workspace: run.WorkspaceID, Run: run.ID}
	opts := s.insertOpts()
	if run.TriggerID != "" {
		args, opts = scriptArgs{Workspace: run.WorkspaceID, Run: run.ID}, scriptOpts()
	}
	if _, err := s.jobs.InsertTx(ctx, tx.SQL(), args, opts); err != nil {
		return fmt.Errorf("queue the run: %w", err)
	}
	return nil
}

// triggerOf is the trigger that runs an inspection of a script.
func triggerOf(i *state.Inspection) string {
	var of struct {
		TriggerID string `json:"trigger_id"`
	}
	if json.Unmarshal(i.Script, &of) != nil {
		return "" // it is of none
	}
	return of.TriggerID
}

// limitOf is how long a run may take: what its trigger or its inspection gives it.
func (s *Schedule) limitOf(ctx context.Context, run *state.Run) (time.Duration, error) {
	if run.TriggerID != "" {
		t, err := s.o.DB.Trigger(ctx, run.WorkspaceID, run.TriggerID)
		return triggerTimeout(t) + scriptGrace, err
	}
	i, err := s.o.DB.Inspection(ctx, run.WorkspaceID, run.InspectionID)
	return timeout(i), err
}

// triggerTimeout is how long the function of a trigger may take.
func triggerTimeout(t state.Trigger) time.Duration {
	if t.Timeout <= 0 {
		return DefaultTimeout
	}
	return t.Timeout
}
