package schedule

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

// errCounted says that the chunk was done by another job in between.
var errCounted = errors.New("the chunk was done in between")

// commitAttempts is how often a chunk's transaction is made anew where somebody changed one of its
// events in between.
const commitAttempts = 5

// commit keeps the verdicts of a chunk as series, and then in one transaction all that follows from
// it: its events with their histories, what is to be told of them, its hosts, the counters of the run,
// and with the last chunk the run's end. Either all of it is kept, once, or nothing: then the error is
// errCounted where another has kept it, errEnded where the run is over.
func (s *Schedule) commit(ctx context.Context, run state.Run, i state.Inspection, chunk state.Chunk, found *inspected) (committed, error) {
	var kept committed
	if s.o.Derived != nil {
		if err := s.o.Derived(ctx, i, found.findings); err != nil {
			return kept, fmt.Errorf("keep the verdicts as series: %w", err)
		}
	}
	err := s.again(ctx, func(ctx context.Context, tx *state.Tx) error {
		kept = committed{}
		if err := s.keepFindings(ctx, tx, run, i, chunk, found, &kept); err != nil {
			return err
		}
		result := found.result
		result.Opened, result.Recovered = kept.counts()
		return s.finish(ctx, tx, run, chunk, result, found.unread, &kept)
	})
	if err != nil {
		return kept, fmt.Errorf("keep what was found: %w", err)
	}
	s.tell(kept)
	return kept, nil
}

// again makes a transaction anew where somebody changed one of its events in between.
func (s *Schedule) again(ctx context.Context, f func(context.Context, *state.Tx) error) (err error) {
	for range commitAttempts {
		err = s.o.DB.InTx(ctx, f)
		if !errors.Is(err, state.ErrConflict) && !errors.Is(err, state.ErrExists) {
			break
		}
	}
	return err
}

// committed is what a transaction has changed.
type committed struct {
	run         state.Run
	last        bool // the run ended with it
	hosts       bool
	transitions []event.Transition
}

// counts says how many events were opened and how many recovered.
func (c *committed) counts() (opened, recovered int) {
	for _, t := range c.transitions {
		if t.New {
			opened++
		}
		if t.Event.Status == event.Recovered && t.Event.Recovery != event.Merged {
			recovered++
		}
	}
	return opened, recovered
}

// keepFindings advances the events of the chunk's hosts and keeps the hosts.
func (s *Schedule) keepFindings(ctx context.Context, tx *state.Tx, run state.Run, i state.Inspection, chunk state.Chunk, found *inspected, kept *committed) error {
	open, err := tx.OpenEvents(ctx, run.WorkspaceID, i.ID, chunk.Hosts)
	if err != nil {
		return err
	}
	earlier, err := tx.RecoveredEvents(ctx, run.WorkspaceID, i.ID, chunk.Hosts, run.At.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	kept.transitions = event.Advance(open, found.findings, s.o.Clock().UTC(), eventOptions(i, earlier))
	if err := s.keepEvents(ctx, tx, run.WorkspaceID, kept.transitions); err != nil {
		return err
	}
	for n := range found.hosts {
		h := &found.hosts[n]
		if !h.LastSeenAt.IsZero() {
			continue
		}
		before, err := tx.Host(ctx, run.WorkspaceID, h.Name)
		if err != nil && !errors.Is(err, state.ErrNotFound) {
			return err
		}
		remember(h, before)
	}
	// Rows are locked in one order by all.
	slices.SortFunc(found.hosts, func(a, b state.Host) int { return strings.Compare(a.Name, b.Name) })
	found.hosts = slices.CompactFunc(found.hosts, func(a, b state.Host) bool { return a.Name == b.Name })
	kept.hosts = len(found.hosts) > 0
	return tx.UpsertHosts(ctx, run.WorkspaceID, found.hosts)
}

func eventOptions(i state.Inspection, earlier []event.Event) event.Options {
	return event.Options{
		WorkspaceID: i.WorkspaceID, InspectionID: i.ID, Inspection: i.Name,
		HealthyRuns: i.HealthyRuns, NoDataRuns: i.NoDataRuns, NewID: state.NewID, Earlier: earlier,
	}
}

// keepEvents writes events as they are after their transitions, their histories, and what is to be
// told of them.
func (s *Schedule) keepEvents(ctx context.Context, tx *state.Tx, workspaceID string, changed []event.Transition) error {
	var entries []event.Entry
	for n := range changed {
		t := &changed[n]
		write := tx.UpdateEvent
		if t.New {
			write = tx.InsertEvent
		}
		if err := write(ctx, &t.Event); err != nil {
			return err
		}
		entries = append(entries, t.Entries...)
	}
	if err := tx.AppendEntries(ctx, workspaceID, entries); err != nil {
		return err
	}
	if s.o.Notices == nil || len(changed) == 0 {
		return nil
	}
	if err := s.o.Notices(ctx, tx, changed); err != nil {
		return fmt.Errorf("keep what is to be told: %w", err)
	}
	return nil
}

// giveUp marks the hosts of a chunk that has failed for good as failed, and the run goes on.
func (s *Schedule) giveUp(ctx context.Context, run state.Run, chunk state.Chunk, why string) error {
	_, err := s.markFailed(ctx, run, chunk, fmt.Sprintf("chunk %d", chunk.Index+1), why)
	if errors.Is(err, errCounted) || errors.Is(err, errEnded) {
		return nil
	}
	return err
}

// markFailed counts the hosts of a chunk as failed.
func (s *Schedule) markFailed(ctx context.Context, run state.Run, chunk state.Chunk, name, why string) (committed, error) {
	var kept committed
	err := s.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		kept = committed{}
		n := len(chunk.Hosts)
		text := fmt.Sprintf("%s (%s, from %s on) could not be inspected: %s", name, plural(n, "host"), chunk.Hosts[0], why)
		if err := s.log(ctx, tx, &run, "error", text); err != nil {
			return err
		}
		return s.finish(ctx, tx, run, chunk, state.ChunkResult{Hosts: n, Failed: n, Error: why}, nil, &kept)
	})
	if err != nil {
		return kept, fmt.Errorf("give up %s: %w", name, err)
	}
	s.tell(kept)
	return kept, nil
}

// tell says after the commit what has changed.
func (s *Schedule) tell(kept committed) {
	workspaceID := kept.run.WorkspaceID
	for _, t := range kept.transitions {
		if len(t.Entries) > 0 {
			s.published(workspaceID, Change{
				Kind: "event", ID: t.Event.ID, InspectionID: t.Event.InspectionID, Status: string(t.Entries[len(t.Entries)-1].Change),
			})
		}
	}
	if kept.hosts {
		s.published(workspaceID, Change{Kind: "hosts", ID: kept.run.ID, InspectionID: kept.run.InspectionID})
	}
	if kept.last {
		s.ended(kept.run)
	} else {
		s.published(workspaceID, runChange(&kept.run))
	}
}
