package api

import (
	"context"

	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/state"
)

// keepMarked keeps a change of what silences look at, and marks open events as they have it then.
func (a *API) keepMarked(ctx context.Context, workspaceID string, keep func(ctx context.Context, tx *state.Tx) error) error {
	var marked bool
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		err := keep(ctx, tx)
		if err == nil {
			marked, err = a.Notify.Mark(ctx, tx, workspaceID)
		}
		return err
	})
	if err == nil && marked {
		a.Hub.Publish(workspaceID, schedule.Change{Kind: "event"})
	}
	return err
}
