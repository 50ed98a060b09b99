package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

var scriptBehaviours = []behaviour{
	{name: "a trigger's function binds, inspects, reports and prints", shows: scriptDoesAll},
	{name: "what a script reports ends by its ok alone", shows: reportsEndByOK},
	{name: "a host is inspected once in a run of a script", shows: inspectedOnce},
	{name: "a function has to register before it inspects or reports", shows: unboundIsRefused},
	{name: "a script that fails is not tried again", shows: scriptFails},
	{name: "a script that cannot be run is tried again", shows: scriptCannotBeRun},
	{name: "a script ends at its timeout", shows: scriptTimesOut},
	{name: "a script whose source is away goes on", shows: scriptsSourceIsAway},
	{name: "a stop gives a script back, which begins anew", shows: stopGivesScriptBack},
	{name: "a trigger that is deleted ends its run", shows: triggerDeleted},
	{name: "a script begins anew when its process is killed, and its hosts count once", shows: scriptKilled},
	{name: "two replicas fire a trigger once", shows: twoFireOnce, postgresOnly: true},
}

type function = func(ctx context.Context, r *ScriptRun) error

// newScripts is a bench whose triggers run a function.
func newScripts(t *testing.T, url string, f function) *bench {
	t.Helper()
	return newBench(t, url, func(o *Options) { o.Scripts = f })
}

// trigger makes one of a script's function that is due at the next full hour.
func (b *bench) trigger(t *testing.T, change func(*state.Trigger)) state.Trigger {
	t.Helper()
	ctx := t.Context()
	set, err := b.db.ScriptSetByName(ctx, b.ws, "ours")
	if errors.Is(err, state.ErrNotFound) {
		set = state.ScriptSet{WorkspaceID: b.ws, Name: "ours"}
		err = b.db.AddScriptSet(ctx, &set)
	}
	if err != nil {
		t.Fatal(err)
	}
	var script state.Script
	if scripts, _, err := b.db.Scripts(ctx, b.ws, state.ScriptFilter{}); err != nil {
		t.Fatal(err)
	} else if len(scripts) > 0 {
		script = scripts[0]
	} else {
		script = state.Script{WorkspaceID: b.ws, SetID: set.ID, Name: "check"}
		if err := b.db.AddScript(ctx, &script); err != nil {
			t.Fatal(err)
		}
	}
	tr := state.Trigger{
		WorkspaceID: b.ws, ScriptID: script.ID, Function: "run", Schedule: "0 * * * *", Timeout: 10 * time.Minute, Enabled: true,
		NextRunAt: start.Add(time.Hour),
	}
	if change != nil {
		change(&tr)
	}
	if err := b.db.AddTrigger(ctx, &tr); err != nil {
		t.Fatal(err)
	}
	return tr
}

// register is what a library does where a function is an inspection.
func register(ctx context.Context, db *state.DB, r *ScriptRun) error {
	i, err := db.InspectionByOrigin(ctx, r.Trigger.WorkspaceID, state.FromScript, "ours__check.run")
	if errors.Is(err, state.ErrNotFound) {
		i = state.Inspection{
			WorkspaceID: r.Trigger.WorkspaceID, Name: "by script", Origin: state.FromScript, OriginKey: "ours__check.run", Enabled: true,
			Schedule: r.Trigger.Schedule, Script: json.RawMessage(`{"trigger_id":"` + r.Trigger.ID + `"}`),
		}
		err = db.AddInspection(ctx, &i)
	}
	if err != nil {
		return err
	}
	return r.Bind(ctx, i)
}

// fired lists the runs of a trigger, the oldest first, with their logs.
func (b *bench) fired(t *testing.T, tr state.Trigger) []state.Run {
	t.Helper()
	return b.runsOf(t, state.RunFilter{TriggerID: tr.ID})
}

// done waits until no run of a trigger is going on, and returns the newest.
func (b *bench) done(t *testing.T, tr state.Trigger) state.Run {
	t.Helper()
	return b.endsOf(t, state.RunFilter{TriggerID: tr.ID}, func() ([]state.Run, error) { return b.db.RunningTriggerRuns(t.Context(), b.ws, tr.ID) })
}

func (b *bench) events(t *testing.T, f state.EventFilter) []event.Event {
	t.Helper()
	events, _, err := b.db.Events(t.Context(), b.ws, f)
	if err != nil {
		t.Fatal(err)
	}
	return events
}

func disk(level leak.Level, hosts ...string) []event.Report {
	var out []event.Report
	for _, h := range hosts {
		out = append(out, event.Report{Title: "The disk is full", Message: "**92 %** of /var", Level: level, Dimensions: map[string]string{"host": h, "disk": "/var"}})
	}
	return out
}

