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

// What an answer costs to lose is a message that comes twice: it is kept though this process is being
// stopped, and tried for a while where the database is away.
const (
	keptWithin   = 20 * time.Second
	keptPause    = 100 * time.Millisecond // after the first time it was not kept; then twice as long
	longestPause = 5 * time.Second
)

// record keeps what became of a try, for the notice and for the target, and says when the next is.
func (n *Notify) record(ctx context.Context, t *try, a target.Answer, err error) (time.Time, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keptWithin)
	defer cancel()
	row, failed := n.keepAnswer(ctx, t, a, err)
	for pause := keptPause; failed != nil && ctx.Err() == nil; pause = min(2*pause, longestPause) {
		select {
		case <-time.After(pause):
			row, failed = n.keepAnswer(ctx, t, a, err)
		case <-ctx.Done():
		}
	}
	if failed != nil {
		return time.Time{}, fmt.Errorf("keep what became of notice %s: %w", t.notice.ID, failed)
	}
	if row.Status == state.NoticeFailed {
		n.o.Logger.Warn("a notice was not taken", "target", row.Target, "kind", row.Kind, "notice", row.ID, "tries", row.Tries, "error", row.Error)
	}
	n.published(t.notice.WorkspaceID)
	return row.NextTryAt, nil
}

// keepAnswer returns the notice as it is kept.
func (n *Notify) keepAnswer(ctx context.Context, t *try, a target.Answer, err error) (row state.Notice, failed error) {
	failed = n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		var failed error
		row, failed = tx.LockNotice(ctx, t.notice.WorkspaceID, t.notice.ID)
		if errors.Is(failed, state.ErrNotFound) {
			return nil
		}
		if failed != nil {
			return failed
		}
		if !row.EndedAt.IsZero() || err != nil && row.Tries != t.notice.Tries {
			row = state.Notice{} // somebody took this process for ended, and tries it: what becomes of that counts
			return nil
		}
		if !t.claimed { // nothing had left
			row.Tries++
			row.TriedAt = n.now()
		}
		n.ended(&row, a, err)
		to, failed := tx.LockTarget(ctx, row.WorkspaceID, row.TargetID)
		if failed == nil {
			failed = n.fares(ctx, tx, &to, &row)
		}
		if failed != nil && !errors.Is(failed, state.ErrNotFound) {
			return failed
		}
		return tx.UpdateNotice(ctx, &row)
	})
	return row, failed
}

// ended writes into a notice what became of a try.
func (n *Notify) ended(row *state.Notice, a target.Answer, err error) {
	now := n.now()
	row.Answer, row.AnswerStatus, row.Error = a.Body, a.Status, ""
	row.Status, row.NextTryAt, row.EndedAt = state.NoticeSent, time.Time{}, now
	if err == nil {
		return
	}
	row.Error = err.Error()
	row.Status = state.NoticeFailed
	var e *target.Error
	if errors.As(err, &e) && !e.Retry {
		return
	}
	if next, again := NextTry(row.Tries, row.CreatedAt, now, a.RetryAfter); again {
		row.Status, row.NextTryAt, row.EndedAt = state.NoticePending, next, time.Time{}
		return
	}
	row.Error = fmt.Sprintf("given up after %d tries in %s: %s", row.Tries, duration(now.Sub(row.CreatedAt), "en"), row.Error)
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
