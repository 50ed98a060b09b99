package state

import (
	"context"
	"strings"
	"time"
)

// InspectionFilter chooses inspections; the zero value chooses all of a workspace.
type InspectionFilter struct {
	Text    string // in the name, in any case
	Origin  Origin
	Enabled *bool
	Page
}

// Inspections lists those of a workspace, the oldest first.
func (q *Queries) Inspections(ctx context.Context, workspaceID string, f InspectionFilter) ([]Inspection, string, error) {
	s := q.read.NewSelect().Where("workspace_id = ?", workspaceID)
	if f.Text != "" {
		s.Where(`lower(name) LIKE ? ESCAPE '\'`, like(f.Text))
	}
	if f.Origin != "" {
		s.Where("origin = ?", f.Origin)
	}
	if f.Enabled != nil {
		s.Where("enabled = ?", *f.Enabled)
	}
	rows, next, err := pageByID(ctx, s, f.Page, false, func(i *Inspection) string { return i.ID })
	return rows, next, explain(err, "list inspections")
}

// Inspection reads one.
func (q *Queries) Inspection(ctx context.Context, workspaceID, id string) (Inspection, error) {
	var i Inspection
	return i, one(ctx, q.read.NewSelect().Model(&i).Where("id = ? AND workspace_id = ?", id, workspaceID), "read inspection "+id)
}

// InspectionByOrigin reads the one that a file or a script has written under a key.
func (q *Queries) InspectionByOrigin(ctx context.Context, workspaceID string, origin Origin, key string) (Inspection, error) {
	var i Inspection
	return i, one(ctx, q.read.NewSelect().Model(&i).
		Where("workspace_id = ? AND origin = ? AND origin_key = ?", workspaceID, origin, key), "read inspection "+key)
}

// AddInspection inserts one, and fills identifier, times and version.
func (q *Queries) AddInspection(ctx context.Context, i *Inspection) error {
	stamp(&i.ID, &i.CreatedAt)
	if i.UpdatedAt.IsZero() {
		i.UpdatedAt = i.CreatedAt
	}
	i.Version = 1
	return q.add(ctx, i, "add inspection "+i.Name)
}

// UpdateInspection writes one that nobody else has changed since it was read.
func (q *Queries) UpdateInspection(ctx context.Context, i *Inspection) error {
	return q.update(ctx, i, &i.Version, inWorkspace(i.WorkspaceID), "change inspection "+i.Name, "created_at", "created_by")
}

// DeleteInspection deletes one with its runs, but those of a trigger; its events stay.
func (q *Queries) DeleteInspection(ctx context.Context, workspaceID, id string) error {
	what := "delete inspection " + id
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		if _, err := count(ctx, q.write.NewUpdate().Model((*Run)(nil)).Set("inspection_id = NULL").
			Where("inspection_id = ? AND workspace_id = ? AND trigger_id IS NOT NULL", id, workspaceID), what); err != nil {
			return err
		}
		return change(ctx, q.write.NewDelete().Model((*Inspection)(nil)).
			Where("id = ? AND workspace_id = ?", id, workspaceID), what)
	})
}

// DueInspections claims the enabled inspections of all workspaces that are due, the longest due first.
// What a script has registered is never: its trigger is. Until the transaction ends no other replica is
// given the same ones.
func (tx *Tx) DueInspections(ctx context.Context, now time.Time, limit int) ([]Inspection, error) {
	rows := []Inspection{}
	s := tx.tx.NewSelect().Model(&rows).Where("enabled AND origin <> ? AND next_run_at <= ?", FromScript, now).Order("next_run_at", "id").Limit(int64(limit))
	if tx.dialect == Postgres {
		s.For("UPDATE SKIP LOCKED") // SQLite's transaction has the whole database
	}
	return rows, explain(s.Scan(ctx), "claim due inspections")
}

// SetNextRun keeps when an inspection is due next, never where next is zero. It is no change of the
// record: its version stays.
func (q *Queries) SetNextRun(ctx context.Context, workspaceID, id string, next time.Time) error {
	u := q.write.NewUpdate().Model((*Inspection)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID)
	if next.IsZero() {
		u.Set("next_run_at = NULL")
	} else {
		u.Set("next_run_at = ?", next)
	}
	return change(ctx, u, "set the next run of inspection "+id)
}

// NextDue is the time at which the next enabled inspection of any workspace is due; zero where none
// is.
func (q *Queries) NextDue(ctx context.Context) (time.Time, error) {
	var i []Inspection
	err := q.read.NewSelect().Model(&i).Column("next_run_at").Where("enabled AND origin <> ? AND next_run_at IS NOT NULL", FromScript).
		Order("next_run_at").Limit(1).Scan(ctx)
	if err != nil || len(i) == 0 {
		return time.Time{}, explain(err, "find what is due next")
	}
	return i[0].NextRunAt, nil
}

// HostLines are the names and globs of an inspection's Hosts, without blank lines.
func (i *Inspection) HostLines() []string {
	var lines []string
	for line := range strings.Lines(i.Hosts) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}
