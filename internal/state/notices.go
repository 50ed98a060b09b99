package state

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/leak"
)

// NoticeStatus is how far a notice is.
type NoticeStatus string

// States of a notice.
const (
	NoticePending NoticeStatus = "pending" // not sent yet, or to be tried again
	NoticeSending NoticeStatus = "sending" // on its way; what a process that ended then left, too
	NoticeSent    NoticeStatus = "sent"    // taken; or handed over twice to a target without a key, and no answer kept
	NoticeFailed  NoticeStatus = "failed"  // refused, or not taken for too long
	NoticeDropped NoticeStatus = "dropped" // its target was disabled or deleted
)

// Notice is one message to one target, with what became of it.
type Notice struct {
	bun.BaseModel `bun:"table:notices,alias:n" json:"-"`

	ID          string `bun:",pk"`
	WorkspaceID string
	BatchID     string // empty of a message that is about no events
	PolicyID    string
	Policy      string // its name at the time, as those of the target
	TargetID    string
	Target      string
	Kind        string // of the target
	Limited     string // a hash of what takes so many messages a minute, several targets at times; empty where nothing is known of that
	Recipient   string // of a target whose recipients get a message each; empty where one is for all
	Reason      string // opened, level_rose, reminder, recovered, …
	Level       leak.Level
	Title       string
	EventID     string          // the most urgent
	Events      int             // how many it is about
	Content     json.RawMessage `json:",omitempty"` // the message as it was rendered; not in lists

	Status       NoticeStatus
	Tries        int
	Unconfirmed  int    // tries whose end nobody kept: their process was killed
	Answer       string // of the last try, as are the next two
	AnswerStatus int
	Error        string
	CreatedAt    time.Time `bun:",nullzero"`
	TriedAt      time.Time `bun:",nullzero"`
	NextTryAt    time.Time `bun:",nullzero"` // while it is pending
	EndedAt      time.Time `bun:",nullzero"` // since when it is sent, failed or dropped
}

// noticeEvent is an event that a notice is about.
type noticeEvent struct {
	bun.BaseModel `bun:"table:notice_events,alias:ne" json:"-"`

	NoticeID string `bun:",pk"`
	EventID  string `bun:",pk"`
}

// NoticeFilter chooses notices; the zero value chooses all of a workspace.
type NoticeFilter struct {
	EventID  string
	TargetID string
	PolicyID string
	Statuses []NoticeStatus
	From, To time.Time // made in [From, To)
	Page
}

// Notices lists those of a workspace without their contents, the newest first.
func (q *Queries) Notices(ctx context.Context, workspaceID string, f NoticeFilter) ([]Notice, string, error) {
	s := q.read.NewSelect().Model((*Notice)(nil)).ExcludeColumn("content").Where("n.workspace_id = ?", workspaceID)
	if f.EventID != "" {
		s.Where("n.id IN (SELECT notice_id FROM notice_events WHERE event_id = ?)", f.EventID)
	}
	if f.TargetID != "" {
		s.Where("n.target_id = ?", f.TargetID)
	}
	if f.PolicyID != "" {
		s.Where("n.policy_id = ?", f.PolicyID)
	}
	if len(f.Statuses) > 0 {
		s.Where("n.status IN (?)", in(f.Statuses))
	}
	if !f.From.IsZero() {
		s.Where("n.created_at >= ?", f.From)
	}
	if !f.To.IsZero() {
		s.Where("n.created_at < ?", f.To)
	}
	rows, next, err := pageByID(ctx, s, f.Page, true, func(n *Notice) string { return n.ID })
	return rows, next, explain(err, "list notices")
}

// Notice reads one.
func (q *Queries) Notice(ctx context.Context, workspaceID, id string) (Notice, error) {
	var n Notice
	return n, one(ctx, q.read.NewSelect().Model(&n).Where("id = ? AND workspace_id = ?", id, workspaceID), "read notice "+id)
}

// AddNotice inserts one about events, and fills its identifier and time.
func (q *Queries) AddNotice(ctx context.Context, n *Notice, eventIDs []string) error {
	stamp(&n.ID, &n.CreatedAt)
	if err := q.add(ctx, n, "keep a notice"); err != nil {
		return err
	}
	rows := make([]noticeEvent, len(eventIDs))
	for i, e := range eventIDs {
		rows[i] = noticeEvent{NoticeID: n.ID, EventID: e}
	}
	for part := range chunks(rows) {
		if err := q.add(ctx, &part, "keep the events of a notice"); err != nil {
			return err
		}
	}
	return nil
}

// NoticeEvents reads a part of the events that a notice is about, those after an identifier, by it,
// without their snapshots.
func (q *Queries) NoticeEvents(ctx context.Context, workspaceID, noticeID, after string, limit int) ([]event.Event, error) {
	s := q.read.NewSelect().Where("e.workspace_id = ? AND e.id > ?", workspaceID, after).
		Where("e.id IN (SELECT event_id FROM notice_events WHERE notice_id = ?)", noticeID)
	return eventsOf(ctx, s.OrderExpr("e.id").Limit(int64(limit)), "read the events of notice "+noticeID)
}

