package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/state"
)

// triggersChanged lets the stream know.
var triggersChanged = schedule.Change{Kind: "triggers"}

// triggerViews tells of triggers what their scripts and runs say.
func (a *API) triggerViews(ctx context.Context, rows []state.Trigger) ([]Trigger, error) {
	ids := make([]string, len(rows))
	for i, t := range rows {
		ids[i] = t.ID
	}
	last, err := a.DB.LastTriggerRuns(ctx, workspaceOf(ctx), ids)
	if err != nil {
		return nil, err
	}
	pause, err := a.Schedule.Paused(ctx)
	if err != nil {
		return nil, err
	}
	described, err := a.Scripts.Describe(ctx, workspaceOf(ctx), rows)
	if err != nil {
		return nil, err
	}
	out := make([]Trigger, len(rows))
	for i, t := range rows {
		d := described[i]
		out[i] = Trigger{
			ID: t.ID, TriggerInput: inputOfTrigger(t), Script: d.Script, Title: d.Title, Fixed: t.Fixed, FixedTimeout: d.FixedTimeout, Problem: languageOf(ctx).say(d.Problem),
			NextRunAt: t.NextRunAt, InspectionID: d.InspectionID, Paused: pause.At(a.Clock()), CreatedBy: t.CreatedBy, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
		}
		if r, ran := last[t.ID]; ran {
			out[i].LastRun = &TriggerRun{
				ID: r.ID, Status: string(r.Status), ScheduledAt: r.ScheduledAt, StartedAt: r.StartedAt, EndedAt: r.EndedAt, Error: languageOf(ctx).say(r.Error),
			}
		}
	}
	return out, nil
}

func inputOfTrigger(t state.Trigger) TriggerInput {
	in := TriggerInput{
		ScriptID: t.ScriptID, Function: t.Function, Args: t.Args, Schedule: t.Schedule, TimeZone: t.TimeZone,
		TimeoutSeconds: int64(t.Timeout.Seconds()), Enabled: t.Enabled, Note: t.Note, Tags: t.Tags, Keep: t.Keep,
	}
	if !t.ExpiresAt.IsZero() {
		in.ExpiresAt = &t.ExpiresAt
	}
	return in
}

func (in TriggerInput) apply(t *state.Trigger) {
	t.ScriptID, t.Function, t.Args = in.ScriptID, in.Function, in.Args
	if string(in.Args) == "null" {
		t.Args = nil
	}
	t.Schedule, t.TimeZone, t.Timeout = strings.TrimSpace(in.Schedule), in.TimeZone, time.Duration(in.TimeoutSeconds)*time.Second
	t.Enabled, t.Note, t.Tags, t.Keep = in.Enabled, in.Note, in.Tags, in.Keep
	t.ExpiresAt = time.Time{}
	if in.ExpiresAt != nil {
		t.ExpiresAt = *in.ExpiresAt
	}
}

func (a *API) answerTrigger(ctx context.Context, t state.Trigger) (*versioned[Trigger], error) {
	views, err := a.triggerViews(ctx, []state.Trigger{t})
	if err != nil {
		return nil, err
	}
	return withETag(t.Version, views[0]), nil
}

// toldTrigger lets the audit log and the stream know of a changed trigger, and answers it.
func (a *API) toldTrigger(ctx context.Context, t state.Trigger) (*versioned[Trigger], error) {
	note(ctx, t.ID, map[string]any{"function": t.Function, "schedule": t.Schedule, "enabled": t.Enabled})
	a.Hub.Publish(t.WorkspaceID, triggersChanged)
	return a.answerTrigger(ctx, t)
}

func (a *API) listTriggers(ctx context.Context, in *listTriggersInput) (*pageOutput[Trigger], error) {
	rows, err := state.Every(func(p state.Page) ([]state.Trigger, string, error) {
		return a.DB.Triggers(ctx, workspaceOf(ctx), state.TriggerFilter{ScriptID: in.ScriptID, Page: p})
	})
	if err != nil {
		return nil, err
	}
	views, err := a.triggerViews(ctx, rows)
	return page(views, ""), err
}

func (a *API) addTrigger(ctx context.Context, in *addTriggerInput) (*versioned[Trigger], error) {
	var t state.Trigger
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		t = state.Trigger{WorkspaceID: workspaceOf(ctx), CreatedBy: personOf(ctx), CreatedAt: a.Clock()}
		in.Body.apply(&t)
		return a.Scripts.AddTrigger(ctx, tx, &t)
	})
	if err != nil {
		return nil, refused(err)
	}
	return a.toldTrigger(ctx, t)
}

func (a *API) getTrigger(ctx context.Context, in *ByID) (*versioned[Trigger], error) {
	t, err := a.DB.Trigger(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return a.answerTrigger(ctx, t)
}

func (a *API) updateTrigger(ctx context.Context, in *triggerChange) (*versioned[Trigger], error) {
	var t state.Trigger
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) (err error) {
		if t, err = tx.Trigger(ctx, workspaceOf(ctx), in.ID); err != nil {
			return err
		}
		if err := in.check(t.Version); err != nil {
			return err
		}
		if t.Fixed && in.Body.Schedule == "" {
			in.Body.Schedule = t.Schedule
		}
		in.Body.apply(&t)
		return a.Scripts.ChangeTrigger(ctx, tx, &t)
	})
	if err != nil {
		return nil, refused(err)
	}
	return a.toldTrigger(ctx, t)
}

func (a *API) deleteTrigger(ctx context.Context, in *ByID) (*struct{}, error) {
	ws := workspaceOf(ctx)
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error { return a.Scripts.DeleteTrigger(ctx, tx, ws, in.ID) })
	if err == nil {
		a.Hub.Publish(ws, triggersChanged)
	}
	return nil, err
}

func (a *API) enableTrigger(ctx context.Context, in *ByID) (*versioned[Trigger], error) {
	return a.switchTrigger(ctx, in.ID, true)
}

func (a *API) disableTrigger(ctx context.Context, in *ByID) (*versioned[Trigger], error) {
	return a.switchTrigger(ctx, in.ID, false)
}

func (a *API) switchTrigger(ctx context.Context, id string, on bool) (*versioned[Trigger], error) {
	t, err := a.Scripts.Enable(ctx, workspaceOf(ctx), id, on)
	if err != nil {
		return nil, refused(err)
	}
	return a.toldTrigger(ctx, t)
}

func (a *API) runTrigger(ctx context.Context, in *ByID) (*bodyOutput[Run], error) {
	r, err := a.Schedule.RunTrigger(ctx, workspaceOf(ctx), in.ID, personOf(ctx))
	if errors.Is(err, schedule.ErrRunning) {
		return nil, problem(http.StatusConflict, "a run of this trigger is going: wait until it has ended")
	}
	if err != nil {
		return nil, err
	}
	note(ctx, in.ID, map[string]string{"run": r.ID})
	return body(a.runView(languageOf(ctx), r)), nil
}
