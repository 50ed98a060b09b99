package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// deliverArgs is the job that sends one notice.
type deliverArgs struct {
	Workspace string `json:"workspace"`
	Notice    string `json:"notice"`
}

// Kind names the job in River's tables.
func (deliverArgs) Kind() string { return "deliver" }

// sendTimeout is how long one try may take in all.
const sendTimeout = time.Minute

type deliverWorker struct {
	river.WorkerDefaults[deliverArgs]
	n *Notify
}

// Timeout is River's for one try.
func (w *deliverWorker) Timeout(*river.Job[deliverArgs]) time.Duration {
	return sendTimeout + 10*time.Second
}

// Work is called by River. How often a notice is tried, and when, is kept with the notice: the job
// waits in the queue until then, and no attempt of its own is counted.
func (w *deliverWorker) Work(ctx context.Context, job *river.Job[deliverArgs]) error {
	next, err := w.n.deliver(ctx, job.Args.Workspace, job.Args.Notice)
	switch {
	case err != nil:
		return err
	case !next.IsZero():
		return river.JobSnooze(max(next.Sub(w.n.now()), time.Second))
	}
	return nil
}

// deliver tries a notice once, where it is its turn, and says when to try again; zero is never.
//
// That it is on its way is kept before it is sent. A process that is killed in between leaves it so,
// and the next one sends it again, under the same ID and key: it is never lost, and comes twice only
// where the target does not know them, and took it in the moment of the kill.
func (n *Notify) deliver(ctx context.Context, workspaceID, id string) (time.Time, error) {
	c, wait, err := n.claim(ctx, workspaceID, id)
	if err != nil || c == nil {
		return wait, err
	}
	sending, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	answer, err := n.send(sending, c)
	if ctx.Err() != nil { // this process is being stopped: nothing is known of the target
		return time.Time{}, fmt.Errorf("send notice %s: %w", id, ctx.Err())
	}
	return n.record(ctx, c, answer, err)
}

// claimed is a notice that is on its way to its target.
type claimed struct {
	notice state.Notice
	target state.Target
}

// claim marks a notice as on its way; nil where it has ended, or has to wait until a time.
func (n *Notify) claim(ctx context.Context, workspaceID, id string) (*claimed, time.Time, error) {
	var c *claimed
	var wait time.Time
	err := n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		c, wait = nil, time.Time{}
		row, err := tx.Notice(ctx, workspaceID, id)
		if errors.Is(err, state.ErrNotFound) || err == nil && !row.EndedAt.IsZero() {
			return nil
		}
		if err != nil {
			return err
		}
		to, err := tx.LockTarget(ctx, workspaceID, row.TargetID)
		switch {
		case errors.Is(err, state.ErrNotFound):
			return drop(ctx, tx, &row, "its target was deleted", n.now())
		case err != nil:
			return err
		case !to.Enabled:
			return drop(ctx, tx, &row, fmt.Sprintf("target %q is disabled", to.Name), n.now())
		}
		if wait, err = n.turn(ctx, tx, &row, &to); err != nil {
			return err
		}
		if !wait.IsZero() {
			row.NextTryAt = wait
			return tx.UpdateNotice(ctx, &row)
		}
		row.Status, row.TriedAt = state.NoticeSending, n.now()
		row.Tries++
		row.NextTryAt = n.now().Add(sendTimeout)
		c = &claimed{row, to}
		return tx.UpdateNotice(ctx, &row)
	})
	return c, wait, err
}

func drop(ctx context.Context, tx *state.Tx, row *state.Notice, why string, now time.Time) error {
	row.Status, row.Error, row.EndedAt, row.NextTryAt = state.NoticeDropped, why, now, time.Time{}
	return tx.UpdateNotice(ctx, row)
}

// turn says until when a notice has to wait: for an earlier one about the same, or for the target's
// limit of messages; zero where it is its turn.
func (n *Notify) turn(ctx context.Context, tx *state.Tx, row *state.Notice, to *state.Target) (time.Time, error) {
	now := n.now()
	earlier, err := tx.EarlierNotice(ctx, row)
	switch {
	case err == nil:
		return later(earlier.NextTryAt, now).Add(2 * time.Second), nil
	case !errors.Is(err, state.ErrNotFound):
		return time.Time{}, err
	}
	kind, err := target.Find(to.Kind)
	if err != nil {
		return time.Time{}, err
	}
	if kind.Limits.Messages == 0 {
		return time.Time{}, nil
	}
	tried, first, err := tx.TriedSince(ctx, to.ID, now.Add(-kind.Limits.Per))
	if err != nil || tried < kind.Limits.Messages {
		return time.Time{}, err
	}
	return later(first.Add(kind.Limits.Per), now.Add(time.Second)), nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// eachBatch is how many events a target that takes each by itself is given at once.
const eachBatch = 500

// send hands a notice to its target.
func (n *Notify) send(ctx context.Context, c *claimed) (target.Answer, error) {
	kind, to, err := n.open(&c.target)
	if err != nil {
		return target.Answer{}, &target.Error{Reason: "its settings: " + err.Error()}
	}
	m, err := decodeContent(c.notice.Content)
	if err != nil {
		return target.Answer{}, &target.Error{Reason: err.Error()}
	}
	if kind.Each && c.notice.Events > 0 {
		return n.sendEach(ctx, c, to, m)
	}
	if kind.Pictures && c.notice.EventID != "" && !m.Recovered {
		m.Picture = n.picture(ctx, c.notice.WorkspaceID, c.notice.EventID)
	}
	return to.Send(ctx, m)
}

// sendEach hands over the events of a notice, as they are now, a part at a time: what was sent before
// is the same again.
func (n *Notify) sendEach(ctx context.Context, c *claimed, to target.Target, m target.Message) (answer target.Answer, err error) {
	ws := c.notice.WorkspaceID
	for after := ""; ; {
		events, err := n.o.DB.NoticeEvents(ctx, ws, c.notice.ID, after, eachBatch)
		if err != nil || len(events) == 0 {
			return answer, err
		}
		ids := make([]string, len(events))
		for i := range events {
			ids[i] = events[i].ID
		}
		told, err := n.o.DB.Told(ctx, ws, ids)
		if err != nil {
			return answer, err
		}
		m.Alerts = nil
		for i := range events {
			if t, ok := told[events[i].ID]; ok {
				m.Alerts = append(m.Alerts, alerts(&events[i], &t, m.Language, n.o.BaseURL)...)
			}
		}
		if len(m.Alerts) > 0 {
			if answer, err = to.Send(ctx, m); err != nil {
				return answer, err
			}
		}
		after = ids[len(ids)-1]
	}
}

// encodeContent keeps a message without what is made anew when it is sent.
func encodeContent(m target.Message) ([]byte, error) {
	m.Picture, m.Alerts = nil, nil
	b, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("keep a message: %w", err)
	}
	return b, nil
}

func decodeContent(b []byte) (target.Message, error) {
	var m target.Message
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("read a message that was kept: %w", err)
	}
	return m, nil
}
