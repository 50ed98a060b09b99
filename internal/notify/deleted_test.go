package notify

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// A policy that is deleted while its events are gathered tells them, and that they are over.
func TestWhatADeletedPolicyGathersIsTold(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	p := b.setPolicy(state.Policy{Window: 10 * time.Minute, Rules: []state.Rule{{
		Targets: []string{b.addTarget("team", s)}, Escalations: []state.Escalation{{After: 30 * time.Minute, Unless: state.UnlessRecovered, Targets: []string{b.addTarget("lead", s)}}},
	}}})
	e := b.leakOn("web-1", "java")
	b.change(e)
	b.setPolicy(state.Policy{Name: "another"})
	must(t, b.db.DeletePolicy(t.Context(), b.ws, p.ID))
	b.after(time.Hour)
	b.wantTold(s, "lead: not_recovered 1", "team: opened 1")
	b.recover(e)
	b.change(e)
	b.after(time.Hour)
	b.wantTold(s, "lead: recovered 1", "team: recovered 1")
}

// A target that is deleted while messages wait for it gets none, and its record says why; the others hear the end.
func TestADeletedTargetIsNotTold(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	gone, stays := b.addTarget("gone", s), b.addTarget("stays", s)
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{gone, stays}}}})
	s.answer = func(r *http.Request) int {
		if r.URL.Path == "/gone" {
			return http.StatusServiceUnavailable
		}
		return 200
	}
	e := b.leakOn("web-1", "java")
	b.change(e)
	b.after(time.Minute)
	if err := b.db.DeleteTarget(t.Context(), b.ws, gone); err == nil {
		t.Error("a target that a policy tells was deleted")
	}
	b.setPolicy(state.Policy{Name: "without it", Rules: []state.Rule{{Targets: []string{stays}}}})
	for _, p := range b.policies(t) {
		if !p.IsDefault {
			must(t, b.db.DeletePolicy(t.Context(), b.ws, p.ID))
		}
	}
	must(t, b.db.DeleteTarget(t.Context(), b.ws, gone))
	b.recover(e)
	b.change(e)
	b.after(27 * time.Hour)
	b.wantTold(s, "stays: opened 1", "stays: recovered 1")
	dropped := b.notices(state.NoticeDropped)
	if len(dropped) != 1 || dropped[0].Target != "gone" || !strings.Contains(dropped[0].Error, "deleted") {
		t.Errorf("dropped: %+v", dropped)
	}
}

func (b *bench) policies(t *testing.T) []state.Policy {
	t.Helper()
	rows, _, err := b.db.Policies(t.Context(), b.ws, state.Page{})
	must(t, err)
	return rows
}
