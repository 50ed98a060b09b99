package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// A year of events, and how often each list of them is asked for.
const (
	manyEvents  = 100_000
	eventHosts  = 2000
	listTimes   = 100
	listLimit   = 50
	eventListMS = 100 // what the slowest percent may take
)

// measureEvents asks for lists of many events by each filter and sort, of both databases.
func (b *bench) measureEvents(ctx context.Context) error {
	return withServers(b.dir, func(t *servers) (err error) {
		lite, err := openState(ctx, "sqlite:"+filepath.Join(b.dir, "events.db"))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, lite.Close()) }()
		w := state.Workspace{Name: "bench"}
		if err := lite.AddWorkspace(ctx, &w); err != nil {
			return err
		}
		begun := time.Now()
		if err := fillEvents(ctx, lite, w.ID); err != nil {
			return fmt.Errorf("make events: %w", err)
		}
		fmt.Printf("events: %d made in %.0f s\n", manyEvents, time.Since(begun).Seconds())
		if err := b.measureEventList(ctx, "sqlite", lite, w.ID); err != nil {
			return err
		}
		other, err := openState(ctx, realserver.StartPostgres(t).URL(t))
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, other.Close()) }()
		if err := moveState(ctx, lite, other); err != nil {
			return fmt.Errorf("move events to PostgreSQL: %w", err)
		}
		return b.measureEventList(ctx, "postgres", other, w.ID)
	})
}

