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

// Notices leads changed events through the stages, and keeps what is to be told of them, in the
// transaction that keeps the change. Events that go on unchanged are changes too: what was silenced
// until now, or is due again, is told so.
func (n *Notify) Notices(ctx context.Context, tx *state.Tx, changed []event.Transition) error {
	byWorkspace := map[string][]*event.Event{}
	for i := range changed {
		e := &changed[i].Event
		byWorkspace[e.WorkspaceID] = append(byWorkspace[e.WorkspaceID], e)
	}
	for _, workspaceID := range slices.Sorted(maps.Keys(byWorkspace)) {
		if err := n.notices(ctx, tx, workspaceID, byWorkspace[workspaceID]); err != nil {
			return fmt.Errorf("make notices: %w", err)
		}
	}
	return nil
}

func (n *Notify) notices(ctx context.Context, tx *state.Tx, workspaceID string, events []*event.Event) error {
	passages, err := n.passages(ctx, tx, workspaceID, events)
	if err != nil {
		return err
	}
	silenceOf := map[string]string{}
	batches := map[string]*state.Batch{}
	members := map[string][]string{}
	var ended []state.Told
	for i := range passages {
		p := &passages[i]
		_, tell := p.pass()
		if silenceID, changes := p.mark(); changes {
			silenceOf[p.event.ID] = silenceID
		}
		if !tell {
			continue
		}
		if batches[p.key] == nil {
			b := p.batchOf()
			batches[p.key] = &b
		}
		members[p.key] = append(members[p.key], p.event.ID)
		if p.ends() {
			over := *p.told
			over.Ended = true
			ended = append(ended, over)
		}
	}
	if err := tx.MarkSilenced(ctx, workspaceID, silenceOf); err != nil {
		return err
	}
	if err := tx.SetTold(ctx, ended); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(batches)) { // rows are locked in one order by all
		if err := n.collect(ctx, tx, batches[key], members[key]); err != nil {
			return err
		}
	}
	return nil
}

// collect puts events into a batch. One that is due now is told in this transaction, another by a job.
func (n *Notify) collect(ctx context.Context, tx *state.Tx, b *state.Batch, eventIDs []string) error {
	isNew, err := tx.Collect(ctx, b, eventIDs)
	switch {
	case err != nil:
		return err
	case !b.DueAt.After(n.now()):
		return n.tell(ctx, tx, b.WorkspaceID, b.ID)
	case isNew:
		return n.insert(ctx, tx, tellArgs{Workspace: b.WorkspaceID, Batch: b.ID}, b.DueAt)
	}
	return nil
}

// passages are events with all that the stages look at.
func (n *Notify) passages(ctx context.Context, tx *state.Tx, workspaceID string, events []*event.Event) ([]passage, error) {
	ps, err := readPolicies(ctx, tx.Queries, workspaceID, events)
	if err != nil {
		return nil, err
	}
	now := n.now()
	silences, err := tx.CurrentSilences(ctx, workspaceID, now)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	// First the batches are held, then what was told is read: what was told in between is seen.
	collecting, err := tx.Collecting(ctx, workspaceID, string(Opened), ids)
	if err != nil {
		return nil, err
	}
	told, err := tx.Told(ctx, workspaceID, ids)
	if err != nil {
		return nil, err
	}
	out := make([]passage, len(events))
	for i, e := range events {
		out[i] = passage{event: e, now: now, policies: ps, silences: silences, collecting: collecting[e.ID]}
		if t, ok := told[e.ID]; ok {
			out[i].told = &t
		}
	}
	return out, nil
}

// readPolicies reads those of a workspace, and which inspections of these events name which.
func readPolicies(ctx context.Context, q *state.Queries, workspaceID string, events []*event.Event) (*policies, error) {
	ps := &policies{}
	return ps, ps.read(ctx, q, workspaceID, events)
}

// read adds what these events need that is not there yet.
func (ps *policies) read(ctx context.Context, q *state.Queries, workspaceID string, events []*event.Event) error {
	if ps.byID == nil {
		if err := ps.readAll(ctx, q, workspaceID); err != nil {
			return err
		}
	}
	for _, e := range events {
		if _, known := ps.byInspection[e.InspectionID]; known {
			continue
		}
		i, err := q.Inspection(ctx, workspaceID, e.InspectionID)
		if err != nil && !errors.Is(err, state.ErrNotFound) { // a deleted one's events go on
			return err
		}
		ps.byInspection[e.InspectionID] = i.PolicyID
	}
	return nil
}

func (ps *policies) readAll(ctx context.Context, q *state.Queries, workspaceID string) error {
	ps.byID, ps.byInspection = map[string]*state.Policy{}, map[string]string{}
	for page := (state.Page{Limit: 1000}); ; {
		rows, next, err := q.Policies(ctx, workspaceID, page)
		if err != nil {
			return err
		}
		for i := range rows {
			ps.byID[rows[i].ID] = &rows[i]
			if rows[i].IsDefault {
				ps.standard = &rows[i]
			}
		}
		if page.Cursor = next; next == "" {
			return nil
		}
	}
}
