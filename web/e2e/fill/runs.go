package main

import (
	"context"
	"fmt"
	"time"

	"github.com/memseep/memseep/internal/state"
)

const runs = 2000 // one each hour up to now

// insertRuns makes runs of the workspace's first inspection.
func insertRuns(ctx context.Context, db *state.DB, workspace string, hosts int, now time.Time) error {
	inspections, _, err := db.Inspections(ctx, workspace, state.InspectionFilter{})
	if err != nil {
		return err
	}
	return db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		for i := range runs {
			at := now.Add(time.Duration(i-runs) * time.Hour)
			r := state.Run{
				WorkspaceID: workspace, InspectionID: inspections[0].ID, Inspection: inspections[0].Name, Status: state.RunSuccess,
				At: at, ScheduledAt: at, StartedAt: at.Add(time.Second), EndedAt: at.Add(12 * time.Second), Hosts: hosts,
			}
			if err := tx.AddRun(ctx, &r); err != nil {
				return fmt.Errorf("make runs: %w", err)
			}
		}
		return nil
	})
}