func openState(ctx context.Context, url string) (*state.DB, error) {
	return state.Open(ctx, state.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
}

// moveState is quicker than to make the same once more.
func moveState(ctx context.Context, from, to *state.DB) error {
	r, w := io.Pipe()
	dumped := make(chan error, 1)
	go func() {
		err := from.Dump(ctx, w)
		dumped <- errors.Join(err, w.CloseWithError(err))
	}()
	err := to.Restore(ctx, r)
	return errors.Join(err, r.Close(), <-dumped)
}

func (b *bench) measureEventList(ctx context.Context, name string, db *state.DB, workspace string) error {
	slowest, slowestName := time.Duration(0), ""
	for _, l := range eventLists {
		half, p99, err := timeEventList(ctx, db, workspace, l.filter)
		if err != nil {
			return fmt.Errorf("list events %s: %w", l.name, err)
		}
		fmt.Printf("  events %s, %s: %.1f ms, at worst of 100 %.1f ms\n", name, l.name, milliseconds(half), milliseconds(p99))
		if p99 > slowest {
			slowest, slowestName = p99, l.name
		}
	}
	fmt.Printf("events: %s, lists of %d of %d events: the slowest percent of the slowest list (%s) takes %.1f ms\n",
		name, listLimit, manyEvents, slowestName, milliseconds(slowest))
	b.ratio("event_list_p99_ms_"+name, milliseconds(slowest), eventListMS)
	return nil
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }

// timeEventList is the median and the 99th percentile of the times that a list takes.
func timeEventList(ctx context.Context, db *state.DB, workspace string, f state.EventFilter) (half, p99 time.Duration, err error) {
	f.Limit = listLimit
	var took []time.Duration
	for range listTimes + 1 {
		begun := time.Now()
		if _, _, err := db.Events(ctx, workspace, f); err != nil {
			return 0, 0, err
		}
		took = append(took, time.Since(begun))
	}
	took = took[1:] // the first warms up
	slices.Sort(took)
	return took[len(took)/2], took[len(took)*99/100], nil
}

// yearEnd is when the events end.
var yearEnd = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// eventLists are what the web app asks for, and what people filter by.
var eventLists = []struct {
	name   string
	filter state.EventFilter
}{
	{"newest", state.EventFilter{}},
	{"open", state.EventFilter{Status: event.Open}},
	{"open by level", state.EventFilter{Status: event.Open, Sort: state.ByLevel}},
	{"by level", state.EventFilter{Sort: state.ByLevel}},
	{"by exhaustion", state.EventFilter{Sort: state.ByExhaustion}},
	{"critical", state.EventFilter{Levels: []leak.Level{leak.Critical}}},
	{"rare kind", state.EventFilter{Kinds: []leak.Kind{leak.KindKernel}}},
	{"host", state.EventFilter{Host: "host-77"}},
	{"inspection by exhaustion", state.EventFilter{InspectionID: "i3", Sort: state.ByExhaustion}},
	{"culprit by level", state.EventFilter{Culprit: "program-7", Sort: state.ByLevel}},
	{"frequent text", state.EventFilter{Text: "host-7"}},
	{"rare text", state.EventFilter{Text: "host-999"}},
	{"no such text", state.EventFilter{Text: "nothing like this"}},
	{"frequent attribute by level", state.EventFilter{Attributes: map[string][]string{"env": {"prod"}}, Sort: state.ByLevel}},
	{"rare attribute by exhaustion", state.EventFilter{Attributes: map[string][]string{"pod": {"pod-5"}}, Sort: state.ByExhaustion}},
	{"no such attribute", state.EventFilter{Attributes: map[string][]string{"pod": {"x"}}}},
	{"not an attribute", state.EventFilter{NotAttributes: map[string][]string{"env": {"prod", "test"}}}},
	{"a day by level", state.EventFilter{From: yearEnd.Add(-60 * 24 * time.Hour), To: yearEnd.Add(-59 * 24 * time.Hour), Sort: state.ByLevel}},
	{"open at a time long ago", state.EventFilter{OpenAt: yearEnd.Add(-360 * 24 * time.Hour)}},
}

// fillEvents makes a year of events, one in 200 of them still open.
func fillEvents(ctx context.Context, db *state.DB, workspace string) error {
	const atOnce = 1000
	r := rand.New(rand.NewPCG(seed, 3))
	for from := 0; from < manyEvents; from += atOnce {
		made := make([]event.Event, atOnce)
		for i := range made {
			made[i] = madeEvent(r, workspace, from+i)
		}
		if err := db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			for i := range made {
				if err := tx.InsertEvent(ctx, &made[i]); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func madeEvent(r *rand.Rand, workspace string, i int) event.Event {
	const year = 365 * 24 * time.Hour
	at := yearEnd.Add(-year + time.Duration(i)*(year/manyEvents))
	host, program := fmt.Sprintf("host-%d", r.IntN(eventHosts)), fmt.Sprintf("program-%d", r.IntN(200))
	e := event.Event{
		WorkspaceID: workspace, InspectionID: fmt.Sprintf("i%d", r.IntN(5)), Inspection: "memory leaks", Fingerprint: fmt.Sprint(i),
		Object: leak.Object{Kind: leak.KindHost, Host: host}, Title: "Host " + host + " leaks: process " + program,
		Status: event.Recovered, Recovery: event.ByItself, Level: []leak.Level{leak.Warning, leak.Warning, leak.Error, leak.Critical}[r.IntN(4)],
		Cause: leak.Steady, OpenedAt: at, UpdatedAt: at, LastSeenAt: at, RecoveredAt: at.Add(time.Duration(r.IntN(72)) * time.Hour),
		Verdict:    event.Verdict{At: at, Leak: true, Cause: leak.Steady, Unit: "percent", Value: 80, Capacity: 100, SlopePerHour: 0.4, Reasons: make([]event.Reason, 6)},
		Suspects:   make([]event.Suspect, 5),
		Dimensions: map[string]string{"host": host, "kind": "host"},
		Attributes: map[string]string{
			"culprit": program, "env": []string{"prod", "prod", "test", "dev"}[r.IntN(4)],
			"pod": fmt.Sprintf("pod-%d", r.IntN(20_000)), "collectors": "node_exporter", "region": fmt.Sprint(r.IntN(6)),
		},
	}
	if i%1000 == 7 {
		e.Object.Kind, e.Object.Name = leak.KindKernel, "slab"
	}
	if i%200 == 0 {
		e.Status, e.Recovery, e.RecoveredAt = event.Open, "", time.Time{}
	}
	if i%3 != 0 {
		e.Verdict.Exhaustion = at.Add(time.Duration(r.IntN(100)) * time.Hour)
	}
	return e
}
