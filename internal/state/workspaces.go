package state

import "context"

// Workspaces lists all of the instance, the oldest first.
func (q *Queries) Workspaces(ctx context.Context, p Page) ([]Workspace, string, error) {
	rows, next, err := pageByID(ctx, q.read.NewSelect(), p, false, func(w *Workspace) string { return w.ID })
	return rows, next, explain(err, "list workspaces")
}

// Workspace reads one.
func (q *Queries) Workspace(ctx context.Context, id string) (Workspace, error) {
	var w Workspace
	return w, one(ctx, q.read.NewSelect().Model(&w).Where("id = ?", id), "read workspace "+id)
}

// AddWorkspace inserts one, and fills its identifier, time and version. A name is taken once.
func (q *Queries) AddWorkspace(ctx context.Context, w *Workspace) error {
	stamp(&w.ID, &w.CreatedAt)
	w.Version = 1
	return q.add(ctx, w, "add workspace "+w.Name)
}

// UpdateWorkspace writes one that nobody else has changed since it was read.
func (q *Queries) UpdateWorkspace(ctx context.Context, w *Workspace) error {
	return q.update(ctx, w, &w.Version, inInstance, "change workspace "+w.Name, "created_at")
}

// DeleteWorkspace deletes one with all that belongs to it, but for the audit log.
func (q *Queries) DeleteWorkspace(ctx context.Context, id string) error {
	return change(ctx, q.write.NewDelete().Model((*Workspace)(nil)).Where("id = ?", id), "delete workspace "+id)
}
