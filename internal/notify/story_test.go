package notify

import (
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// A leak is told once, again when it is worse, and when it is over.
func TestALeakIsToldOnceAgainWhenWorseAndWhenItIsOver(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	e := b.leakOn("web-1", "java")
	b.change(e)
	b.after(time.Second)
	b.wantTold(s, "team: opened 1")
	for range 5 { // runs that find it leaking
		b.after(time.Hour)
		b.change(e)
	}
	b.wantTold(s)
	e.Level = leak.Critical
	b.change(e)
	b.after(time.Second)
	b.wantTold(s, "team: level_rose 1")
	e.Level = leak.Error
	b.change(e)
	e.Level = leak.Critical // it flaps
	b.change(e)
	b.after(time.Hour)
	b.wantTold(s)
	e.HealthyRuns = 1
	b.change(e)
	b.wantTold(s)
	b.recover(e)
	b.change(e)
	b.after(time.Second)
	b.wantTold(s, "team: recovered 1")
	b.change(e)
	b.after(48 * time.Hour)
	b.wantTold(s)
}

func TestOneBadReleaseOnManyHostsIsOneMessage(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Window: time.Minute, Rules: []state.Rule{
		{Levels: []leak.Level{leak.Critical}, Targets: []string{b.addTarget("oncall", s)}},
		{Targets: []string{b.addTarget("team", s)}},
	}})
	var all []*event.Event
	for range 6 { // chunks of a run
		var chunk []*event.Event
		for range 50 {
			chunk = append(chunk, b.leakOn("web-"+state.NewID(), "cart"))
		}
		b.change(chunk...)
		all = append(all, chunk...)
		b.after(5 * time.Second)
	}
	other := b.leakOn("db-1", "postgres")
	b.change(other)
	b.wantTold(s)
	b.after(2 * time.Minute)
	b.wantTold(s, "team: opened 1", "team: opened 300")
	for _, e := range all {
		b.recover(e)
	}
	b.change(all...)
	b.after(2 * time.Minute)
	b.wantTold(s, "team: recovered 300")
}

func TestWhatIsOverBeforeItWasToldIsNotTold(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Window: 10 * time.Minute, Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	e := b.leakOn("web-1", "java")
	b.change(e)
	b.after(time.Minute)
	b.recover(e)
	b.change(e)
	b.after(time.Hour)
	b.wantTold(s)
}

func TestASilencedLeakIsToldWhenTheSilenceEnds(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	ctx := t.Context()
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	quiet := state.Silence{WorkspaceID: b.ws, Name: "move of web-*", Matcher: state.Matcher{Objects: []string{"web-*"}}, Period: state.Period{From: start, To: start.Add(2 * time.Hour)}}
	must(t, b.db.AddSilence(ctx, &quiet))
	e, other := b.leakOn("web-1", "java"), b.leakOn("db-1", "postgres")
	b.change(e, other)
	b.after(time.Second)
	b.wantTold(s, "team: opened 1")
	got, err := b.db.Event(ctx, b.ws, e.ID)
	must(t, err)
	if !got.Silenced {
		t.Error("the event is not marked as silenced")
	}
	quiet, err = b.db.Silence(ctx, b.ws, quiet.ID)
	must(t, err)
	if quiet.Events != 1 {
		t.Errorf("the silence counts %d events, want 1", quiet.Events)
	}
	b.after(3 * time.Hour)
	b.change(e)
	b.after(time.Second)
	b.wantTold(s, "team: opened 1")
	if e.Silenced {
		t.Error("the event is still marked as silenced")
	}
}

func TestEscalationsStopWhenSomebodyTakesCare(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	team, lead, boss := b.addTarget("team", s), b.addTarget("lead", s), b.addTarget("boss", s)
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{team}, Escalations: []state.Escalation{
		{After: 30 * time.Minute, Unless: state.UnlessAcknowledged, Targets: []string{lead}},
		{After: 2 * time.Hour, Unless: state.UnlessRecovered, Targets: []string{boss}},
	}}}})
	e, quick := b.leakOn("web-1", "java"), b.leakOn("web-2", "redis")
	b.change(e, quick)
	b.after(10 * time.Minute)
	b.wantTold(s, "team: opened 1", "team: opened 1")
	done := event.Acknowledge(*quick, "ann", "on it", b.clock.now())
	*quick = done.Event
	b.change(quick)
	b.after(time.Hour)
	b.wantTold(s, "lead: not_acknowledged 1")
	b.recover(quick)
	b.change(quick)
	b.after(2 * time.Hour)
	b.wantTold(s, "boss: not_recovered 1", "team: recovered 1")
	b.recover(e)
	b.change(e)
	b.after(time.Second)
	b.wantTold(s, "boss: recovered 1", "lead: recovered 1", "team: recovered 1")
}

func TestAReminderComesAfterTheSilencePeriodUnlessAcknowledged(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Again: 6 * time.Hour, Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	e := b.leakOn("web-1", "java")
	for hour := range 20 {
		if hour == 13 {
			*e = event.Acknowledge(*e, "ann", "", b.clock.now()).Event
		}
		b.change(e)
		b.after(time.Hour)
	}
	b.wantTold(s, "team: opened 1", "team: reminder 1", "team: reminder 1")
}

// A program that takes webhooks knows by the key which opening a recovery belongs to.
func TestWhatIsOverHasTheKeyOfWhatBegan(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Again: 6 * time.Hour, Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	keys := func(want ...string) []string {
		t.Helper()
		b.after(time.Minute)
		var reasons, keys []string
		for _, one := range s.took {
			reasons, keys = append(reasons, one.v.Reason), append(keys, one.v.Key)
		}
		s.took = nil
		if !slices.Equal(reasons, want) {
			t.Fatalf("told %q, want %q", reasons, want)
		}
		return keys
	}
	alone, one, two := b.leakOn("db-1", "postgres"), b.leakOn("web-1", "java"), b.leakOn("web-2", "java")
	b.change(alone)
	if got := keys("opened"); got[0] != alone.ID {
		t.Errorf("an event alone is told as %s, want its own identifier %s", got[0], alone.ID)
	}
	b.recover(alone)
	b.change(alone)
	if got := keys("recovered"); got[0] != alone.ID {
		t.Errorf("its end is told as %s, want %s", got[0], alone.ID)
	}
	b.change(one, two)
	group := keys("opened")[0]
	b.after(7 * time.Hour)
	b.change(one, two)
	if got := keys("reminder"); got[0] != group {
		t.Errorf("a group that goes on is told as %s, want %s as at its opening", got[0], group)
	}
	b.recover(one)
	b.change(one)
	if got := keys("recovered"); got[0] == group {
		t.Error("one of two is over, and is told as if the group were")
	}
	b.recover(two)
	b.change(two)
	if got := keys("recovered"); got[0] != group {
		t.Errorf("with all over, the group is told as %s, want %s", got[0], group)
	}
}
