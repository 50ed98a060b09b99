package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// unconfirmedMost is how many tries without an answer that was kept a target takes that knows no key:
// nobody is told a third time.
const unconfirmedMost = 2

const probablyArrived = "it was handed over twice, and each time memseep was stopped before it could keep an answer: " +
	"it has probably arrived, and is not sent a third time"

// look reads a notice for a try; nil where it has ended, or has to wait until a time. One that is found
// on its way was left so by a process that has ended.
func (n *Notify) look(ctx context.Context, workspaceID, id string) (*try, time.Time, error) {
	var t *try
	var wait time.Time
	var ended bool
	err := n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		t, wait, ended = nil, time.Time{}, false
		row, err := tx.LockNotice(ctx, workspaceID, id)
		if errors.Is(err, state.ErrNotFound) || err == nil && !row.EndedAt.IsZero() {
			return nil
		}
		if err != nil {
			return err
		}
		kind, err := target.Find(row.Kind)
		if err != nil {
			return err
		}
		left := row.Status == state.NoticeSending
		if left {
			row.Status = state.NoticePending
			row.Unconfirmed++
		}
		if row.Unconfirmed >= unconfirmedMost && !kind.Deduplicates {
			ended = true
			row.Answer, row.AnswerStatus = "", 0 // of a try before
			return end(ctx, tx, &row, state.NoticeSent, probablyArrived, n.now())
		}
		to, err := tx.LockTarget(ctx, workspaceID, row.TargetID)
		switch {
		case errors.Is(err, state.ErrNotFound):
			ended = true
			return end(ctx, tx, &row, state.NoticeDropped, "its target was deleted", n.now())
		case err != nil:
			return err
		case !to.Enabled:
			ended = true
			return end(ctx, tx, &row, state.NoticeDropped, fmt.Sprintf("target %q is disabled", to.Name), n.now())
		}
		if row.Recipient != "" && !slices.Contains(kind.Recipients(to.Settings), row.Recipient) {
			ended = true
			return end(ctx, tx, &row, state.NoticeDropped, fmt.Sprintf("%s was taken out of target %q", row.Recipient, to.Name), n.now())
		}
		row.Limited = n.limited(&to)
		if wait, err = n.turn(ctx, tx, &row, kind); err != nil {
			return err
		}
		if wait.IsZero() {
			t = &try{notice: row, target: to, kind: kind}
		} else {
			row.NextTryAt = wait
		}
		if !left && wait.IsZero() {
			return nil
		}
		return tx.UpdateNotice(ctx, &row)
	})
	if err == nil && ended {
		n.published(workspaceID)
	}
	return t, wait, err
}

func end(ctx context.Context, tx *state.Tx, row *state.Notice, as state.NoticeStatus, why string, now time.Time) error {
	row.Status, row.Error, row.EndedAt, row.NextTryAt = as, why, now, time.Time{}
	return tx.UpdateNotice(ctx, row)
}

// claim keeps that a notice is on its way from now on. Where that is not so any more, since somebody
// was faster or the target is another, it says when to look again.
func (n *Notify) claim(ctx context.Context, t *try) (held time.Time, err error) {
	var row state.Notice
	err = n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		held = time.Time{}
		var err error
		if row, err = tx.LockNotice(ctx, t.notice.WorkspaceID, t.notice.ID); err != nil && !errors.Is(err, state.ErrNotFound) {
			return err
		}
		to, err := tx.LockTarget(ctx, t.notice.WorkspaceID, t.notice.TargetID)
		if err != nil && !errors.Is(err, state.ErrNotFound) {
			return err
		}
		if row.Status != state.NoticePending || row.Tries != t.notice.Tries || !to.Enabled || to.Version != t.target.Version {
			held = n.now()
			return nil
		}
		row.Limited = t.notice.Limited
		if held, err = n.turn(ctx, tx, &row, t.kind); err != nil {
			return err
		}
		if held.IsZero() {
			row.Status, row.TriedAt = state.NoticeSending, n.now()
			row.Tries++
			row.NextTryAt = n.now().Add(sendTimeout)
		} else {
			row.NextTryAt = held
		}
		return tx.UpdateNotice(ctx, &row)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("claim notice %s: %w", t.notice.ID, err)
	}
	if held.IsZero() {
		t.notice, t.claimed = row, true
	}
	return held, nil
}

// turn says until when a notice has to wait: for an earlier one about the same, or for the limit of
// messages of what its target leads to; zero where it is its turn.
func (n *Notify) turn(ctx context.Context, tx *state.Tx, row *state.Notice, kind target.Kind) (time.Time, error) {
	now := n.now()
	earlier, err := tx.EarlierNotice(ctx, row)
	switch {
	case err == nil:
		return later(earlier.NextTryAt, now).Add(2 * time.Second), nil
	case !errors.Is(err, state.ErrNotFound):
		return time.Time{}, err
	}
	if row.Limited == "" {
		return time.Time{}, nil
	}
	if err := tx.HoldLimit(ctx, row.Limited); err != nil {
		return time.Time{}, err
	}
	var wait time.Time
	for _, limit := range []struct {
		messages int
		per      time.Duration
	}{{kind.Limits.Messages, kind.Limits.Per}, {kind.Limits.Second, time.Second}} {
		if limit.messages == 0 {
			continue
		}
		tried, first, err := tx.Tried(ctx, row.Limited, now, limit.per)
		if err != nil {
			return time.Time{}, err
		}
		if tried < limit.messages {
			continue
		}
		// Whoever waits behind others looks again when those have gone, not each time that one of them may.
		ahead, err := tx.UntriedBefore(ctx, row.Limited, row.ID)
		if err != nil {
			return time.Time{}, err
		}
		next := first.Add(limit.per + time.Duration(ahead/limit.messages)*limit.per)
		wait = later(wait, later(next, now.Add(time.Second)))
	}
	return wait, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
