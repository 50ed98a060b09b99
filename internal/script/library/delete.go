package library

import (
	"context"

	"github.com/memseep/memseep/internal/state"
)

// DeleteScript deletes a script with its versions and triggers. What it has registered stays, and has
// no trigger any more.
func (l *Library) DeleteScript(ctx context.Context, tx *state.Tx, workspaceID, id string) error {
	if err := l.releaseAll(ctx, tx, workspaceID, id); err != nil {
		return err
	}
	return tx.DeleteScript(ctx, workspaceID, id)
}

// DeleteSet deletes a set with its scripts and its variables.
func (l *Library) DeleteSet(ctx context.Context, tx *state.Tx, workspaceID, id string) error {
	scripts, err := state.Every(func(p state.Page) ([]state.Script, string, error) {
		return tx.Scripts(ctx, workspaceID, state.ScriptFilter{SetID: id, Page: p})
	})
	if err != nil {
		return err
	}
	for _, s := range scripts {
		if err := l.releaseAll(ctx, tx, workspaceID, s.ID); err != nil {
			return err
		}
	}
	return tx.DeleteScriptSet(ctx, workspaceID, id)
}

// releaseAll takes the triggers of a script from the inspections that they run.
func (l *Library) releaseAll(ctx context.Context, tx *state.Tx, workspaceID, scriptID string) error {
	triggers, err := state.Every(func(p state.Page) ([]state.Trigger, string, error) {
		return tx.Triggers(ctx, workspaceID, state.TriggerFilter{ScriptID: scriptID, Page: p})
	})
	if err != nil {
		return err
	}
	for _, t := range triggers {
		if err := l.release(ctx, tx, t); err != nil {
			return err
		}
	}
	return nil
}
