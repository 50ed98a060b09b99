package state_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func fullPolicy(ws string) state.Policy {
	return state.Policy{
		WorkspaceID: ws, Name: "p", Description: "d", TimeZone: "Asia/Shanghai", IsDefault: true, Again: time.Hour, Window: time.Minute,
		GroupBy: []string{"inspection"}, CreatedBy: "ann", CreatedAt: now, UpdatedAt: now,
		Rules: []state.Rule{{
			Name: "r", Levels: []leak.Level{leak.Error}, Targets: []string{"t1"},
			Matcher:     state.Matcher{Inspections: []string{"i"}, Objects: []string{"web-*"}, Attributes: []state.Condition{{Key: "zone", Values: []string{"a"}, Not: true}}},
			Times:       []state.Period{{Cron: "0 9 * * 1-5", For: time.Hour, From: now, To: now.Add(time.Hour)}},
			Escalations: []state.Escalation{{After: time.Minute, Unless: state.UnlessRecovered, Targets: []string{"t2"}}},
		}},
	}
}

func fullNotice(ws, target string) state.Notice {
	return state.Notice{
		WorkspaceID: ws, BatchID: "b", PolicyID: "p", Policy: "P", TargetID: target, Target: "T", Kind: "webhook", Reason: "opened", Level: leak.Error,
		Title: "title", EventID: "event", Events: 1, Content: json.RawMessage(`{"a":1}`), Status: state.NoticePending, Tries: 1, Unconfirmed: 2, Answer: "a", AnswerStatus: 503,
		Error: "e", CreatedAt: now, TriedAt: now, NextTryAt: now, EndedAt: now,
	}
}

// fillAlerts makes one record of each kind that telling keeps, on the event named "event".
func fillAlerts(t *testing.T, db *state.DB, ws string) {
	t.Helper()
	ctx := t.Context()
	p := fullPolicy(ws)
	p.ID = "policy"
	must(t, db.AddPolicy(ctx, &p))
	must(t, db.AddTarget(ctx, &state.Target{ID: "target", WorkspaceID: ws, Name: "t", Kind: "webhook", Settings: map[string]string{"a": "b"}, Sealed: []byte{0, 200}, Enabled: true, CreatedAt: now}))
	must(t, db.AddSilence(ctx, &state.Silence{ID: "silence", WorkspaceID: ws, Name: "s", Period: state.Period{From: now, To: now.Add(time.Hour)}, CreatedAt: now}))
	must(t, db.MarkSilenced(ctx, ws, map[string]string{"event": "silence"}))
	must(t, db.SetTold(ctx, []state.Told{{EventID: "event", WorkspaceID: ws, PolicyID: "policy", Rule: "r", Key: "event", Targets: []string{"target"}, Levels: []leak.Level{leak.Error}, At: now}}))
	must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		_, err := tx.Collect(ctx, &state.Batch{WorkspaceID: ws, PolicyID: "policy", Rule: "r", Reason: "opened", Key: "k", Targets: []string{"target"}, DueAt: now}, []string{"event"})
		return err
	}))
	n := fullNotice(ws, "target")
	n.ID = "notice"
	must(t, db.AddNotice(ctx, &n, []string{"event"}))
}

