package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

// ackLasts is how long a link to acknowledge holds.
const ackLasts = 7 * 24 * time.Hour

// Ack is what a signed link lets somebody acknowledge: all that a notice is about, or what was told under a key.
type Ack struct {
	Workspace string    `json:"w"`
	Key       string    `json:"k,omitempty"`
	Notice    string    `json:"n,omitempty"` // goes before a key
	Expires   time.Time `json:"e"`
}

// ErrAckLink is a link that was changed, or has expired.
var ErrAckLink = errors.New("this link is not valid, or has expired: open the event in the app instead")

// AckToken is the signed part of a link's address.
func (n *Notify) AckToken(a Ack) string {
	a.Expires = a.Expires.UTC().Truncate(time.Second)
	return n.sign(forAcknowledging, a)
}

// ReadAckToken is what a link was signed for; ErrAckLink where it is not valid now.
func (n *Notify) ReadAckToken(token string) (Ack, error) {
	var a Ack
	if !n.signed(forAcknowledging, token, &a) || !n.now().Before(a.Expires) {
		return Ack{}, ErrAckLink
	}
	return a, nil
}

func (n *Notify) ackURL(a Ack) string {
	if n.o.BaseURL == "" {
		return ""
	}
	a.Expires = n.now().Add(ackLasts)
	return n.o.BaseURL + "/acknowledge/" + n.AckToken(a)
}

// about are the open events that a link is about.
func (a Ack) about(ctx context.Context, q *state.Queries) ([]event.Event, error) {
	if a.Notice == "" {
		return q.EventsToldAs(ctx, a.Workspace, a.Key)
	}
	var open []event.Event
	for after := ""; ; {
		events, err := q.NoticeEvents(ctx, a.Workspace, a.Notice, after, eachBatch)
		if err != nil || len(events) == 0 {
			return open, err
		}
		after = events[len(events)-1].ID
		open = append(open, slices.DeleteFunc(events, func(e event.Event) bool { return e.Status != event.Open })...)
	}
}

// AckEvents are the open events that a link is about, to be shown before somebody acknowledges them:
// mail programs follow links by themselves, so that opening one must not do it.
func (n *Notify) AckEvents(ctx context.Context, token string) ([]event.Event, error) {
	a, err := n.ReadAckToken(token)
	if err != nil {
		return nil, err
	}
	return a.about(ctx, n.o.DB.Queries)
}

// Acknowledge says that somebody takes care of the events that a link is about, and returns them as
// they are then: nobody is told any more that nobody does.
func (n *Notify) Acknowledge(ctx context.Context, token, by, note string) ([]event.Event, error) {
	a, err := n.ReadAckToken(token)
	if err != nil {
		return nil, err
	}
	if by = strings.TrimSpace(by); by == "" {
		return nil, errors.New("write who acknowledges")
	}
	var after []event.Event
	err = n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		after = nil
		events, err := a.about(ctx, tx.Queries)
		if err != nil {
			return err
		}
		var entries []event.Entry
		for _, e := range events {
			t := event.Acknowledge(e, by, note, n.now())
			if err := tx.UpdateEvent(ctx, &t.Event); err != nil {
				return err
			}
			entries = append(entries, t.Entries...)
			after = append(after, t.Event)
		}
		return tx.AppendEntries(ctx, a.Workspace, entries)
	})
	if err != nil {
		return nil, fmt.Errorf("acknowledge: %w", err)
	}
	return after, nil
}
