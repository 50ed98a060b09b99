package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// deliverArgs is the job that sends one notice.
type deliverArgs struct {
	Workspace string `json:"workspace"`
	Notice    string `json:"notice"`
}

// Kind names the job in River's tables.
func (deliverArgs) Kind() string { return "deliver" }

// InsertOpts are River's: a notice has one job at a time, so that nobody else is sending it.
func (deliverArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}}
}

// sendTimeout is how long one try may take in all.
const sendTimeout = time.Minute

type deliverWorker struct {
	river.WorkerDefaults[deliverArgs]
	n *Notify
}

// Timeout is River's for one try.
func (w *deliverWorker) Timeout(*river.Job[deliverArgs]) time.Duration {
	return sendTimeout + 10*time.Second
}

// retryMost is how long a job waits that could not look or record, since the database was away.
const retryMost = 30 * time.Second

// NextRetry is River's, whose own grows to weeks.
func (w *deliverWorker) NextRetry(job *river.Job[deliverArgs]) time.Time {
	return time.Now().Add(min(time.Duration(job.Attempt)*time.Second, retryMost))
}

// Work is called by River. How often a notice is tried, and when, is kept with the notice: the job
// waits in the queue until then, and no attempt of its own is counted.
func (w *deliverWorker) Work(ctx context.Context, job *river.Job[deliverArgs]) error {
	next, err := w.n.deliver(ctx, job.Args.Workspace, job.Args.Notice)
	switch {
	case err != nil:
		return err
	case !next.IsZero():
		return river.JobSnooze(max(next.Sub(w.n.now()), time.Second))
	}
	return nil
}

// try is one try to hand over a notice.
type try struct {
	notice state.Notice // as it was looked at; when claimed, as it is then
	target state.Target
	kind   target.Kind

	claimed bool      // it is kept that the notice is on its way
	held    time.Time // where something has come between: when to look again
	failed  error     // to claim
}

// deliver tries a notice once, where it is its turn, and says when to try again; zero is never.
//
// That it is on its way is kept in the moment before it leaves, and what became of it when there is an
// answer. A process that is killed in between leaves it on its way: such a try is unconfirmed, and the
// next process sends the notice again, under the same ID and key. A target that knows them is told once.
// To another it goes twice at most: after a second unconfirmed try it has ended.
func (n *Notify) deliver(ctx context.Context, workspaceID, id string) (time.Time, error) {
	t, wait, err := n.look(ctx, workspaceID, id)
	if err != nil || t == nil {
		return wait, err
	}
	answer, err := n.handOver(ctx, t)
	switch {
	case t.failed != nil:
		return time.Time{}, t.failed
	case !t.held.IsZero():
		return t.held, nil
	case ctx.Err() != nil && err != nil && answer.Status == 0: // this process is being stopped: nothing is known of the target
		return time.Time{}, fmt.Errorf("send notice %s: %w", id, ctx.Err())
	}
	return n.record(ctx, t, answer, err)
}
