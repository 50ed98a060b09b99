package state

import "context"

// Sources lists the addresses outside of a workspace, the oldest first.
func (q *Queries) Sources(ctx context.Context, workspaceID string, p Page) ([]Source, string, error) {
	rows, next, err := pageByID(ctx, q.read.NewSelect().Where("workspace_id = ?", workspaceID), p, false, func(s *Source) string { return s.ID })
	return rows, next, explain(err, "list sources")
}

// Source reads one.
func (q *Queries) Source(ctx context.Context, workspaceID, id string) (Source, error) {
	var s Source
	return s, one(ctx, q.read.NewSelect().Model(&s).Where("id = ? AND workspace_id = ?", id, workspaceID), "read source "+id)
}

// AddSource inserts one, and fills identifier, time and version. A workspace takes a name once.
func (q *Queries) AddSource(ctx context.Context, s *Source) error {
	stamp(&s.ID, &s.CreatedAt)
	s.Version = 1
	return q.add(ctx, s, "add source "+s.Name)
}

// UpdateSource writes one that nobody else has changed since it was read.
func (q *Queries) UpdateSource(ctx context.Context, s *Source) error {
	return q.update(ctx, s, &s.Version, inWorkspace(s.WorkspaceID), "change source "+s.Name, "created_at")
}

// DeleteSource deletes one. One that an inspection reads from is ErrExists.
func (q *Queries) DeleteSource(ctx context.Context, workspaceID, id string) error {
	used, err := q.write.NewSelect().Model((*Inspection)(nil)).Where("workspace_id = ? AND source_id = ?", workspaceID, id).Exists(ctx)
	if err != nil {
		return explain(err, "delete source "+id)
	}
	if used {
		return explain(ErrExists, "delete source "+id+": an inspection reads from it")
	}
	return change(ctx, q.write.NewDelete().Model((*Source)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID), "delete source "+id)
}
