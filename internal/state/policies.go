package state

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memseep/memseep/leak"
)

// Policy says who is told of which events, when, and how often.
type Policy struct {
	bun.BaseModel `bun:"table:policies,alias:p" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	Name        string
	Description string
	TimeZone    string        // IANA name, of its times; empty is UTC
	IsDefault   bool          // of inspections that name none; one a workspace
	Rules       []Rule        // the first that matches counts
	Again       time.Duration // how long until an open event is told again; 0 is never
	Window      time.Duration // how long events are gathered into one message
	GroupBy     []string      // fields that those of one message share; empty is inspection and culprit

	CreatedBy string
	CreatedAt time.Time `bun:",nullzero"`
	UpdatedAt time.Time `bun:",nullzero"`
	Version   int64
}

// Rule says which events, and at which times, go to which targets.
type Rule struct {
	Name        string       `json:"name,omitempty"`
	Levels      []leak.Level `json:"levels,omitempty"` // empty is every level
	Matcher     Matcher      `json:"match"`
	Times       []Period     `json:"times,omitempty"` // in one of them; empty is always
	Targets     []string     `json:"targets"`         // their identifiers; none tells nobody
	Escalations []Escalation `json:"escalations,omitempty"`
}

// Matcher chooses events; the zero value chooses all.
type Matcher struct {
	Inspections []string    `json:"inspections,omitempty"` // their identifiers, one of them
	Objects     []string    `json:"objects,omitempty"`     // globs of hosts, workloads, or host/workload, one of them
	Attributes  []Condition `json:"attributes,omitempty"`  // all of them
}

// Condition is about one dimension or attribute of an event, kept under either.
type Condition struct {
	Key    string   `json:"key"`
	Values []string `json:"values"` // globs, one of them
	Not    bool     `json:"not,omitempty"`
}

// Period is a time that comes once, from From to To, or again and again: at each time of Cron for
// For, within From and To. A zero From or To is no bound.
type Period struct {
	Cron string        `json:"cron,omitempty"` // five fields, in the time zone of what has the period
	For  time.Duration `json:"for_ns,omitempty"`
	From time.Time     `json:"from,omitzero"`
	To   time.Time     `json:"to,omitzero"`
}

// Escalation tells others too, once, where an event is still not what it should be.
type Escalation struct {
	After   time.Duration `json:"after_ns"`
	Unless  Unless        `json:"unless"`
	Targets []string      `json:"targets"`
}

// Unless is what stops an escalation.
type Unless string

// What stops an escalation.
const (
	UnlessRecovered    Unless = "recovered"
	UnlessAcknowledged Unless = "acknowledged" // or recovered
)

// Policies lists those of a workspace, the oldest first.
func (q *Queries) Policies(ctx context.Context, workspaceID string, p Page) ([]Policy, string, error) {
	rows, next, err := pageByID(ctx, q.read.NewSelect().Where("workspace_id = ?", workspaceID), p, false, func(p *Policy) string { return p.ID })
	return rows, next, explain(err, "list policies")
}

// Policy reads one.
func (q *Queries) Policy(ctx context.Context, workspaceID, id string) (Policy, error) {
	var p Policy
	return p, one(ctx, q.read.NewSelect().Model(&p).Where("id = ? AND workspace_id = ?", id, workspaceID), "read policy "+id)
}

// DefaultPolicy is that of inspections that name none; ErrNotFound where the workspace has none.
func (q *Queries) DefaultPolicy(ctx context.Context, workspaceID string) (Policy, error) {
	var p Policy
	return p, one(ctx, q.read.NewSelect().Model(&p).Where("workspace_id = ? AND is_default", workspaceID), "read the default policy")
}

// AddPolicy inserts one, and fills identifier, times and version. A workspace takes a name once. One
// that is the default takes the place of the one before.
func (q *Queries) AddPolicy(ctx context.Context, p *Policy) error {
	stamp(&p.ID, &p.CreatedAt)
	if p.UpdatedAt.IsZero() {
		p.UpdatedAt = p.CreatedAt
	}
	p.Version = 1
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		if err := q.noOtherDefault(ctx, p); err != nil {
			return err
		}
		return q.add(ctx, p, "add policy "+p.Name)
	})
}

// UpdatePolicy writes one that nobody else has changed since it was read.
func (q *Queries) UpdatePolicy(ctx context.Context, p *Policy) error {
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		if err := q.noOtherDefault(ctx, p); err != nil {
			return err
		}
		return q.update(ctx, p, &p.Version, inWorkspace(p.WorkspaceID), "change policy "+p.Name, "created_at", "created_by")
	})
}

func (q *Queries) noOtherDefault(ctx context.Context, p *Policy) error {
	if !p.IsDefault {
		return nil
	}
	_, err := count(ctx, q.write.NewUpdate().Model((*Policy)(nil)).Set("is_default = ?", false).Set("version = version + 1").
		Where("workspace_id = ? AND is_default AND id <> ?", p.WorkspaceID, p.ID), "set the default policy")
	return err
}

// DeletePolicy deletes one. One that an inspection names, or the default, is ErrExists.
func (q *Queries) DeletePolicy(ctx context.Context, workspaceID, id string) error {
	what := "delete policy " + id
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		p, err := q.Policy(ctx, workspaceID, id)
		if err != nil {
			return err
		}
		if p.IsDefault {
			return explain(ErrExists, what+": it is the default; make another one the default first")
		}
		used, err := q.write.NewSelect().Model((*Inspection)(nil)).Where("workspace_id = ? AND policy_id = ?", workspaceID, id).Exists(ctx)
		if err != nil {
			return explain(err, what)
		}
		if used {
			return explain(ErrExists, what+": an inspection names it")
		}
		return change(ctx, q.write.NewDelete().Model((*Policy)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID), what)
	})
}

// policiesWith lists the names of policies that tell a target.
func (q *Queries) policiesWith(ctx context.Context, workspaceID, targetID string) ([]string, error) {
	var rows []Policy
	if err := q.read.NewSelect().Model(&rows).Where("workspace_id = ?", workspaceID).Scan(ctx); err != nil {
		return nil, fmt.Errorf("look for policies with target %s: %w", targetID, err)
	}
	var names []string
	for _, p := range rows {
		if slices.Contains(p.TargetIDs(), targetID) {
			names = append(names, p.Name)
		}
	}
	return names, nil
}

// TargetIDs are all targets that a policy may tell, each once.
func (p *Policy) TargetIDs() []string {
	var ids []string
	for _, r := range p.Rules {
		ids = append(ids, r.Targets...)
		for _, e := range r.Escalations {
			ids = append(ids, e.Targets...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
