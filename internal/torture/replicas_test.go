package torture_test

import (
	"bufio"
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/torture"
)

var replicaHosts = flag.Int("replica-hosts", 600, "hosts of the run that two replicas share")

// chunks is how many a run is cut into.
const chunks = 40

// chunkTimeout is the server's own: a chunk whose replica is gone is worked again within it.
const chunkTimeout = 5 * time.Minute

// Two replicas on one PostgreSQL and one VictoriaMetrics share a run; one that is killed in the
// middle costs nothing but time; a time at which both were down is made up once.
func TestReplicas(t *testing.T) {
	t.Parallel()
	postgres := realserver.StartPostgres(t).URL(t)
	metrics := realserver.StartVictoriaMetrics(t)
	o := torture.Options{State: postgres, Remote: metrics.URL, Workers: 1, ChunkHosts: *replicaHosts / chunks}
	a, b := started(t, o), started(t, o)
	f := torture.Fleet{Hosts: *replicaHosts, LeakEvery: 50, Begun: time.Now().Truncate(time.Second), Lean: true}
	must(t, f.Fill(t.Context(), a, b))
	metrics.Flush(t)
	inspection, err := a.FirstInspection(t.Context(), "0 * * * *", 15*time.Minute, true)
	must(t, err)
	book := torture.NewBook(f, 15*time.Minute, inspection)

	r, err := a.RunToEnd(t.Context(), inspection, 10*time.Minute)
	must(t, err)
	wantWhole(t, r, f)
	doneByA, doneByB := chunksDone(t, a), chunksDone(t, b)
	if doneByA == 0 || doneByB == 0 || doneByA+doneByB != chunks {
		t.Errorf("one replica has done %d chunks and the other %d, of %d", doneByA, doneByB, chunks)
	}
	t.Logf("a run of %d hosts in %.1f s: %d and %d chunks", r.Hosts, r.RunSeconds, doneByA, doneByB)
	must(t, book.Check(t.Context(), b))
	if n := len(book.Open(inspection)); n != f.Leaking() {
		t.Errorf("%d events, and %d hosts leak", n, f.Leaking())
	}

	id := killInTheMiddle(t, a, b, inspection)
	killed := time.Now()
	r, err = b.AwaitRun(t.Context(), id, chunkTimeout)
	must(t, err)
	wantWhole(t, r, f)
	t.Logf("the run of which one replica was killed ended %.1f s later", time.Since(killed).Seconds())
	must(t, book.Check(t.Context(), b))

	b.Kill()
	due := setBack(t, postgres, inspection)
	must(t, a.Start())
	must(t, b.Start())
	must(t, a.AwaitReady(t.Context()))
	must(t, b.AwaitReady(t.Context()))
	r = awaitMadeUp(t, a, due)
	r, err = b.AwaitRun(t.Context(), r.ID, chunkTimeout)
	must(t, err)
	wantWhole(t, r, f)
	if n := len(madeUp(t, a)); n != 1 {
		t.Errorf("the missed time was made up %d times", n)
	}
	must(t, book.Check(t.Context(), b))
}

func wantWhole(t *testing.T, r api.Run, f torture.Fleet) {
	t.Helper()
	if r.Status != "success" || r.Hosts != f.Hosts || r.Failed+r.NoData > 0 || r.Leaks != f.LeakingObjects() {
		t.Fatalf("the run ended as %s: %d hosts of %d, %d leaks of %d, %d failed, %d without data: %s",
			r.Status, r.Hosts, f.Hosts, r.Leaks, f.LeakingObjects(), r.Failed, r.NoData, r.Error)
	}
}

// chunksDone is how many chunks a replica has done, by its own metrics.
func chunksDone(t *testing.T, s *torture.Server) int {
	t.Helper()
	_, text, err := s.Get(t.Context(), "/metrics")
	must(t, err)
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		var n int
		if _, err := fmt.Sscanf(lines.Text(), `memseep_run_chunks_total{outcome="done"} %d`, &n); err == nil {
			return n
		}
	}
	return 0
}

// killInTheMiddle kills the first replica while a run goes on, and returns the run. One that has
// ended before it could be is done again.
func killInTheMiddle(t *testing.T, a, b *torture.Server, inspection string) string {
	t.Helper()
	for range 5 {
		r, err := a.Client.RunInspection(t.Context(), inspection)
		must(t, err)
		must(t, torture.Within(t.Context(), chunkTimeout, func() bool {
			now, err := b.Client.Run(t.Context(), r.ID)
			must(t, err)
			return now.Progress > 0
		}))
		a.Kill()
		now, err := b.Client.Run(t.Context(), r.ID)
		must(t, err)
		if !torture.Ended(now.Run) {
			t.Logf("killed when %.0f %% were done", 100*now.Progress)
			return r.ID
		}
		must(t, a.Start())
		must(t, a.AwaitReady(t.Context()))
	}
	t.Fatal("each run had ended before a replica was killed")
	return ""
}

// setBack makes the inspection due two hours ago, as it is when all replicas were down since.
func setBack(t *testing.T, postgres, inspection string) time.Time {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), postgres)
	must(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	due := time.Now().UTC().Add(-2 * time.Hour).Truncate(time.Hour)
	tag, err := conn.Exec(t.Context(), "UPDATE inspections SET next_run_at = $1 WHERE id = $2", due, inspection)
	must(t, err)
	if tag.RowsAffected() != 1 {
		t.Fatalf("%d triggers were set back", tag.RowsAffected())
	}
	return due
}

func madeUp(t *testing.T, s *torture.Server) (out []api.Run) {
	t.Helper()
	var page api.Page[api.Run]
	must(t, s.Client.Call(t.Context(), "GET", "/runs?limit=1000", nil, &page))
	for _, r := range page.Items {
		if r.MadeUp {
			out = append(out, r)
		}
	}
	return out
}

// awaitMadeUp waits for the run that is made up; it stands for the newest of the missed times.
func awaitMadeUp(t *testing.T, s *torture.Server, due time.Time) api.Run {
	t.Helper()
	var runs []api.Run
	must(t, torture.Within(t.Context(), time.Minute, func() bool {
		runs = madeUp(t, s)
		return len(runs) > 0
	}))
	if r := runs[0]; r.ScheduledAt.Before(due) || r.ScheduledAt.After(time.Now()) {
		t.Errorf("the run that was made up was due at %s", r.ScheduledAt)
	}
	return runs[0]
}
