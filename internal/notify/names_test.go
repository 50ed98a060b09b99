package notify

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

// Who names a host, a process or a label begins no line with it, and turns none around.
func TestANameStaysInItsLine(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	name := "web-1\n# all is well\u202egnihton od\x07\r\n[click](https://evil.example)"
	e := b.leakOn(name, name)
	b.change(e)
	b.after(time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.took) != 1 {
		t.Fatalf("%d messages came", len(s.took))
	}
	v := s.took[0].v
	for what, text := range map[string]string{"first line": v.Short, "title": v.Title, "text": v.Text, "Markdown": v.Markdown} {
		if strings.Contains(text, "\n#") || strings.ContainsAny(text, "\u202e\x07\r") || what == "Markdown" && strings.Contains(text, "](") {
			t.Errorf("the %s is %q", what, text)
		}
		if what != "text" && what != "Markdown" && strings.Contains(text, "\n") {
			t.Errorf("the %s has several lines: %q", what, text)
		}
	}
	if !strings.Contains(v.Title, "web-1 # all is well") {
		t.Errorf("the title is %q", v.Title)
	}
}

// Long values make a key that databases would not index.
func TestALongKeyGathersToo(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Window: time.Minute, GroupBy: []string{"release", "team"}, Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	for _, host := range []string{"web-1", "web-2"} {
		e := b.leakOn(host, "java")
		for _, key := range []string{"release", "team"} {
			for i := range 60 { // nothing that could be packed
				e.Attributes[key] += fmt.Sprintf("%x", sha256.Sum256(fmt.Append(nil, key, i)))[:50]
			}
		}
		b.change(e)
	}
	b.after(2 * time.Minute)
	b.wantTold(s, "team: opened 2")
}

// A silence that is moved to another time is told anew, sooner or later than before.
func TestASilenceThatIsMovedIsToldAgain(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	quiet := state.Silence{
		WorkspaceID: b.ws, Name: "patch night", Period: state.Period{From: start.Add(5 * time.Hour)}, NoticeBefore: 6 * time.Hour, NoticeTargets: []string{b.addTarget("team", s)},
	}
	must(t, b.db.AddSilence(t.Context(), &quiet))
	for _, moved := range []time.Duration{5, 4, 5, 6} {
		kept, err := b.db.Silence(t.Context(), b.ws, quiet.ID)
		must(t, err)
		kept.Period.From = start.Add(moved * time.Hour)
		must(t, b.db.UpdateSilence(t.Context(), &kept))
		for range 3 {
			must(t, b.sayBeginnings(t.Context()))
		}
		b.after(time.Minute)
		b.wantTold(s, "team: silence_begins 0")
	}
}

// Who was disabled when a leak was told does not hear that it is over.
func TestARecoveryIsNotToldToWhoWasDisabledBefore(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	asleep, awake := b.addTarget("asleep", s), b.addTarget("awake", s)
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{asleep, awake}}}})
	enable := func(on bool) {
		to := b.target("asleep")
		to.Enabled = on
		must(t, b.db.UpdateTarget(t.Context(), &to))
	}
	enable(false)
	e := b.leakOn("web-1", "java")
	b.change(e)
	enable(true)
	b.recover(e)
	b.change(e)
	b.after(time.Minute)
	b.wantTold(s, "awake: opened 1", "awake: recovered 1")
}

// What is silenced when it would be escalated is escalated when it is not silenced any more, and the rest at once.
func TestAnEscalationWaitsForASilence(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	b.setPolicy(state.Policy{Rules: []state.Rule{{
		Targets: []string{b.addTarget("team", s)}, Escalations: []state.Escalation{{After: 30 * time.Minute, Unless: state.UnlessAcknowledged, Targets: []string{b.addTarget("lead", s)}}},
	}}})
	loud, quiet, gone := b.leakOn("web-1", "java"), b.leakOn("web-2", "java"), b.leakOn("web-3", "java")
	b.change(loud, quiet, gone)
	b.after(20 * time.Minute)
	b.wantTold(s, "team: opened 3")
	silence := state.Silence{
		WorkspaceID: b.ws, Name: "web", Matcher: state.Matcher{Objects: []string{"web-2", "web-3"}}, Period: state.Period{From: b.clock.now(), To: b.clock.now().Add(time.Hour)},
	}
	mark := func() {
		must(t, b.db.InTx(t.Context(), func(ctx context.Context, tx *state.Tx) error {
			_, err := b.Mark(ctx, tx, b.ws)
			return err
		}))
	}
	must(t, b.db.AddSilence(t.Context(), &silence))
	mark()
	b.after(20 * time.Minute)
	b.wantTold(s, "lead: not_acknowledged 1")
	gone = b.kept(gone)
	b.recover(gone)
	b.change(gone)
	b.after(time.Hour)
	mark()
	b.after(time.Hour)
	told := s.told()
	if !slices.Equal(told, []string{"lead: not_acknowledged 1", "team: recovered 1"}) {
		t.Errorf("after the silence: %q", told)
	}
}

// kept is an event as the database has it.
func (b *bench) kept(e *event.Event) *event.Event {
	b.t.Helper()
	kept, err := b.db.Event(b.t.Context(), b.ws, e.ID)
	must(b.t, err)
	return &kept
}

// A robot that takes five messages a second is not asked for more.
func TestALimitOfASecondIsKept(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	perSecond := map[time.Time]int{}
	robot := newFeishu(t, func() { perSecond[b.clock.now()]++ })
	b.setPolicy(state.Policy{GroupBy: []string{ByObject}, Rules: []state.Rule{{Targets: []string{b.addKind("feishu", map[string]string{"url": robot})}}}})
	var all []*event.Event
	for i := range 12 {
		all = append(all, b.leakOn(fmt.Sprintf("web-%d", i), "java"))
	}
	b.change(all...)
	b.after(time.Minute)
	came := 0
	for at, n := range perSecond {
		if came += n; n > 5 {
			t.Errorf("%d messages came at %s", n, at)
		}
	}
	if came != 12 {
		t.Errorf("%d messages came", came)
	}
}
