package library

import (
	"context"
	"errors"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/state"
)

// File is a script of a package.
type File struct {
	Name  string
	Title string
	Code  string
}

// PutSet makes a set and its scripts exactly what is given, and publishes them; scripts that are what
// they were make no version. It adds the set where it has no identifier. A wrong script is a
// *script.Problem.
func (l *Library) PutSet(ctx context.Context, tx *state.Tx, set *state.ScriptSet, scripts []File, note, by string) error {
	if err := l.keepSet(ctx, tx, set, by); err != nil {
		return err
	}
	own := map[string]string{}
	for _, s := range scripts {
		if err := CheckScriptName(set.Name, s.Name); err != nil {
			return err
		}
		own[FullName(set.Name, s.Name)] = s.Code
	}
	for _, s := range scripts {
		functions, err := l.load(ctx, tx.Queries, set.WorkspaceID, s.Code, set.Name, s.Name, own)
		if err != nil {
			return err
		}
		if err := l.putScript(ctx, tx, *set, s, functions, note, by); err != nil {
			return err
		}
	}
	return l.deleteOthers(ctx, tx, *set, own)
}

func (l *Library) keepSet(ctx context.Context, tx *state.Tx, set *state.ScriptSet, by string) error {
	if err := CheckSetName(set.Name); err != nil {
		return err
	}
	now := l.o.Clock().UTC()
	if set.ID != "" {
		set.UpdatedAt = now
		return tx.UpdateScriptSet(ctx, set)
	}
	if set.CreatedBy == "" {
		set.CreatedBy = by
	}
	set.CreatedAt = now
	err := tx.AddScriptSet(ctx, set)
	if errors.Is(err, state.ErrExists) {
		return refuse("name", "the workspace has a set %s already, which was not installed from this package: rename or delete it", set.Name)
	}
	return err
}

func (l *Library) putScript(ctx context.Context, tx *state.Tx, set state.ScriptSet, f File, functions []script.Function, note, by string) error {
	s, there, err := scriptNamed(ctx, tx, set, f.Name)
	if err != nil {
		return err
	}
	now := l.o.Clock().UTC()
	if !there {
		s = state.Script{WorkspaceID: set.WorkspaceID, SetID: set.ID, Name: f.Name, CreatedBy: by, CreatedAt: now}
		if err := tx.AddScript(ctx, &s); err != nil {
			return err
		}
	}
	s.Title, s.Draft, s.DraftAt, s.DraftBy = f.Title, f.Code, now, by
	if s.Number > 0 && s.Code == f.Code {
		return tx.UpdateScript(ctx, &s)
	}
	return l.publish(ctx, tx, &s, functions, note, by)
}

// deleteOthers deletes the scripts of a set that it is not to have.
func (l *Library) deleteOthers(ctx context.Context, tx *state.Tx, set state.ScriptSet, own map[string]string) error {
	rows, err := state.Every(func(p state.Page) ([]state.Script, string, error) {
		return tx.Scripts(ctx, set.WorkspaceID, state.ScriptFilter{SetID: set.ID, Page: p})
	})
	if err != nil {
		return err
	}
	for _, s := range rows {
		if _, has := own[FullName(set.Name, s.Name)]; !has {
			if err := l.DeleteScript(ctx, tx, set.WorkspaceID, s.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
