package state

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"
)

// ScriptSet holds scripts. They import each other, and those of other sets, as SET__SCRIPT.
type ScriptSet struct {
	bun.BaseModel `bun:"table:script_sets,alias:ss" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	Name        string // an identifier, unique in the workspace
	Title       string
	Description string          // Markdown
	Package     json.RawMessage `json:",omitempty"` // the package that it was installed from; null where none
	PackageName string          // of that package; empty where none
	CreatedBy   string
	CreatedAt   time.Time `bun:",nullzero"`
	UpdatedAt   time.Time `bun:",nullzero"`
	Version     int64
}

// ScriptSets lists those of a workspace, the oldest first.
func (q *Queries) ScriptSets(ctx context.Context, workspaceID string, p Page) ([]ScriptSet, string, error) {
	rows, next, err := pageByID(ctx, q.read.NewSelect().Where("workspace_id = ?", workspaceID), p, false, func(s *ScriptSet) string { return s.ID })
	return rows, next, explain(err, "list script sets")
}

// ScriptSet reads one.
func (q *Queries) ScriptSet(ctx context.Context, workspaceID, id string) (ScriptSet, error) {
	var s ScriptSet
	return s, one(ctx, q.read.NewSelect().Model(&s).Where("id = ? AND workspace_id = ?", id, workspaceID), "read script set "+id)
}

// ScriptSetByName reads one.
func (q *Queries) ScriptSetByName(ctx context.Context, workspaceID, name string) (ScriptSet, error) {
	var s ScriptSet
	return s, one(ctx, q.read.NewSelect().Model(&s).Where("name = ? AND workspace_id = ?", name, workspaceID), "read script set "+name)
}

// InstalledPackage reads the set that a package was installed as.
func (q *Queries) InstalledPackage(ctx context.Context, workspaceID, name string) (ScriptSet, error) {
	var s ScriptSet
	return s, one(ctx, q.read.NewSelect().Model(&s).Where("package_name = ? AND package_name <> '' AND workspace_id = ?", name, workspaceID), "read package "+name)
}

// AddScriptSet inserts one, and fills identifier, times and version. A workspace takes a name once.
func (q *Queries) AddScriptSet(ctx context.Context, s *ScriptSet) error {
	stamp(&s.ID, &s.CreatedAt)
	if s.UpdatedAt.IsZero() {
		s.UpdatedAt = s.CreatedAt
	}
	s.Version = 1
	return q.add(ctx, s, "add script set "+s.Name)
}

// UpdateScriptSet writes one that nobody else has changed since it was read.
func (q *Queries) UpdateScriptSet(ctx context.Context, s *ScriptSet) error {
	return q.update(ctx, s, &s.Version, inWorkspace(s.WorkspaceID), "change script set "+s.Name, "created_at", "created_by")
}

// DeleteScriptSet deletes one with its scripts, their versions and triggers, and its variables. What
// its scripts have registered stays.
func (q *Queries) DeleteScriptSet(ctx context.Context, workspaceID, id string) error {
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		if err := change(ctx, q.write.NewDelete().Model((*ScriptSet)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID), "delete script set "+id); err != nil {
			return err
		}
		_, err := count(ctx, q.write.NewDelete().Model((*Variable)(nil)).Where("workspace_id = ? AND set_id = ?", workspaceID, id), "delete the variables of script set "+id)
		return err
	})
}
