package schedule

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

// finish counts a chunk. It comes last in the transaction, since it holds the run's row, and all
// before it is taken back where the chunk was counted, or the run was ended, in between.
func (s *Schedule) finish(ctx context.Context, tx *state.Tx, run state.Run, chunk state.Chunk, r state.ChunkResult, unread []string, kept *committed) error {
	r.EndedAt = s.now()
	count := func() (state.Run, bool, error) { return tx.FinishChunk(ctx, run.WorkspaceID, run.ID, chunk.Index, r) }
	if run.TriggerID != "" {
		count = func() (state.Run, bool, error) { return tx.AddDoneChunk(ctx, run.WorkspaceID, run.ID, chunk.Hosts, r) }
	}
	after, counted, err := count()
	switch {
	case err != nil:
		return err
	case !going(after):
		return errEnded
	case !counted:
		return errCounted
	}
	// A script's run ends with its function.
	kept.run, kept.last = after, after.TriggerID == "" && after.ChunksDone == after.Chunks
	lines := s.unreadLines(unread, after.Failed-r.Failed)
	if kept.last {
		lines = append(lines, s.endRun(&kept.run)...)
		if err := s.tieIncidents(ctx, tx, kept); err != nil {
			return err
		}
		if err := tx.UpdateRun(ctx, &kept.run); err != nil {
			return err
		}
	}
	return tx.AppendLog(ctx, run.WorkspaceID, run.ID, lines)
}

// unreadLines names hosts that could not be read, of the whole run the first maxWarnings.
func (s *Schedule) unreadLines(unread []string, before int) []state.LogLine {
	var lines []state.LogLine
	for _, u := range unread[:min(len(unread), max(maxWarnings-before, 0))] {
		lines = append(lines, s.line("warning", "could not be read: "+u))
	}
	return lines
}

// endRun says how a run whose chunks are all done has ended.
func (s *Schedule) endRun(run *state.Run) []state.LogLine {
	run.EndedAt = s.now()
	var lines []state.LogLine
	if more := run.Failed - maxWarnings; more > 0 {
		lines = append(lines, s.line("warning", fmt.Sprintf("%s in all could not be read", plural(run.Failed, "host"))))
	}
	run.Status = state.RunSuccess
	if run.Hosts > 0 && run.Failed == run.Hosts {
		run.Status, run.Error = state.RunFailure, "no host could be read: the log says why"
		return append(lines, s.line("error", run.Error))
	}
	took := run.EndedAt.Sub(run.StartedAt).Round(time.Millisecond)
	text := fmt.Sprintf("%s inspected in %s: %s", plural(run.Hosts, "host"), took, plural(run.Leaks, "leak"))
	if run.TriggerID != "" && run.Hosts == 0 {
		text = fmt.Sprintf("ended in %s", took)
	}
	for _, c := range []struct {
		n    int
		what string
	}{{run.Opened, "%s opened"}, {run.RecoveredN, "%s recovered"}} {
		if c.n > 0 {
			text += ", " + fmt.Sprintf(c.what, plural(c.n, "event"))
		}
	}
	if run.NoData > 0 {
		text += fmt.Sprintf("; %s without enough data", plural(run.NoData, "host"))
	}
	return append(lines, s.line("info", text))
}

// incidentSpan is how long before this run leaks may have begun to be tied to its own.
const incidentSpan = 24 * time.Hour

// tieIncidents ties leaks of one workload name that begin together, over all chunks of the run.
func (s *Schedule) tieIncidents(ctx context.Context, tx *state.Tx, kept *committed) error {
	run := &kept.run
	if run.Opened == 0 {
		return nil
	}
	var opened []event.Event
	for f := (state.EventFilter{InspectionID: run.InspectionID, Status: event.Open, From: run.At, To: run.At.Add(time.Millisecond), Page: state.Page{Limit: 1000}}); ; {
		events, cursor, err := tx.Events(ctx, run.WorkspaceID, f)
		if err != nil {
			return err
		}
		opened = append(opened, events...)
		if f.Cursor = cursor; cursor == "" {
			break
		}
	}
	names := map[string]bool{}
	isNew := map[string]bool{}
	for _, e := range opened {
		isNew[e.ID] = true
		if c := e.Attributes[event.AttrCulprit]; c != "" {
			names[c] = true
		}
	}
	if len(names) == 0 {
		return nil
	}
	candidates, err := tx.OpenIncidentCandidates(ctx, run.WorkspaceID, slices.Sorted(maps.Keys(names)), run.At.Add(-incidentSpan))
	if err != nil {
		return err
	}
	var before []event.Event
	for _, e := range candidates {
		if !isNew[e.ID] {
			before = append(before, e)
		}
	}
	tied := event.Incidents(opened, before, s.now())
	if err := s.keepEvents(ctx, tx, run.WorkspaceID, tied); err != nil {
		return err
	}
	kept.transitions = append(kept.transitions, tied...)
	return nil
}

// end ends a run before its chunks are done.
func (s *Schedule) end(ctx context.Context, run *state.Run, status state.RunStatus, why string) error {
	ended := *run
	ended.Status, ended.EndedAt, ended.Error = status, s.now(), why
	err := s.o.DB.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		if err := tx.UpdateRun(ctx, &ended); err != nil {
			return err
		}
		if err := tx.ForgetHosts(ctx, run.WorkspaceID, run.ID); err != nil {
			return err
		}
		return s.log(ctx, tx, &ended, "error", why)
	})
	switch {
	case errors.Is(err, state.ErrConflict), errors.Is(err, state.ErrNotFound):
		return nil // it has ended, or was deleted, in between
	case err != nil:
		return fmt.Errorf("end run %s: %w", run.ID, err)
	}
	*run = ended
	s.ended(ended)
	return nil
}

// ended says that a run is over, after the commit that ended it, and drops what is left of it here.
func (s *Schedule) ended(run state.Run) {
	s.drop(run.ID)
	s.metrics.ended(&run)
	s.published(run.WorkspaceID, runChange(&run))
	log := s.o.Logger.Info
	if run.Status != state.RunSuccess {
		log = s.o.Logger.Warn
	}
	log("a run has ended", "inspection", run.Inspection, "run", run.ID, "status", run.Status, "hosts", run.Hosts,
		"failed", run.Failed, "no_data", run.NoData, "leaks", run.Leaks, "opened", run.Opened, "recovered", run.RecoveredN,
		"error", strings.TrimSpace(run.Error))
}
