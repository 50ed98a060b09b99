package notify_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/state"
)

// A notice that has waited for long is taken for lost by the queue, and put into it again. One that is in
// it still gets no second job, which would send it at the same time.
func TestANoticeHasOneJob(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	db, n, jobs, err := open(ctx, "sqlite:"+filepath.Join(t.TempDir(), "state.db"), nil)
	must(t, err)
	defer func() { _ = db.Close() }()
	w := state.Workspace{Name: "prod"}
	must(t, db.AddWorkspace(ctx, &w))
	to := state.Target{WorkspaceID: w.ID, Name: "hook", Kind: "webhook", Language: "en", Enabled: true}
	must(t, n.SetSettings(&to, map[string]string{"url": "http://127.0.0.1:1"}))
	must(t, db.AddTarget(ctx, &to))
	must(t, db.AddPolicy(ctx, &state.Policy{WorkspaceID: w.ID, Name: "Default", IsDefault: true, Rules: []state.Rule{{Targets: []string{to.ID}}}}))
	old := leakOn(w.ID, "web-1")
	must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		if err := tx.InsertEvent(ctx, &old); err != nil {
			return err
		}
		return n.Notices(ctx, tx, []event.Transition{{Event: old, New: true}})
	}))
	waiting := func() int {
		t.Helper()
		list, err := jobs.Jobs().JobList(ctx, river.NewJobListParams().Kinds("deliver"))
		must(t, err)
		return len(list.Jobs)
	}
	if waiting() != 1 {
		t.Fatalf("%d jobs wait", waiting())
	}
	// The notice is due since long.
	rows, _, err := db.Notices(ctx, w.ID, state.NoticeFilter{})
	must(t, err)
	must(t, db.PutOffNotice(ctx, &rows[0], time.Now().Add(-time.Hour)))
	must(t, notify.Sweep(n, ctx))
	if waiting() != 1 {
		t.Errorf("with one in the queue, %d jobs wait", waiting())
	}
	_, err = db.SQL().ExecContext(ctx, "DELETE FROM river_job")
	must(t, err)
	must(t, db.PutOffNotice(ctx, &rows[0], time.Now().Add(-time.Hour)))
	must(t, notify.Sweep(n, ctx))
	if waiting() != 1 {
		t.Errorf("with none in the queue, %d jobs wait", waiting())
	}
}
