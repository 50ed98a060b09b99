package state

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/leak"
)

// Event reads one with its snapshot.
func (q *Queries) Event(ctx context.Context, workspaceID, id string) (event.Event, error) {
	what := "read event " + id
	var row eventRow
	if err := one(ctx, withBody(q.read.NewSelect().Model(&row)).Where("e.id = ? AND e.workspace_id = ?", id, workspaceID), what); err != nil {
		return event.Event{}, err
	}
	var kept eventSnapshot
	if err := one(ctx, q.read.NewSelect().Model(&kept).Where("event_id = ?", id), what); err != nil {
		return event.Event{}, err
	}
	e := row.event()
	e.Snapshot = kept.Snapshot
	return e, nil
}

// OpenEvents lists the open events of an inspection on hosts, on all where hosts is nil, without
// their snapshots and without those that a script has reported: what a run looks at does not touch them.
func (q *Queries) OpenEvents(ctx context.Context, workspaceID, inspectionID string, hosts []string) ([]event.Event, error) {
	s := q.read.NewSelect().Where("e.workspace_id = ? AND e.inspection_id = ? AND e.status = 'open'", workspaceID, inspectionID).
		Where("e.kind <> ?", event.KindCheck)
	if hosts != nil {
		q.named(s, "e.host", hosts...)
	}
	q.along(s, "events_open_host")
	return eventsOf(ctx, s.OrderExpr("e.opened_at, e.id"), "list the open events of an inspection")
}

// RecoveredEvents lists the events of an inspection on hosts that recovered at or after a time,
// without their snapshots: what a new one may follow.
func (q *Queries) RecoveredEvents(ctx context.Context, workspaceID, inspectionID string, hosts []string, since time.Time) ([]event.Event, error) {
	s := q.read.NewSelect().
		Where("e.workspace_id = ? AND e.inspection_id = ? AND e.status = 'recovered'", workspaceID, inspectionID).
		Where("e.recovered_at >= ?", since)
	q.named(s, "e.host", hosts...)
	q.along(s, "events_recovered_host")
	return eventsOf(ctx, s.OrderExpr("e.recovered_at, e.id"), "list the recovered events of an inspection")
}

// OpenReports lists the open events of these fingerprints, which scripts have reported, without their
// snapshots.
func (q *Queries) OpenReports(ctx context.Context, workspaceID string, fingerprints []string) ([]event.Event, error) {
	s := q.read.NewSelect().Where("e.workspace_id = ? AND e.kind = ? AND e.status = 'open'", workspaceID, event.KindCheck).
		Where("e.fingerprint IN (?)", in(fingerprints))
	q.along(s, "events_one_open")
	return eventsOf(ctx, s.OrderExpr("e.opened_at, e.id"), "list the open events of a script")
}

// OpenIncidentCandidates lists the open events of a workspace whose culprit is one of these and
// that were opened at or after a time: what a leak that begins now may belong to.
func (q *Queries) OpenIncidentCandidates(ctx context.Context, workspaceID string, culprits []string, since time.Time) ([]event.Event, error) {
	s := q.read.NewSelect().
		Where("e.workspace_id = ? AND e.status = 'open' AND e.opened_at >= ?", workspaceID, since)
	q.named(s, "e.culprit", culprits...)
	q.along(s, "events_open_culprit")
	return eventsOf(ctx, s.OrderExpr("e.opened_at, e.id"), "list what an incident may consist of")
}

func eventsOf(ctx context.Context, s *bun.SelectQuery, what string) ([]event.Event, error) {
	var rows []eventRow
	if err := withBody(s.Model(&rows)).Scan(ctx); err != nil {
		return nil, explain(err, what)
	}
	events := make([]event.Event, len(rows))
	for i := range rows {
		events[i] = rows[i].event()
	}
	return events, nil
}

func withBody(s *bun.SelectQuery) *bun.SelectQuery {
	return s.ColumnExpr("?TableColumns, b.verdict, b.suspects, b.dimensions, b.attributes, b.message").Join("JOIN event_bodies AS b ON b.event_id = e.id")
}

