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

	Events []string `json:"events,omitempty"` // the others were escalated before; empty is all of the batch
	Part   int      `json:"part,omitempty"`   // of those that are told at once: what is silenced is told by a later one
}

// silencedLook is how often it is looked whether what is to be escalated is silenced still.
const silencedLook = 5 * time.Minute

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
	if len(a.Events) > 0 {
		members = slices.DeleteFunc(members, func(m state.BatchEvent) bool { return !slices.Contains(a.Events, m.ID) })
	}
	step := of.Escalations[a.Step]
	ids, silenced := Escalates(step, members)
	if len(step.Targets) == 0 {
		return nil
	}
	if len(silenced) > 0 {
		again := a
		if len(ids) > 0 {
			again.Events, again.Part = silenced, a.Part+1
		}
		if err := n.insert(ctx, tx, again, n.now().Add(silencedLook)); err != nil {
			return err
		}
	}
	if len(ids) == 0 {
		return nil
	}
	b := state.Batch{
		ID: escalatedAs(of.ID, a), WorkspaceID: a.Workspace, PolicyID: of.PolicyID, Rule: of.Rule, Reason: string(reasonOf(step)),
		Key: fmt.Sprintf("%s/%d/%d", of.ID, a.Step, a.Part), Targets: step.Targets, DueAt: n.now(),
	}
	if err := tx.CollectOnce(ctx, &b, ids); errors.Is(err, state.ErrExists) {
		return nil
	} else if err != nil {
		return err
	}
	return n.tell(ctx, tx, a.Workspace, b.ID)
}

// escalatedAs is the identifier of the batch that an escalation makes.
func escalatedAs(batch string, a escalateArgs) string {
	id := fmt.Sprintf("%s-e%d", batch, a.Step+1)
	if a.Part > 0 {
		id += fmt.Sprintf("-%d", a.Part)
	}
	return id
}

// Escalates chooses the events of a batch that an escalation is told of, and those of which it is told when they are
// not silenced any more.
func Escalates(e state.Escalation, members []state.BatchEvent) (ids, silenced []string) {
	for _, m := range members {
		switch {
		case m.Status != event.Open, m.Denied:
		case e.Unless == state.UnlessAcknowledged && m.Acknowledged:
		case m.Silenced:
			silenced = append(silenced, m.ID)
		default:
			ids = append(ids, m.ID)
		}
	}
	slices.Sort(ids)
	slices.Sort(silenced)
	return ids, silenced
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
