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
	return errors.Join(s.setBack(ctx), s.sweep(ctx), s.claimDue(ctx))
}

// setBackBy is by how much a clock goes back that was wrong, and is not just kept right.
const setBackBy = time.Minute

// setBack sets all schedules anew where the clock was set back: what is due when it was ahead would not
// run until it is there again.
func (s *Schedule) setBack(ctx context.Context) error {
	now := s.o.Clock()
	switch ahead := s.ticked.Sub(now); {
	case ahead <= 0:
		s.ticked = now
		return nil
	case ahead <= setBackBy:
		return nil
	}
	if err := s.setSchedules(ctx); err != nil {
		return fmt.Errorf("set schedules after the clock was set back: %w", err)
	}
	s.o.Logger.Warn("the clock was set back: what was planned by it is planned anew", "by", s.ticked.Sub(now).Round(time.Second))
	s.ticked = now
	return nil
}

func (s *Schedule) claimDue(ctx context.Context) error {
	kinds := []plannedKind{inspections}
	if s.o.Scripts != nil {
		kinds = append(kinds, triggers)
	}
	for _, kind := range kinds {
		for {
			now := s.o.Clock()
			next, err := kind.next(ctx, s.o.DB.Queries)
			if err != nil {
				return err
			}
			if next.IsZero() || next.After(now) {
				break
			}
			claimed, err := s.claim(ctx, kind, now)
			if err != nil {
				return err
			}
			if !claimed {
				break // what another replica has claimed is none of ours
			}
		}
	}
	return nil
}

// claim takes one that is due: when it is next due, its run and the run's job are one commit.
func (s *Schedule) claim(ctx context.Context, kind plannedKind, now time.Time) (claimed bool, err error) {
	paused, err := s.Paused(ctx)
	if err != nil {
		return false, err
	}
	var p *planned
	var run *state.Run
	err = s.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		run = nil
		if p, err = kind.due(ctx, tx, now); err != nil || p == nil {
			return err
		}
		run, err = s.fire(ctx, tx, p, now, paused.At(now))
		return err
	})
	switch {
	case p != nil && errors.Is(err, state.ErrExists):
		// This time has had its run: the clock was set back. It must not stay due.
		next, _ := p.next(now) // a wrong schedule is never due again
		return true, p.setNext(ctx, s.o.DB.Queries, next)
	case err != nil:
		return false, err
	}
	if run != nil {
		s.metrics.ended(run)
		s.published(run.WorkspaceID, runChange(run))
	}
	return p != nil, nil
}

// fire decides what becomes of one that is due. The run is nil while all is paused: then it moves on,
// and the pause is what people are shown.
func (s *Schedule) fire(ctx context.Context, tx *state.Tx, p *planned, now time.Time, paused bool) (*state.Run, error) {
	expired := !p.expires.IsZero() && !p.expires.After(p.due)
	scheduled, missed, next, wrong := dueTimes(p, now)
	if expired {
		next = time.Time{}
	}
	if err := p.setNext(ctx, tx.Queries, next); err != nil {
		return nil, err
	}
	if paused && !expired && wrong == nil {
		return nil, nil
	}
	run, err := p.newRun(ctx, tx.Queries, scheduled)
	if err != nil {
		return nil, err
	}
	late := now.Sub(p.due) > lateAfter
	before, err := p.running(ctx, tx.Queries)
	if err != nil {
		return nil, err
	}
	switch {
	case wrong != nil:
		run.Status, run.EndedAt, run.Error = state.RunFailure, now, wrong.Error()
	case expired:
		run.Status, run.EndedAt = state.RunExpired, now
		run.Error = "expired at " + p.expires.UTC().Format(time.RFC3339) + ": it does not run again until that is changed"
	case len(before) > 0:
		run.Status, run.EndedAt = state.RunSkipped, now
		run.Error = "the run that was due at " + before[0].ScheduledAt.UTC().Format(time.RFC3339) + " was still running"
	default:
		run.MadeUp = late
	}
	if err := tx.AddRun(ctx, run); err != nil {
		return nil, err
	}
	if err := p.trim(ctx, tx.Queries, now); err != nil {
		return nil, err
	}
	if run.Status != state.RunPending {
		return run, nil
	}
	if run.MadeUp {
		if err := s.log(ctx, tx, run, "warning", madeUpText(missed, p.due)); err != nil {
			return nil, err
		}
	}
	return run, s.insertJob(ctx, tx, run)
}

