package notify

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

// All targets that lead to one robot stay within its limit together, of whatever workspace; another robot has its own.
func TestTargetsOfOneRobotShareItsLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var mu sync.Mutex
	times := map[string][]time.Time{}
	robot := func(name string) string {
		return newRobot(t, func() {
			mu.Lock()
			defer mu.Unlock()
			times[name] = append(times[name], b.clock.now())
		}) + "?access_token=abcdef"
	}
	shared, own := robot("shared"), robot("own")
	add := func(name string, settings map[string]string) string {
		to := state.Target{WorkspaceID: b.ws, Name: name, Kind: "dingtalk", Language: "zh", Enabled: true}
		must(t, b.SetSettings(&to, settings))
		must(t, b.db.AddTarget(t.Context(), &to))
		return to.ID
	}
	leaksTo := func(n int, targets ...string) {
		b.setPolicy(state.Policy{GroupBy: []string{ByObject}, Rules: []state.Rule{{Targets: targets}}})
		var events []*event.Event
		for i := range n {
			events = append(events, b.leakOn(fmt.Sprintf("web-%d", i), "java"))
		}
		b.change(events...)
	}
	leaksTo(30, add("team", map[string]string{"url": shared}), add("oncall", map[string]string{"url": " " + shared, "at": "13800000000"}),
		add("others", map[string]string{"url": own}))
	w := state.Workspace{Name: "test"}
	must(t, b.db.AddWorkspace(t.Context(), &w))
	b.ws, b.inspec.ID, b.inspec.WorkspaceID = w.ID, "", w.ID
	must(t, b.db.AddInspection(t.Context(), &b.inspec))
	leaksTo(15, add("team", map[string]string{"url": shared}))
	b.after(20 * time.Second)
	if n := len(times["shared"]) + len(times["own"]); n != 40 {
		t.Errorf("%d messages went out at once, want 20 by each robot", n)
	}
	b.after(20 * time.Minute)
	for name, want := range map[string]int{"shared": 75, "own": 30} {
		got := times[name]
		if len(got) != want {
			t.Fatalf("%d messages went out by robot %s, want %d", len(got), name, want)
		}
		for i := 20; i < len(got); i++ {
			if got[i].Sub(got[i-20]) < time.Minute {
				t.Fatalf("messages %d to %d of robot %s went out within %s", i-20, i, name, got[i].Sub(got[i-20]))
			}
		}
	}
	row, _, err := b.db.Notices(t.Context(), b.ws, state.NoticeFilter{})
	must(t, err)
	if n := row[0]; len(n.Limited) != 64 {
		t.Errorf("the limit is that of %q", n.Limited)
	}
}
