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
	info, prints := logged(r, "info"), logged(r, state.PrintLevel)
	if len(prints) != 1 || prints[0] != "hello �" || len(info) != 2 || !strings.HasPrefix(info[0], "windows end at 2") || !strings.HasPrefix(info[1], "23 hosts inspected in ") || !strings.HasSuffix(info[1], ": 3 leaks, 4 events opened") {
		t.Errorf("log %q, printed %q", info, prints)
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
	if info := logged(r, "info"); r.Status != state.RunSuccess || r.InspectionID != "" || r.Inspection != "ours__check.run" || len(info) != 1 || !strings.HasPrefix(info[0], "ended in ") {
		t.Errorf("run %+v", r)
	}
}
