package schedule

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// scheduleChild is a whole schedule that does five chunks and hangs in the next ones, until it is
// killed.
func scheduleChild(args []string) error {
	ctx := context.Background()
	db, err := state.Open(ctx, state.Config{URL: args[0], Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	src := newHosts(120)
	var reads atomic.Int64
	src.before = func(ctx context.Context, _ leak.Query) error {
		if reads.Add(1) > 5 {
			<-ctx.Done()
		}
		return ctx.Err()
	}
	s, err := New(Options{
		DB:         db,
		Source:     func(context.Context, state.Inspection) (inspect.Source, error) { return src, nil },
		Clock:      func() time.Time { return start.Add(time.Hour) },
		Logger:     slog.New(slog.DiscardHandler),
		ChunkHosts: 5,
		Scripts:    inspecting(db),
	})
	if err != nil {
		return err
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	select {} // until it is killed
}

var replicaBehaviours = []behaviour{
	{name: "a run goes on in another process when its own is killed, and counts once", shows: killedInTheMiddle},
	{name: "a job that the queue holds for running here is worked again", shows: forgotten},
	{name: "two replicas share a run", shows: twoShareARun, postgresOnly: true},
}

func killedInTheMiddle(t *testing.T, url string) {
	b := newBench(t, url, nil)
	b.src = newHosts(120)
	b.clock.set(start.Add(time.Hour))
	i := b.add(t, nil)
	jobs := func(state string) int {
		return count(t, b.db.SQL(), `SELECT count(*) FROM river_job WHERE kind = 'chunk' AND state = '`+state+`'`)
	}
	kill := startChild(t, "schedule", url)
	until(t, "five chunks are done and two begun", func() bool { return jobs("completed") == 5 && jobs("running") == 2 })
	kill()
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := b.ends(t, i)
	if err := b.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	b.inspectedAllOnce(t, r)
	if n := len(b.runs(t, i)); n != 1 {
		t.Errorf("%d runs, want 1", n)
	}
}

func twoShareARun(t *testing.T, url string) {
	var both [2]*bench
	var read [2]atomic.Int64
	var met sync.WaitGroup // each has a chunk before either goes on
	met.Add(2)
	for n := range both {
		both[n] = newBench(t, url, nil)
		both[n].src = newHosts(120)
		var first sync.Once
		both[n].src.before = func(context.Context, leak.Query) error {
			read[n].Add(1)
			first.Do(met.Done)
			met.Wait()
			return nil
		}
		both[n].works(t)
	}
	i := both[0].add(t, nil)
	var ticks sync.WaitGroup
	for n := range both {
		both[n].clock.set(start.Add(time.Hour))
		ticks.Go(func() {
			if err := both[n].tick(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	ticks.Wait()
	r := both[0].ends(t, i)
	if n := len(both[0].runs(t, i)); n != 1 {
		t.Errorf("%d runs of one time, want 1", n)
	}
	if r.Status != state.RunSuccess || r.Hosts != 120 || r.ChunksDone != 24 || r.Opened != 12 {
		t.Errorf("run %+v", r)
	}
	a, c := read[0].Load(), read[1].Load()
	if a == 0 || c == 0 || a+c != 24 {
		t.Errorf("the replicas read %d and %d chunks, want 24 together and some each", a, c)
	}
	t.Logf("the replicas read %d and %d chunks", a, c)
}

func forgotten(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, nil)
	b.at(t, start.Add(time.Hour))
	statement := `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = strftime('%Y-%m-%d %H:%M:%f', 'now', '-2 minutes'), attempted_by = jsonb('["` + b.jobs.ID() + `"]')`
	if b.replica != nil {
		statement = `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = now() - interval '2 minutes', attempted_by = ARRAY['` + b.jobs.ID() + `']`
	}
	if _, err := b.db.SQL().ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
	b.works(t)
	b.rescued = time.Time{}
	b.at(t, start.Add(time.Hour))
	if r := b.ends(t, i); r.Status != state.RunSuccess || r.Hosts != 23 {
		t.Errorf("run %+v", r)
	}
}
