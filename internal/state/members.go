package state

import (
	"context"
	"time"
)

// Members lists who belongs to a workspace, the first member first.
func (q *Queries) Members(ctx context.Context, workspaceID string) ([]Member, error) {
	rows := []Member{}
	err := q.read.NewSelect().Model(&rows).Where("workspace_id = ?", workspaceID).Order("created_at", "user_id").Scan(ctx)
	return rows, explain(err, "list members")
}

// MembershipsOf lists the workspaces of a person, the one joined first first.
func (q *Queries) MembershipsOf(ctx context.Context, userID string) ([]Member, error) {
	rows := []Member{}
	err := q.read.NewSelect().Model(&rows).Where("user_id = ?", userID).Order("created_at", "workspace_id").Scan(ctx)
	return rows, explain(err, "list the workspaces of a user")
}

// SetMember lets a person into a workspace, or changes the role there.
func (q *Queries) SetMember(ctx context.Context, m Member) error {
	if m.CreatedAt.IsZero() {
		m.CreatedAt = time.Now().UTC()
	}
	_, err := q.write.NewInsert().Model(&m).On("CONFLICT (workspace_id, user_id) DO UPDATE").Set("role = EXCLUDED.role").Exec(ctx)
	return explain(err, "set a member")
}

// RemoveMember takes a person out of a workspace.
func (q *Queries) RemoveMember(ctx context.Context, workspaceID, userID string) error {
	return change(ctx, q.write.NewDelete().Model((*Member)(nil)).
		Where("workspace_id = ? AND user_id = ?", workspaceID, userID), "remove a member")
}
