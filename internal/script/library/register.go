package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/state"
)

// registration is what a function says of the inspection that it is.
type registration struct {
	Function, Title, Doc string
	Tags                 []string
}

// registerTries is how often a registration is tried where somebody changes the inspection meanwhile.
const registerTries = 3

// register is the inspection that a function is: made where there is none, which is also where it was
// deleted, and else brought up to what the script and the trigger say, but for what the app changed.
func (l *Library) register(ctx context.Context, set state.ScriptSet, s state.Script, t state.Trigger, g registration) (state.Inspection, error) {
	key := OriginKey(set.Name, s.Name, g.Function)
	if g.Title == "" {
		g.Title = g.Function
	}
	for try := 1; ; try++ {
		i, err := l.registerOnce(ctx, set.WorkspaceID, key, s, t, g)
		if err == nil || try == registerTries || !errors.Is(err, state.ErrConflict) && !errors.Is(err, state.ErrExists) {
			return i, err
		}
	}
}

func (l *Library) registerOnce(ctx context.Context, workspaceID, key string, s state.Script, t state.Trigger, g registration) (state.Inspection, error) {
	i, err := l.o.DB.InspectionByOrigin(ctx, workspaceID, state.FromScript, key)
	isNew := errors.Is(err, state.ErrNotFound)
	if err != nil && !isNew {
		return i, err
	}
	now := l.o.Clock().UTC()
	if isNew {
		i = state.Inspection{
			WorkspaceID: workspaceID, Origin: state.FromScript, OriginKey: key, Enabled: true, Tags: g.Tags,
			Window: inspect.DefaultWindow, History: inspect.DefaultHistory,
			HealthyRuns: event.DefaultHealthyRuns, NoDataRuns: event.DefaultNoDataRuns,
			CreatedBy: "script", CreatedAt: now,
		}
	}
	before := said(i)
	mine, err := overriddenIn(i)
	if err != nil {
		return i, err
	}
	if !mine["name"] {
		i.Name = g.Title
	}
	if !mine["help"] {
		i.Help = g.Doc
	}
	i.Schedule, i.TimeZone, i.Timeout, i.NextRunAt = t.Schedule, t.TimeZone, t.Timeout, time.Time{}
	if i.Script, err = json.Marshal(MadeBy{ScriptID: s.ID, TriggerID: t.ID, Function: g.Function}); err != nil {
		return i, err
	}
	switch {
	case isNew:
		err = l.o.DB.AddInspection(ctx, &i)
	case said(i) == before:
		return i, nil
	default:
		i.UpdatedAt = now
		err = l.o.DB.UpdateInspection(ctx, &i)
	}
	if err == nil && l.o.Published != nil {
		l.o.Published(workspaceID, schedule.Change{Kind: "inspection", ID: i.ID, InspectionID: i.ID})
	}
	return i, err
}

// said is what of an inspection a script and its trigger say, to be compared.
func said(i state.Inspection) string {
	return fmt.Sprintf("%q %q %q %q %s %s", i.Name, i.Help, i.Schedule, i.TimeZone, i.Timeout, i.Script)
}

// overriddenIn are the fields that the app changed.
func overriddenIn(i state.Inspection) (map[string]bool, error) {
	found := map[string]bool{}
	if len(i.Overrides) == 0 {
		return found, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(i.Overrides, &fields); err != nil {
		return nil, fmt.Errorf("read what was changed of inspection %s: %w", i.Name, err)
	}
	for name := range fields {
		found[name] = true
	}
	return found, nil
}

// inspectionsOf are those that a trigger runs.
func (l *Library) inspectionsOf(ctx context.Context, q *state.Queries, t state.Trigger) ([]state.Inspection, error) {
	rows, err := state.Every(func(p state.Page) ([]state.Inspection, string, error) {
		return q.Inspections(ctx, t.WorkspaceID, state.InspectionFilter{Origin: state.FromScript, Page: p})
	})
	return slices.DeleteFunc(rows, func(i state.Inspection) bool { return MadeByScript(i).TriggerID != t.ID }), err
}
