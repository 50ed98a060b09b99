package library

import (
	"context"
	"encoding/json"

	"github.com/memseep/memseep/internal/state"
)

// MadeBy is what a script's inspection says of where it comes from.
type MadeBy struct {
	ScriptID  string `json:"script_id"`
	TriggerID string `json:"trigger_id"` // which ran it last; empty where that is gone
	Function  string `json:"function"`
}

// MadeByScript reads it; it is empty of an inspection that no script has made.
func MadeByScript(i state.Inspection) MadeBy {
	var m MadeBy
	_ = json.Unmarshal(i.Script, &m) // what is not there names nothing
	return m
}

// OriginKey names the inspection that a function is.
func OriginKey(set, script, function string) string { return FullName(set, script) + "." + function }

func (l *Library) scriptOf(ctx context.Context, q *state.Queries, t state.Trigger) (state.ScriptSet, state.Script, error) {
	s, err := q.Script(ctx, t.WorkspaceID, t.ScriptID)
	if err != nil {
		return state.ScriptSet{}, s, err
	}
	set, err := q.ScriptSet(ctx, t.WorkspaceID, s.SetID)
	return set, s, err
}
