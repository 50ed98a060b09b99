package notify

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/state"
)

func TestWhatIsAnnouncedLeadsToItsPage(t *testing.T) {
	t.Parallel()
	b, s := newBench(t), newServer(t)
	id := b.addTarget("team", s)
	beside := b.addTarget("others", s)
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{id, beside}}}})
	must(t, b.db.AddSilence(t.Context(), &state.Silence{
		WorkspaceID: b.ws, Name: "patch night", Period: state.Period{From: start.Add(time.Hour)}, NoticeBefore: 2 * time.Hour, NoticeTargets: []string{id},
	}))
	must(t, b.sayBeginnings(t.Context()))
	must(t, b.db.InTx(t.Context(), func(ctx context.Context, tx *state.Tx) error {
		failing, err := tx.LockTarget(ctx, b.ws, id)
		if err != nil {
			return err
		}
		return b.sayDisabled(ctx, tx, &failing)
	}))
	b.after(time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	pages := map[string]string{}
	for _, m := range s.took {
		pages[m.v.Reason] = m.v.URL
	}
	for reason, page := range map[Reason]string{SilenceBegins: "/alerts/silences", TargetDisabled: "/alerts/targets"} {
		if !strings.HasSuffix(pages[string(reason)], page) {
			t.Errorf("%s leads to %q, not to %s", reason, pages[string(reason)], page)
		}
	}
}
