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
	TriggerID    string
	Statuses     []RunStatus
	From, To     time.Time // due in [From, To)
	Page
}

// Runs lists those of a workspace, the newest first, without their logs.
func (q *Queries) Runs(ctx context.Context, workspaceID string, f RunFilter) ([]Run, string, error) {
	s := q.read.NewSelect().Where("workspace_id = ?", workspaceID)
	if f.InspectionID != "" {
		s.Where("inspection_id = ?", f.InspectionID)
	}
	if f.TriggerID != "" {
		s.Where("trigger_id = ?", f.TriggerID)
	}
	if len(f.Statuses) > 0 {
		s.Where("status IN (?)", in(f.Statuses))
	}
	if !f.From.IsZero() {
		s.Where("scheduled_at >= ?", f.From)
	}
	if !f.To.IsZero() {
		s.Where("scheduled_at < ?", f.To)
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

// AddRun inserts one, and fills its identifier. A second run of an inspection or a trigger for one
// scheduled time is ErrExists; runs by hand are not counted there.
func (q *Queries) AddRun(ctx context.Context, r *Run) error {
	stamp(&r.ID, &r.ScheduledAt)
	return q.add(ctx, r, "add a run")
}

// UpdateRun writes status, times, number of chunks, error and what a script left of a run; what chunks count is
// FinishChunk's. A run ends once: for one that has ended it is ErrConflict.
func (q *Queries) UpdateRun(ctx context.Context, r *Run) error {
	what := "change run " + r.ID
	n, err := count(ctx, q.write.NewUpdate().Model(r).
		Column("status", "started_at", "ended_at", "at", "chunks", "error", "traceback", "result", "peak_bytes").
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

// BindRun makes a run of a trigger one of an inspection too, which its function has registered.
func (q *Queries) BindRun(ctx context.Context, workspaceID, runID, inspectionID, inspection string) error {
	return change(ctx, q.write.NewUpdate().Model((*Run)(nil)).Set("inspection_id = ?", inspectionID).Set("inspection = ?", inspection).
		Where("id = ? AND workspace_id = ? AND trigger_id IS NOT NULL", runID, workspaceID), "bind run "+runID+" to its inspection")
}

// RunningTriggerRuns lists the runs of a trigger that have not ended, the oldest first.
func (q *Queries) RunningTriggerRuns(ctx context.Context, workspaceID, triggerID string) ([]Run, error) {
	rows := []Run{}
	err := q.read.NewSelect().Model(&rows).
		Where("workspace_id = ? AND trigger_id = ? AND status IN ('pending', 'running')", workspaceID, triggerID).Order("id").Scan(ctx)
	return rows, explain(err, "list running runs of a trigger")
}

// TrimTriggerRuns deletes what is older than the newest keep ended runs of a trigger, and what was
// due before oldest.
func (q *Queries) TrimTriggerRuns(ctx context.Context, workspaceID, triggerID string, keep int, oldest time.Time) error {
	newest := q.write.NewSelect().Model((*Run)(nil)).Column("id").Where("trigger_id = ?", triggerID).
		OrderExpr("id DESC").Limit(int64(keep))
	_, err := count(ctx, q.write.NewDelete().Model((*Run)(nil)).
		Where("workspace_id = ? AND trigger_id = ? AND status NOT IN (?)", workspaceID, triggerID, in(going)).
		Where("(id NOT IN (?) OR scheduled_at < ?)", newest, oldest), "trim the runs of a trigger")
	return err
}

// LastTriggerRuns are the newest runs of triggers, by the trigger's identifier.
func (q *Queries) LastTriggerRuns(ctx context.Context, workspaceID string, triggerIDs []string) (map[string]Run, error) {
	found := map[string]Run{}
	if len(triggerIDs) == 0 {
		return found, nil
	}
	var rows []Run
	newest := q.read.NewSelect().Model((*Run)(nil)).ColumnExpr("max(id)").
		Where("workspace_id = ? AND trigger_id IN (?)", workspaceID, in(triggerIDs)).Group("trigger_id")
	err := q.read.NewSelect().Model(&rows).Where("id IN (?)", newest).Scan(ctx)
	for _, r := range rows {
		found[r.TriggerID] = r
	}
	return found, explain(err, "read the last runs of triggers")
}
