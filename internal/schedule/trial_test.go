package schedule

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// moving is one host over days, whose window is where it is asked for: quiet at 30 percent, then
// growing by 2 percent an hour, then quiet again after a restart.
type moving struct{ grows, restarts time.Time }

func (m moving) value(t int64) float64 {
	v := 30 + 0.2*math.Sin(float64(t%613))
	if at := time.Unix(t, 0); at.After(m.grows) && at.Before(m.restarts) {
		v += 2 * at.Sub(m.grows).Hours()
	}
	return v
}

func (m moving) Hosts(context.Context, time.Time) ([]leak.Host, error) {
	return []leak.Host{{Name: "web-1", TotalBytes: 16 << 30}}, nil
}

func (m moving) Newest(context.Context) (time.Time, error) { return start, nil }

func (m moving) Read(_ context.Context, q leak.Query, each func(*leak.Reading) error) error {
	s := leak.Series{Object: leak.Object{Kind: leak.KindHost, Host: "web-1"}, Limits: leak.Limits{Capacity: 100}}
	end := q.At.Unix()
	s.Window = leak.Window{Start: end - int64(q.Window.Seconds()), Step: 60}
	for t := s.Window.Start; t <= end; t += 60 {
		s.Window.Values = append(s.Window.Values, m.value(t))
	}
	last := s.Window.Start / leak.FloorSeconds * leak.FloorSeconds
	s.History.Start = last - 4*96*leak.FloorSeconds
	for t := s.History.Start; t <= last; t += leak.FloorSeconds {
		floor := math.Inf(1)
		for i := int64(0); i < leak.FloorSeconds; i += 60 {
			floor = min(floor, m.value(t-i))
		}
		s.History.Floors = append(s.History.Floors, floor)
	}
	return each(&leak.Reading{Host: leak.Host{Name: "web-1", TotalBytes: 16 << 30}, Memory: &s})
}

func TestBacktestRaisesTheEventsThatRunsWouldHave(t *testing.T) {
	grows := start.Add(-36 * time.Hour)
	m := moving{grows: grows, restarts: grows.Add(12 * time.Hour)}
	var told []string
	var done, total int
	events, err := Backtest(t.Context(), Trial{
		Inspection: state.Inspection{WorkspaceID: "w", ID: "i", Name: "memory"},
		Source:     m,
		Progress:   func(d, n int) { done, total = d, n },
	}, start.Add(-48*time.Hour), start.Add(time.Hour), time.Hour, func(changed []event.Transition) error {
		for _, c := range changed {
			for _, e := range c.Entries {
				if e.Change == event.Opened || e.Change == event.Closed {
					told = append(told, string(e.Change))
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != 1 || events[0].Status != event.Recovered || events[0].Recovery != event.ByItself || strings.Join(told, " ") != "opened recovered" {
		t.Fatalf("events %+v, told %v; want one that was opened and recovered", events, told)
	}
	e := events[0]
	if e.OpenedAt.Before(grows) || e.OpenedAt.After(m.restarts) || e.RecoveredAt.Before(m.restarts) {
		t.Errorf("opened %s, recovered %s; it grew from %s to %s", e.OpenedAt, e.RecoveredAt, grows, m.restarts)
	}
	if done != 49 || total != 49 {
		t.Errorf("told of %d of %d hosts and times, want 49 of 49: nothing lies behind the newest sample", done, total)
	}
}

func TestBacktestEndsWhenItIsCancelledOrWrong(t *testing.T) {
	m := moving{grows: start, restarts: start}
	ctx, cancel := context.WithCancel(t.Context())
	times := 0
	_, err := Backtest(ctx, Trial{Source: stopping{m, func() error {
		if times++; times == 3 {
			cancel()
		}
		return ctx.Err()
	}}}, start.Add(-48*time.Hour), start, time.Hour, nil)
	if !errors.Is(err, context.Canceled) || times != 3 {
		t.Errorf("%v after %d times, want it cancelled after 3", err, times)
	}
	tests := []struct {
		name     string
		from, to time.Time
		every    time.Duration
		want     string
	}{
		{"no step", start.Add(-time.Hour), start, 0, "above zero"},
		{"backwards", start, start.Add(-time.Hour), time.Hour, "no time in it"},
		{"all of it to come", start.Add(time.Hour), start.Add(2 * time.Hour), time.Hour, "newest sample"},
		{"too many", start.AddDate(-1, 0, 0), start, time.Second, "at most 10000"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Backtest(t.Context(), Trial{Source: m}, tt.from, tt.to, tt.every, nil); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q in it", err, tt.want)
			}
		})
	}
}

// stopping asks before each read whether to go on.
type stopping struct {
	moving
	goesOn func() error
}

func (s stopping) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	if err := s.goesOn(); err != nil {
		return err
	}
	return s.moving.Read(ctx, q, each)
}

func TestDryRunFindsAndKeepsNothing(t *testing.T) {
	src := newHosts(23)
	i := state.Inspection{Hosts: "host-00*\nhost-010\ngone\nweb-*\n"}
	var leaks []string
	sum, unmatched, err := DryRun(t.Context(), Trial{Inspection: i, Source: src, Now: time.Unix(fleet.End, 0)}, func(f inspect.Finding) error {
		if f.Verdict.Leak {
			leaks = append(leaks, f.Object.Host)
		}
		return nil
	})
	slices.Sort(leaks)
	if err != nil || sum.Hosts != 12 || sum.NoData != 1 || strings.Join(leaks, " ") != "host-000 host-010" || strings.Join(unmatched, " ") != "gone web-*" {
		t.Errorf("%+v, leaks %v, unmatched %v, %v", sum, leaks, unmatched, err)
	}
}
