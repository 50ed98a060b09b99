package notify

import (
	"context"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// Explanation is what would be told of an event, and how that was decided.
type Explanation struct {
	Steps   []Step // of the stages, in order, up to the one that stops
	Tells   bool
	Reason  Reason // why, where it tells
	Why     target.Words
	Targets []string  // to whom, their identifiers
	Due     time.Time // when
	Policy  string    // identifier; empty where there is none
	Rule    int       // index in the policy; -1 where none matches
	Silence string    // identifier of the one that keeps quiet
	Group   []string  // what those of one message share, as field=value

	Escalations []state.Escalation // of the rule, where it tells
}

// Explain leads an event through the stages and changes nothing. With asNew it is looked at as if
// nothing had been told of it yet.
func (n *Notify) Explain(ctx context.Context, workspaceID, eventID string, asNew bool) (Explanation, error) {
	e, err := n.o.DB.Event(ctx, workspaceID, eventID)
	if err != nil {
		return Explanation{}, err
	}
	var out Explanation
	err = n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		passages, err := n.passages(ctx, tx, workspaceID, []*event.Event{&e})
		if err != nil {
			return err
		}
		p := passages[0]
		if asNew {
			p.told, p.collecting = nil, nil
		}
		out = p.explain()
		return nil
	})
	return out, err
}

// explain is Explain for what was read: a pure function.
func (p *passage) explain() Explanation {
	p.rule = -1
	steps, tells := p.pass()
	x := Explanation{Steps: steps, Tells: tells, Rule: p.rule}
	if p.policy != nil {
		x.Policy = p.policy.ID
		x.Group = GroupValues(p.policy.GroupBy, p.event)
		if p.rule >= 0 && (!tells || p.escalates()) {
			x.Escalations = p.policy.Rules[p.rule].Escalations
		}
	}
	if p.silence != nil {
		x.Silence = p.silence.ID
	}
	if tells {
		x.Reason, x.Why, x.Targets, x.Due = p.reason, p.reason.nameOf(p.event.Object.Kind), p.targets, p.due
	}
	return x
}
