package library

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/memseep/memseep/internal/state"
)

// MadeBy is what a script's inspection says of where it comes from.
type MadeBy struct {
	ScriptID  string `json:"script_id"`
	TriggerID string `json:"trigger_id"` // which ran it last; empty where that is gone
	Function  string `json:"function"`
}

func (l *Library) madeBy(i state.Inspection) MadeBy {
	var m MadeBy
	if err := json.Unmarshal(i.Script, &m); err != nil && len(i.Script) > 0 {
		l.o.Logger.Warn("an inspection does not say which script made it", "inspection", i.Name, "error", err)
	}
	return m
}

// OriginKey names the inspection that a function is.
func OriginKey(set, script, function string) string { return FullName(set, script) + "." + function }

// inspectionOf is the inspection that a trigger's function has registered; nil where it has none.
func (l *Library) inspectionOf(ctx context.Context, q *state.Queries, t state.Trigger) (*state.Inspection, error) {
	set, s, err := l.scriptOf(ctx, q, t)
	if err != nil {
		return nil, err
	}
	i, err := q.InspectionByOrigin(ctx, t.WorkspaceID, state.FromScript, OriginKey(set.Name, s.Name, t.Function))
	if errors.Is(err, state.ErrNotFound) {
		return nil, nil
	}
	return &i, err
}

func (l *Library) scriptOf(ctx context.Context, q *state.Queries, t state.Trigger) (state.ScriptSet, state.Script, error) {
	s, err := q.Script(ctx, t.WorkspaceID, t.ScriptID)
	if err != nil {
		return state.ScriptSet{}, s, err
	}
	set, err := q.ScriptSet(ctx, t.WorkspaceID, s.SetID)
	return set, s, err
}
