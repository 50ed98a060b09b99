package schedule

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

// Trial is an inspection that is tried out: it need not be kept anywhere, and changes nothing.
type Trial struct {
	Inspection state.Inspection
	Source     inspect.Source
	Filters    []inspect.Filter
	Now        time.Time // the clock; zero is time.Now()
	Parallel   int       // hosts in flight; below 1 is 1
	// Progress is told of hosts done, in a backtest of hosts and times; total is an estimate until
	// the last time has begun.
	Progress func(done, total int)
}

// DryRun inspects once, up to the newest sample, and gives each finding to emit, all of one host
// together. Lines of the inspection's hosts that match nothing are returned beside the summary.
func DryRun(ctx context.Context, t Trial, emit func(inspect.Finding) error) (sum inspect.Summary, unmatched []string, err error) {
	at, err := windowEnd(ctx, t.Source, t.now())
	if err != nil {
		return sum, nil, err
	}
	hosts, unmatched, err := t.hosts(ctx, at, nil)
	if err != nil {
		return sum, nil, err
	}
	o := inspectOptions(t.Inspection, at, max(t.Parallel, 1))
	o.Progress = t.Progress
	sum, err = inspect.Run(ctx, fixed{t.Source, hosts}, o, emit)
	return sum, unmatched, err
}

// Bounds of a backtest.
const (
	maxBacktestTimes = 10_000
	backtestChunk    = 500 // hosts whose findings are held at a time
)

// Backtest inspects at from, from + every, … ≤ to over what the source keeps, as if it had run then,
// and returns the events that it would have raised, with what became of them, in the order of their
// opening. Each time's transitions are given to emit as soon as they are known; nil is none.
func Backtest(ctx context.Context, t Trial, from, to time.Time, every time.Duration, emit func([]event.Transition) error) ([]event.Event, error) {
	newest, err := t.Source.Newest(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the newest sample: %w", err)
	}
	if to.After(newest) {
		to = newest
	}
	switch {
	case every <= 0:
		return nil, errors.New("a backtest needs a time between its runs: write one above zero")
	case from.After(to):
		return nil, fmt.Errorf("a backtest from %s to %s has no time in it: the newest sample is of %s",
			from.UTC().Format(time.RFC3339), to.UTC().Format(time.RFC3339), newest.UTC().Format(time.RFC3339))
	case to.Sub(from)/every >= maxBacktestTimes:
		return nil, fmt.Errorf("a backtest of %d times is too long: at most %d are made, let more time lie between them", to.Sub(from)/every+1, maxBacktestTimes)
	}
	b := backtest{Trial: t, events: map[string]event.Event{}, times: int(to.Sub(from)/every) + 1}
	for at := from; !at.After(to); at = at.Add(every) {
		changed, err := b.step(ctx, at)
		if err != nil {
			return nil, fmt.Errorf("at %s: %w", at.UTC().Format(time.RFC3339), err)
		}
		if emit != nil && len(changed) > 0 {
			if err := emit(changed); err != nil {
				return nil, err
			}
		}
	}
	return slices.SortedFunc(maps.Values(b.events), func(a, c event.Event) int {
		return cmp.Or(a.OpenedAt.Compare(c.OpenedAt), cmp.Compare(a.ID, c.ID))
	}), nil
}

func (t Trial) now() time.Time {
	if t.Now.IsZero() {
		return time.Now()
	}
	return t.Now
}

// hosts are those that the inspection chooses at a time, and those of open events.
func (t Trial) hosts(ctx context.Context, at time.Time, open map[string]bool) (hosts, unmatched []string, err error) {
	known, err := t.Source.Hosts(ctx, at)
	if err != nil {
		return nil, nil, fmt.Errorf("list hosts: %w", err)
	}
	chosen, unmatched, err := matchHosts(known, t.Inspection.HostLines(), t.Filters)
	if err != nil {
		return nil, nil, err
	}
	maps.Copy(chosen, open)
	return slices.Sorted(maps.Keys(chosen)), unmatched, nil
}

// backtest is the state of one: its events take the place of the database.
type backtest struct {
	Trial
	events map[string]event.Event
	times  int
	begun  int // times
	done   int // hosts
}

// step is one run: its hosts in parts, then its incidents.
func (b *backtest) step(ctx context.Context, at time.Time) ([]event.Transition, error) {
	openHosts := map[string]bool{}
	for _, e := range b.events {
		if e.Status == event.Open {
			openHosts[e.Object.Host] = true
		}
	}
	hosts, _, err := b.hosts(ctx, at, openHosts)
	if err != nil {
		return nil, err
	}
	total := b.done + (b.times-b.begun)*len(hosts)
	b.begun++
	var changed []event.Transition
	var opened []event.Event
	for part := range slices.Chunk(hosts, backtestChunk) {
		transitions, err := b.advance(ctx, part, at, total)
		if err != nil {
			return nil, err
		}
		for _, t := range transitions {
			if t.New {
				opened = append(opened, t.Event)
			}
		}
		changed = append(changed, transitions...)
	}
	tied := event.Incidents(opened, b.openBefore(at), at)
	b.keep(tied)
	return append(changed, tied...), nil
}

func (b *backtest) advance(ctx context.Context, hosts []string, at time.Time, total int) ([]event.Transition, error) {
	var found collected
	o := inspectOptions(b.Inspection, at, max(b.Parallel, 1))
	if b.Progress != nil {
		o.Progress = func(done, _ int) { b.Progress(b.done+done, total) }
	}
	_, err := inspect.Run(ctx, fixed{b.Source, hosts}, o, func(f inspect.Finding) error {
		found.add(f)
		return nil
	})
	if err != nil {
		return nil, err
	}
	found.trim()
	b.done += len(hosts)
	here := make(map[string]bool, len(hosts))
	for _, h := range hosts {
		here[h] = true
	}
	var open, earlier []event.Event
	for _, e := range b.events {
		switch {
		case !here[e.Object.Host]:
		case e.Status == event.Open:
			open = append(open, e)
		default:
			earlier = append(earlier, e)
		}
	}
	// A map has no order, and the order of what happens is told.
	slices.SortFunc(open, func(a, c event.Event) int { return cmp.Compare(a.ID, c.ID) })
	transitions := event.Advance(open, found.findings, at, eventOptions(b.Inspection, earlier))
	b.keep(transitions)
	return transitions, nil
}

func (b *backtest) keep(changed []event.Transition) {
	for _, t := range changed {
		b.events[t.Event.ID] = t.Event
	}
}

// openBefore are the open events that were there before this time, for incidents.
func (b *backtest) openBefore(at time.Time) []event.Event {
	var out []event.Event
	for _, e := range b.events {
		if e.Status == event.Open && e.OpenedAt.Before(at) && at.Sub(e.OpenedAt) <= incidentSpan {
			out = append(out, e)
		}
	}
	return out
}
