package notify

import (
	"testing"
	"time"

	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// An event that becomes urgent while it is gathered is told to those whom its rule names now, at once, and nobody is
// told twice that it began.
func TestAnEventThatRisesWhileItIsGatheredIsToldToBoth(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	team := b.addTarget("team", s)
	b.setPolicy(state.Policy{Window: 20 * time.Minute, Rules: []state.Rule{
		{Levels: []leak.Level{leak.Critical}, Targets: []string{b.addTarget("oncall", s), team}},
		{Targets: []string{team}},
	}})
	e := b.leakOn("web-1", "java")
	b.change(e)
	b.after(5 * time.Minute)
	b.change(e)
	b.after(time.Minute)
	b.wantTold(s)
	e.Level = leak.Critical
	b.change(e)
	b.after(time.Minute)
	b.wantTold(s, "oncall: opened 1")
	b.change(e)
	b.after(20 * time.Minute)
	b.wantTold(s, "team: opened 1")
	b.change(e)
	b.after(time.Hour)
	b.wantTold(s)
	b.recover(e)
	b.change(e)
	b.after(time.Hour)
	b.wantTold(s, "oncall: recovered 1", "team: recovered 1")
}

// The escalations of a rule begin also where a level that rises has led an event to it, once.
func TestARiseBeginsTheEscalationsOfItsRule(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	team, lead := b.addTarget("team", s), b.addTarget("lead", s)
	b.setPolicy(state.Policy{GroupBy: []string{ByInspection}, Rules: []state.Rule{
		{Levels: []leak.Level{leak.Critical, leak.Error}, Targets: []string{b.addTarget("oncall", s)}, Escalations: []state.Escalation{
			{After: 30 * time.Minute, Unless: state.UnlessAcknowledged, Targets: []string{lead}},
		}},
		{Targets: []string{team}},
	}})
	e, other := b.leakOn("web-1", "java"), b.leakOn("web-2", "redis")
	other.Level = leak.Error
	b.change(e, other)
	b.after(time.Hour)
	b.wantTold(s, "lead: not_acknowledged 1", "oncall: opened 1", "team: opened 1")
	e.Level, other.Level = leak.Error, leak.Critical // the second stays with its rule
	b.change(e, other)
	b.after(time.Minute)
	b.wantTold(s, "oncall: level_rose 1", "oncall: level_rose 1")
	b.after(time.Hour)
	b.wantTold(s, "lead: not_acknowledged 1")
	e.Level = leak.Critical
	b.change(e)
	b.after(2 * time.Hour)
	b.wantTold(s, "oncall: level_rose 1")
}

// What was silenced while it was gathered is escalated after it was told, not before.
func TestWhatWasNotToldIsNotEscalated(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Window: 10 * time.Minute, GroupBy: []string{ByInspection}, Rules: []state.Rule{{
		Targets:     []string{b.addTarget("team", s)},
		Escalations: []state.Escalation{{After: 30 * time.Minute, Unless: state.UnlessRecovered, Targets: []string{b.addTarget("lead", s)}}},
	}}})
	e, quiet := b.leakOn("web-1", "java"), b.leakOn("web-2", "java")
	b.change(e, quiet)
	silence := state.Silence{
		WorkspaceID: b.ws, Name: "move", Matcher: state.Matcher{Objects: []string{"web-2"}},
		Period: state.Period{From: b.clock.now(), To: b.clock.now().Add(2 * time.Hour)},
	}
	must(t, b.db.AddSilence(t.Context(), &silence))
	b.markAll()
	b.after(90 * time.Minute)
	b.wantTold(s, "lead: not_recovered 1", "team: opened 1")
	b.after(time.Hour) // the silence ends
	b.markAll()
	b.after(10 * time.Minute)
	b.wantTold(s)
	b.change(e, quiet)
	b.after(20 * time.Minute)
	b.wantTold(s, "team: opened 1")
	b.after(time.Hour)
	b.wantTold(s, "lead: not_recovered 1")
}

// markAll marks events as the silences have it now.
func (b *bench) markAll() {
	b.t.Helper()
	must(b.t, b.markNow(b.t.Context(), b.ws))
}

// A clock that is set back does not hold messages until it is where it was.
func TestAClockThatIsSetBackHoldsNoMessages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	sent := 0
	robot := newRobot(t, func() { sent++ })
	id := b.addKind("dingtalk", map[string]string{"url": robot + "?access_token=abcdef"})
	b.setPolicy(state.Policy{GroupBy: []string{ByObject}, Rules: []state.Rule{{Targets: []string{id}}}})
	for range 20 {
		b.change(b.leakOn("web-"+state.NewID(), "java"))
	}
	b.after(10 * time.Second)
	if sent != 20 {
		t.Fatalf("%d messages were sent, want 20", sent)
	}
	b.clock.set(b.clock.now().Add(-6 * time.Hour))
	b.change(b.leakOn("web-1", "java"))
	b.after(3 * time.Minute)
	if sent != 21 {
		t.Errorf("%d messages were sent three minutes later, want 21", sent)
	}
}
