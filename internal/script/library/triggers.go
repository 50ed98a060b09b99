package library

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/state"
)

// What a trigger has that says nothing else.
const (
	defaultKeep    = 500
	longestTimeout = time.Hour
)

// AddTrigger checks a trigger and adds it: a published function, arguments that it takes, a schedule
// that comes. Crontab and timeout that the script fixes win over those of t. An error of what was
// given is a *Refusal.
func (l *Library) AddTrigger(ctx context.Context, tx *state.Tx, t *state.Trigger) error {
	if err := l.checkTrigger(ctx, tx, t); err != nil {
		return err
	}
	return tx.AddTrigger(ctx, t)
}

// ChangeTrigger is AddTrigger for one that is there. Nobody else may have changed it since it was read.
func (l *Library) ChangeTrigger(ctx context.Context, tx *state.Tx, t *state.Trigger) error {
	if err := l.checkTrigger(ctx, tx, t); err != nil {
		return err
	}
	return l.UpdateTrigger(ctx, tx, t)
}

// UpdateTrigger writes a trigger, and what it says to the inspection that it runs.
func (l *Library) UpdateTrigger(ctx context.Context, tx *state.Tx, t *state.Trigger) error {
	t.UpdatedAt = l.o.Clock().UTC()
	if err := tx.UpdateTrigger(ctx, t); err != nil {
		return err
	}
	rows, err := l.inspectionsOf(ctx, tx.Queries, *t)
	if err != nil {
		return err
	}
	for _, i := range rows {
		i.Schedule, i.TimeZone, i.Timeout = t.Schedule, t.TimeZone, t.Timeout
		if err := tx.UpdateInspection(ctx, &i); err != nil {
			return err
		}
	}
	return nil
}

// DeleteTrigger deletes one. What its function has registered stays, and has no trigger any more.
func (l *Library) DeleteTrigger(ctx context.Context, tx *state.Tx, workspaceID, id string) error {
	t, err := tx.Trigger(ctx, workspaceID, id)
	if err != nil {
		return err
	}
	if err := l.release(ctx, tx, t); err != nil {
		return err
	}
	return tx.DeleteTrigger(ctx, workspaceID, id)
}

// release takes a trigger from the inspections that it runs.
func (l *Library) release(ctx context.Context, tx *state.Tx, t state.Trigger) error {
	rows, err := l.inspectionsOf(ctx, tx.Queries, t)
	if err != nil {
		return err
	}
	for _, i := range rows {
		made := MadeByScript(i)
		made.TriggerID = ""
		if i.Script, err = json.Marshal(made); err != nil {
			return err
		}
		if err := tx.UpdateInspection(ctx, &i); err != nil {
			return err
		}
	}
	return nil
}

// Enable switches a trigger.
func (l *Library) Enable(ctx context.Context, workspaceID, id string, on bool) (state.Trigger, error) {
	var t state.Trigger
	err := l.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) (err error) {
		if t, err = tx.Trigger(ctx, workspaceID, id); err != nil {
			return err
		}
		t.Enabled = on
		if err := l.due(&t); err != nil {
			return err
		}
		return l.UpdateTrigger(ctx, tx, &t)
	})
	return t, err
}

func (l *Library) checkTrigger(ctx context.Context, tx *state.Tx, t *state.Trigger) error {
	s, err := tx.Script(ctx, t.WorkspaceID, t.ScriptID)
	if errors.Is(err, state.ErrNotFound) {
		return refuse("script_id", "there is no such script in the workspace")
	}
	if err != nil {
		return err
	}
	if s.Number == 0 {
		return refuse("script_id", "nothing of the script %s is published: publish it first", s.Name)
	}
	f, there, err := functionOf(s, t.Function)
	if err != nil {
		return err
	}
	if !there {
		return refuse("function", "the published script %s has no function %s; it has %s", s.Name, t.Function, names(s))
	}
	if err := checkArgs(f, t.Args); err != nil {
		return err
	}
	if t.Keep == 0 {
		t.Keep = defaultKeep
	}
	return l.fix(t, f, t.Schedule)
}

func names(s state.Script) string {
	list, err := FunctionsOf(s)
	if err != nil || len(list) == 0 {
		return "none"
	}
	out := make([]string, len(list))
	for i, f := range list {
		out[i] = f.Name
	}
	return strings.Join(out, ", ")
}

// fix sets what the script says of a trigger, then when it is due.
func (l *Library) fix(t *state.Trigger, f script.Function, schedule string) error {
	t.Schedule, t.Fixed = strings.TrimSpace(schedule), false
	if f.FixedCrontab != "" {
		t.Schedule, t.Fixed = f.FixedCrontab, true
	}
	if f.Timeout > 0 {
		t.Timeout = time.Duration(f.Timeout) * time.Second
	}
	if t.Timeout <= 0 || t.Timeout > longestTimeout {
		t.Timeout = defaultTimeout
	}
	return l.due(t)
}

// defaultTimeout is that of inspections.
const defaultTimeout = schedule.DefaultTimeout

// due sets when a trigger fires next.
func (l *Library) due(t *state.Trigger) error {
	now := l.o.Clock()
	next, err := schedule.NextRun(t.Schedule, t.TimeZone, now)
	if err != nil {
		return refuse("schedule", "%v", err)
	}
	t.NextRunAt = next
	if !t.Enabled || !t.ExpiresAt.IsZero() && !t.ExpiresAt.After(now) {
		t.NextRunAt = time.Time{}
	}
	return nil
}

// checkArgs refuses arguments that the function does not take.
func checkArgs(f script.Function, args json.RawMessage) error {
	if len(args) == 0 {
		return nil
	}
	var plain []string
	for _, p := range f.Parameters {
		if !strings.HasPrefix(p, "*") {
			plain = append(plain, p)
		}
	}
	takes := func(stars string) bool {
		return slices.ContainsFunc(f.Parameters, func(p string) bool {
			return strings.HasPrefix(p, stars) && !strings.HasPrefix(p, stars+"*") && p != stars
		})
	}
	var value any
	if err := json.Unmarshal(args, &value); err != nil {
		return refuse("args", "the arguments are no JSON: %v", err)
	}
	switch v := value.(type) {
	case nil:
	case []any:
		if len(v) > len(plain) && !takes("*") {
			return refuse("args", "%s takes at most %d arguments, %d are given", f.Name, len(plain), len(v))
		}
	case map[string]any:
		for name := range v {
			if !slices.Contains(plain, name) && !takes("**") {
				return refuse("args", "%s has no parameter %s; it has %s", f.Name, name, orNone(plain))
			}
		}
	default:
		return refuse("args", "the arguments have to be a JSON object of named ones, or a list")
	}
	return nil
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
