package state

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"
)

// Script is a file of a set: a draft that people write, and the code that runs.
type Script struct {
	bun.BaseModel `bun:"table:scripts,alias:sc" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	SetID       string
	Name        string // an identifier, unique in the set
	Title       string

	Draft   string
	DraftAt time.Time `bun:",nullzero"`
	DraftBy string

	Code        string          // published; empty where Number is 0
	Number      int             // of the published version, from 1; 0 where nothing was published
	Functions   json.RawMessage `json:",omitempty"` // of the published code: a list of script.Function
	PublishedAt time.Time       `bun:",nullzero"`
	PublishedBy string

	CreatedBy string
	CreatedAt time.Time `bun:",nullzero"`
	Version   int64
}

// ScriptVersion is code as it was published once.
type ScriptVersion struct {
	bun.BaseModel `bun:"table:script_versions,alias:sv" json:"-"`

	ScriptID string `bun:",pk"`
	Number   int    `bun:",pk"`
	Code     string
	Note     string
	By       string
	At       time.Time `bun:",nullzero"`
}

// ScriptFilter chooses scripts; the zero value chooses all of a workspace.
type ScriptFilter struct {
	SetID     string
	Published bool // those alone
	Page
}

// Scripts lists those of a workspace, the oldest first.
func (q *Queries) Scripts(ctx context.Context, workspaceID string, f ScriptFilter) ([]Script, string, error) {
	s := q.read.NewSelect().Where("workspace_id = ?", workspaceID)
	if f.SetID != "" {
		s.Where("set_id = ?", f.SetID)
	}
	if f.Published {
		s.Where("number > 0")
	}
	rows, next, err := pageByID(ctx, s, f.Page, false, func(s *Script) string { return s.ID })
	return rows, next, explain(err, "list scripts")
}

// Script reads one.
func (q *Queries) Script(ctx context.Context, workspaceID, id string) (Script, error) {
	var s Script
	return s, one(ctx, q.read.NewSelect().Model(&s).Where("id = ? AND workspace_id = ?", id, workspaceID), "read script "+id)
}

// AddScript inserts one, and fills identifier, times and version. A set takes a name once.
func (q *Queries) AddScript(ctx context.Context, s *Script) error {
	stamp(&s.ID, &s.CreatedAt)
	if s.DraftAt.IsZero() {
		s.DraftAt = s.CreatedAt
	}
	s.Version = 1
	return q.add(ctx, s, "add script "+s.Name)
}

// UpdateScript writes one that nobody else has changed since it was read.
func (q *Queries) UpdateScript(ctx context.Context, s *Script) error {
	return q.update(ctx, s, &s.Version, inWorkspace(s.WorkspaceID), "change script "+s.Name, "set_id", "created_at", "created_by")
}

// PublishScript makes code the script's, as its next version: it keeps the version and fills Code,
// Number, PublishedAt and PublishedBy of s, which nobody else may have changed since it was read.
func (q *Queries) PublishScript(ctx context.Context, s *Script, v ScriptVersion) error {
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		v.ScriptID, v.Number = s.ID, s.Number+1
		s.Code, s.Number, s.PublishedAt, s.PublishedBy = v.Code, v.Number, v.At, v.By
		if err := q.UpdateScript(ctx, s); err != nil {
			return err
		}
		return q.add(ctx, &v, "keep version of script "+s.Name)
	})
}

// ScriptVersions lists what a script has published, the newest first, at most limit of them.
func (q *Queries) ScriptVersions(ctx context.Context, workspaceID, scriptID string, limit int) ([]ScriptVersion, error) {
	rows := []ScriptVersion{}
	err := q.read.NewSelect().Model(&rows).Where("script_id IN (?)", q.scriptsOf(workspaceID, scriptID)).
		OrderExpr("number DESC").Limit(int64(limit)).Scan(ctx)
	return rows, explain(err, "list the versions of script "+scriptID)
}

// ScriptVersion reads one.
func (q *Queries) ScriptVersion(ctx context.Context, workspaceID, scriptID string, number int) (ScriptVersion, error) {
	var v ScriptVersion
	return v, one(ctx, q.read.NewSelect().Model(&v).Where("script_id IN (?) AND number = ?", q.scriptsOf(workspaceID, scriptID), number),
		"read a version of script "+scriptID)
}

// scriptsOf is a script where the workspace has it.
func (q *Queries) scriptsOf(workspaceID, scriptID string) *bun.SelectQuery {
	return q.read.NewSelect().Model((*Script)(nil)).Column("id").Where("id = ? AND workspace_id = ?", scriptID, workspaceID)
}

// DeleteScript deletes one with its versions and triggers. What it has registered stays.
func (q *Queries) DeleteScript(ctx context.Context, workspaceID, id string) error {
	return change(ctx, q.write.NewDelete().Model((*Script)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID), "delete script "+id)
}