// InsertEvent keeps a new one with its snapshot, and fills its identifier and version. A second
// open event of a fingerprint is ErrExists.
func (q *Queries) InsertEvent(ctx context.Context, e *event.Event) error {
	stamp(&e.ID, &e.OpenedAt)
	e.Version = 1
	what := "keep a new event on " + e.Object.String()
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		if err := q.add(ctx, rowOf(e), what); err != nil {
			return err
		}
		if err := q.add(ctx, bodyOf(e), what); err != nil {
			return err
		}
		if err := q.add(ctx, &eventSnapshot{EventID: e.ID, Snapshot: e.Snapshot}, what); err != nil {
			return err
		}
		return q.addLabels(ctx, e, what)
	})
}

// UpdateEvent writes one that nobody else has changed since it was read. The snapshot stays what it
// was at the opening.
func (q *Queries) UpdateEvent(ctx context.Context, e *event.Event) error {
	what := "change event " + e.ID
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		row := rowOf(e)
		if err := q.update(ctx, row, &row.Version, inWorkspace(e.WorkspaceID), what); err != nil {
			return err
		}
		e.Version = row.Version
		if _, err := count(ctx, q.write.NewUpdate().Model(bodyOf(e)).WherePK(), what); err != nil {
			return err
		}
		if _, err := count(ctx, q.write.NewDelete().Model((*eventLabel)(nil)).Where("event_id = ?", e.ID), what); err != nil {
			return err
		}
		return q.addLabels(ctx, e, what)
	})
}

// addLabels keeps what an event is found by: dimensions and attributes alike.
func (q *Queries) addLabels(ctx context.Context, e *event.Event, what string) error {
	unique := map[eventLabel]bool{}
	for _, of := range []map[string]string{e.Dimensions, e.Attributes} {
		for key, value := range of {
			unique[eventLabel{EventID: e.ID, Key: labelled(key), Value: labelled(value), WorkspaceID: e.WorkspaceID}] = true
		}
	}
	if len(unique) == 0 {
		return nil
	}
	labels := slices.Collect(maps.Keys(unique))
	return q.add(ctx, &labels, what)
}

// culprit is the attribute that names the workload which leaks; of a leaking workload its own name.
const culprit = "culprit"

// unknownExhaustion sorts events that are not known to run out of memory behind all others.
var unknownExhaustion = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// urgency makes levels sort.
var urgency = map[leak.Level]int{leak.Critical: 3, leak.Error: 2, leak.Warning: 1, event.Info: 0}

func rowOf(e *event.Event) *eventRow {
	r := &eventRow{
		ID: e.ID, WorkspaceID: e.WorkspaceID, InspectionID: e.InspectionID, Inspection: e.Inspection, IncidentID: e.IncidentID,
		Fingerprint: e.Fingerprint, Kind: e.Object.Kind, Host: e.Object.Host, Name: e.Object.Name, Namespace: e.Object.Namespace,
		Owner: e.Owner, Culprit: e.Attributes[culprit], Title: e.Title, Status: e.Status, Recovery: e.Recovery, Level: e.Level,
		Urgency: urgency[e.Level], Cause: e.Cause, Onset: e.Onset, OpenedAt: e.OpenedAt, UpdatedAt: e.UpdatedAt,
		LastSeenAt: e.LastSeenAt, RecoveredAt: e.RecoveredAt, ExhaustsAt: e.Verdict.Exhaustion, NoSuspects: e.NoSuspects,
		HealthyRuns: e.HealthyRuns, NoDataRuns: e.NoDataRuns, CheckedAt: e.CheckedAt, Entries: e.Entries,
		ToldExhaustion: e.ToldExhaustion, AcknowledgedAt: e.AcknowledgedAt,
		AcknowledgedBy: e.AcknowledgedBy, Note: e.Note, NotLeak: e.NotLeak, Silenced: e.Silenced, Version: e.Version,
	}
	if r.Culprit == "" {
		r.Culprit = e.Object.Name
	}
	if r.ExhaustsAt.IsZero() {
		r.ExhaustsAt = unknownExhaustion
	}
	r.Search = strings.ToLower(strings.Join([]string{e.Title, e.Object.String(), e.Owner, r.Culprit}, "\n"))
	return r
}

