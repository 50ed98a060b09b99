package notify

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// tellArgs is the job that ends a batch and tells its events.
type tellArgs struct {
	Workspace string `json:"workspace"`
	Batch     string `json:"batch"`
}

// Kind names the job in River's tables.
func (tellArgs) Kind() string { return "tell" }

type tellWorker struct {
	river.WorkerDefaults[tellArgs]
	n *Notify
}

// Work is called by River. A batch that was told already is not told again.
func (w *tellWorker) Work(ctx context.Context, job *river.Job[tellArgs]) error {
	err := w.n.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		return w.n.tell(ctx, tx, job.Args.Workspace, job.Args.Batch)
	})
	if err == nil {
		w.n.published(job.Args.Workspace)
	}
	return err
}

// tell ends a batch and makes a notice for each target, all in one transaction.
func (n *Notify) tell(ctx context.Context, tx *state.Tx, workspaceID, batchID string) error {
	b, mine, err := tx.FinishBatch(ctx, workspaceID, batchID, n.now())
	if err != nil || !mine {
		return err
	}
	members, err := tx.BatchEvents(ctx, workspaceID, b.ID)
	if err != nil {
		return err
	}
	reason := Reason(b.Reason)
	if !(reason == Recovered || reason == Withdrawn) { // it may be over or silenced since
		var not []string
		members = slices.DeleteFunc(members, func(m state.BatchEvent) bool {
			out := m.Status != event.Open || m.Denied || m.Silenced
			if out {
				not = append(not, m.ID)
			}
			return out
		})
		if err := tx.LeaveOut(ctx, b.ID, not); err != nil {
			return err
		}
	}
	if len(members) == 0 {
		return nil
	}
	t := telling{n: n, tx: tx, batch: b, reason: reason, members: members}
	if err := t.read(ctx); err != nil {
		return err
	}
	for _, id := range b.Targets {
		if err := t.tellTarget(ctx, id); err != nil {
			return err
		}
	}
	if err := t.keep(ctx); err != nil {
		return err
	}
	for i, e := range b.Escalations {
		if err := n.insert(ctx, tx, escalateArgs{Workspace: workspaceID, Batch: b.ID, Step: i}, n.now().Add(e.After)); err != nil {
			return err
		}
	}
	return nil
}

// telling is a batch that is being told.
type telling struct {
	n       *Notify
	tx      *state.Tx
	batch   state.Batch
	reason  Reason
	members []state.BatchEvent // the most urgent first

	policy    *state.Policy
	workspace string
	targets   map[string]state.Target
	told      map[string]state.Told
	key       string // of events that were not told yet
}

func (t *telling) read(ctx context.Context) error {
	ws := t.batch.WorkspaceID
	w, err := t.tx.Workspace(ctx, ws)
	if err != nil {
		return err
	}
	t.workspace = w.Name
	if p, err := t.tx.Policy(ctx, ws, t.batch.PolicyID); err == nil {
		t.policy = &p // a deleted one's events are told to the end
	}
	if t.targets, err = t.tx.TargetsByID(ctx, ws, t.batch.Targets); err != nil {
		return err
	}
	ids := make([]string, len(t.members))
	for i, m := range t.members {
		ids[i] = m.ID
	}
	if t.told, err = t.tx.Told(ctx, ws, ids); err != nil {
		return err
	}
	t.key = t.batch.ID
	if len(t.members) == 1 {
		t.key = t.members[0].ID
	}
	return nil
}

// keyOf is by what an event is known to targets that keep what is open.
func (t *telling) keyOf(eventID string) string {
	if was, ok := t.told[eventID]; ok && was.Key != "" {
		return was.Key
	}
	return t.key
}

// tellTarget makes one notice, or for a target that keeps what is open one for each key.
func (t *telling) tellTarget(ctx context.Context, id string) error {
	to, ok := t.targets[id]
	if !ok {
		return nil // deleted; the policy does not name it any more either
	}
	kind, err := target.Find(to.Kind)
	if err != nil {
		return err
	}
	if t.reason == Withdrawn && !kind.Resolves && !kind.Each {
		return nil
	}
	if !kind.Resolves {
		key, err := t.sharedKey(ctx)
		if err != nil {
			return err
		}
		return t.notice(ctx, to, key, t.members)
	}
	byKey := map[string][]state.BatchEvent{}
	var keys []string
	for _, m := range t.members {
		key := t.keyOf(m.ID)
		if byKey[key] == nil {
			keys = append(keys, key)
		}
		byKey[key] = append(byKey[key], m)
	}
	if t.ends() {
		open, err := t.tx.OpenKeys(ctx, t.batch.WorkspaceID, keys)
		if err != nil {
			return err
		}
		keys = slices.DeleteFunc(keys, func(key string) bool { return open[key] }) // not all of it is over
	}
	for _, key := range keys {
		if err := t.notice(ctx, to, key, byKey[key]); err != nil {
			return err
		}
	}
	return nil
}

