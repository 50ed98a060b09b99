package market

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/memseep/memseep/internal/state"
)

// Deployed is what setting a package to work came to.
type Deployed struct {
	SetID, ScriptID, TriggerID string
	Kept                       bool   // a startup script was there, and stays
	Diff                       string // from what is there to what the package has; empty where they are the same
}

// Deploy sets an installed package to work: it writes the values of its placeholders as variables of
// the startup script's set, its startup script, and a trigger. A startup script that is there stays,
// but where it is to be replaced.
func (m *Market) Deploy(ctx context.Context, workspaceID, name string, values map[string]string, replace bool, by string) (Deployed, error) {
	in, err := m.Installed(ctx, workspaceID, name)
	if err != nil {
		return Deployed{}, err
	}
	if in.Startup == nil {
		return Deployed{}, refuse("startup", "%s has no startup script: its scripts are there to be imported", name)
	}
	functions, err := m.Library.Functions(ctx, workspaceID, in.StartupCode, in.Startup.Set, in.Startup.Name)
	if err != nil {
		return Deployed{}, refuse("startup", "the startup script would not run: %v", err)
	}
	var d Deployed
	err = m.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		d = Deployed{}
		set, err := m.startupSet(ctx, tx, workspaceID, in.Startup.Set, by)
		if err != nil {
			return err
		}
		d.SetID = set.ID
		if err := m.keepValues(ctx, tx, set, in, values, by); err != nil {
			return err
		}
		if err := m.putStartup(ctx, tx, set, in, functions, replace, by, &d); err != nil {
			return err
		}
		return m.startupTrigger(ctx, tx, workspaceID, in, by, &d)
	})
	return d, err
}

// Installed reads a package that is installed; state.ErrNotFound where it is not.
func (m *Market) Installed(ctx context.Context, workspaceID, name string) (*Installed, error) {
	in, _, err := find(ctx, m.DB.Queries, workspaceID, name)
	if err == nil && in == nil {
		err = fmt.Errorf("package %s is not installed: %w", name, state.ErrNotFound)
	}
	return in, err
}

func (m *Market) startupSet(ctx context.Context, tx *state.Tx, workspaceID, name, by string) (state.ScriptSet, error) {
	set, err := tx.ScriptSetByName(ctx, workspaceID, name)
	switch {
	case errors.Is(err, state.ErrNotFound):
		set = state.ScriptSet{WorkspaceID: workspaceID, Name: name, Title: "Startup scripts", CreatedBy: by, CreatedAt: m.Clock()}
		return set, tx.AddScriptSet(ctx, &set)
	case err == nil && set.PackageName != "":
		return set, refuse("name", "the set %s, where the startup script goes, is that of a package", name)
	}
	return set, err
}

// keepValues writes what was given of the placeholders. What is required has to be given, or to be
// there from before.
func (m *Market) keepValues(ctx context.Context, tx *state.Tx, set state.ScriptSet, in *Installed, values map[string]string, by string) error {
	there, err := tx.VariablesOf(ctx, set.WorkspaceID, set.ID)
	if err != nil {
		return err
	}
	left := maps.Clone(values)
	for _, p := range in.Placeholders {
		value := strings.TrimSpace(values[p.Name])
		delete(left, p.Name)
		if value == "" {
			if p.Required && !isSet(there, p.Name) {
				return &FieldError{"values." + p.Name, p.Title + " is needed"}
			}
			continue
		}
		kind := "string"
		if p.Secret {
			kind = "secret"
		}
		if err := m.Library.SetVariable(ctx, tx, set.WorkspaceID, set.ID, p.Name, kind, value, by); err != nil {
			return fmt.Errorf("keep %s: %w", p.Name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		return &FieldError{"values." + name, fmt.Sprintf("%s has no placeholder %s", in.Name, name)}
	}
	return nil
}

// isSet tells whether a variable has a value.
func isSet(variables []state.Variable, name string) bool {
	return slices.ContainsFunc(variables, func(v state.Variable) bool {
		return v.Name == name && (len(v.Sealed) > 0 || len(v.Value) > 0 && string(v.Value) != "null" && string(v.Value) != `""`)
	})
}

// diff tells what the package's startup script has otherwise than the one that is there.
func diff(s state.Script, in *Installed) string {
	return udiff.Unified(in.Startup.Set+"__"+s.Name, in.Name+" "+in.Version, s.Draft, in.StartupCode)
}