func bodyOf(e *event.Event) *eventBody {
	return &eventBody{EventID: e.ID, Verdict: e.Verdict, Suspects: e.Suspects, Dimensions: e.Dimensions, Attributes: e.Attributes, Message: e.Message}
}

func (r *eventRow) event() event.Event {
	return event.Event{
		ID: r.ID, WorkspaceID: r.WorkspaceID, InspectionID: r.InspectionID, Inspection: r.Inspection, IncidentID: r.IncidentID,
		Fingerprint: r.Fingerprint, Object: leak.Object{Kind: r.Kind, Host: r.Host, Name: r.Name, Namespace: r.Namespace},
		Owner: r.Owner, Title: r.Title, Message: r.Message, Status: r.Status, Recovery: r.Recovery, Level: r.Level, Cause: r.Cause, Onset: r.Onset,
		OpenedAt: r.OpenedAt, UpdatedAt: r.UpdatedAt, LastSeenAt: r.LastSeenAt, RecoveredAt: r.RecoveredAt,
		Verdict: r.Verdict, Suspects: r.Suspects, Dimensions: r.Dimensions, Attributes: r.Attributes, NoSuspects: r.NoSuspects,
		HealthyRuns: r.HealthyRuns, NoDataRuns: r.NoDataRuns, CheckedAt: r.CheckedAt, Entries: r.Entries,
		ToldExhaustion: r.ToldExhaustion, AcknowledgedAt: r.AcknowledgedAt,
		AcknowledgedBy: r.AcknowledgedBy, Note: r.Note, NotLeak: r.NotLeak, Silenced: r.Silenced, Version: r.Version,
	}
}

// eventRow is what lists filter and sort by, narrow so that 100,000 of them are looked through in
// tens of milliseconds.
type eventRow struct {
	bun.BaseModel `bun:"table:events,alias:e" json:"-"`

	ID                                                             string `bun:",pk"`
	WorkspaceID, InspectionID, Inspection, IncidentID, Fingerprint string

	Kind                             leak.Kind
	Host, Name, Namespace, Owner     string
	Culprit                          string
	Title                            string
	Search                           string // title, object, owner and culprit in lower case
	Status                           event.Status
	Recovery                         event.Recovery
	Level                            leak.Level
	Urgency                          int
	Cause                            leak.Cause
	Onset                            time.Time `bun:",nullzero"`
	OpenedAt, UpdatedAt, LastSeenAt  time.Time
	RecoveredAt                      time.Time `bun:",nullzero"`
	ExhaustsAt                       time.Time // unknownExhaustion where it is not known
	NoSuspects                       string
	HealthyRuns, NoDataRuns, Entries int
	CheckedAt, ToldExhaustion        time.Time `bun:",nullzero"`
	AcknowledgedAt                   time.Time `bun:",nullzero"`
	AcknowledgedBy, Note, NotLeak    string
	Silenced                         bool
	Version                          int64

	Verdict    event.Verdict     `bun:",scanonly" json:"-"`
	Suspects   []event.Suspect   `bun:",scanonly" json:"-"`
	Dimensions map[string]string `bun:",scanonly" json:"-"`
	Attributes map[string]string `bun:",scanonly" json:"-"`
	Message    string            `bun:",scanonly" json:"-"`
}

// eventBody is what lists show beside.
type eventBody struct {
	bun.BaseModel `bun:"table:event_bodies,alias:b" json:"-"`

	EventID    string `bun:",pk"`
	Verdict    event.Verdict
	Suspects   []event.Suspect
	Dimensions map[string]string
	Attributes map[string]string
	Message    string
}

// eventSnapshot is what one event alone shows.
type eventSnapshot struct {
	bun.BaseModel `bun:"table:event_snapshots,alias:s" json:"-"`

	EventID  string `bun:",pk"`
	Snapshot event.Snapshot
}

// eventLabel is one dimension or attribute, to filter by.
type eventLabel struct {
	bun.BaseModel `bun:"table:event_labels,alias:l" json:"-"`

	EventID     string `bun:",pk"`
	Key         string `bun:",pk"`
	Value       string `bun:",pk"`
	WorkspaceID string
}
