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

var runBehaviours = []behaviour{
	{name: "a run keeps events, hosts, verdicts and notices", shows: keepsAll},
	{name: "an event ends when its host's data has", shows: dataEnds},
	{name: "a host that cannot be read is named in the log", shows: unreadHosts},
	{name: "a run that reads nothing has failed", shows: readsNothing},
	{name: "a run without hosts says so", shows: noHosts},
	{name: "a chunk that fails once is tried again, it alone", shows: chunkFailsOnce},
	{name: "a chunk that fails always marks its hosts as failed", shows: chunkFailsAlways},
	{name: "what cannot be told takes the whole chunk back", shows: noticesFail},
	{name: "a source that cannot be opened fails the run", shows: sourceFails},
	{name: "a run ends at its timeout", shows: timesOut},
	{name: "a run whose parent was lost ends at its timeout", shows: parentLost},
	{name: "a stop gives the work back", shows: stopGivesBack},
	{name: "a change of an event in between is no failure", shows: changedInBetween},
}

func keepsAll(t *testing.T, url string) {
	var derived atomic.Int64
	b := newBench(t, url, func(o *Options) {
		o.Derived = func(_ context.Context, _ state.Inspection, f []inspect.Finding) error {
			derived.Add(int64(len(f)))
			return nil
		}
	})
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	b.src.newest = start
	r := b.ends(t, i)
	if r.Status != state.RunSuccess || r.Leaks != 3 || r.Opened != 3 || r.RecoveredN != 0 || r.Failed != 0 {
		t.Fatalf("run %+v", r)
	}
	events, _, err := b.db.Events(t.Context(), b.ws, state.EventFilter{InspectionID: i.ID})
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v; want 3", len(events), err)
	}
	e, err := b.db.Event(t.Context(), b.ws, events[0].ID)
	if err != nil || e.Status != event.Open || len(e.Snapshot.Curve.Values) == 0 || !e.OpenedAt.Equal(r.At) {
		t.Errorf("event %+v, %v", e, err)
	}
	entries, err := b.db.Entries(t.Context(), b.ws, e.ID)
	if err != nil || len(entries) == 0 || entries[0].Change != event.Opened {
		t.Errorf("history %+v, %v", entries, err)
	}
	hosts, _, err := b.db.Hosts(t.Context(), b.ws, state.HostFilter{})
	if err != nil || len(hosts) != 23 {
		t.Fatalf("%d hosts, %v; want 23", len(hosts), err)
	}
	var spark []*float64
	var verdict event.Verdict
	if err := errors.Join(json.Unmarshal(hosts[0].Spark, &spark), json.Unmarshal(hosts[0].Verdict, &verdict)); err != nil ||
		len(spark) != sparkValues || !verdict.Leak || hosts[0].Labels["zone"] != "a" || len(hosts[0].Health) == 0 {
		t.Errorf("host %+v, %v", hosts[0], err)
	}
	// What is told of a commit comes after it, and chunks tell beside each other.
	until(t, "the end is told", func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return slices.Contains(b.changes, Change{Kind: "run", ID: r.ID, InspectionID: i.ID, Status: "success"})
	})
	b.mu.Lock()
	defer b.mu.Unlock()
	if derived.Load() != 23 || len(b.told) != 3 {
		t.Errorf("%d verdicts as series, %d transitions told; want 23 and 3", derived.Load(), len(b.told))
	}
}

func dataEnds(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, func(i *state.Inspection) { i.NoDataRuns = 2 })
	b.works(t)
	b.at(t, start.Add(time.Hour))
	b.ends(t, i)
	b.src.mu.Lock()
	b.src.ended["host-000"] = true
	b.src.mu.Unlock()
	for n := 2; n <= 3; n++ {
		b.at(t, start.Add(time.Duration(n)*time.Hour))
		if r := b.ends(t, i); r.Status != state.RunSuccess || r.Hosts != 23 {
			t.Fatalf("run %+v", r)
		}
	}
	events, _, err := b.db.Events(t.Context(), b.ws, state.EventFilter{Host: "host-000"})
	if err != nil || len(events) != 1 || events[0].Status != event.Recovered || events[0].Recovery != event.NoData {
		t.Errorf("events %+v, %v; want one that recovered for want of data", events, err)
	}
	h, err := b.db.Host(t.Context(), b.ws, "host-000")
	if err != nil || h.LastSeenAt.IsZero() || h.Labels["zone"] != "a" {
		t.Errorf("host %+v, %v; want what was known of it", h, err)
	}
	b.at(t, start.Add(4*time.Hour))
	if r := b.ends(t, i); r.Hosts != 22 {
		t.Errorf("%d hosts after its event has ended, want 22", r.Hosts)
	}
}

