package notify

import (
	"context"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

// wantMarked wants these hosts of open events marked as silenced, and no others.
func (b *bench) wantMarked(when string, want map[string]bool) {
	b.t.Helper()
	must(b.t, b.db.EachOpenEvent(b.t.Context(), b.ws, false, func(events []event.Event) error {
		for _, e := range events {
			if e.Silenced != want[e.Object.Host] {
				b.t.Errorf("%s: %s is marked as silenced: %v", when, e.Object.Host, e.Silenced)
			}
		}
		return nil
	}))
}

func TestASilenceMarksWhatIsOpenAtOnce(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	ctx := t.Context()
	team := b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	b.change(b.leakOn("web-1", "java"), b.leakOn("web-2", "redis"), b.leakOn("db-1", "postgres"))
	over := b.leakOn("web-3", "java")
	b.change(over)
	b.recover(over)
	b.change(over)
	quiet := state.Silence{ID: "s", WorkspaceID: b.ws, Name: "web", Matcher: state.Matcher{Objects: []string{"web-*"}}, Period: state.Period{From: start}}
	do := func(change func(*state.Tx, context.Context, *state.Silence) error) (changed bool) {
		t.Helper()
		must(t, b.db.InTx(ctx, func(ctx context.Context, tx *state.Tx) (err error) {
			must(t, change(tx, ctx, &quiet))
			changed, err = b.Mark(ctx, tx, b.ws)
			return err
		}))
		return changed
	}
	if !do((*state.Tx).AddSilence) {
		t.Error("a silence is added, and no mark changes")
	}
	b.wantMarked("when it was added", map[string]bool{"web-1": true, "web-2": true})
	quiet.Matcher.Attributes = []state.Condition{{Key: event.AttrCulprit, Values: []string{"java"}, Not: true}}
	do((*state.Tx).UpdateSilence)
	b.wantMarked("when it was made narrower", map[string]bool{"web-2": true})
	if do((*state.Tx).UpdateSilence) {
		t.Error("nothing else is silenced, and a mark changes")
	}
	quiet.Matcher, quiet.Policies = state.Matcher{}, []string{"of others"}
	do((*state.Tx).UpdateSilence)
	b.wantMarked("when it is about another policy", nil)
	quiet.Policies = []string{team.ID}
	do((*state.Tx).UpdateSilence)
	b.wantMarked("when it is about this policy", map[string]bool{"web-1": true, "web-2": true, "db-1": true})
	quiet, err := b.db.Silence(ctx, b.ws, "s")
	must(t, err)
	if quiet.Events != 3 {
		t.Errorf("it counts %d events, want the three that it was about", quiet.Events)
	}
	if got, err := b.db.Event(ctx, b.ws, over.ID); err != nil || got.Silenced {
		t.Errorf("what was over is marked: %v, %v", got.Silenced, err)
	}
	do(func(tx *state.Tx, ctx context.Context, s *state.Silence) error {
		return tx.DeleteSilence(ctx, b.ws, s.ID)
	})
	b.wantMarked("when it was deleted", nil)
}

func TestMarksFollowTheClock(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	ctx := t.Context()
	told := 0
	b.o.Marked = func(string) { told++ }
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	b.change(b.leakOn("web-1", "java"))
	window := state.Silence{WorkspaceID: b.ws, Name: "each hour", Period: state.Period{Cron: "30 * * * *", For: 10 * time.Minute}}
	must(t, b.db.AddSilence(ctx, &window))
	var m marker
	tick := func(wait time.Duration, marked bool, times int) {
		t.Helper()
		b.after(wait)
		must(t, m.mark(ctx, b.Notify))
		b.wantMarked(b.clock.now().Format("15:04"), map[string]bool{"web-1": marked})
		if told != times {
			t.Errorf("that marks changed was told %d times, want %d", told, times)
		}
	}
	tick(0, false, 0)
	tick(30*time.Minute, true, 1)
	tick(5*time.Minute, true, 1)
	tick(5*time.Minute, false, 2)
	tick(50*time.Minute, true, 3)
	m = marker{} // another process, after the window
	tick(10*time.Minute, false, 4)
}

// A silence counts what it is about also where no rule would tell of it.
func TestWhatNobodyIsToldOfIsMarkedToo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.setPolicy(state.Policy{Rules: []state.Rule{{}}})
	must(t, b.db.AddSilence(t.Context(), &state.Silence{WorkspaceID: b.ws, Name: "all", Period: state.Period{From: start}}))
	e := b.leakOn("web-1", "java")
	b.change(e)
	b.wantMarked("while a silence is in force", map[string]bool{"web-1": true})
	e.HealthyRuns = 1 // it is still open, and still silenced
	b.change(e)
	b.wantMarked("when a run did not find it leaking", map[string]bool{"web-1": true})
}

func TestWhatIsSilencedWhileItIsGatheredIsNotTold(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	ctx := t.Context()
	b.setPolicy(state.Policy{Window: 10 * time.Minute, Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	quiet, loud := b.leakOn("web-1", "java"), b.leakOn("web-2", "java")
	b.change(quiet, loud)
	b.after(time.Minute)
	silence := state.Silence{WorkspaceID: b.ws, Name: "web-1", Matcher: state.Matcher{Objects: []string{"web-1"}}, Period: state.Period{From: start, To: start.Add(time.Hour)}}
	must(t, b.db.AddSilence(ctx, &silence))
	must(t, b.markNow(ctx, b.ws))
	b.after(30 * time.Minute)
	b.wantTold(s, "team: opened 1")
	b.after(time.Hour)
	b.change(quiet, loud)
	b.after(30 * time.Minute)
	b.wantTold(s, "team: opened 1") // of what was silenced
}
