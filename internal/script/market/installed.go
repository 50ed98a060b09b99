package market

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/memseep/memseep/internal/state"
)

// installed lists what a workspace has installed, the oldest first.
func (m *Market) installed(ctx context.Context, q *state.Queries, workspaceID string) ([]Installed, error) {
	var list []Installed
	for p := (state.Page{Limit: 1000}); ; {
		sets, next, err := q.ScriptSets(ctx, workspaceID, p)
		if err != nil {
			return nil, err
		}
		for _, s := range sets {
			if s.PackageName == "" {
				continue
			}
			in, err := installedOf(ctx, q, s)
			if err != nil {
				return nil, err
			}
			list = append(list, in)
		}
		if next == "" {
			return list, nil
		}
		p.Cursor = next
	}
}

// find reads one that is installed; nil where it is not.
func find(ctx context.Context, q *state.Queries, workspaceID, name string) (*Installed, *state.ScriptSet, error) {
	set, err := q.InstalledPackage(ctx, workspaceID, name)
	if errors.Is(err, state.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	in, err := installedOf(ctx, q, set)
	return &in, &set, err
}

func installedOf(ctx context.Context, q *state.Queries, set state.ScriptSet) (Installed, error) {
	var in Installed
	if err := json.Unmarshal(set.Package, &in); err != nil {
		return in, fmt.Errorf("read what script set %s was installed from: %w", set.Name, err)
	}
	in.SetID = set.ID
	scripts, err := scriptsOf(ctx, q, set.WorkspaceID, set.ID)
	if err != nil {
		return in, err
	}
	in.Edited = len(scripts) != len(in.Files)
	for _, s := range scripts {
		want := in.Files[s.Name]
		in.Edited = in.Edited || digestOf([]byte(s.Code)) != want || digestOf([]byte(s.Draft)) != want
	}
	return in, nil
}

func scriptsOf(ctx context.Context, q *state.Queries, workspaceID, setID string) ([]state.Script, error) {
	var list []state.Script
	for f := (state.ScriptFilter{SetID: setID, Page: state.Page{Limit: 1000}}); ; {
		rows, next, err := q.Scripts(ctx, workspaceID, f)
		if err != nil {
			return nil, err
		}
		if list = append(list, rows...); next == "" {
			return list, nil
		}
		f.Cursor = next
	}
}
