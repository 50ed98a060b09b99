package schedule

import (
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// queue is River's queue of runs and their chunks.
const queue = "inspections"

// parentArgs is the job that chooses the hosts of a run and cuts it into chunks.
type parentArgs struct {
	Workspace string `json:"workspace"`
	Run       string `json:"run"`
}

// Kind names the job in River's tables.
func (parentArgs) Kind() string { return "run" }

// chunkArgs is the job that inspects one chunk of a run's hosts.
type chunkArgs struct {
	Workspace string `json:"workspace"`
	Run       string `json:"run"`
	Index     int    `json:"index"`
}

// Kind names the job in River's tables.
func (chunkArgs) Kind() string { return "chunk" }

// insertOpts are those of both kinds. A job is unique by what it writes, not by River's key: one
// that was lost may be there twice.
func (s *Schedule) insertOpts() *river.InsertOpts {
	return &river.InsertOpts{Queue: queue, MaxAttempts: len(s.o.Retry) + 1}
}

// retryAt is when a job that failed is tried again.
func (s *Schedule) retryAt(job *rivertype.JobRow) time.Time {
	if len(s.o.Retry) == 0 {
		return time.Now()
	}
	return time.Now().Add(s.o.Retry[min(max(job.Attempt, 1), len(s.o.Retry))-1])
}
