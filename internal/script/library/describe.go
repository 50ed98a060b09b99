package library

import (
	"context"

	"github.com/memseep/memseep/internal/state"
)

// Described is what of a trigger its script and its inspection say.
type Described struct {
	Script       string // SET__NAME
	Title        string // of the function
	FixedTimeout bool
	Problem      string // why its runs will fail; empty where nothing is known
	InspectionID string
}

// Describe describes triggers of one workspace, in their order.
func (l *Library) Describe(ctx context.Context, workspaceID string, triggers []state.Trigger) ([]Described, error) {
	made, err := l.inspections(ctx, workspaceID)
	if err != nil {
		return nil, err
	}
	type known struct {
		set    state.ScriptSet
		script state.Script
	}
	scripts := map[string]known{}
	out := make([]Described, len(triggers))
	for i, t := range triggers {
		k, seen := scripts[t.ScriptID]
		if !seen {
			if k.set, k.script, err = l.scriptOf(ctx, l.o.DB.Queries, t); err != nil {
				return nil, err
			}
			scripts[t.ScriptID] = k
		}
		d := Described{Script: FullName(k.set.Name, k.script.Name), Title: t.Function}
		if d.InspectionID = made[t.ID]; d.InspectionID == "" { // one that another trigger ran last
			d.InspectionID = made[OriginKey(k.set.Name, k.script.Name, t.Function)]
		}
		f, there, err := functionOf(k.script, t.Function)
		switch {
		case err != nil:
			return nil, err
		case !there:
			d.Problem = goneText(t, d.Script)
		default:
			d.FixedTimeout = f.Timeout > 0
			if f.Title != "" {
				d.Title = f.Title
			}
		}
		out[i] = d
	}
	return out, nil
}

func goneText(t state.Trigger, script string) string {
	return "the published script " + script + " has no function " + t.Function + " any more: publish one that has, or delete the trigger"
}

// inspections are the identifiers of those that scripts have registered, by their key and by
// the trigger that ran them last.
func (l *Library) inspections(ctx context.Context, workspaceID string) (map[string]string, error) {
	rows, err := state.Every(func(p state.Page) ([]state.Inspection, string, error) {
		return l.o.DB.Inspections(ctx, workspaceID, state.InspectionFilter{Origin: state.FromScript, Page: p})
	})
	found := map[string]string{}
	for _, i := range rows {
		found[i.OriginKey] = i.ID
		if id := MadeByScript(i).TriggerID; id != "" {
			found[id] = i.ID
		}
	}
	return found, err
}
