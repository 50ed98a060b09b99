package state

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/leak"
)

// Batch gathers events that are told in one message to each of its targets.
type Batch struct {
	bun.BaseModel `bun:"table:batches,alias:ba" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	PolicyID    string
	Rule        string // its name
	Reason      string // why it is told, e.g. opened or recovered
	Key         string // of those that collect one workspace has one of a key
	Targets     []string
	Escalations []Escalation
	DueAt       time.Time `bun:",nullzero"` // when it is told
	DoneAt      time.Time `bun:",nullzero"` // since when it was
}

// Told is what has been told of an event.
type Told struct {
	bun.BaseModel `bun:"table:told,alias:to" json:"-"`

	EventID     string `bun:",pk"`
	WorkspaceID string
	PolicyID    string
	Rule        string
	Key         string // by which targets that keep what is open know it
	Targets     []string
	Levels      []leak.Level // that were told, each above the one before
	At          time.Time    `bun:",nullzero"`
	Ended       bool         // that it is over was told, or is nobody's concern
}

// batchEvent is an event of a batch.
type batchEvent struct {
	bun.BaseModel `bun:"table:batch_events,alias:be" json:"-"`

	BatchID string `bun:",pk"`
	EventID string `bun:",pk"`
}

// Collect puts events into the batch of b's key that still collects, or into b where there is none,
// and sets b to it. Of a batch that collects the due time stays. It says whether b is new.
func (tx *Tx) Collect(ctx context.Context, b *Batch, eventIDs []string) (isNew bool, err error) {
	what := "collect events to be told"
	id := NewID()
	b.ID = id
	// The update holds the row, so that nobody ends the batch before this transaction has.
	err = tx.tx.NewInsert().Model(b).On("CONFLICT (workspace_id, key) WHERE done_at IS NULL DO UPDATE").
		Set("reason = excluded.reason").Returning("id, due_at").Scan(ctx)
	if err != nil {
		return false, explain(err, what)
	}
	if err := tx.addBatchEvents(ctx, b.ID, eventIDs, what); err != nil {
		return false, err
	}
	return b.ID == id, nil
}

// CollectOnce keeps a batch under an identifier that is given; ErrExists where it was there before.
func (tx *Tx) CollectOnce(ctx context.Context, b *Batch, eventIDs []string) error {
	const what = "collect events to be told once"
	there, err := tx.tx.NewSelect().Model((*Batch)(nil)).Where("id = ?", b.ID).Exists(ctx)
	switch {
	case err != nil:
		return explain(err, what)
	case there:
		return explain(ErrExists, what)
	}
	if err := tx.add(ctx, b, what); err != nil {
		return err
	}
	return tx.addBatchEvents(ctx, b.ID, eventIDs, what)
}

func (tx *Tx) addBatchEvents(ctx context.Context, batchID string, eventIDs []string, what string) error {
	rows := make([]batchEvent, len(eventIDs))
	for i, e := range eventIDs {
		rows[i] = batchEvent{BatchID: batchID, EventID: e}
	}
	for part := range chunks(rows) {
		if _, err := tx.tx.NewInsert().Model(&part).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return explain(err, what)
		}
	}
	return nil
}

// Collecting says which of these events are in batches of a reason that still collect, and which targets are told
// of each by them. Those batches are held until the transaction ends: they are not told meanwhile.
func (tx *Tx) Collecting(ctx context.Context, workspaceID, reason string, eventIDs []string) (map[string][]string, error) {
	const what = "look for what is to be told"
	found := map[string][]string{}
	for part := range chunks(eventIDs) {
		var batches []Batch
		held := tx.tx.NewSelect().Model(&batches).Column("id", "targets").
			Where("workspace_id = ? AND reason = ? AND done_at IS NULL", workspaceID, reason).
			Where("id IN (SELECT batch_id FROM batch_events WHERE event_id IN (?))", in(part)).Order("id")
		if tx.dialect == Postgres {
			held.For("UPDATE") // SQLite's transaction has the whole database
		}
		if err := held.Scan(ctx); err != nil {
			return nil, explain(err, what)
		}
		if len(batches) == 0 {
			continue
		}
		targets := map[string][]string{}
		for _, b := range batches {
			targets[b.ID] = b.Targets
		}
		var members []batchEvent
		err := tx.tx.NewSelect().Model(&members).
			Where("event_id IN (?) AND batch_id IN (?)", in(part), in(slices.Collect(maps.Keys(targets)))).Scan(ctx)
		if err != nil {
			return nil, explain(err, what)
		}
		for _, m := range members {
			found[m.EventID] = append(found[m.EventID], targets[m.BatchID]...)
		}
	}
	return found, nil
}

// FinishBatch ends a batch, and says whether it had not ended: who is told so tells it.
func (tx *Tx) FinishBatch(ctx context.Context, workspaceID, id string, now time.Time) (Batch, bool, error) {
	var b Batch
	err := tx.tx.NewUpdate().Model(&b).Set("done_at = ?", now).
		Where("id = ? AND workspace_id = ? AND done_at IS NULL", id, workspaceID).Returning("*").Scan(ctx)
	if errors.Is(noRows(err), ErrNotFound) {
		return Batch{}, false, nil
	}
	return b, err == nil, explain(err, "end batch "+id)
}

// LeaveOut takes events out of a batch: they are not told by it, nor escalated.
func (tx *Tx) LeaveOut(ctx context.Context, batchID string, eventIDs []string) error {
	for part := range chunks(eventIDs) {
		_, err := count(ctx, tx.tx.NewDelete().Model((*batchEvent)(nil)).Where("batch_id = ? AND event_id IN (?)", batchID, in(part)), "leave events out of batch "+batchID)
		if err != nil {
			return err
		}
	}
	return nil
}

// Batch reads one.
func (q *Queries) Batch(ctx context.Context, workspaceID, id string) (Batch, error) {
	var b Batch
	return b, one(ctx, q.read.NewSelect().Model(&b).Where("id = ? AND workspace_id = ?", id, workspaceID), "read batch "+id)
}

// BatchEvent is what a message about many events says of each.
type BatchEvent struct {
	ID          string
	Object      leak.Object
	Culprit     string
	Status      event.Status
	Level       leak.Level
	OpenedAt    time.Time
	Onset       time.Time
	RecoveredAt time.Time
	ExhaustsAt  time.Time // zero where it is not known

	Acknowledged, Denied, Silenced bool
}

// BatchEvents reads the events of a batch, the most urgent first.
func (q *Queries) BatchEvents(ctx context.Context, workspaceID, batchID string) ([]BatchEvent, error) {
	var rows []eventRow
	err := q.read.NewSelect().Model(&rows).
		Column("id", "kind", "host", "name", "namespace", "culprit", "status", "level", "opened_at", "onset", "recovered_at", "exhausts_at", "acknowledged_at", "not_leak", "silenced").
		Where("e.workspace_id = ? AND e.id IN (SELECT event_id FROM batch_events WHERE batch_id = ?)", workspaceID, batchID).
		OrderExpr("e.urgency DESC, e.exhausts_at, e.id").Scan(ctx)
	members := make([]BatchEvent, len(rows))
	for i, r := range rows {
		members[i] = BatchEvent{
			ID: r.ID, Object: leak.Object{Kind: r.Kind, Host: r.Host, Name: r.Name, Namespace: r.Namespace}, Culprit: r.Culprit,
			Status: r.Status, Level: r.Level, OpenedAt: r.OpenedAt, Onset: r.Onset, RecoveredAt: r.RecoveredAt,
			Acknowledged: !r.AcknowledgedAt.IsZero(), Denied: r.NotLeak != "", Silenced: r.Silenced,
		}
		if r.ExhaustsAt.Before(unknownExhaustion) {
			members[i].ExhaustsAt = r.ExhaustsAt
		}
	}
	return members, explain(err, "read the events of batch "+batchID)
}

// DueBatches lists batches of all workspaces that were due before a time and have not ended.
func (q *Queries) DueBatches(ctx context.Context, before time.Time, limit int) ([]Batch, error) {
	var rows []Batch
	err := q.read.NewSelect().Model(&rows).Where("done_at IS NULL AND due_at < ?", before).Order("due_at").Limit(int64(limit)).Scan(ctx)
	return rows, explain(err, "list what is due to be told")
}

// Told reads what has been told of events, by their identifiers.
func (q *Queries) Told(ctx context.Context, workspaceID string, eventIDs []string) (map[string]Told, error) {
	found := map[string]Told{}
	for part := range chunks(eventIDs) {
		var rows []Told
		if err := q.read.NewSelect().Model(&rows).Where("workspace_id = ? AND event_id IN (?)", workspaceID, in(part)).Scan(ctx); err != nil {
			return nil, explain(err, "read what was told")
		}
		for _, t := range rows {
			found[t.EventID] = t
		}
	}
	return found, nil
}

// SetTold keeps what has been told of events.
func (q *Queries) SetTold(ctx context.Context, rows []Told) error {
	for part := range chunks(rows) {
		_, err := q.write.NewInsert().Model(&part).On("CONFLICT (event_id) DO UPDATE").
			Set("policy_id = excluded.policy_id, rule = excluded.rule, key = excluded.key, targets = excluded.targets").
			Set("levels = excluded.levels, at = excluded.at, ended = excluded.ended").Exec(ctx)
		if err != nil {
			return explain(err, "keep what was told")
		}
	}
	return nil
}

// OpenKeys says under which of these keys something told is not over yet.
func (q *Queries) OpenKeys(ctx context.Context, workspaceID string, keys []string) (map[string]bool, error) {
	open := map[string]bool{}
	for part := range chunks(keys) {
		var found []string
		err := q.read.NewSelect().Model((*Told)(nil)).Distinct().Column("key").
			Where("workspace_id = ? AND key IN (?) AND NOT ended", workspaceID, in(part)).Scan(ctx, &found)
		if err != nil {
			return nil, explain(err, "look for what is not over")
		}
		for _, k := range found {
			open[k] = true
		}
	}
	return open, nil
}

// EventsToldAs reads the open events that were told under a key, without their snapshots.
func (q *Queries) EventsToldAs(ctx context.Context, workspaceID, key string) ([]event.Event, error) {
	s := q.read.NewSelect().
		Where("e.workspace_id = ? AND e.status = 'open' AND e.id IN (SELECT event_id FROM told WHERE workspace_id = ? AND key = ?)", workspaceID, workspaceID, key)
	return eventsOf(ctx, s.OrderExpr("e.opened_at, e.id"), "read what was told as "+key)
}

// chunks cuts rows into parts that one statement takes.
func chunks[T any](rows []T) iter.Seq[[]T] { return slices.Chunk(rows, 500) }
