package state_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// BenchmarkEventList asks 100,000 events of one workspace for parts of lists as the web app does,
// by every filter and sort, and reports the slowest percent of the answers.
func BenchmarkEventList(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) {
		benchmarkEventList(b, open(b, "sqlite:"+filepath.Join(b.TempDir(), "state.db")))
	})
	b.Run("postgres", func(b *testing.B) {
		benchmarkEventList(b, open(b, realserver.StartPostgres(b).URL(b)))
	})
}

const benchmarkEvents = 100_000

func benchmarkEventList(b *testing.B, db *state.DB) {
	ws := addWorkspace(b, db, "w")
	fillEvents(b, db, ws)
	for _, c := range []struct {
		name string
		f    state.EventFilter
	}{
		{"newest", state.EventFilter{}},
		{"open", state.EventFilter{Status: event.Open}},
		{"open by level", state.EventFilter{Status: event.Open, Sort: state.ByLevel}},
		{"by level", state.EventFilter{Sort: state.ByLevel}},
		{"open by exhaustion", state.EventFilter{Status: event.Open, Sort: state.ByExhaustion}},
		{"by exhaustion", state.EventFilter{Sort: state.ByExhaustion}},
		{"critical", state.EventFilter{Levels: []leak.Level{leak.Critical}}},
		{"rare kind", state.EventFilter{Kinds: []leak.Kind{leak.KindKernel}}},
		{"no such kind", state.EventFilter{Kinds: []leak.Kind{"x"}}},
		{"host", state.EventFilter{Host: "host-77"}},
		{"host by level", state.EventFilter{Host: "host-77", Sort: state.ByLevel}},
		{"inspection", state.EventFilter{InspectionID: "i3"}},
		{"inspection by exhaustion", state.EventFilter{InspectionID: "i3", Sort: state.ByExhaustion}},
		{"culprit by level", state.EventFilter{Culprit: "program-7", Sort: state.ByLevel}},
		{"frequent text", state.EventFilter{Text: "host-7"}},
		{"rare text", state.EventFilter{Text: "host-999"}},
		{"no such text", state.EventFilter{Text: "nothing like this"}},
		{"frequent attribute", state.EventFilter{Attributes: map[string][]string{"env": {"prod"}}}},
		{"frequent attribute by level", state.EventFilter{Attributes: map[string][]string{"env": {"prod"}}, Sort: state.ByLevel}},
		{"rare attribute", state.EventFilter{Attributes: map[string][]string{"pod": {"pod-5"}}}},
		{"rare attribute by exhaustion", state.EventFilter{Attributes: map[string][]string{"pod": {"pod-5"}}, Sort: state.ByExhaustion}},
		{"no such attribute", state.EventFilter{Attributes: map[string][]string{"pod": {"x"}}}},
		{"two attributes that exclude each other", state.EventFilter{Attributes: map[string][]string{"env": {"dev"}, "rare": {"yes"}}}},
		{"not an attribute", state.EventFilter{NotAttributes: map[string][]string{"env": {"prod", "test"}}}},
		{"open with an attribute", state.EventFilter{Status: event.Open, Attributes: map[string][]string{"env": {"prod"}}}},
		{"time", state.EventFilter{From: now.Add(-60 * 24 * time.Hour), To: now.Add(-59 * 24 * time.Hour)}},
		{"time by level", state.EventFilter{From: now.Add(-60 * 24 * time.Hour), To: now.Add(-59 * 24 * time.Hour), Sort: state.ByLevel}},
		{"open at a time", state.EventFilter{OpenAt: now.Add(-60 * 24 * time.Hour)}},
		{"open at a time long ago", state.EventFilter{OpenAt: now.Add(-360 * 24 * time.Hour)}},
	} {
		c.f.Limit = 50
		b.Run(c.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				if _, _, err := db.Events(b.Context(), ws, c.f); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.EventCounts(b.Context(), ws, state.EventFilter{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("open events of a chunk of 500 hosts", func(b *testing.B) {
		hosts := make([]string, 500)
		for i := range hosts {
			hosts[i] = fmt.Sprintf("host-%d", i*3)
		}
		for b.Loop() {
			if _, err := db.OpenEvents(b.Context(), ws, "i3", hosts); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// fillEvents makes a year of events on 2,000 hosts, 1 in 200 of them open.
func fillEvents(b testing.TB, db *state.DB, ws string) {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	at := now.Add(-365 * 24 * time.Hour)
	curve := make([]*float64, 360)
	for i := range curve {
		v := r.Float64()
		curve[i] = &v
	}
	for i := 0; i < benchmarkEvents; {
		must(b, db.InTx(b.Context(), func(ctx context.Context, tx *state.Tx) error {
			for range 1000 {
				at = at.Add(365 * 24 * time.Hour / benchmarkEvents)
				e := madeEvent(r, ws, i, at)
				if i%100 == 0 { // the rest would only take time to write: lists do not read it
					e.Snapshot.Curve.Values = curve
				}
				if err := tx.InsertEvent(ctx, &e); err != nil {
					return err
				}
				i++
			}
			return nil
		}))
	}
}

func madeEvent(r *rand.Rand, ws string, i int, at time.Time) event.Event {
	host, program := fmt.Sprintf("host-%d", r.IntN(2000)), fmt.Sprintf("program-%d", r.IntN(200))
	e := event.Event{
		WorkspaceID: ws, InspectionID: fmt.Sprintf("i%d", r.IntN(5)), Inspection: "Memory leaks", Fingerprint: fmt.Sprint(i),
		Object: leak.Object{Kind: leak.KindHost, Host: host}, Title: "The memory of " + host + " leaks, " + program + " grows",
		Status: event.Recovered, Recovery: event.ByItself, Level: []leak.Level{leak.Warning, leak.Warning, leak.Error, leak.Critical}[r.IntN(4)],
		Cause: leak.Steady, OpenedAt: at, UpdatedAt: at, LastSeenAt: at, RecoveredAt: at.Add(time.Duration(r.IntN(72)) * time.Hour),
		Verdict:    event.Verdict{At: at, Leak: true, Cause: leak.Steady, Unit: "percent", Value: 80, Capacity: 100, SlopePerHour: 0.4, Reasons: make([]event.Reason, 6)},
		Suspects:   make([]event.Suspect, 5),
		Dimensions: map[string]string{"host": host, "kind": "host"},
		Attributes: map[string]string{"culprit": program, "env": []string{"prod", "prod", "test", "dev"}[r.IntN(4)], "pod": fmt.Sprintf("pod-%d", r.IntN(20000)), "collectors": "node_exporter", "region": fmt.Sprint(r.IntN(6))},
	}
	if i%1000 == 7 {
		e.Object.Kind, e.Object.Name = leak.KindKernel, "slab"
	}
	if e.Attributes["env"] == "prod" && i%20 == 0 {
		e.Attributes["rare"] = "yes"
	}
	if i%200 == 0 {
		e.Status, e.Recovery, e.RecoveredAt = event.Open, "", time.Time{}
	}
	if i%3 != 0 {
		e.Verdict.Exhaustion = at.Add(time.Duration(r.IntN(100)) * time.Hour)
	}
	return e
}
