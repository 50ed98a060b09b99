package notify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

// Mark marks the open events of a workspace as its silences have it now, and says whether a mark has
// changed: for the transaction that adds, changes or deletes a silence. Nothing is told: what is not
// silenced any more is told by the next run that finds it leaking.
func (n *Notify) Mark(ctx context.Context, tx *state.Tx, workspaceID string) (changed bool, err error) {
	now := n.now()
	silences, err := tx.CurrentSilences(ctx, workspaceID, now)
	if err != nil {
		return false, err
	}
	silences = slices.DeleteFunc(silences, func(s state.Silence) bool {
		_, _, in := Within(s.Period, location(s.TimeZone), now)
		return !in
	})
	ps := &policies{}
	err = tx.EachOpenEvent(ctx, workspaceID, len(silences) == 0, func(events []event.Event) error {
		about := make([]*event.Event, len(events))
		for i := range events {
			about[i] = &events[i]
		}
		if len(silences) > 0 {
			if err := ps.read(ctx, tx.Queries, workspaceID, about); err != nil {
				return err
			}
		}
		silenceOf := map[string]string{}
		for _, e := range about {
			p := passage{event: e, now: now, policies: ps, silences: silences}
			if silenceID, is := p.mark(); is {
				silenceOf[e.ID] = silenceID
			}
		}
		changed = changed || len(silenceOf) > 0
		return tx.MarkSilenced(ctx, workspaceID, silenceOf)
	})
	if err != nil {
		return false, fmt.Errorf("mark what is silenced: %w", err)
	}
	return changed, nil
}

// mark says which silence an open event is to be marked with, none is not any more; false where it
// stays as it is. Whether a rule would tell of the event does not matter.
func (p *passage) mark() (silenceID string, changes bool) {
	if p.event.Status != event.Open {
		return "", false
	}
	policyID := ""
	if policy := p.policies.of(p.event); policy != nil {
		policyID = policy.ID
	}
	s := Silenced(p.silences, policyID, p.event, p.now)
	switch {
	case s != nil && !p.event.Silenced:
		return s.ID, true
	case s == nil && p.event.Silenced:
		return "", true
	}
	return "", false
}

// marker marks events when a silence begins or ends by time.
type marker struct {
	inForce map[string]string // workspace → its silences in force when its events were marked; nil before the first look
}

// mark looks which workspaces have other silences in force than when it looked last, and marks theirs.
func (m *marker) mark(ctx context.Context, n *Notify) error {
	now := n.now()
	silences, err := n.o.DB.SilencesNow(ctx, now)
	if err != nil {
		return err
	}
	inForce := map[string]string{}
	for _, s := range silences {
		if begins, _, in := Within(s.Period, location(s.TimeZone), now); in {
			inForce[s.WorkspaceID] += fmt.Sprintf("%s %d %d\n", s.ID, s.Version, begins.Unix())
		}
	}
	before := m.inForce
	if before == nil { // one may have ended while nothing ran
		marked, err := n.o.DB.WorkspacesWithSilenced(ctx)
		if err != nil {
			return err
		}
		before = map[string]string{}
		for _, ws := range marked {
			before[ws] = "unknown"
		}
	}
	m.inForce = maps.Clone(before)
	all := maps.Clone(before)
	maps.Copy(all, inForce)
	var failed error
	for ws := range all {
		if before[ws] == inForce[ws] {
			continue
		}
		if err := n.markNow(ctx, ws); err != nil {
			failed = errors.Join(failed, err)
			continue
		}
		m.inForce[ws] = inForce[ws]
	}
	return failed
}

// markNow is Mark in a transaction of its own.
func (n *Notify) markNow(ctx context.Context, workspaceID string) error {
	var changed bool
	err := n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) (err error) {
		changed, err = n.Mark(ctx, tx, workspaceID)
		return err
	})
	if err == nil && changed && n.o.Marked != nil {
		n.o.Marked(workspaceID)
	}
	return err
}