func unreadHosts(t *testing.T, url string) {
	b := newBench(t, url, func(o *Options) { o.ChunkHosts = 50 })
	b.src = newHosts(45)
	for n := range 30 {
		b.src.broken[fmt.Sprintf("host-%03d", n)] = errAway
	}
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	r := b.ends(t, i)
	w := logged(r, "warning")
	if r.Status != state.RunSuccess || r.Hosts != 45 || r.Failed != 30 || len(w) != maxWarnings+1 ||
		!strings.Contains(w[0], "host-0") || !strings.Contains(w[0], errAway.Error()) || !strings.Contains(w[maxWarnings], "30 hosts") {
		t.Errorf("run %+v, %d warnings %q", r, len(w), w)
	}
}

func readsNothing(t *testing.T, url string) {
	b := newBench(t, url, nil)
	for _, r := range b.src.readings {
		b.src.broken[r.Host.Name] = errAway
	}
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	if r := b.ends(t, i); r.Status != state.RunFailure || r.Error == "" || r.Failed != 23 || len(logged(r, "warning")) != maxWarnings+1 {
		t.Errorf("run %+v", r)
	}
}

func noHosts(t *testing.T, url string) {
	b := newBench(t, url, nil)
	b.src = newHosts(0)
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	if r := b.ends(t, i); r.Status != state.RunSuccess || r.Hosts != 0 || len(logged(r, "warning")) != 1 {
		t.Errorf("run %+v", r)
	}
}

// breakChunk lets reads of the chunk that begins with host-005 fail so often, and counts all reads.
func breakChunk(b *bench, times int64) (reads *atomic.Int64) {
	reads = &atomic.Int64{}
	var broken atomic.Int64
	b.src.before = func(_ context.Context, q leak.Query) error {
		reads.Add(1)
		if slices.Contains(q.Hosts, "host-005") && broken.Add(1) <= times {
			return errAway
		}
		return nil
	}
	return reads
}

func chunkFailsOnce(t *testing.T, url string) {
	b := newBench(t, url, nil)
	reads := breakChunk(b, 1)
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	r := b.ends(t, i)
	if r.Status != state.RunSuccess || r.Hosts != 23 || r.Failed != 0 || reads.Load() != 6 {
		t.Errorf("%d reads for 5 chunks, run %+v", reads.Load(), r)
	}
	if w := logged(r, "warning"); len(w) != 1 || !strings.Contains(w[0], "attempt 1 of 3") {
		t.Errorf("warnings %q", w)
	}
}

func chunkFailsAlways(t *testing.T, url string) {
	b := newBench(t, url, nil)
	breakChunk(b, 1000)
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	r := b.ends(t, i)
	if r.Status != state.RunSuccess || r.Hosts != 23 || r.Failed != 5 || r.ChunksDone != 5 {
		t.Errorf("run %+v", r)
	}
	if e := logged(r, "error"); len(e) != 1 || !strings.Contains(e[0], errAway.Error()) {
		t.Errorf("errors %q", e)
	}
	c, err := b.db.Chunk(t.Context(), b.ws, r.ID, 1)
	if err != nil || c.Attempts != 2 || c.Error == "" {
		t.Errorf("chunk %+v, %v", c, err)
	}
}

func noticesFail(t *testing.T, url string) {
	var once sync.Once
	b := newBench(t, url, nil)
	keep := b.o.Notices
	b.o.Notices = func(ctx context.Context, tx *state.Tx, changed []event.Transition) (err error) {
		once.Do(func() { err = errAway })
		return errors.Join(err, keep(ctx, tx, changed))
	}
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	r := b.ends(t, i)
	_, _, err := b.db.Events(t.Context(), b.ws, state.EventFilter{InspectionID: i.ID})
	if err != nil || r.Opened != 3 || r.Hosts != 23 || len(logged(r, "warning")) != 1 {
		t.Errorf("run %+v, %v", r, err)
	}
}