// UpdateNotice writes what became of one that has not ended; ErrConflict where it has.
func (q *Queries) UpdateNotice(ctx context.Context, n *Notice) error {
	what := "keep what became of notice " + n.ID
	met, err := count(ctx, q.write.NewUpdate().Model(n).
		Column("status", "tries", "unconfirmed", "limited", "answer", "answer_status", "error", "tried_at", "next_try_at", "ended_at").
		WherePK().Where("workspace_id = ? AND status IN (?)", n.WorkspaceID, in(unended)), what)
	if err == nil && met == 0 {
		return explain(ErrConflict, what)
	}
	return err
}

// LockNotice reads one and holds it until the transaction ends, so that who tries it at the same time
// waits. Who holds its target too holds the notice first.
func (tx *Tx) LockNotice(ctx context.Context, workspaceID, id string) (Notice, error) {
	var n Notice
	s := tx.tx.NewSelect().Model(&n).Where("id = ? AND workspace_id = ?", id, workspaceID)
	if tx.dialect == Postgres {
		s.For("UPDATE") // SQLite's transaction has the whole database
	}
	return n, one(ctx, s, "read notice "+id)
}

// PutOffNotice writes when one is due that nobody has tried since it was read; ErrConflict where
// somebody has.
func (q *Queries) PutOffNotice(ctx context.Context, n *Notice, due time.Time) error {
	what := "put off notice " + n.ID
	met, err := count(ctx, q.write.NewUpdate().Model((*Notice)(nil)).Set("next_try_at = ?", due).
		Where("id = ? AND workspace_id = ? AND status = ? AND tries = ?", n.ID, n.WorkspaceID, n.Status, n.Tries), what)
	if err == nil && met == 0 {
		return explain(ErrConflict, what)
	}
	return err
}

var unended = []NoticeStatus{NoticePending, NoticeSending}

// EarlierNotice is the oldest notice to the same target and recipient about one of the same events that has not
// ended and was made before this one, without its content; ErrNotFound where there is none. A
// recovery is not told before the leak.
func (q *Queries) EarlierNotice(ctx context.Context, n *Notice) (Notice, error) {
	var earlier Notice
	return earlier, one(ctx, q.read.NewSelect().Model(&earlier).ExcludeColumn("content").
		Where("n.target_id = ? AND n.recipient = ? AND n.id < ? AND n.status IN ('pending', 'sending')", n.TargetID, n.Recipient, n.ID).
		Where("EXISTS (SELECT 1 FROM notice_events a JOIN notice_events b ON b.event_id = a.event_id WHERE a.notice_id = n.id AND b.notice_id = ?)", n.ID).
		Order("n.id"), "look for earlier notices")
}

// HoldLimit has who else counts what was tried under the same limit wait until this transaction ends.
func (tx *Tx) HoldLimit(ctx context.Context, limited string) error {
	if tx.dialect == SQLite {
		return nil // its transaction has the whole database
	}
	_, err := tx.tx.NewRaw("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", limited).Exec(ctx)
	return explain(err, "hold a limit of messages")
}

// Tried says how many notices of all workspaces were tried under a limit within a time around another, and when the
// first of them. What a clock that was set back has kept for later is not of now.
func (q *Queries) Tried(ctx context.Context, limited string, around time.Time, within time.Duration) (int, time.Time, error) {
	var tried []Notice
	err := q.read.NewSelect().Model(&tried).Column("tried_at").Where("limited <> '' AND limited = ? AND tried_at > ? AND tried_at < ?", limited, around.Add(-within), around.Add(within)).Order("tried_at").Scan(ctx)
	if err != nil || len(tried) == 0 {
		return 0, time.Time{}, explain(err, "count what was tried")
	}
	return len(tried), tried[0].TriedAt, nil
}

// UntriedBefore counts the notices of all workspaces under a limit that nobody has tried yet and that were made before one.
func (q *Queries) UntriedBefore(ctx context.Context, limited, id string) (int, error) {
	n, err := q.read.NewSelect().Model((*Notice)(nil)).Where("limited <> '' AND limited = ? AND id < ? AND status IN ('pending', 'sending') AND tries = 0", limited, id).Count(ctx)
	return int(n), explain(err, "count what waits")
}

// WaitingNotices lists notices of all workspaces that should have been tried before a time, and
// were not.
func (q *Queries) WaitingNotices(ctx context.Context, before time.Time, limit int) ([]Notice, error) {
	var rows []Notice
	err := q.read.NewSelect().Model(&rows).ExcludeColumn("content").
		Where("n.status IN ('pending', 'sending') AND n.next_try_at < ?", before).Order("n.next_try_at").Limit(int64(limit)).Scan(ctx)
	return rows, explain(err, "list notices that wait")
}

// TrimNotices deletes the notices and batches of all workspaces that ended before a time.
func (q *Queries) TrimNotices(ctx context.Context, before time.Time) error {
	if _, err := count(ctx, q.write.NewDelete().Model((*Notice)(nil)).Where("ended_at < ?", before), "delete old notices"); err != nil {
		return err
	}
	_, err := count(ctx, q.write.NewDelete().Model((*Batch)(nil)).Where("done_at < ?", before), "delete old batches")
	return err
}