// sharedKey is what one message about all members is known by: the key that they were told under,
// where it is the same for all; what is over is known by it only where all that was told so is over.
func (t *telling) sharedKey(ctx context.Context) (string, error) {
	key := t.keyOf(t.members[0].ID)
	for _, m := range t.members {
		if t.keyOf(m.ID) != key {
			return t.batch.ID, nil
		}
	}
	if !t.ends() {
		return key, nil
	}
	open, err := t.tx.OpenKeys(ctx, t.batch.WorkspaceID, []string{key})
	if open[key] {
		key = t.batch.ID
	}
	return key, err
}

// ends says that what is told is that something is over.
func (t *telling) ends() bool { return t.reason == Recovered || t.reason == Withdrawn }

// notice renders the message and keeps it with the job that delivers it.
func (t *telling) notice(ctx context.Context, to state.Target, key string, members []state.BatchEvent) error {
	ws := t.batch.WorkspaceID
	e, err := t.tx.Event(ctx, ws, members[0].ID)
	if err != nil {
		return err
	}
	s := subject{
		reason: t.reason, language: to.Language, policy: t.policy, workspace: t.workspace, event: legible(e), members: legibleMembers(members),
		key: key, id: state.NewID(), now: t.n.now(), base: t.n.o.BaseURL,
	}
	s.ackURL, s.picture = t.n.ackURL(Ack{Workspace: ws, Notice: s.id}), t.n.pictureURL(&e)
	row := state.Notice{
		ID: s.id, WorkspaceID: ws, BatchID: t.batch.ID, PolicyID: t.batch.PolicyID, Policy: s.policyName(),
		TargetID: to.ID, Target: to.Name, Kind: to.Kind, Reason: string(t.reason), Level: members[0].Level,
		EventID: e.ID, Events: len(members), CreatedAt: t.n.now(),
	}
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	m := render(&s, to.Templates)
	if kind, err := target.Find(to.Kind); err == nil && kind.Charts && !m.Recovered {
		m.Chart = chartOf(&e, to.Language, zoneOf(t.policy))
	}
	return t.n.keepNotice(ctx, t.tx, to, row, m, ids)
}

// keepNotice writes a notice, and the job that delivers it: one for each recipient where each gets a message of
// its own, with its own tries and answers.
func (n *Notify) keepNotice(ctx context.Context, tx *state.Tx, to state.Target, row state.Notice, m target.Message, eventIDs []string) error {
	kind, err := target.Find(to.Kind)
	if err != nil {
		return err
	}
	if kind.Recipients == nil {
		return n.keepOne(ctx, tx, to, &row, m, eventIDs)
	}
	for i, recipient := range kind.Recipients(to.Settings) {
		one := row
		if i > 0 {
			one.ID = state.NewID()
		}
		one.Recipient, m.ID, m.To = recipient, one.ID, []string{recipient}
		if err := n.keepOne(ctx, tx, to, &one, m, eventIDs); err != nil {
			return err
		}
	}
	return nil
}

// keepOne keeps a notice. To a target that is disabled nothing goes, and the notice says so.
func (n *Notify) keepOne(ctx context.Context, tx *state.Tx, to state.Target, row *state.Notice, m target.Message, eventIDs []string) error {
	content, err := encodeContent(m)
	if err != nil {
		return err
	}
	row.Title, row.Content, row.Status, row.NextTryAt = m.Title, content, state.NoticePending, n.now()
	row.Limited = n.limited(&to)
	if !to.Enabled {
		row.Status, row.EndedAt, row.NextTryAt = state.NoticeDropped, n.now(), time.Time{}
		row.Error = fmt.Sprintf("target %q is disabled", to.Name)
	}
	if err := tx.AddNotice(ctx, row, eventIDs); err != nil {
		return err
	}
	if row.Status == state.NoticeDropped {
		return nil
	}
	return n.insert(ctx, tx, deliverArgs{Workspace: row.WorkspaceID, Notice: row.ID}, time.Time{})
}

// keep writes what has been told of each event.
func (t *telling) keep(ctx context.Context) error {
	if t.ends() {
		return nil // it was written when they were over
	}
	reached := slices.DeleteFunc(slices.Clone(t.batch.Targets), func(id string) bool { return !t.targets[id].Enabled })
	rows := make([]state.Told, len(t.members))
	for i, m := range t.members {
		row := t.told[m.ID]
		if row.Ended { // told as over, and begun again: only a denial that was taken back
			row = state.Told{}
		}
		row.EventID, row.WorkspaceID, row.Key = m.ID, t.batch.WorkspaceID, t.keyOf(m.ID)
		row.At = t.n.now()
		if t.reason != NotRecovered && t.reason != NotAcknowledged {
			row.PolicyID, row.Rule = t.batch.PolicyID, t.batch.Rule
		}
		row.Targets = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(row.Targets), reached...))))
		if urgency(m.Level) > urgency(highest(&row)) {
			row.Levels = append(slices.Clone(row.Levels), m.Level)
		}
		rows[i] = row
	}
	return t.tx.SetTold(ctx, rows)
}
