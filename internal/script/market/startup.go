package market

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/state"
)

func (m *Market) putStartup(ctx context.Context, tx *state.Tx, set state.ScriptSet, in *Installed, functions []script.Function, replace bool, by string, d *Deployed) error {
	scripts, err := scriptsOf(ctx, tx.Queries, set.WorkspaceID, set.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(scripts, func(s state.Script) bool { return s.Name == in.Startup.Name })
	if i >= 0 {
		d.ScriptID = scripts[i].ID
		d.Diff = diff(scripts[i], in)
		same := d.Diff == "" && scripts[i].Number > 0 && scripts[i].Draft == scripts[i].Code
		if d.Kept = same || !replace; d.Kept {
			return nil
		}
	}
	s := state.Script{WorkspaceID: set.WorkspaceID, SetID: set.ID, Name: in.Startup.Name, CreatedBy: by, CreatedAt: m.Clock()}
	if i >= 0 {
		s = scripts[i]
	} else if err := tx.AddScript(ctx, &s); err != nil {
		return err
	}
	d.ScriptID = s.ID
	return m.publish(ctx, tx, &s, in, functions, by)
}

// publish makes the package's startup script what runs, and its triggers what it fixes.
func (m *Market) publish(ctx context.Context, tx *state.Tx, s *state.Script, in *Installed, functions []script.Function, by string) error {
	var err error
	if s.Functions, err = json.Marshal(functions); err != nil {
		return fmt.Errorf("write the functions of the startup script: %w", err)
	}
	now := m.Clock()
	s.Title, s.Draft, s.DraftAt, s.DraftBy = in.Title, in.StartupCode, now, by
	if err := tx.PublishScript(ctx, s, state.ScriptVersion{Code: in.StartupCode, Note: in.Name + " " + in.Version, By: by, At: now}); err != nil {
		return err
	}
	triggers, _, err := tx.Triggers(ctx, s.WorkspaceID, state.TriggerFilter{ScriptID: s.ID, Page: state.Page{Limit: 1000}})
	if err != nil {
		return err
	}
	for _, t := range triggers {
		if !slices.ContainsFunc(functions, func(f script.Function) bool { return f.Name == t.Function }) {
			continue // its runs fail, and say that the function is gone
		}
		if err := m.Library.ChangeTrigger(ctx, tx, &t); err != nil {
			return err
		}
	}
	return nil
}

// startupTrigger makes a trigger of the startup script, where it has none.
func (m *Market) startupTrigger(ctx context.Context, tx *state.Tx, workspaceID string, in *Installed, by string, d *Deployed) error {
	triggers, _, err := tx.Triggers(ctx, workspaceID, state.TriggerFilter{ScriptID: d.ScriptID, Page: state.Page{Limit: 1000}})
	if err != nil {
		return err
	}
	s, err := tx.Script(ctx, workspaceID, d.ScriptID)
	if err != nil {
		return err
	}
	if s.Number == 0 {
		return refuse("startup", "the startup script %s__%s is there and was never published: publish it, or replace it", in.Startup.Set, in.Startup.Name)
	}
	function, err := startupFunction(s, in.Startup.Function)
	if err != nil {
		return err
	}
	for _, t := range triggers {
		if t.Function == function {
			d.TriggerID = t.ID
			return nil
		}
	}
	t := state.Trigger{
		WorkspaceID: workspaceID, ScriptID: d.ScriptID, Function: function, Schedule: defaultSchedule, Enabled: true,
		Note: in.Title, CreatedBy: by, CreatedAt: m.Clock(),
	}
	if err := m.Library.AddTrigger(ctx, tx, &t); err != nil {
		return fmt.Errorf("add a trigger of the startup script: %w", err)
	}
	d.TriggerID = t.ID
	return nil
}

// defaultSchedule is that of a startup script that fixes none.
const defaultSchedule = "0 * * * *"

// startupFunction is the one that a trigger calls: the one that the package names, else the first with
// a crontab of its own, else the first.
func startupFunction(s state.Script, named string) (string, error) {
	functions, err := library.FunctionsOf(s)
	if err != nil {
		return "", err
	}
	if len(functions) == 0 {
		return "", refuse("startup", "the startup script %s has no function", s.Name)
	}
	chosen := functions[0].Name
	for _, f := range slices.Backward(functions) {
		if f.FixedCrontab != "" {
			chosen = f.Name
		}
	}
	for _, f := range functions {
		if f.Name == named {
			chosen = named
		}
	}
	return chosen, nil
}
