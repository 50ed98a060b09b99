package state

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"
)

// Trigger runs a function of a script by a schedule.
type Trigger struct {
	bun.BaseModel `bun:"table:triggers,alias:tr" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	ScriptID    string
	Function    string
	Args        json.RawMessage `json:",omitempty"` // an object of named arguments, or a list; null is none

	Schedule  string // cron, five fields
	Fixed     bool   // the schedule is the script's, by fixed_crontab
	TimeZone  string // IANA name; empty is UTC
	Timeout   time.Duration
	Enabled   bool
	ExpiresAt time.Time `bun:",nullzero"` // no run after it; zero is never
	NextRunAt time.Time `bun:",nullzero"` // when it is due; zero where disabled or expired
	Note      string
	Tags      []string
	Keep      int // runs that are kept

	CreatedBy string
	CreatedAt time.Time `bun:",nullzero"`
	UpdatedAt time.Time `bun:",nullzero"`
	Version   int64
}

// TriggerFilter chooses triggers; the zero value chooses all of a workspace.
type TriggerFilter struct {
	ScriptID string
	Enabled  *bool
	Page
}

// Triggers lists those of a workspace, the oldest first.
func (q *Queries) Triggers(ctx context.Context, workspaceID string, f TriggerFilter) ([]Trigger, string, error) {
	s := q.read.NewSelect().Where("workspace_id = ?", workspaceID)
	if f.ScriptID != "" {
		s.Where("script_id = ?", f.ScriptID)
	}
	if f.Enabled != nil {
		s.Where("enabled = ?", *f.Enabled)
	}
	rows, next, err := pageByID(ctx, s, f.Page, false, func(t *Trigger) string { return t.ID })
	return rows, next, explain(err, "list triggers")
}

// Trigger reads one.
func (q *Queries) Trigger(ctx context.Context, workspaceID, id string) (Trigger, error) {
	var t Trigger
	return t, one(ctx, q.read.NewSelect().Model(&t).Where("id = ? AND workspace_id = ?", id, workspaceID), "read trigger "+id)
}

// AddTrigger inserts one, and fills identifier, times and version.
func (q *Queries) AddTrigger(ctx context.Context, t *Trigger) error {
	stamp(&t.ID, &t.CreatedAt)
	if t.UpdatedAt.IsZero() {
		t.UpdatedAt = t.CreatedAt
	}
	t.Version = 1
	return q.add(ctx, t, "add a trigger of "+t.Function)
}

// UpdateTrigger writes one that nobody else has changed since it was read.
func (q *Queries) UpdateTrigger(ctx context.Context, t *Trigger) error {
	return q.update(ctx, t, &t.Version, inWorkspace(t.WorkspaceID), "change trigger "+t.ID, "created_at", "created_by")
}

// DeleteTrigger deletes one with its runs. What its function has registered stays.
func (q *Queries) DeleteTrigger(ctx context.Context, workspaceID, id string) error {
	return change(ctx, q.write.NewDelete().Model((*Trigger)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID), "delete trigger "+id)
}

// DueTriggers claims the enabled triggers of all workspaces that are due, the longest due first.
// Until the transaction ends no other replica is given the same ones.
func (tx *Tx) DueTriggers(ctx context.Context, now time.Time, limit int) ([]Trigger, error) {
	rows := []Trigger{}
	s := tx.tx.NewSelect().Model(&rows).Where("enabled AND next_run_at <= ?", now).Order("next_run_at", "id").Limit(int64(limit))
	if tx.dialect == Postgres {
		s.For("UPDATE SKIP LOCKED") // SQLite's transaction has the whole database
	}
	return rows, explain(s.Scan(ctx), "claim due triggers")
}

// SetNextTrigger keeps when a trigger is due next, never where next is zero. It is no change of the
// record: its version stays.
func (q *Queries) SetNextTrigger(ctx context.Context, workspaceID, id string, next time.Time) error {
	u := q.write.NewUpdate().Model((*Trigger)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID)
	if next.IsZero() {
		u.Set("next_run_at = NULL")
	} else {
		u.Set("next_run_at = ?", next)
	}
	return change(ctx, u, "set when trigger "+id+" is due")
}

// NextTrigger is the time at which the next enabled trigger of any workspace is due; zero where none
// is.
func (q *Queries) NextTrigger(ctx context.Context) (time.Time, error) {
	var t []Trigger
	err := q.read.NewSelect().Model(&t).Column("next_run_at").Where("enabled AND next_run_at IS NOT NULL").
		Order("next_run_at").Limit(1).Scan(ctx)
	if err != nil || len(t) == 0 {
		return time.Time{}, explain(err, "find which trigger is due next")
	}
	return t[0].NextRunAt, nil
}
