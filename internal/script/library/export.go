package library

import (
	"context"
	"slices"

	"github.com/memseep/memseep/internal/state"
)

// Chosen is what a file is to hold.
type Chosen struct {
	SetIDs    []string // empty is all
	Triggers  bool     // of these sets
	Variables bool     // of these sets and of the workspace
}

// Export writes a file; secrets have no values in it.
func (l *Library) Export(ctx context.Context, workspaceID string, c Chosen) (Archive, error) {
	f := Archive{Memseep: 1}
	q := l.o.DB.Queries
	sets, err := state.Every(func(p state.Page) ([]state.ScriptSet, string, error) { return q.ScriptSets(ctx, workspaceID, p) })
	if err != nil {
		return f, err
	}
	for _, id := range c.SetIDs {
		if !slices.ContainsFunc(sets, func(s state.ScriptSet) bool { return s.ID == id }) {
			return f, refuse("sets", "there is no set %s in the workspace", id)
		}
	}
	setNames, scriptNames := map[string]string{"": ""}, map[string]string{}
	for _, s := range sets {
		if len(c.SetIDs) > 0 && !slices.Contains(c.SetIDs, s.ID) {
			continue
		}
		setNames[s.ID] = s.Name
		scripts, err := state.Every(func(p state.Page) ([]state.Script, string, error) {
			return q.Scripts(ctx, workspaceID, state.ScriptFilter{SetID: s.ID, Page: p})
		})
		if err != nil {
			return f, err
		}
		set := ArchiveSet{Name: s.Name, Title: s.Title, Description: s.Description}
		for _, one := range scripts {
			scriptNames[one.ID] = FullName(s.Name, one.Name)
			set.Scripts = append(set.Scripts, fileScript(one))
		}
		f.Sets = append(f.Sets, set)
	}
	if c.Triggers {
		if f.Triggers, err = l.exportTriggers(ctx, workspaceID, scriptNames); err != nil {
			return f, err
		}
	}
	if c.Variables {
		f.Variables, err = l.exportVariables(ctx, workspaceID, setNames)
	}
	return f, err
}

func fileScript(s state.Script) ArchiveScript {
	out := ArchiveScript{Name: s.Name, Title: s.Title, Code: s.Code}
	if s.Number == 0 || s.Draft != s.Code {
		out.Draft = &s.Draft
	}
	return out
}

func (l *Library) exportTriggers(ctx context.Context, workspaceID string, scripts map[string]string) ([]ArchiveTrigger, error) {
	rows, err := state.Every(func(p state.Page) ([]state.Trigger, string, error) {
		return l.o.DB.Triggers(ctx, workspaceID, state.TriggerFilter{Page: p})
	})
	var out []ArchiveTrigger
	for _, t := range rows {
		name, chosen := scripts[t.ScriptID]
		if !chosen {
			continue
		}
		f := ArchiveTrigger{
			Script: name, Function: t.Function, Args: t.Args, Schedule: t.Schedule, TimeZone: t.TimeZone,
			TimeoutSeconds: int64(t.Timeout.Seconds()), Enabled: t.Enabled, Note: t.Note, Tags: t.Tags, Keep: t.Keep,
		}
		if !t.ExpiresAt.IsZero() {
			f.ExpiresAt = &t.ExpiresAt
		}
		out = append(out, f)
	}
	return out, err
}

func (l *Library) exportVariables(ctx context.Context, workspaceID string, sets map[string]string) ([]ArchiveVariable, error) {
	rows, err := state.Every(func(p state.Page) ([]state.Variable, string, error) { return l.o.DB.Variables(ctx, workspaceID, p) })
	var out []ArchiveVariable
	for _, v := range rows {
		if set, chosen := sets[v.SetID]; chosen {
			out = append(out, ArchiveVariable{Set: set, Name: v.Name, Kind: v.Kind, Value: v.Value, Note: v.Note})
		}
	}
	return out, err
}