// countMissed bounds how many missed times are counted.
const countMissed = 1000

// dueTimes are the newest time that is due, how many were, and the one that comes after; err says
// that the schedule is wrong, and then nothing comes after.
func dueTimes(p *planned, now time.Time) (scheduled time.Time, missed int, next time.Time, err error) {
	scheduled = p.due
	if next, err = p.next(now); err != nil {
		return scheduled, 1, time.Time{}, err
	}
	for missed = 1; missed < countMissed; missed++ {
		t, err := p.next(scheduled)
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

// setSchedules gives each that is enabled and has none the time at which it is due next, and takes back
// times that lie further off than the schedule says, as a clock that was wrong leaves them. What a
// script has registered is never due by itself: its trigger is.
func (s *Schedule) setSchedules(ctx context.Context) error {
	return s.eachWorkspace(ctx, func(workspaceID string) error {
		if err := s.eachInspection(ctx, workspaceID, func(i state.Inspection) error {
			if i.Origin == state.FromScript || !i.Enabled {
				return nil
			}
			p := ofInspection(i)
			return s.setSchedule(ctx, &p, i.Name)
		}); err != nil {
			return err
		}
		return s.eachTrigger(ctx, workspaceID, func(t state.Trigger) error {
			if !t.Enabled {
				return nil
			}
			p := ofTrigger(t)
			return s.setSchedule(ctx, &p, t.Function)
		})
	})
}

func (s *Schedule) setSchedule(ctx context.Context, p *planned, name string) error {
	now := s.o.Clock()
	if !p.expires.IsZero() && !p.expires.After(now) {
		return nil
	}
	next, err := p.next(now)
	if err != nil {
		s.o.Logger.Warn("what has a wrong schedule does not run", "name", name, "id", p.id, "error", err)
		return nil
	}
	if !p.due.IsZero() && !p.due.After(next) {
		return nil
	}
	return p.setNext(ctx, s.o.DB.Queries, next)
}

func (s *Schedule) eachWorkspace(ctx context.Context, f func(id string) error) error {
	for page := (state.Page{Limit: 1000}); ; {
		workspaces, cursor, err := s.o.DB.Workspaces(ctx, page)
		if err != nil {
			return err
		}
		for _, w := range workspaces {
			if err := f(w.ID); err != nil {
				return err
			}
		}
		if page.Cursor = cursor; cursor == "" {
			return nil
		}
	}
}

func (s *Schedule) eachInspection(ctx context.Context, workspaceID string, f func(state.Inspection) error) error {
	for filter := (state.InspectionFilter{Page: state.Page{Limit: 1000}}); ; {
		rows, cursor, err := s.o.DB.Inspections(ctx, workspaceID, filter)
		if err != nil {
			return err
		}
		for _, i := range rows {
			if err := f(i); err != nil {
				return err
			}
		}
		if filter.Cursor = cursor; cursor == "" {
			return nil
		}
	}
}

func (s *Schedule) eachTrigger(ctx context.Context, workspaceID string, f func(state.Trigger) error) error {
	for filter := (state.TriggerFilter{Page: state.Page{Limit: 1000}}); ; {
		rows, cursor, err := s.o.DB.Triggers(ctx, workspaceID, filter)
		if err != nil {
			return err
		}
		for _, t := range rows {
			if err := f(t); err != nil {
				return err
			}
		}
		if filter.Cursor = cursor; cursor == "" {
			return nil
		}
	}
}
