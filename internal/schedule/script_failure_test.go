package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func scriptFails(t *testing.T, url string) {
	var calls atomic.Int64
	var registered atomic.Bool
	var b *bench
	b = newScripts(t, url, func(ctx context.Context, r *ScriptRun) error {
		calls.Add(1)
		if registered.CompareAndSwap(false, true) {
			return register(ctx, b.db, r)
		}
		r.Print(r.At(), "before")
		return fmt.Errorf("run the function: %w", &ScriptError{Message: "ValueError: no", Traceback: "line 3"})
	})
	tr := b.trigger(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	first := b.done(t, tr)
	b.at(t, start.Add(2*time.Hour))
	r := b.done(t, tr)
	if r.Status != state.RunFailure || r.Error != "ValueError: no" || r.Traceback != "line 3" || calls.Load() != 2 {
		t.Errorf("run %+v after %d calls", r, calls.Load())
	}
	if got := logged(r, "error"); len(got) != 1 || got[0] != r.Error || r.Log[0].Text != "before" {
		t.Errorf("log %+v", r.Log)
	}
	// It failed before it registered again, and stands in the list of its inspection nevertheless.
	if r.InspectionID == "" || r.InspectionID != first.InspectionID {
		t.Errorf("the failed run is of inspection %q, the first of %q", r.InspectionID, first.InspectionID)
	}
}

func scriptCannotBeRun(t *testing.T, url string) {
	var calls, fail atomic.Int64
	b := newScripts(t, url, func(context.Context, *ScriptRun) error {
		switch n := calls.Add(1); {
		case n > fail.Load():
			return nil
		case n == 1:
			panic("a bug")
		}
		return errAway
	})
	tr := b.trigger(t, nil)
	b.works(t)
	fail.Store(2)
	b.at(t, start.Add(time.Hour))
	if r := b.done(t, tr); r.Status != state.RunSuccess || calls.Load() != 3 || !strings.Contains(strings.Join(logged(r, "warning"), "\n"), "a bug") {
		t.Errorf("run %+v after %d calls", r, calls.Load())
	}
	calls.Store(0)
	fail.Store(9)
	b.at(t, start.Add(2*time.Hour))
	if r := b.done(t, tr); r.Status != state.RunFailure || calls.Load() != scriptAttempts || !strings.Contains(r.Error, errAway.Error()) {
		t.Errorf("run %+v after %d calls", r, calls.Load())
	}
}

func scriptTimesOut(t *testing.T, url string) {
	began := make(chan struct{}, 1)
	var say atomic.Bool
	b := newScripts(t, url, func(ctx context.Context, r *ScriptRun) error {
		if say.Load() {
			return &ScriptError{Message: "it took longer than 10m0s", Traceback: "line 7", Timeout: true}
		}
		began <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	})
	tr := b.trigger(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	<-began
	b.at(t, start.Add(time.Hour+10*time.Minute))
	if rows := b.fired(t, tr); rows[0].Status != state.RunRunning {
		t.Errorf("at its timeout: %s; the script is to say where it was", rows[0].Status)
	}
	b.at(t, start.Add(time.Hour+10*time.Minute+scriptGrace))
	if r := b.done(t, tr); r.Status != state.RunTimeout || !strings.Contains(r.Error, "its timeout of 10m0s; the script") {
		t.Errorf("run %+v", r)
	}
	until(t, "its work ends", func() bool { return len(b.workedHere()) == 0 })
	say.Store(true)
	b.at(t, start.Add(2*time.Hour))
	if r := b.done(t, tr); r.Status != state.RunTimeout || r.Traceback != "line 7" {
		t.Errorf("run %+v", r)
	}
}

func scriptsSourceIsAway(t *testing.T, url string) {
	var b *bench
	b = newScripts(t, url, func(ctx context.Context, r *ScriptRun) error {
		if err := register(ctx, b.db, r); err != nil {
			return err
		}
		_, err := r.Inspect(ctx, nil, nil, false)
		return err
	})
	var reads atomic.Int64
	b.src.before = func(_ context.Context, q leak.Query) error {
		if n := reads.Add(1); n == 2 || slices.Contains(q.Hosts, "host-022") {
			return errAway
		}
		return nil
	}
	tr := b.trigger(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	r := b.done(t, tr)
	if r.Status != state.RunSuccess || r.Hosts != 23 || r.Failed != 3 || r.ChunksDone != 5 || len(logged(r, "warning")) != 3 || len(logged(r, "error")) != 1 {
		t.Errorf("run %+v", r)
	}
}

func stopGivesScriptBack(t *testing.T, url string) {
	began := make(chan struct{})
	var b *bench
	b = newScripts(t, url, func(ctx context.Context, r *ScriptRun) error {
		if err := register(ctx, b.db, r); err != nil {
			return err
		}
		_, err := r.Inspect(ctx, []string{"host-00*"}, nil, false)
		err = errors.Join(err, r.Report(ctx, disk(leak.Warning, "host-001")), r.Report(ctx, disk(leak.OK, "host-001")))
		r.Print(r.At(), "the first")
		close(began)
		<-ctx.Done()
		return errors.Join(err, &ScriptError{Message: "killed"})
	})
	tr := b.trigger(t, func(tr *state.Trigger) { tr.NextRunAt = start })
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-began
	if err := b.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, b.db.SQL(), `SELECT count(*) FROM river_job WHERE kind = 'script' AND state = 'available' AND attempt = 0`); n != 1 {
		t.Errorf("%d scripts are as they were before, want 1", n)
	}
	var at time.Time
	var sum inspect.Summary
	again := newScripts(t, url, func(ctx context.Context, r *ScriptRun) error {
		at = r.At()
		if err := register(ctx, b.db, r); err != nil {
			return err
		}
		var err error
		sum, err = r.Inspect(ctx, nil, nil, false)
		return errors.Join(err, r.Report(ctx, disk(leak.Warning, "host-001")), r.Report(ctx, disk(leak.OK, "host-001")))
	})
	again.clock.set(start.Add(time.Minute))
	if err := again.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := again.done(t, tr)
	if err := again.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if r.Status != state.RunSuccess || r.Hosts != 23 || r.Leaks != 3 || r.Opened != 4 || r.RecoveredN != 1 || !at.Equal(start) || r.Log[1].Text != "the first" {
		t.Errorf("run %+v, clock %s", r, at)
	}
	if sum.Hosts != 23 || sum.Leaks != 3 {
		t.Errorf("summary %+v", sum)
	}
	if e := again.events(t, state.EventFilter{}); len(e) != 4 {
		t.Errorf("%d events, want 4", len(e))
	}
}

func triggerDeleted(t *testing.T, url string) {
	began := make(chan struct{})
	var ended atomic.Bool
	b := newScripts(t, url, func(ctx context.Context, _ *ScriptRun) error {
		close(began)
		<-ctx.Done()
		ended.Store(true)
		return ctx.Err()
	})
	tr := b.trigger(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	<-began
	if err := b.db.DeleteTrigger(t.Context(), b.ws, tr.ID); err != nil {
		t.Fatal(err)
	}
	b.at(t, start.Add(time.Hour+time.Second))
	until(t, "its work ends", func() bool { return ended.Load() && len(b.workedHere()) == 0 })
	until(t, "its job is done", func() bool {
		return count(t, b.db.SQL(), `SELECT count(*) FROM river_job WHERE state <> 'completed'`) == 0
	})
}

// inspecting is a script's function that inspects all hosts.
func inspecting(db *state.DB) function {
	return func(ctx context.Context, r *ScriptRun) error {
		if err := register(ctx, db, r); err != nil {
			return err
		}
		_, err := r.Inspect(ctx, nil, nil, false)
		return err
	}
}

func scriptKilled(t *testing.T, url string) {
	b := newScripts(t, url, nil)
	b.o.Scripts = inspecting(b.db)
	b.src = newHosts(120)
	b.clock.set(start.Add(time.Hour))
	tr := b.trigger(t, nil)
	kill := startChild(t, "schedule", url)
	until(t, "five chunks are done", func() bool { return count(t, b.db.SQL(), `SELECT count(*) FROM chunks`) == 5 })
	kill()
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := b.done(t, tr)
	if err := b.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	b.inspectedAllOnce(t, r)
	if n := len(b.fired(t, tr)); n != 1 {
		t.Errorf("%d runs, want 1", n)
	}
}

func twoFireOnce(t *testing.T, url string) {
	var calls atomic.Int64
	f := func(context.Context, *ScriptRun) error {
		calls.Add(1)
		return nil
	}
	both := []*bench{newScripts(t, url, f), newScripts(t, url, f)}
	tr := both[0].trigger(t, nil)
	for hour := range 3 {
		var ticks sync.WaitGroup
		for _, b := range both {
			if hour == 0 {
				b.works(t)
			}
			b.clock.set(start.Add(time.Duration(hour+1) * time.Hour))
			ticks.Go(func() {
				if err := b.tick(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		ticks.Wait()
		if r := both[0].done(t, tr); r.Status != state.RunSuccess {
			t.Errorf("run %+v", r)
		}
	}
	if n := len(both[0].fired(t, tr)); n != 3 || calls.Load() != 3 {
		t.Errorf("%d runs with %d calls, want 3", n, calls.Load())
	}
}
