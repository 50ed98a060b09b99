package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/state"
)

// ErrNothingNew says that a draft is what is published already.
var ErrNothingNew = errors.New("the draft is what is published already")

// Publish makes the draft of a script what runs, as its next version. version is that of the record
// that the caller has seen; 0 takes any. A wrong script is a *script.Problem, one that somebody changed
// since is state.ErrConflict.
func (l *Library) Publish(ctx context.Context, workspaceID, scriptID string, version int64, note, by string) (state.Script, error) {
	s, err := l.o.DB.Script(ctx, workspaceID, scriptID)
	if err != nil {
		return s, err
	}
	if version != 0 && version != s.Version {
		return s, fmt.Errorf("publish script %s: %w", s.Name, state.ErrConflict)
	}
	if s.Number > 0 && s.Draft == s.Code {
		return s, ErrNothingNew
	}
	set, err := l.o.DB.ScriptSet(ctx, workspaceID, s.SetID)
	if err != nil {
		return s, err
	}
	functions, err := l.Functions(ctx, workspaceID, s.Draft, set.Name, s.Name)
	if err != nil {
		return s, err
	}
	var after state.Script
	err = l.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		after = s
		return l.publish(ctx, tx, &after, functions, note, by)
	})
	return after, err
}

// publish keeps a version of the draft, and sets the script's triggers by it.
func (l *Library) publish(ctx context.Context, tx *state.Tx, s *state.Script, functions []script.Function, note, by string) error {
	text, err := json.Marshal(functions)
	if err != nil {
		return fmt.Errorf("write the functions of script %s: %w", s.Name, err)
	}
	s.Functions = text
	if err := tx.PublishScript(ctx, s, state.ScriptVersion{Code: s.Draft, Note: note, By: by, At: l.o.Clock().UTC()}); err != nil {
		return err
	}
	return l.follow(ctx, tx, *s, functions)
}

// follow sets the triggers of a script by what it says now. One whose function is gone stays as it is:
// its runs fail and say so.
func (l *Library) follow(ctx context.Context, tx *state.Tx, s state.Script, functions []script.Function) error {
	triggers, err := state.Every(func(p state.Page) ([]state.Trigger, string, error) {
		return tx.Triggers(ctx, s.WorkspaceID, state.TriggerFilter{ScriptID: s.ID, Page: p})
	})
	if err != nil {
		return err
	}
	for _, t := range triggers {
		for _, f := range functions {
			if f.Name != t.Function {
				continue
			}
			if err := l.keep(ctx, tx, t, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Library) keep(ctx context.Context, tx *state.Tx, t state.Trigger, f script.Function) error {
	before := t
	if err := l.fix(&t, f, before.Schedule); err != nil {
		return err
	}
	if t.Schedule == before.Schedule && t.Timeout == before.Timeout && t.Fixed == before.Fixed {
		return nil
	}
	return l.UpdateTrigger(ctx, tx, &t)
}

// Revert makes the draft what is published, or what a version was. version is that of the record that
// the caller has seen; 0 takes any.
func (l *Library) Revert(ctx context.Context, workspaceID, scriptID string, version int64, number int, by string) (state.Script, error) {
	s, err := l.o.DB.Script(ctx, workspaceID, scriptID)
	if err != nil {
		return s, err
	}
	if version != 0 && version != s.Version {
		return s, fmt.Errorf("revert script %s: %w", s.Name, state.ErrConflict)
	}
	code := s.Code
	switch {
	case number > 0:
		v, err := l.o.DB.ScriptVersion(ctx, workspaceID, scriptID, number)
		if err != nil {
			return s, err
		}
		code = v.Code
	case s.Number == 0:
		return s, refuse("number", "nothing of this script is published yet: there is nothing to go back to")
	}
	s.Draft, s.DraftAt, s.DraftBy = code, l.o.Clock().UTC(), by
	return s, l.o.DB.UpdateScript(ctx, &s)
}
