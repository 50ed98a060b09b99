package state

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/leak"
)

// Entries lists the history of an event, the oldest first.
func (q *Queries) Entries(ctx context.Context, workspaceID, eventID string) ([]event.Entry, error) {
	what := "read the history of event " + eventID
	if err := q.ownsEvents(ctx, workspaceID, []string{eventID}, what); err != nil {
		return nil, err
	}
	var rows []entryRow
	err := q.read.NewSelect().Model(&rows).Where("event_id = ?", eventID).Order("seq").Scan(ctx)
	entries := make([]event.Entry, len(rows))
	for i, r := range rows {
		entries[i] = event.Entry{
			EventID: r.EventID, Seq: r.Seq, At: r.At, Change: r.Change, Level: r.Level,
			Recovery: r.Recovery, By: r.By, Note: r.Note, Duration: time.Duration(r.DurationNS),
		}
	}
	return entries, explain(err, what)
}

// AppendEntries adds to the histories of events, as they are numbered. A number that is taken is
// ErrExists.
func (q *Queries) AppendEntries(ctx context.Context, workspaceID string, entries []event.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	what := "append to the history of events"
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		var ids []string
		for _, e := range entries {
			ids = append(ids, e.EventID)
		}
		if err := q.ownsEvents(ctx, workspaceID, ids, what); err != nil {
			return err
		}
		rows := make([]entryRow, len(entries))
		for i, e := range entries {
			rows[i] = entryRow{
				EventID: e.EventID, Seq: e.Seq, At: e.At, Change: e.Change, Level: e.Level,
				Recovery: e.Recovery, By: e.By, Note: e.Note, DurationNS: int64(e.Duration),
			}
		}
		return q.add(ctx, &rows, what)
	})
}

// ownsEvents tells whether all these events are of the workspace.
func (q *Queries) ownsEvents(ctx context.Context, workspaceID string, ids []string, what string) error {
	distinct := map[string]bool{}
	for _, id := range ids {
		distinct[id] = true
	}
	n, err := q.read.NewSelect().Model((*eventRow)(nil)).Where("e.workspace_id = ? AND e.id IN (?)", workspaceID, in(ids)).Count(ctx)
	if err == nil && n != int64(len(distinct)) {
		err = ErrNotFound
	}
	return explain(err, what)
}

type entryRow struct {
	bun.BaseModel `bun:"table:event_entries,alias:n" json:"-"`

	EventID    string `bun:",pk"`
	Seq        int    `bun:",pk"`
	At         time.Time
	Change     event.Change
	Level      leak.Level
	Recovery   event.Recovery
	By         string
	Note       string
	DurationNS int64 `bun:"duration_ns"`
}
