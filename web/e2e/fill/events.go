package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	leaks "github.com/memseep/memseep/leak"
)

const (
	year      = 365 * 24 * time.Hour
	openEvery = 200 // one event in so many is still open
	atOnce    = 1000
)

// insertEvents makes a year of events up to now, over all hosts.
func insertEvents(ctx context.Context, db *state.DB, workspace string, hosts, count int, now time.Time) error {
	inspections, _, err := db.Inspections(ctx, workspace, state.InspectionFilter{})
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(7, 11))
	for from := 0; from < count; from += atOnce {
		if err := db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			for i := from; i < min(from+atOnce, count); i++ {
				e := made(r, hosts, now.Add(-year+time.Duration(i)*(year/time.Duration(count))))
				e.WorkspaceID, e.InspectionID, e.Inspection, e.Fingerprint = workspace, inspections[0].ID, inspections[0].Name, fmt.Sprint("filled ", i)
				if i%openEvery == 0 {
					e.Status, e.Recovery, e.RecoveredAt = event.Open, "", time.Time{}
					e.Verdict.Exhaustion = now.Add(time.Duration(1+r.IntN(100)) * time.Hour)
				}
				if err := tx.InsertEvent(ctx, &e); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return fmt.Errorf("make events: %w", err)
		}
	}
	return nil
}

func made(r *rand.Rand, hosts int, at time.Time) event.Event {
	host, program := hostName(r.IntN(hosts)), fmt.Sprintf("program-%d", r.IntN(200))
	level := []leaks.Level{leaks.Warning, leaks.Warning, leaks.Error, leaks.Critical}[r.IntN(4)]
	v := event.Verdict{
		At: at, Leak: true, Cause: leaks.Steady, Level: level, Confidence: 0.97, Unit: "percent", Value: 80, Capacity: 100, SlopePerHour: 0.4,
		Onset: at.Add(-4 * time.Hour), Reasons: []event.Reason{{Code: "floor_rises", Value: 1.2, Points: 2}},
	}
	growth := int64(1 << 30)
	suspect := event.Suspect{Kind: leaks.KindProcess, Name: program, Share: 0.8, Growth: growth, Bytes: 4 * growth}
	return event.Event{
		Object: leaks.Object{Kind: leaks.KindHost, Host: host}, Title: "Host " + host + " leaks: process " + program,
		Status: event.Recovered, Recovery: event.ByItself, Level: level, Cause: leaks.Steady,
		Onset: v.Onset, OpenedAt: at, UpdatedAt: at, LastSeenAt: at, RecoveredAt: at.Add(time.Duration(1+r.IntN(72)) * time.Hour),
		Verdict: v, Suspects: []event.Suspect{suspect},
		Snapshot:   event.Snapshot{Verdict: v, Suspects: []event.Workload{{Suspect: suspect}}, Top: []event.Workload{{Suspect: suspect}}, Curve: curve(at), TotalBytes: total},
		Dimensions: map[string]string{"host": host, "kind": "host"},
		Attributes: map[string]string{
			"culprit": program, "env": []string{"prod", "prod", "test", "dev"}[r.IntN(4)],
			"collectors": "node_exporter", "region": fmt.Sprint(r.IntN(6)),
		},
	}
}

// curve is the window that showed the event.
func curve(at time.Time) event.Curve {
	c := event.Curve{Start: at.Add(-window).Unix(), Step: 60, Unit: "percent"}
	for i := range int(window / time.Minute) {
		v := 60 + float64(i)/18
		c.Values = append(c.Values, &v)
	}
	return c
}
