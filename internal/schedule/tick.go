package schedule

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// lateAfter is how much later than it was due a run is made up, and says so.
const lateAfter = time.Minute

// loop looks each second for what is due and for what has to end, until its context ends.
func (s *Schedule) loop(ctx context.Context) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	failing := false
	for {
		err := s.tick(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			s.o.Logger.Error("the schedule cannot go on; it tries again each second", "error", err)
		case err == nil && failing:
			s.o.Logger.Info("the schedule goes on")
		}
		failing = err != nil
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// tick ends what has taken too long before it claims what is due, so that a run which hung when
// everything went down does not make the next one a skipped one.
func (s *Schedule) tick(ctx context.Context) error {
	return errors.Join(s.sweep(ctx), s.claimDue(ctx))
}

func (s *Schedule) claimDue(ctx context.Context) error {
	for {
		now := s.o.Clock()
		next, err := s.o.DB.NextDue(ctx)
		if err != nil {
			return err
		}
		if next.IsZero() || next.After(now) {
			return nil
		}
		if claimed, err := s.claim(ctx, now); err != nil || !claimed {
			return err // what another replica has claimed is none of ours
		}
	}
}

// claim takes one trigger that is due: when it is next due, its run and the run's job are one commit.
func (s *Schedule) claim(ctx context.Context, now time.Time) (claimed bool, err error) {
	paused, err := s.Paused(ctx)
	if err != nil {
		return false, err
	}
	var i state.Inspection
	var run *state.Run
	err = s.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		claimed, run = false, nil
		due, err := tx.DueInspections(ctx, now, 1)
		if err != nil || len(due) == 0 {
			return err
		}
		claimed, i = true, due[0]
		run, err = s.fire(ctx, tx, i, now, paused.At(now))
		return err
	})
	switch {
	case claimed && errors.Is(err, state.ErrExists):
		// This time has had its run: the clock was set back. The trigger must not stay due.
		next, _ := NextRun(i.Schedule, i.TimeZone, now) // a wrong schedule is never due again
		return true, s.o.DB.SetNextRun(ctx, i.WorkspaceID, i.ID, next)
	case err != nil:
		return false, err
	}
	if run != nil {
		s.metrics.ended(run)
		s.published(run.WorkspaceID, runChange(run))
	}
	return claimed, nil
}

// fire decides what becomes of a trigger that is due. The run is nil while all is paused: then the
// trigger moves on, and the pause is what people are shown.
func (s *Schedule) fire(ctx context.Context, tx *state.Tx, i state.Inspection, now time.Time, paused bool) (*state.Run, error) {
	expired := !i.ExpiresAt.IsZero() && !i.ExpiresAt.After(i.NextRunAt)
	scheduled, missed, next, wrong := dueTimes(i, now)
	if expired {
		next = time.Time{}
	}
	if err := tx.SetNextRun(ctx, i.WorkspaceID, i.ID, next); err != nil {
		return nil, err
	}
	if paused && !expired && wrong == nil {
		return nil, nil
	}
	run := newRun(i, scheduled)
	late := now.Sub(i.NextRunAt) > lateAfter
	before, err := tx.RunningRuns(ctx, i.WorkspaceID, i.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case wrong != nil:
		run.Status, run.EndedAt, run.Error = state.RunFailure, now, wrong.Error()
	case expired:
		run.Status, run.EndedAt = state.RunExpired, now
		run.Error = "expired at " + i.ExpiresAt.UTC().Format(time.RFC3339) + ": it does not run again until that is changed"
	case len(before) > 0:
		run.Status, run.EndedAt = state.RunSkipped, now
		run.Error = "the run that was due at " + before[0].ScheduledAt.UTC().Format(time.RFC3339) + " was still running"
	default:
		run.MadeUp = late
	}
	if err := tx.AddRun(ctx, run); err != nil {
		return nil, err
	}
	if err := tx.TrimRuns(ctx, i.WorkspaceID, i.ID); err != nil {
		return nil, err
	}
	if run.Status != state.RunPending {
		return run, nil
	}
	if run.MadeUp {
		if err := s.log(ctx, tx, run, "warning", madeUpText(missed, i.NextRunAt)); err != nil {
			return nil, err
		}
	}
	_, err = s.jobs.InsertTx(ctx, tx.SQL(), parentArgs{Workspace: run.WorkspaceID, Run: run.ID}, s.insertOpts())
	return run, err
}

func newRun(i state.Inspection, scheduled time.Time) *state.Run {
	return &state.Run{
		ID: state.NewID(), WorkspaceID: i.WorkspaceID, InspectionID: i.ID, Inspection: i.Name,
		ScheduledAt: scheduled, Status: state.RunPending,
	}
}

// countMissed bounds how many missed times are counted.
const countMissed = 1000

// dueTimes are the newest time that is due, how many were, and the one that comes after; err says
// that the schedule is wrong, and then nothing comes after.
func dueTimes(i state.Inspection, now time.Time) (scheduled time.Time, missed int, next time.Time, err error) {
	scheduled = i.NextRunAt
	if next, err = NextRun(i.Schedule, i.TimeZone, now); err != nil {
		return scheduled, 1, time.Time{}, err
	}
	for missed = 1; missed < countMissed; missed++ {
		t, err := NextRun(i.Schedule, i.TimeZone, scheduled)
		if err != nil || t.After(now) {
			break
		}
		scheduled = t
	}
	return scheduled, missed, next, nil
}

func madeUpText(missed int, first time.Time) string {
	at := first.UTC().Format(time.RFC3339)
	switch {
	case missed == 1:
		return "the run that was due at " + at + " was missed: it is made up now"
	case missed >= countMissed:
		return fmt.Sprintf("%d runs and more, from %s on, were missed: they are made up by this one", countMissed, at)
	}
	return fmt.Sprintf("%d runs, from %s on, were missed: they are made up by this one", missed, at)
}

// setTriggers gives each enabled inspection that has none the time at which it is due next, and
// takes back times that lie further off than the schedule says, as a clock that was wrong leaves them.
func (s *Schedule) setTriggers(ctx context.Context) error {
	now := s.o.Clock()
	return s.eachInspection(ctx, func(i state.Inspection) error {
		if !i.Enabled || !i.ExpiresAt.IsZero() && !i.ExpiresAt.After(now) {
			return nil
		}
		next, err := NextRun(i.Schedule, i.TimeZone, now)
		if err != nil {
			s.o.Logger.Warn("an inspection has a wrong schedule and does not run", "inspection", i.Name, "error", err)
			return nil
		}
		if !i.NextRunAt.IsZero() && !i.NextRunAt.After(next) {
			return nil
		}
		return s.o.DB.SetNextRun(ctx, i.WorkspaceID, i.ID, next)
	})
}

func (s *Schedule) eachInspection(ctx context.Context, f func(state.Inspection) error) error {
	for page := (state.Page{Limit: 1000}); ; {
		workspaces, more, err := s.o.DB.Workspaces(ctx, page)
		if err != nil {
			return err
		}
		for _, w := range workspaces {
			for inner := (state.Page{Limit: 1000}); ; {
				rows, cursor, err := s.o.DB.Inspections(ctx, w.ID, state.InspectionFilter{Page: inner})
				if err != nil {
					return err
				}
				for _, i := range rows {
					if err := f(i); err != nil {
						return err
					}
				}
				if inner.Cursor = cursor; cursor == "" {
					break
				}
			}
		}
		if page.Cursor = more; more == "" {
			return nil
		}
	}
}
