package state

import (
	"context"
	"time"
)

// Incidents lists the identifiers of the incidents of a workspace that have an event which was
// opened at or after a time, the newest first, at most 1000.
func (q *Queries) Incidents(ctx context.Context, workspaceID string, since time.Time) ([]string, error) {
	var ids []string
	err := q.read.NewSelect().Model((*eventRow)(nil)).ColumnExpr("e.incident_id").
		Where("e.workspace_id = ? AND e.incident_id <> '' AND e.opened_at >= ?", workspaceID, since).
		GroupExpr("e.incident_id").OrderExpr("max(e.opened_at) DESC").Limit(1000).Scan(ctx, &ids)
	return ids, explain(err, "list incidents")
}
