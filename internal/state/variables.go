package state

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"
)

// Variable is a value that scripts read, by DFF.ENV or as account[…].
type Variable struct {
	bun.BaseModel `bun:"table:variables,alias:va" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	SetID       string          // of the scripts that read it; empty is all of the workspace's
	Name        string          // unique in the workspace and the set
	Kind        string          // string, secret, integer, float, boolean, json or list
	Value       json.RawMessage `json:",omitempty"` // null where it is sealed
	Sealed      []byte          // of a secret: its JSON
	Note        string
	CreatedBy   string
	CreatedAt   time.Time `bun:",nullzero"`
	UpdatedAt   time.Time `bun:",nullzero"`
	Version     int64
}

// Variables lists those of a workspace, the oldest first.
func (q *Queries) Variables(ctx context.Context, workspaceID string, p Page) ([]Variable, string, error) {
	rows, next, err := pageByID(ctx, q.read.NewSelect().Where("workspace_id = ?", workspaceID), p, false, func(v *Variable) string { return v.ID })
	return rows, next, explain(err, "list variables")
}

// VariablesOf are those that the scripts of a set read: the workspace's first, then its own, which
// win.
func (q *Queries) VariablesOf(ctx context.Context, workspaceID, setID string) ([]Variable, error) {
	rows := []Variable{}
	err := q.read.NewSelect().Model(&rows).Where("workspace_id = ? AND set_id IN ('', ?)", workspaceID, setID).Order("set_id", "id").Scan(ctx)
	return rows, explain(err, "read the variables of a script set")
}

// Variable reads one.
func (q *Queries) Variable(ctx context.Context, workspaceID, id string) (Variable, error) {
	var v Variable
	return v, one(ctx, q.read.NewSelect().Model(&v).Where("id = ? AND workspace_id = ?", id, workspaceID), "read variable "+id)
}

// AddVariable inserts one, and fills identifier, times and version. A workspace, and a set, takes a
// name once.
func (q *Queries) AddVariable(ctx context.Context, v *Variable) error {
	stamp(&v.ID, &v.CreatedAt)
	if v.UpdatedAt.IsZero() {
		v.UpdatedAt = v.CreatedAt
	}
	v.Version = 1
	return q.add(ctx, v, "add variable "+v.Name)
}

// UpdateVariable writes one that nobody else has changed since it was read.
func (q *Queries) UpdateVariable(ctx context.Context, v *Variable) error {
	return q.update(ctx, v, &v.Version, inWorkspace(v.WorkspaceID), "change variable "+v.Name, "created_at", "created_by")
}

// DeleteVariable deletes one.
func (q *Queries) DeleteVariable(ctx context.Context, workspaceID, id string) error {
	return change(ctx, q.write.NewDelete().Model((*Variable)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID), "delete variable "+id)
}