func sourceFails(t *testing.T, url string) {
	b := newBench(t, url, nil)
	b.o.Source = func(context.Context, state.Inspection) (inspect.Source, error) { return nil, errAway }
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	r := b.ends(t, i)
	if r.Status != state.RunFailure || !strings.Contains(r.Error, errAway.Error()) || len(logged(r, "warning")) != 2 {
		t.Errorf("run %+v", r)
	}
}

// hang lets reads wait until their context ends, and says when the first does.
func hang(b *bench) (began chan struct{}) {
	began = make(chan struct{})
	var once sync.Once
	b.src.before = func(ctx context.Context, _ leak.Query) error {
		once.Do(func() { close(began) })
		<-ctx.Done()
		return errAway // not every source says why it stopped
	}
	return began
}

func timesOut(t *testing.T, url string) {
	b := newBench(t, url, nil)
	began := hang(b)
	i := b.add(t, func(i *state.Inspection) { i.Timeout = 10 * time.Minute })
	b.works(t)
	b.at(t, start.Add(time.Hour))
	<-began
	b.at(t, start.Add(time.Hour+9*time.Minute))
	if rows := b.runs(t, i); rows[0].Status != state.RunRunning {
		t.Errorf("before its timeout: %s", rows[0].Status)
	}
	b.at(t, start.Add(time.Hour+10*time.Minute))
	r := b.ends(t, i)
	if r.Status != state.RunTimeout || !strings.Contains(r.Error, "0 of 5 chunks") || len(logged(r, "error")) != 1 {
		t.Errorf("run %+v", r)
	}
	until(t, "its work ends", func() bool { return len(b.workedHere()) == 0 })
	until(t, "its jobs are done", func() bool {
		return count(t, b.db.SQL(), `SELECT count(*) FROM river_job WHERE state <> 'completed'`) == 0
	})
	b.src.before = nil
	b.at(t, start.Add(2*time.Hour))
	if r := b.ends(t, i); r.Status != state.RunSuccess {
		t.Errorf("the next run: %+v", r)
	}
}

func parentLost(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, func(i *state.Inspection) { i.Timeout = 10 * time.Minute })
	b.at(t, start.Add(time.Hour))
	if _, err := b.db.SQL().ExecContext(t.Context(), `DELETE FROM river_job`); err != nil {
		t.Fatal(err)
	}
	b.at(t, start.Add(time.Hour+time.Minute)) // seen waiting
	b.at(t, start.Add(time.Hour+13*time.Minute))
	if r := b.ends(t, i); r.Status != state.RunTimeout || !strings.Contains(r.Error, "free worker") {
		t.Errorf("run %+v", r)
	}
}

func stopGivesBack(t *testing.T, url string) {
	b := newBench(t, url, func(o *Options) { o.Retry = []time.Duration{} })
	began := hang(b)
	i := b.add(t, func(i *state.Inspection) { i.NextRunAt = start })
	if err := b.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-began
	if err := b.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, b.db.SQL(), `SELECT count(*) FROM river_job WHERE kind = 'chunk' AND state = 'available' AND attempt = 0`); n != 5 {
		t.Errorf("%d chunks are as they were before, want all 5", n)
	}
	again := newBench(t, url, nil)
	if err := again.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := again.ends(t, i)
	if err := again.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if r.Status != state.RunSuccess || r.Hosts != 23 || r.Failed != 0 || len(logged(r, "warning")) != 0 {
		t.Errorf("run %+v", r)
	}
}

func changedInBetween(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	b.ends(t, i)
	// Whoever reads the events of the chunk again sees what a person wrote meanwhile.
	var conflicts atomic.Int64
	b.o.Notices = func(context.Context, *state.Tx, []event.Transition) error {
		if conflicts.Add(1) <= 2 {
			return fmt.Errorf("an event was acknowledged: %w", state.ErrConflict)
		}
		return nil
	}
	b.at(t, start.Add(2*time.Hour))
	if r := b.ends(t, i); r.Status != state.RunSuccess || len(logged(r, "warning")) != 0 {
		t.Errorf("run %+v", r)
	}
}
