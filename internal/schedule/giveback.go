package schedule

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// giveBack makes running jobs that are lost available again, and returns how many: those whose
// client is gone, and those of this one that it does not work at.
//
// River itself takes them for lost only RescueStuckJobsAfter later, once there is a leader again, and
// at its next look, each half a minute. The attempt stays counted, so that a job that kills its process
// ends after MaxAttempts; a job given back by mistake is worked twice, and counts once.
func giveBack(ctx context.Context, db *sql.DB, client *river.Client[*sql.Tx], lost func(j *rivertype.JobRow) bool) (int, error) {
	jobs, err := client.JobList(ctx, river.NewJobListParams().
		States(rivertype.JobStateRunning).
		First(10_000))
	if err != nil {
		return 0, fmt.Errorf("list running jobs: %w", err)
	}
	n := 0
	for _, j := range jobs.Jobs {
		if !lost(j) {
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

// clientOf is the client that has a running job.
func clientOf(j *rivertype.JobRow) string {
	if len(j.AttemptedBy) == 0 {
		return ""
	}
	return j.AttemptedBy[len(j.AttemptedBy)-1]
}

// forgottenAfter is how old an attempt of this process is that has ended without the queue knowing:
// the database was away, or full, when it should have been told.
const forgottenAfter = time.Minute

// forgot tells whether this process has a job of ours running by the queue's word and works at no such.
func (s *Schedule) forgot(j *rivertype.JobRow) bool {
	if j.AttemptedAt == nil || time.Since(*j.AttemptedAt) < forgottenAfter {
		return false
	}
	a := chunkArgs{Index: parentIndex}
	switch j.Kind {
	case chunkArgs{}.Kind(), parentArgs{}.Kind(), scriptArgs{}.Kind():
		if err := json.Unmarshal(j.EncodedArgs, &a); err != nil {
			return false
		}
	default:
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, works := s.working[a.Run][a.Index]
	return !works
}
