package state

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memseep/memseep/internal/event"
)

// Silence keeps quiet about events for a time: once, or as a maintenance window that comes again.
// Events are made and marked nevertheless.
type Silence struct {
	bun.BaseModel `bun:"table:silences,alias:si" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	Name        string   // what it is for
	Policies    []string // identifiers, one of them; empty is every policy, and none
	Matcher     Matcher
	TimeZone    string // IANA name; empty is UTC
	Period      Period
	EndsAt      time.Time `bun:",nullzero"` // Period.To, to find those that have not ended

	NoticeBefore  time.Duration // how long before it begins targets are told; 0 is not
	NoticeTargets []string
	NoticedFor    time.Time `bun:",nullzero"` // the beginning that was told last

	CreatedBy string
	CreatedAt time.Time `bun:",nullzero"`
	Version   int64

	Events int `bun:"-"` // that it has silenced; filled by Silences and Silence
}

// SilenceFilter chooses silences; the zero value chooses all of a workspace.
type SilenceFilter struct {
	NotEndedAt time.Time // those that end later, or never
	Page
}

// Silences lists those of a workspace, the newest first.
func (q *Queries) Silences(ctx context.Context, workspaceID string, f SilenceFilter) ([]Silence, string, error) {
	s := q.read.NewSelect().Where("workspace_id = ?", workspaceID)
	if !f.NotEndedAt.IsZero() {
		s.Where("(ends_at IS NULL OR ends_at > ?)", f.NotEndedAt)
	}
	rows, next, err := pageByID(ctx, s, f.Page, true, func(s *Silence) string { return s.ID })
	if err != nil {
		return nil, "", explain(err, "list silences")
	}
	return rows, next, q.countSilenced(ctx, rows)
}

// CurrentSilences are all of a workspace that have not ended, without what they silenced.
func (q *Queries) CurrentSilences(ctx context.Context, workspaceID string, now time.Time) ([]Silence, error) {
	var rows []Silence
	err := q.read.NewSelect().Model(&rows).Where("workspace_id = ? AND (ends_at IS NULL OR ends_at > ?)", workspaceID, now).Order("id").Scan(ctx)
	return rows, explain(err, "list current silences")
}

// SilencesNow are those of all workspaces that have not ended, without what they silenced.
func (q *Queries) SilencesNow(ctx context.Context, now time.Time) ([]Silence, error) {
	var rows []Silence
	err := q.read.NewSelect().Model(&rows).Where("ends_at IS NULL OR ends_at > ?", now).Order("id").Scan(ctx)
	return rows, explain(err, "list the silences of all workspaces")
}

// SilencesToNotice are those of all workspaces whose beginning is told, and that have not ended.
func (q *Queries) SilencesToNotice(ctx context.Context, now time.Time) ([]Silence, error) {
	var rows []Silence
	err := q.read.NewSelect().Model(&rows).Where("notice_before > 0 AND (ends_at IS NULL OR ends_at > ?)", now).Order("id").Scan(ctx)
	return rows, explain(err, "list silences whose beginning is told")
}

// Silence reads one.
func (q *Queries) Silence(ctx context.Context, workspaceID, id string) (Silence, error) {
	rows := make([]Silence, 1)
	err := one(ctx, q.read.NewSelect().Model(&rows[0]).Where("id = ? AND workspace_id = ?", id, workspaceID), "read silence "+id)
	if err == nil {
		err = q.countSilenced(ctx, rows)
	}
	return rows[0], err
}

func (q *Queries) countSilenced(ctx context.Context, rows []Silence) error {
	ids := make([]string, len(rows))
	at := map[string]int{}
	for i := range rows {
		ids[i] = rows[i].ID
		at[rows[i].ID] = i
	}
	if len(ids) == 0 {
		return nil
	}
	var counts []struct {
		SilenceID string
		N         int
	}
	err := q.read.NewSelect().Model((*silencedEvent)(nil)).Column("silence_id").ColumnExpr("count(*) AS n").
		Where("silence_id IN (?)", in(ids)).Group("silence_id").Scan(ctx, &counts)
	for _, c := range counts {
		rows[at[c.SilenceID]].Events = c.N
	}
	return explain(err, "count silenced events")
}

// AddSilence inserts one, and fills identifier, time and version.
func (q *Queries) AddSilence(ctx context.Context, s *Silence) error {
	stamp(&s.ID, &s.CreatedAt)
	s.Version, s.EndsAt = 1, s.Period.To
	return q.add(ctx, s, "add silence "+s.Name)
}

// UpdateSilence writes one that nobody else has changed since it was read.
func (q *Queries) UpdateSilence(ctx context.Context, s *Silence) error {
	s.EndsAt = s.Period.To
	return q.update(ctx, s, &s.Version, inWorkspace(s.WorkspaceID), "change silence "+s.Name, "created_at", "created_by", "noticed_for")
}

// NoticedSilence keeps that a beginning was told, and says whether it had not been yet.
func (q *Queries) NoticedSilence(ctx context.Context, workspaceID, id string, begins time.Time) (bool, error) {
	n, err := count(ctx, q.write.NewUpdate().Model((*Silence)(nil)).Set("noticed_for = ?", begins).
		Where("id = ? AND workspace_id = ? AND (noticed_for IS NULL OR noticed_for <> ?)", id, workspaceID, begins), "keep that silence "+id+" was told")
	return n == 1, err
}

// DeleteSilence deletes one.
func (q *Queries) DeleteSilence(ctx context.Context, workspaceID, id string) error {
	return change(ctx, q.write.NewDelete().Model((*Silence)(nil)).Where("id = ? AND workspace_id = ?", id, workspaceID), "delete silence "+id)
}

// WorkspacesWithSilenced are those in which an open event is marked as silenced.
func (q *Queries) WorkspacesWithSilenced(ctx context.Context) ([]string, error) {
	var ids []string
	err := q.read.NewSelect().Model((*eventRow)(nil)).Distinct().Column("workspace_id").Where("e.status = 'open' AND e.silenced").Scan(ctx, &ids)
	return ids, explain(err, "look for silenced events")
}

// EachOpenEvent hands over the open events of a workspace, those that are marked as silenced or all,
// a part at a time, with what silences match alone.
func (q *Queries) EachOpenEvent(ctx context.Context, workspaceID string, silenced bool, look func([]event.Event) error) error {
	const what = "look through open events"
	var ids []string
	s := q.read.NewSelect().Column("id").Where("e.workspace_id = ? AND e.status = 'open'", workspaceID)
	if silenced {
		s.Where("e.silenced")
	}
	q.along(s.Model((*eventRow)(nil)), "events_open_culprit")
	if err := s.Scan(ctx, &ids); err != nil {
		return explain(err, what)
	}
	for part := range chunks(ids) {
		var rows []eventRow
		err := q.read.NewSelect().Model(&rows).Column("id", "workspace_id", "inspection_id", "kind", "host", "name", "namespace", "status", "silenced").
			ColumnExpr("b.dimensions, b.attributes").Join("JOIN event_bodies AS b ON b.event_id = e.id").Where("e.id IN (?)", in(part)).Scan(ctx)
		if err != nil {
			return explain(err, what)
		}
		events := make([]event.Event, len(rows))
		for i := range rows {
			events[i] = rows[i].event()
		}
		if err := look(events); err != nil {
			return err
		}
	}
	return nil
}

// silencedEvent is an event that a silence kept quiet about.
type silencedEvent struct {
	bun.BaseModel `bun:"table:silenced_events,alias:se" json:"-"`

	SilenceID string `bun:",pk"`
	EventID   string `bun:",pk"`
}

// MarkSilenced marks events as silenced, by event the identifier of the silence, or as not silenced
// any more where that is empty. The events' versions stay.
func (q *Queries) MarkSilenced(ctx context.Context, workspaceID string, silenceOf map[string]string) error {
	var quiet, loud []string
	var rows []silencedEvent
	for eventID, silenceID := range silenceOf {
		if silenceID == "" {
			loud = append(loud, eventID)
			continue
		}
		quiet = append(quiet, eventID)
		rows = append(rows, silencedEvent{SilenceID: silenceID, EventID: eventID})
	}
	for silenced, ids := range map[bool][]string{true: quiet, false: loud} {
		for part := range chunks(ids) {
			_, err := count(ctx, q.write.NewUpdate().Model((*eventRow)(nil)).Set("silenced = ?", silenced).
				Where("workspace_id = ? AND id IN (?)", workspaceID, in(part)), "mark silenced events")
			if err != nil {
				return err
			}
		}
	}
	for part := range chunks(rows) {
		if _, err := q.write.NewInsert().Model(&part).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return explain(err, "keep silenced events")
		}
	}
	return nil
}
