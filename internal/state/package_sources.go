package state

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"
)

// PackageSource is where packages of scripts come from, besides the binary's own.
type PackageSource struct {
	bun.BaseModel `bun:"table:package_sources,alias:ps" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	Name        string // unique in the workspace
	Kind        string // folder, git or http
	Address     string
	PublicKey   string          // of minisign: what it signed is taken alone; empty is not asked for
	Packages    json.RawMessage `json:",omitempty"` // as they were when it was looked at last
	CheckedAt   time.Time       `bun:",nullzero"`
	Error       string          // of that look; empty where it went well
	CreatedBy   string
	CreatedAt   time.Time `bun:",nullzero"`
	Version     int64
}

// PackageSources lists those of a workspace, the oldest first.
func (q *Queries) PackageSources(ctx context.Context, workspaceID string, p Page) ([]PackageSource, string, error) {
	rows, next, err := pageByID(ctx, q.read.NewSelect().Where("workspace_id = ?", workspaceID), p, false, func(s *PackageSource) string { return s.ID })
	return rows, next, explain(err, "list package sources")
}

// PackageSource reads one.
func (q *Queries) PackageSource(ctx context.Context, workspaceID, id string) (PackageSource, error) {
	var s PackageSource
	return s, one(ctx, q.read.NewSelect().Model(&s).Where("id = ? AND workspace_id = ?", id, workspaceID), "read package source "+id)
}

// AddPackageSource inserts one, and fills identifier, time and version. A workspace takes a name
// once.
func (q *Queries) AddPackageSource(ctx context.Context, s *PackageSource) error {
	stamp(&s.ID, &s.CreatedAt)
	s.Version = 1
	return q.add(ctx, s, "add package source "+s.Name)
}

// UpdatePackageSource writes one that nobody else has changed since it was read. What was seen there
// is kept by SetPackages alone.
func (q *Queries) UpdatePackageSource(ctx context.Context, s *PackageSource) error {
	return q.update(ctx, s, &s.Version, inWorkspace(s.WorkspaceID), "change package source "+s.Name,
		"created_at", "created_by", "packages", "checked_at", "error")
}

// SetPackages keeps what was seen at a source: its version stays.
func (q *Queries) SetPackages(ctx context.Context, s *PackageSource) error {
	return change(ctx, q.write.NewUpdate().Model(s).Column("packages", "checked_at", "error").
		WherePK().Where("workspace_id = ?", s.WorkspaceID), "keep the packages of source "+s.Name)
}

// DeletePackageSource deletes one. What was installed from it stays.
func (q *Queries) DeletePackageSource(ctx context.Context, workspaceID, id string) error {
	return change(ctx, q.write.NewDelete().Model((*PackageSource)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID), "delete package source "+id)
}
