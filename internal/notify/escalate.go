package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

// escalateArgs is the job that tells others too where events of a batch are still not over, or
// nobody has acknowledged them.
type escalateArgs struct {
	Workspace string `json:"workspace"`
	Batch     string `json:"batch"`
	Step      int    `json:"step"` // of the batch's escalations
}

// Kind names the job in River's tables.
func (escalateArgs) Kind() string { return "escalate" }

// MaxEscalations is how many a rule may have.
const MaxEscalations = 2

type escalateWorker struct {
	river.WorkerDefaults[escalateArgs]
	n *Notify
}

// Work is called by River. The batch that it makes has a key of its own, so that what is escalated
// twice, because a job ran twice, is told once.
func (w *escalateWorker) Work(ctx context.Context, job *river.Job[escalateArgs]) error {
	a := job.Args
	err := w.n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		return w.n.escalate(ctx, tx, a)
	})
	if err == nil {
		w.n.published(a.Workspace)
	}
	return err
}

func (n *Notify) escalate(ctx context.Context, tx *state.Tx, a escalateArgs) error {
	of, err := tx.Batch(ctx, a.Workspace, a.Batch)
	switch {
	case errors.Is(err, state.ErrNotFound):
		return nil
	case err != nil:
		return err
	case a.Step >= len(of.Escalations):
		return nil
	}
	members, err := tx.BatchEvents(ctx, a.Workspace, a.Batch)
	if err != nil {
		return err
	}
	step := of.Escalations[a.Step]
	ids := Escalates(step, members)
	if len(ids) == 0 || len(step.Targets) == 0 {
		return nil
	}
	b := state.Batch{
		ID: fmt.Sprintf("%s-e%d", of.ID, a.Step+1), WorkspaceID: a.Workspace, PolicyID: of.PolicyID, Rule: of.Rule, Reason: string(reasonOf(step)),
		Key: fmt.Sprintf("%s/%d", of.ID, a.Step), Targets: step.Targets, DueAt: n.now(),
	}
	if err := tx.CollectOnce(ctx, &b, ids); errors.Is(err, state.ErrExists) {
		return nil
	} else if err != nil {
		return err
	}
	return n.tell(ctx, tx, a.Workspace, b.ID)
}

// Escalates chooses the events of a batch that an escalation is told of.
func Escalates(e state.Escalation, members []state.BatchEvent) []string {
	var ids []string
	for _, m := range members {
		switch {
		case m.Status != event.Open, m.Denied, m.Silenced:
		case e.Unless == state.UnlessAcknowledged && m.Acknowledged:
		default:
			ids = append(ids, m.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func reasonOf(e state.Escalation) Reason {
	if e.Unless == state.UnlessAcknowledged {
		return NotAcknowledged
	}
	return NotRecovered
}

// Escalations may come after a minute to a week.
const (
	minEscalation = time.Minute
	maxEscalation = 7 * 24 * time.Hour
)
