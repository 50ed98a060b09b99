package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// How long a notice is tried, and a target may fail.
const (
	triedFor    = 26 * time.Hour // a target that was away for a day loses nothing
	failingMost = 48 * time.Hour
)

// pauses are those after the first tries; then there is one an hour.
var pauses = []time.Duration{
	10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
	10 * time.Minute, 20 * time.Minute, 30 * time.Minute,
}

// NextTry is when a notice that was made at a time and has been tried so often is tried again, at
// least after what the target asked for; false where it has been tried for long enough.
func NextTry(tries int, made, now time.Time, asked time.Duration) (time.Time, bool) {
	pause := time.Hour
	if tries-1 < len(pauses) {
		pause = pauses[max(tries-1, 0)]
	}
	next := now.Add(max(pause, asked))
	return next, !next.After(made.Add(triedFor))
}

// record keeps what became of a try, for the notice and for the target, and says when the next is.
func (n *Notify) record(ctx context.Context, c *claimed, a target.Answer, err error) (time.Time, error) {
	row, now := c.notice, n.now()
	row.Answer, row.AnswerStatus, row.Error = a.Body, a.Status, ""
	row.Status, row.NextTryAt, row.EndedAt = state.NoticeSent, time.Time{}, now
	if err != nil {
		row.Error = err.Error()
		row.Status = state.NoticeFailed
		var e *target.Error
		if !errors.As(err, &e) || e.Retry {
			if next, again := NextTry(row.Tries, row.CreatedAt, now, a.RetryAfter); again {
				row.Status, row.NextTryAt, row.EndedAt = state.NoticePending, next, time.Time{}
			} else {
				row.Error = fmt.Sprintf("given up after %d tries in %s: %s", row.Tries, duration(now.Sub(row.CreatedAt), "en"), row.Error)
			}
		}
	}
	failed := n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		to, err := tx.LockTarget(ctx, row.WorkspaceID, row.TargetID)
		if err != nil && !errors.Is(err, state.ErrNotFound) {
			return err
		}
		if err == nil {
			if err := n.fares(ctx, tx, &to, &row); err != nil {
				return err
			}
		}
		if err := tx.UpdateNotice(ctx, &row); err != nil && !errors.Is(err, state.ErrConflict) {
			return err
		}
		return nil
	})
	if failed != nil {
		return time.Time{}, fmt.Errorf("keep what became of notice %s: %w", row.ID, failed)
	}
	if row.Status == state.NoticeFailed {
		n.o.Logger.Warn("a notice was not taken", "target", row.Target, "kind", row.Kind, "notice", row.ID, "tries", row.Tries, "error", row.Error)
	}
	n.published(row.WorkspaceID)
	return row.NextTryAt, nil
}

// fares keeps how a target fares after a try. One that has failed for two days, and taken nothing in
// between, is disabled, and that is told.
func (n *Notify) fares(ctx context.Context, tx *state.Tx, to *state.Target, row *state.Notice) error {
	now := n.now()
	if row.Status == state.NoticeSent {
		to.FailingSince, to.LastError, to.LastSentAt = time.Time{}, "", now
		return tx.SetTargetHealth(ctx, to)
	}
	to.LastError = row.Error
	if to.FailingSince.IsZero() {
		to.FailingSince = now
	}
	if !to.Enabled || now.Sub(to.FailingSince) < failingMost {
		return tx.SetTargetHealth(ctx, to)
	}
	to.Enabled, to.DisabledAt = false, now
	to.DisabledWhy = "it has failed for two days: " + row.Error
	if err := tx.SetTargetHealth(ctx, to); err != nil {
		return err
	}
	n.o.Logger.Error("a target was disabled, since it has failed for two days", "target", to.Name, "kind", to.Kind, "error", row.Error)
	return n.sayDisabled(ctx, tx, to)
}
