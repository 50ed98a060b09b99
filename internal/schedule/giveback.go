package schedule

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// giveBack makes the running jobs of clients that are gone available again, and returns how many.
//
// River itself takes them for lost only RescueStuckJobsAfter later, once there is a leader again, and
// at its next look, each half a minute. The attempt stays counted, so that a job that kills its process
// ends after MaxAttempts; a job given back by mistake is worked twice, and counts once.
func giveBack(ctx context.Context, db *sql.DB, client *river.Client[*sql.Tx], gone func(clientID string) bool) (int, error) {
	jobs, err := client.JobList(ctx, river.NewJobListParams().
		States(rivertype.JobStateRunning).
		First(10_000))
	if err != nil {
		return 0, fmt.Errorf("list running jobs: %w", err)
	}
	n := 0
	for _, j := range jobs.Jobs {
		if len(j.AttemptedBy) == 0 || !gone(j.AttemptedBy[len(j.AttemptedBy)-1]) {
			continue
		}
		// The attempt names this very execution: whoever has it meanwhile keeps it. River's retry of a
		// job leaves running ones alone, so that this is the one statement of ours on its tables.
		r, err := db.ExecContext(ctx, fmt.Sprintf(
			`UPDATE river_job SET state = 'available' WHERE id = %d AND attempt = %d AND state = 'running'`, j.ID, j.Attempt))
		if err != nil {
			return n, fmt.Errorf("give job %d back: %w", j.ID, err)
		}
		if rows, err := r.RowsAffected(); err == nil {
			n += int(rows)
		}
	}
	return n, nil
}
