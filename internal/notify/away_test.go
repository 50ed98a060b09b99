package notify

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// A target that is away, for however long short of giving up, is told everything afterwards, once,
// and the leak before its end.
func TestATargetThatIsAwayIsToldLater(t *testing.T) {
	t.Parallel()
	for _, away := range []time.Duration{10 * time.Minute, 24 * time.Hour} {
		t.Run(duration(away, "en"), func(t *testing.T) {
			t.Parallel()
			b, s := newBench(t), newServer(t)
			b.setPolicy(state.Policy{GroupBy: []string{ByObject}, Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
			back := start.Add(away)
			s.answer = func(*http.Request) int {
				if b.clock.now().Before(back) {
					return http.StatusServiceUnavailable
				}
				return 200
			}
			var all []*event.Event
			for i := range 10 {
				e := b.leakOn(fmt.Sprintf("web-%d", i), "java")
				all = append(all, e)
				b.change(e)
				b.after(away / 20)
			}
			b.recover(all[0])
			b.change(all[0])
			b.until(back.Add(2 * time.Hour))
			s.mu.Lock()
			first := slices.IndexFunc(s.took, func(o taken) bool { return o.v.Host == "web-0" && o.v.Reason == "opened" })
			last := slices.IndexFunc(s.took, func(o taken) bool { return o.v.Host == "web-0" && o.v.Reason == "recovered" })
			s.mu.Unlock()
			if first < 0 || last < first {
				t.Errorf("the leak was told as number %d, its end as number %d", first, last)
			}
			b.wantTold(s, append(slices.Repeat([]string{"team: opened 1"}, 10), "team: recovered 1")...)
			to := b.target("team")
			if !to.FailingSince.IsZero() || to.LastError != "" || !to.Enabled {
				t.Errorf("the target is well again, but its record says %+v", to)
			}
			sent := b.notices(state.NoticeSent)
			if len(sent) != 11 || sent[10].Tries < 2 {
				t.Errorf("%d notices are sent, the first after %d tries", len(sent), sent[len(sent)-1].Tries)
			}
		})
	}
}

// A notice is given up after a day and two hours, said so, and a target that fails for two days is
// disabled, and that is told beside it.
func TestATargetThatFailsForTwoDaysIsDisabled(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	dead, fine := b.addTarget("dead", s), b.addTarget("fine", s)
	b.setPolicy(state.Policy{GroupBy: []string{ByObject}, Rules: []state.Rule{{Targets: []string{dead, fine}}}})
	s.answer = func(r *http.Request) int {
		if r.URL.Path == "/dead" {
			return http.StatusBadGateway
		}
		return 200
	}
	for i := range 5 {
		b.change(b.leakOn(fmt.Sprintf("web-%d", i), "java"))
		b.after(12 * time.Hour)
	}
	to := b.target("dead")
	if to.Enabled || to.DisabledAt.IsZero() || !strings.Contains(to.DisabledWhy, "502") {
		t.Errorf("the target is not disabled: %+v", to)
	}
	if failed := b.notices(state.NoticeFailed); len(failed) == 0 || !strings.Contains(failed[0].Error, "given up") {
		t.Errorf("nothing was given up: %+v", failed)
	}
	if dropped := b.notices(state.NoticeDropped); len(dropped) == 0 || !strings.Contains(dropped[0].Error, "disabled") {
		t.Errorf("nothing was dropped: %+v", dropped)
	}
	b.wantTold(s, "fine: opened 1", "fine: opened 1", "fine: opened 1", "fine: opened 1", "fine: opened 1", "fine: target_disabled 0")
}

// What is refused is not tried again, and the record says why.
func TestWhatIsRefusedIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	tries := 0
	s.answer = func(*http.Request) int { tries++; return http.StatusForbidden }
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	b.change(b.leakOn("web-1", "java"))
	b.after(24 * time.Hour)
	failed := b.notices(state.NoticeFailed)
	if tries != 1 || len(failed) != 1 || failed[0].AnswerStatus != http.StatusForbidden || failed[0].EndedAt.IsZero() {
		t.Errorf("after %d tries: %+v", tries, failed)
	}
}

// A limit of messages holds whatever comes at once: each is sent when its turn has come.
func TestALimitOfMessagesIsKept(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var times []time.Time
	robot := newRobot(t, func() { times = append(times, b.clock.now()) })
	to := state.Target{WorkspaceID: b.ws, Name: "robot", Kind: "dingtalk", Language: "zh", Enabled: true}
	must(t, b.SetSettings(&to, map[string]string{"url": robot + "?access_token=abcdef"}))
	must(t, b.db.AddTarget(t.Context(), &to))
	b.setPolicy(state.Policy{GroupBy: []string{ByObject}, Rules: []state.Rule{{Targets: []string{to.ID}}}})
	var events []*event.Event
	for i := range 70 {
		events = append(events, b.leakOn(fmt.Sprintf("web-%d", i), "java"))
	}
	b.change(events...)
	b.after(10 * time.Minute)
	if len(times) != 70 {
		t.Fatalf("%d messages were sent, want 70", len(times))
	}
	for i := 20; i < len(times); i++ {
		if times[i].Sub(times[i-20]) < time.Minute {
			t.Fatalf("messages %d to %d were sent within %s", i-20, i, times[i].Sub(times[i-20]))
		}
	}
}

// One bad release that makes all of a fleet leak at once is one message for each target and rule, and
// takes no memory that stays.
func TestTenThousandLeaksOfOneReleaseAreOneMessage(t *testing.T) {
	hosts, chunk := 10_000, 500
	if underRace {
		hosts, chunk = 400, 20
	}
	b, s := newBench(t), newServer(t)
	p, err := EnsureDefaultPolicy(t.Context(), b.db, b.ws)
	must(t, err)
	p.Rules = []state.Rule{
		{Name: "critical", Levels: []leak.Level{leak.Critical}, Targets: []string{b.addTarget("oncall", s), b.addTarget("team", s)}},
		{Name: "all", Targets: []string{b.target("team").ID}},
	}
	must(t, b.db.UpdatePolicy(t.Context(), &p))
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	for first := 0; first < hosts; first += chunk {
		var events []*event.Event
		for i := range chunk {
			e := b.leakOn(fmt.Sprintf("web-%05d", first+i), "cart")
			if i%2 == 0 {
				e.Level = leak.Critical
			}
			events = append(events, e)
		}
		b.change(events...)
		b.after(time.Second)
	}
	if n := len(b.queued); n != 2 {
		t.Errorf("%d jobs wait, want one for each rule", n)
	}
	during := heap()
	b.after(time.Minute - time.Duration(hosts/chunk)*time.Second) // within a minute of the first
	half := hosts / 2
	b.wantTold(s, fmt.Sprintf("oncall: opened %d", half), fmt.Sprintf("team: opened %d", half), fmt.Sprintf("team: opened %d", half))
	after := heap()
	t.Logf("heap in MB: before %d, while gathered %d, after %d", before>>20, during>>20, after>>20)
	if during > before+16<<20 || after > before+16<<20 {
		t.Error("what is gathered stays in memory")
	}
	row, _, err := b.db.Notices(t.Context(), b.ws, state.NoticeFilter{})
	must(t, err)
	for _, n := range row {
		full, err := b.db.Notice(t.Context(), b.ws, n.ID)
		must(t, err)
		if len(full.Content) > 32<<10 {
			t.Errorf("the content of a notice has %d bytes", len(full.Content))
		}
	}
}

func (b *bench) target(name string) state.Target {
	b.t.Helper()
	all, err := allTargets(context.Background(), b.db.Queries, b.ws)
	must(b.t, err)
	for _, t := range all {
		if t.Name == name {
			return t
		}
	}
	b.t.Fatalf("there is no target %s", name)
	return state.Target{}
}

func (b *bench) notices(status state.NoticeStatus) []state.Notice {
	b.t.Helper()
	rows, _, err := b.db.Notices(b.t.Context(), b.ws, state.NoticeFilter{Statuses: []state.NoticeStatus{status}})
	must(b.t, err)
	return rows
}
