package notify

import (
	"context"
	"errors"
	"time"

	"github.com/memseep/memseep/internal/state"
)

const (
	lookEvery   = 30 * time.Second
	overdue     = 2 * time.Minute // what the queue has not done by then was lost: a restored backup has no jobs
	trimEvery   = 24 * time.Hour
	keptFor     = 90 * 24 * time.Hour
	sweptAtOnce = 500
)

// Run tells of silences that begin soon, marks events when one begins or ends, takes up what the queue has lost, and deletes notices after
// 90 days, until ctx ends. The server runs it beside the queue, and waits for it.
func (n *Notify) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var trimmed time.Time
	var marks marker
	for {
		err := errors.Join(n.sayBeginnings(ctx), marks.mark(ctx, n), n.sweep(ctx))
		if n.now().Sub(trimmed) >= trimEvery {
			err = errors.Join(err, n.o.DB.TrimNotices(ctx, n.now().Add(-keptFor)))
			trimmed = n.now()
		}
		if err != nil && ctx.Err() == nil {
			n.o.Logger.Error("looking after notices", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// sweep tells batches and puts notices into the queue whose time is well past.
func (n *Notify) sweep(ctx context.Context) error {
	before := n.now().Add(-overdue)
	batches, err := n.o.DB.DueBatches(ctx, before, sweptAtOnce)
	if err != nil {
		return err
	}
	for _, b := range batches {
		if err := n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error { return n.tell(ctx, tx, b.WorkspaceID, b.ID) }); err != nil {
			return err
		}
		n.published(b.WorkspaceID)
	}
	notices, err := n.o.DB.WaitingNotices(ctx, before, sweptAtOnce)
	if err != nil {
		return err
	}
	for _, row := range notices {
		err := n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			if err := tx.PutOffNotice(ctx, &row, n.now()); err != nil {
				return err
			}
			return n.insert(ctx, tx, deliverArgs{Workspace: row.WorkspaceID, Notice: row.ID}, time.Time{})
		})
		if err != nil && !errors.Is(err, state.ErrConflict) {
			return err
		}
	}
	return nil
}
