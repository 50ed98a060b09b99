package state

import (
	"context"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// Target is a place where messages go: a robot, a group of mail addresses, a service.
type Target struct {
	bun.BaseModel `bun:"table:targets,alias:tg" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	Name        string
	Kind        string            // of package target
	Language    string            // en or zh
	Settings    map[string]string // those that are not secret
	Sealed      []byte            // the secret ones, sealed: an object of strings
	Templates   Templates
	Enabled     bool

	FailingSince time.Time `bun:",nullzero"` // of the first failure since the last success
	DisabledAt   time.Time `bun:",nullzero"` // by failing for too long
	DisabledWhy  string
	LastSentAt   time.Time `bun:",nullzero"`
	LastError    string

	CreatedBy string
	CreatedAt time.Time `bun:",nullzero"`
	UpdatedAt time.Time `bun:",nullzero"`
	Version   int64
}

// Templates replace the texts of messages; an empty one leaves it as it is.
type Templates struct {
	Short string `json:"short,omitempty"` // the first line
	Title string `json:"title,omitempty"`
	Body  string `json:"body,omitempty"` // Markdown
}

// Targets lists those of a workspace, the oldest first.
func (q *Queries) Targets(ctx context.Context, workspaceID string, p Page) ([]Target, string, error) {
	rows, next, err := pageByID(ctx, q.read.NewSelect().Where("workspace_id = ?", workspaceID), p, false, func(t *Target) string { return t.ID })
	return rows, next, explain(err, "list targets")
}

// TargetsByID reads some, by their identifiers; ones that are not there are left out.
func (q *Queries) TargetsByID(ctx context.Context, workspaceID string, ids []string) (map[string]Target, error) {
	found := map[string]Target{}
	if len(ids) == 0 {
		return found, nil
	}
	var rows []Target
	err := q.read.NewSelect().Model(&rows).Where("workspace_id = ? AND id IN (?)", workspaceID, in(ids)).Scan(ctx)
	for _, t := range rows {
		found[t.ID] = t
	}
	return found, explain(err, "read targets")
}

// Target reads one.
func (q *Queries) Target(ctx context.Context, workspaceID, id string) (Target, error) {
	var t Target
	return t, one(ctx, q.read.NewSelect().Model(&t).Where("id = ? AND workspace_id = ?", id, workspaceID), "read target "+id)
}

// AddTarget inserts one, and fills identifier, times and version. A workspace takes a name once.
func (q *Queries) AddTarget(ctx context.Context, t *Target) error {
	stamp(&t.ID, &t.CreatedAt)
	if t.UpdatedAt.IsZero() {
		t.UpdatedAt = t.CreatedAt
	}
	t.Version = 1
	return q.add(ctx, t, "add target "+t.Name)
}

// UpdateTarget writes one that nobody else has changed since it was read. How it fares is kept by
// SetTargetHealth alone.
func (q *Queries) UpdateTarget(ctx context.Context, t *Target) error {
	return q.update(ctx, t, &t.Version, inWorkspace(t.WorkspaceID), "change target "+t.Name,
		"created_at", "created_by", "failing_since", "disabled_at", "disabled_why", "last_sent_at", "last_error")
}

// SetTargetHealth keeps how a target fares, and whether it is enabled: its version stays.
func (q *Queries) SetTargetHealth(ctx context.Context, t *Target) error {
	return change(ctx, q.write.NewUpdate().Model(t).
		Column("enabled", "failing_since", "disabled_at", "disabled_why", "last_sent_at", "last_error").
		WherePK().Where("workspace_id = ?", t.WorkspaceID), "keep how target "+t.Name+" fares")
}

// LockTarget reads one and holds it until the transaction ends, so that who sends to it at the same
// time waits.
func (tx *Tx) LockTarget(ctx context.Context, workspaceID, id string) (Target, error) {
	var t Target
	s := tx.tx.NewSelect().Model(&t).Where("id = ? AND workspace_id = ?", id, workspaceID)
	if tx.dialect == Postgres {
		s.For("UPDATE") // SQLite's transaction has the whole database
	}
	return t, one(ctx, s, "read target "+id)
}

// DeleteTarget deletes one. One that a policy tells is ErrExists.
func (q *Queries) DeleteTarget(ctx context.Context, workspaceID, id string) error {
	what := "delete target " + id
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		users, err := q.policiesWith(ctx, workspaceID, id)
		if err != nil {
			return err
		}
		if len(users) > 0 {
			return explain(ErrExists, what+": these policies tell it: "+strings.Join(users, ", "))
		}
		return change(ctx, q.write.NewDelete().Model((*Target)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID), what)
	})
}
