package state

import (
	"context"
	"time"
)

// runsKept is how many runs of an inspection are kept.
const runsKept = 500

// going are the states of a run that has not ended.
var going = []RunStatus{RunPending, RunRunning}

// RunFilter chooses runs; the zero value chooses all of a workspace.
type RunFilter struct {
	InspectionID string
	Statuses     []RunStatus
	Page
}

// Runs lists those of a workspace, the newest first, without their logs.
func (q *Queries) Runs(ctx context.Context, workspaceID string, f RunFilter) ([]Run, string, error) {
	s := q.read.NewSelect().Where("workspace_id = ?", workspaceID)
	if f.InspectionID != "" {
		s.Where("inspection_id = ?", f.InspectionID)
	}
	if len(f.Statuses) > 0 {
		s.Where("status IN (?)", in(f.Statuses))
	}
	rows, next, err := pageByID(ctx, s, f.Page, true, func(r *Run) string { return r.ID })
	return rows, next, explain(err, "list runs")
}

// Run reads one with its log.
func (q *Queries) Run(ctx context.Context, workspaceID, id string) (Run, error) {
	var r Run
	if err := one(ctx, q.read.NewSelect().Model(&r).Where("id = ? AND workspace_id = ?", id, workspaceID), "read run "+id); err != nil {
		return r, err
	}
	var err error
	r.Log, err = q.RunLog(ctx, workspaceID, id, 0)
	return r, err
}

// AddRun inserts one, and fills its identifier. A second run of an inspection for one scheduled
// time is ErrExists; runs by hand are not counted there.
func (q *Queries) AddRun(ctx context.Context, r *Run) error {
	stamp(&r.ID, &r.ScheduledAt)
	return q.add(ctx, r, "add a run")
}

// UpdateRun writes status, times, number of chunks and error of a run; what chunks count is
// FinishChunk's. A run ends once: for one that has ended it is ErrConflict.
func (q *Queries) UpdateRun(ctx context.Context, r *Run) error {
	what := "change run " + r.ID
	n, err := count(ctx, q.write.NewUpdate().Model(r).
		Column("status", "started_at", "ended_at", "at", "chunks", "error").
		Where("id = ? AND workspace_id = ? AND status IN (?)", r.ID, r.WorkspaceID, in(going)), what)
	if err != nil || n == 1 {
		return err
	}
	there, err := q.write.NewSelect().Model((*Run)(nil)).Where("id = ? AND workspace_id = ?", r.ID, r.WorkspaceID).Exists(ctx)
	if err == nil && there {
		err = ErrConflict
	} else if err == nil {
		err = ErrNotFound
	}
	return explain(err, what)
}

// RunningRuns lists the runs of an inspection that have not ended, the oldest first.
func (q *Queries) RunningRuns(ctx context.Context, workspaceID, inspectionID string) ([]Run, error) {
	rows := []Run{}
	err := q.read.NewSelect().Model(&rows).
		Where("workspace_id = ? AND inspection_id = ? AND status IN ('pending', 'running')", workspaceID, inspectionID).Order("id").Scan(ctx)
	return rows, explain(err, "list running runs")
}

// UnfinishedRuns lists the runs of all workspaces that were due before a time and have not ended,
// the oldest first: what a restart or a timeout has to look after.
func (q *Queries) UnfinishedRuns(ctx context.Context, before time.Time) ([]Run, error) {
	rows := []Run{}
	err := q.read.NewSelect().Model(&rows).
		Where("status IN ('pending', 'running') AND scheduled_at < ?", before).Order("id").Scan(ctx)
	return rows, explain(err, "list unfinished runs")
}

// TrimRuns deletes what is older than the newest 500 ended runs of an inspection.
func (q *Queries) TrimRuns(ctx context.Context, workspaceID, inspectionID string) error {
	newest := q.write.NewSelect().Model((*Run)(nil)).Column("id").Where("inspection_id = ?", inspectionID).
		OrderExpr("id DESC").Limit(runsKept)
	_, err := count(ctx, q.write.NewDelete().Model((*Run)(nil)).
		Where("workspace_id = ? AND inspection_id = ? AND status NOT IN (?)", workspaceID, inspectionID, in(going)).
		Where("id NOT IN (?)", newest), "trim the runs of an inspection")
	return err
}