func scriptDoesAll(t *testing.T, url string) {
	var derived atomic.Int64
	var sum inspect.Summary
	var b *bench
	b = newBench(t, url, func(o *Options) {
		o.Derived = func(_ context.Context, _ state.Inspection, f []inspect.Finding) error {
			derived.Add(int64(len(f)))
			return nil
		}
		o.Scripts = func(ctx context.Context, r *ScriptRun) error {
			r.Print(r.At(), "hello\x00 \xff")
			err := register(ctx, b.db, r)
			if err == nil {
				sum, err = r.Inspect(ctx, nil, nil, false)
			}
			r.Returned(json.RawMessage(`{"leaks":3}`), 40<<20)
			return errors.Join(err, r.Report(ctx, disk(event.Info, "host-001")))
		}
	})
	tr := b.trigger(t, nil)
	b.works(t)
	b.at(t, start.Add(59*time.Minute))
	b.src.newest = start.Add(time.Hour - time.Minute)
	b.at(t, start.Add(time.Hour))
	b.at(t, start.Add(time.Hour+time.Second))
	r := b.done(t, tr)
	if r.Status != state.RunSuccess || r.Hosts != 23 || r.Leaks != 3 || r.Opened != 4 || r.Chunks != 5 || r.ChunksDone != 5 || r.Error != "" {
		t.Errorf("run %+v", r)
	}
	if string(r.Result) != `{"leaks":3}` || r.PeakBytes != 40<<20 || r.Inspection != "by script" || !r.At.Equal(start.Add(time.Hour-time.Minute)) {
		t.Errorf("run %+v", r)
	}
	if sum.Hosts != 23 || sum.Leaks != 3 || sum.LeakHosts != 3 || derived.Load() != 23 {
		t.Errorf("summary %+v, %d verdicts as series", sum, derived.Load())
	}
	info := logged(r, "info")
	if len(info) != 3 || info[0] != "hello �" || !strings.HasPrefix(info[1], "windows end at 2") || !strings.HasPrefix(info[2], "23 hosts inspected in 0s: 3 leaks, 4 events opened") {
		t.Errorf("log %q", info)
	}
	if n := len(b.fired(t, tr)); n != 1 {
		t.Errorf("%d runs, want 1", n)
	}
	if chunks, err := b.db.Chunks(t.Context(), b.ws, r.ID); err != nil || len(chunks) != 5 || len(chunks[0].Hosts) != 0 {
		t.Errorf("chunks %+v, %v; want their hosts forgotten", chunks, err)
	}
	reported := b.events(t, state.EventFilter{Kinds: []leak.Kind{event.KindCheck}})
	if len(reported) != 1 || reported[0].Level != event.Info || reported[0].Message != "**92 %** of /var" || reported[0].InspectionID != r.InspectionID {
		t.Errorf("reported %+v", reported)
	}
	hosts, _, err := b.db.Hosts(t.Context(), b.ws, state.HostFilter{})
	if err != nil || len(hosts) != 23 {
		t.Errorf("%d hosts, %v", len(hosts), err)
	}
	if i, err := b.db.Inspection(t.Context(), b.ws, r.InspectionID); err != nil || len(b.runs(t, i)) != 1 {
		t.Errorf("the inspection has other runs: %v", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.told) != 4 {
		t.Errorf("%d transitions told, want 4", len(b.told))
	}
}

func reportsEndByOK(t *testing.T, url string) {
	var reports []event.Report
	var b *bench
	b = newScripts(t, url, func(ctx context.Context, r *ScriptRun) error {
		if err := register(ctx, b.db, r); err != nil {
			return err
		}
		_, err := r.Inspect(ctx, nil, nil, false)
		return errors.Join(err, r.Report(ctx, reports))
	})
	tr := b.trigger(t, nil)
	b.works(t)
	open := func() (hosts []string) {
		for _, e := range b.events(t, state.EventFilter{Status: event.Open, Kinds: []leak.Kind{event.KindCheck}}) {
			hosts = append(hosts, e.Object.Host+" "+string(e.Level))
		}
		slices.Sort(hosts)
		return hosts
	}
	for hour, step := range []struct {
		reports []event.Report
		open    string
		opened  int
		ended   int
	}{
		{disk(leak.Warning, "host-001", "elsewhere"), "elsewhere warning,host-001 warning", 5, 0},
		{nil, "elsewhere warning,host-001 warning", 0, 0}, // host-001 is healthy: the disk is not
		{nil, "elsewhere warning,host-001 warning", 0, 0},
		{nil, "elsewhere warning,host-001 warning", 0, 0},
		{disk(leak.Error, "host-001"), "elsewhere warning,host-001 error", 0, 0},
		{disk(leak.OK, "host-001", "host-002"), "elsewhere warning", 0, 1},
		{disk(leak.Warning, "host-001"), "elsewhere warning,host-001 warning", 1, 0},
	} {
		reports = step.reports
		b.src.newest = start.Add(time.Duration(hour+1) * time.Hour)
		b.at(t, b.src.newest)
		r := b.done(t, tr)
		if got := strings.Join(open(), ","); r.Status != state.RunSuccess || got != step.open || r.Opened != step.opened || r.RecoveredN != step.ended {
			t.Errorf("hour %d: %q is open, want %q; run %+v", hour+1, got, step.open, r)
		}
		if r.Hosts != 23 { // hosts of reported events are none of the inspection's
			t.Errorf("hour %d: %d hosts", hour+1, r.Hosts)
		}
	}
	entries, err := b.db.Entries(t.Context(), b.ws, b.events(t, state.EventFilter{Status: event.Recovered})[0].ID)
	if err != nil || len(entries) != 3 || entries[1].Change != event.LevelRose || entries[2].Change != event.Closed {
		t.Errorf("history %+v, %v", entries, err)
	}
}

func inspectedOnce(t *testing.T, url string) {
	var sums []inspect.Summary
	var b *bench
	b = newScripts(t, url, func(ctx context.Context, r *ScriptRun) error {
		if err := register(ctx, b.db, r); err != nil {
			return err
		}
		for _, ask := range []struct {
			configs, keep []string
			filtered      bool
		}{
			{configs: []string{"host-00*"}},
			{keep: []string{"host-001", "host-010", "host-015"}, filtered: true},
			{configs: []string{"host-010", "gone"}},
		} {
			sum, err := r.Inspect(ctx, ask.configs, ask.keep, ask.filtered)
			if err != nil {
				return err
			}
			sums = append(sums, sum)
		}
		return nil
	})
	var read sync.Map
	b.src.before = func(_ context.Context, q leak.Query) error {
		for _, h := range q.Hosts {
			if _, twice := read.LoadOrStore(h, true); twice {
				t.Errorf("%s is read twice", h)
			}
		}
		return nil
	}
	tr := b.trigger(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	r := b.done(t, tr)
	if r.Status != state.RunSuccess || r.Hosts != 13 || r.Leaks != 2 || r.NoData != 1 || r.Opened != 2 || r.Chunks != r.ChunksDone {
		t.Errorf("run %+v", r)
	}
	var got []string
	for _, s := range sums {
		got = append(got, fmt.Sprint(s.Hosts, s.Leaks, s.NoData, s.Failed))
	}
	if want := []string{"10 1 0 0", "3 1 0 0", "2 1 1 0"}; !slices.Equal(got, want) {
		t.Errorf("summaries %q, want %q", got, want)
	}
	if w := logged(r, "warning"); len(w) != 1 || !strings.Contains(w[0], "no host is named gone") {
		t.Errorf("warnings %q", w)
	}
}

func unboundIsRefused(t *testing.T, url string) {
	b := newScripts(t, url, func(ctx context.Context, r *ScriptRun) error {
		_, inspected := r.Inspect(ctx, nil, nil, false)
		reported := r.Report(ctx, disk(leak.Warning, "a"))
		if !errors.Is(inspected, errUnbound) || !errors.Is(reported, errUnbound) {
			t.Errorf("errors %v and %v", inspected, reported)
		}
		src, err := r.Source(ctx)
		if err != nil || src == nil || !r.Options().At.Equal(r.At()) || !r.At().Equal(start.Add(time.Hour)) {
			t.Errorf("source %v, %v, clock %s", src, err, r.At())
		}
		return nil
	})
	tr := b.trigger(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	r := b.done(t, tr)
	if info := logged(r, "info"); r.Status != state.RunSuccess || r.InspectionID != "" || r.Inspection != "ours__check.run" || len(info) != 1 || info[0] != "ended in 0s" {
		t.Errorf("run %+v", r)
	}
}

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
	if r.Status != state.RunSuccess || r.Chunks != 24 || r.ChunksDone != 24 || r.Hosts != 120 || r.Failed != 0 || r.Opened != 12 {
		t.Errorf("run %+v", r)
	}
	if n := len(b.events(t, state.EventFilter{Status: event.Open})); n != 12 {
		t.Errorf("%d events are open, want 12", n)
	}
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