func init() {
	suite["what tells is read again"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		p := fullPolicy(ws)
		must(t, db.AddPolicy(ctx, &p))
		got, err := db.DefaultPolicy(ctx, ws)
		must(t, err)
		same(t, p, got)

		to := state.Target{
			WorkspaceID: ws, Name: "t", Kind: "email", Language: "zh", Settings: map[string]string{"host": "h"}, Sealed: []byte{1}, Templates: state.Templates{Short: "a", Title: "b", Body: "c"},
			Enabled: true, FailingSince: now, DisabledAt: now, DisabledWhy: "why", LastSentAt: now, LastError: "e", CreatedBy: "ann", CreatedAt: now, UpdatedAt: now,
		}
		must(t, db.AddTarget(ctx, &to))
		gotTarget, err := db.Target(ctx, ws, to.ID)
		must(t, err)
		same(t, to, gotTarget)

		quiet := state.Silence{
			WorkspaceID: ws, Name: "s", Policies: []string{"p"}, Matcher: state.Matcher{Objects: []string{"a"}}, TimeZone: "UTC", Period: state.Period{From: now, To: now.Add(time.Hour)},
			NoticeBefore: time.Hour, NoticeTargets: []string{"t"}, NoticedFor: now, CreatedBy: "ann", CreatedAt: now,
		}
		must(t, db.AddSilence(ctx, &quiet))
		gotSilence, err := db.Silence(ctx, ws, quiet.ID)
		must(t, err)
		same(t, quiet, gotSilence)

		n := fullNotice(ws, to.ID)
		must(t, db.AddNotice(ctx, &n, nil))
		gotNotice, err := db.Notice(ctx, ws, n.ID)
		must(t, err)
		same(t, n, gotNotice)
	}

	suite["a workspace has one default policy, and what is used is not deleted"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		first, second := state.Policy{WorkspaceID: ws, Name: "a", IsDefault: true}, state.Policy{WorkspaceID: ws, Name: "b", IsDefault: true, Rules: []state.Rule{{Targets: []string{"t"}}}}
		must(t, db.AddPolicy(ctx, &first))
		must(t, db.AddPolicy(ctx, &second))
		p, err := db.DefaultPolicy(ctx, ws)
		must(t, err)
		if p.Name != "b" {
			t.Errorf("the default is %s", p.Name)
		}
		wantError(t, db.UpdatePolicy(ctx, &first), state.ErrConflict) // it was changed: it is no default any more
		wantError(t, db.DeletePolicy(ctx, ws, second.ID), state.ErrExists)
		must(t, db.DeletePolicy(ctx, ws, first.ID))
		wantError(t, db.AddPolicy(ctx, &state.Policy{WorkspaceID: ws, Name: "b"}), state.ErrExists)
		must(t, db.AddTarget(ctx, &state.Target{ID: "t", WorkspaceID: ws, Name: "t"}))
		wantError(t, db.DeleteTarget(ctx, ws, "t"), state.ErrExists)
		i := addInspection(t, db, ws, "i")
		third := state.Policy{WorkspaceID: ws, Name: "c"}
		must(t, db.AddPolicy(ctx, &third))
		i.PolicyID = third.ID
		must(t, db.UpdateInspection(ctx, &i))
		wantError(t, db.DeletePolicy(ctx, ws, third.ID), state.ErrExists)
	}

	suite["a batch collects until it is told, once"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		var ids []string
		for _, level := range []leak.Level{leak.Warning, leak.Critical} {
			e := fullEvent(ws)
			e.ID, e.Fingerprint, e.Level = state.NewID(), state.NewID(), level
			must(t, db.InsertEvent(ctx, &e))
			ids = append(ids, e.ID)
		}
		collect := func(event string) (b state.Batch, isNew bool) {
			t.Helper()
			b = state.Batch{WorkspaceID: ws, Reason: "opened", Key: "k", DueAt: now}
			must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) (err error) {
				isNew, err = tx.Collect(ctx, &b, []string{event})
				return err
			}))
			return b, isNew
		}
		first, isNew := collect(ids[0])
		second, again := collect(ids[1])
		if !isNew || again || first.ID != second.ID {
			t.Errorf("two batches of one key: %+v, %+v", first, second)
		}
		members, err := db.BatchEvents(ctx, ws, first.ID)
		must(t, err)
		if len(members) != 2 || members[0].ID != ids[1] {
			t.Errorf("the most urgent is not first: %+v", members)
		}
		due, err := db.DueBatches(ctx, now.Add(time.Second), 10)
		must(t, err)
		if len(due) != 1 {
			t.Errorf("%d batches are due", len(due))
		}
		for _, want := range []bool{true, false} {
			must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
				waits, err := tx.Collecting(ctx, ws, "opened", ids)
				if err != nil || len(waits) == 2 != want {
					t.Errorf("%v wait, %v", waits, err)
				}
				_, mine, err := tx.FinishBatch(ctx, ws, first.ID, now)
				if mine != want {
					t.Errorf("the batch is told by this call: %v, want %v", mine, want)
				}
				return err
			}))
		}
		if third, isNew := collect(ids[0]); !isNew || third.ID == first.ID {
			t.Error("a batch that was told collects on")
		}
	}

	suite["a notice comes after earlier ones about the same, and ends once"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), fill(t, db)
		to := state.Target{ID: "to", WorkspaceID: ws, Name: "to"}
		must(t, db.AddTarget(ctx, &to))
		add := func(target string, events ...string) state.Notice {
			t.Helper()
			n := state.Notice{WorkspaceID: ws, TargetID: target, Limited: target, Status: state.NoticePending, CreatedAt: now, NextTryAt: now}
			must(t, db.AddNotice(ctx, &n, events))
			return n
		}
		opened, elsewhere, about, recovered := add("to", "event"), add("other", "event"), add("to"), add("to", "event")
		for _, n := range []state.Notice{opened, elsewhere, about} {
			_, err := db.EarlierNotice(ctx, &n)
			wantError(t, err, state.ErrNotFound)
		}
		earlier, err := db.EarlierNotice(ctx, &recovered)
		must(t, err)
		if earlier.ID != opened.ID {
			t.Errorf("the earlier one is %+v", earlier)
		}
		must(t, db.PutOffNotice(ctx, &opened, now.Add(time.Minute)))
		must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			held, err := tx.LockNotice(ctx, ws, opened.ID)
			if !held.NextTryAt.Equal(now.Add(time.Minute)) {
				t.Errorf("it is due at %s", held.NextTryAt)
			}
			held.Tries++ // somebody tries it
			return errors.Join(err, tx.UpdateNotice(ctx, &held))
		}))
		wantError(t, db.PutOffNotice(ctx, &opened, now), state.ErrConflict)
		opened.Status, opened.EndedAt, opened.TriedAt, opened.NextTryAt = state.NoticeSent, now, now, time.Time{}
		must(t, db.UpdateNotice(ctx, &opened))
		wantError(t, db.UpdateNotice(ctx, &opened), state.ErrConflict)
		_, err = db.EarlierNotice(ctx, &recovered)
		wantError(t, err, state.ErrNotFound)
		n, first, err := db.Tried(ctx, "to", now, time.Minute)
		must(t, err)
		if n != 1 || !first.Equal(now) {
			t.Errorf("%d were tried, the first at %s", n, first)
		}
		rows, _, err := db.Notices(ctx, ws, state.NoticeFilter{EventID: "event", TargetID: "to", Statuses: []state.NoticeStatus{state.NoticeSent}, From: now, To: now.Add(time.Second)})
		must(t, err)
		if len(rows) != 1 || rows[0].ID != opened.ID || rows[0].Content != nil {
			t.Errorf("the list is %+v", rows)
		}
		waiting, err := db.WaitingNotices(ctx, now.Add(time.Second), 10)
		must(t, err)
		if len(waiting) != 4 { // that of fill among them
			t.Errorf("%d wait", len(waiting))
		}
		must(t, db.TrimNotices(ctx, now.Add(time.Second)))
		_, err = db.Notice(ctx, ws, opened.ID)
		wantError(t, err, state.ErrNotFound)
	}

	suite["telling is a workspace's own"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), fill(t, db)
		other := addWorkspace(t, db, "other")
		p, err := db.Policy(ctx, ws, "policy")
		must(t, err)
		p.WorkspaceID = other
		for _, do := range map[string]func() error{
			"Policy":        func() error { _, err := db.Policy(ctx, other, "policy"); return err },
			"UpdatePolicy":  func() error { p := p; p.IsDefault = false; return db.UpdatePolicy(ctx, &p) },
			"DeletePolicy":  func() error { return db.DeletePolicy(ctx, other, "policy") },
			"Target":        func() error { _, err := db.Target(ctx, other, "target"); return err },
			"DeleteTarget":  func() error { return db.DeleteTarget(ctx, other, "target") },
			"Silence":       func() error { _, err := db.Silence(ctx, other, "silence"); return err },
			"DeleteSilence": func() error { return db.DeleteSilence(ctx, other, "silence") },
			"Notice":        func() error { _, err := db.Notice(ctx, other, "notice"); return err },
			"LockNotice": func() error {
				return db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
					_, err := tx.LockNotice(ctx, other, "notice")
					return err
				})
			},
			"SetTargetHealth": func() error {
				return db.SetTargetHealth(ctx, &state.Target{ID: "target", WorkspaceID: other})
			},
		} {
			wantError(t, do(), state.ErrNotFound)
		}
		must(t, db.MarkSilenced(ctx, other, map[string]string{"event": ""}))
		e, err := db.Event(ctx, ws, "event")
		must(t, err)
		if !e.Silenced {
			t.Error("another workspace has changed the mark of an event")
		}
		told, err := db.Told(ctx, other, []string{"event"})
		must(t, err)
		rows, _, err := db.Notices(ctx, other, state.NoticeFilter{})
		must(t, err)
		events, err := db.EventsToldAs(ctx, other, "event")
		must(t, err)
		if len(told)+len(rows)+len(events) > 0 {
			t.Errorf("another workspace sees %v, %v, %v", told, rows, events)
		}
		must(t, db.DeleteWorkspace(ctx, ws))
	}
}
