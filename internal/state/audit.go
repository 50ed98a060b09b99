package state

import (
	"context"
	"time"
)

// AuditFilter chooses lines of the audit log; the zero value chooses all of a workspace.
type AuditFilter struct {
	Actor    string
	Action   string // the beginning, e.g. "inspection."
	Subject  string
	From, To time.Time // at in [From, To)
	Page
}

// AuditLog lists what was done in a workspace, the newest first; in the instance where the
// workspace is empty.
func (q *Queries) AuditLog(ctx context.Context, workspaceID string, f AuditFilter) ([]Audit, string, error) {
	s := q.read.NewSelect().Where("workspace_id = ?", workspaceID)
	if f.Actor != "" {
		s.Where("actor = ?", f.Actor)
	}
	if f.Action != "" {
		s.Where(`action LIKE ? ESCAPE '\'`, like(f.Action)[1:])
	}
	if f.Subject != "" {
		s.Where("subject = ?", f.Subject)
	}
	if !f.From.IsZero() {
		s.Where("at >= ?", f.From)
	}
	if !f.To.IsZero() {
		s.Where("at < ?", f.To)
	}
	rows, next, err := pageByID(ctx, s, f.Page, true, func(a *Audit) string { return a.ID })
	return rows, next, explain(err, "read the audit log")
}

// AddAudit keeps what somebody did, and fills identifier and time.
func (q *Queries) AddAudit(ctx context.Context, a *Audit) error {
	stamp(&a.ID, &a.At)
	return q.add(ctx, a, "write the audit log")
}

// TrimAudit deletes what was done before a time, in all workspaces.
func (q *Queries) TrimAudit(ctx context.Context, before time.Time) (int64, error) {
	return count(ctx, q.write.NewDelete().Model((*Audit)(nil)).Where("at < ?", before), "trim the audit log")
}
