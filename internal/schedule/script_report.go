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
	"github.com/memseep/memseep/leak"
)

// reportLevels are what a report may say.
var reportLevels = []leak.Level{event.Info, leak.Warning, leak.Error, leak.Critical, leak.OK}

// Report takes what a check of the script reports into the events of the inspection, all or none of
// it. The time of a report is when the run began.
func (r *ScriptRun) Report(ctx context.Context, reports []event.Report) error {
	r.working.Lock()
	defer r.working.Unlock()
	if r.bound() == nil {
		return errUnbound
	}
	kept := make([]event.Report, len(reports))
	for n, one := range reports {
		if !slices.Contains(reportLevels, one.Level) {
			return fmt.Errorf("a report's level is one of %v, not %q", reportLevels, one.Level)
		}
		if strings.TrimSpace(one.Title) == "" {
			return errors.New("a report needs a title")
		}
		kept[n] = printableReport(one)
	}
	if len(kept) == 0 {
		return nil
	}
	return r.report(ctx, kept)
}

// report keeps what was reported, in one transaction with its notices and the run's counters.
func (r *ScriptRun) report(ctx context.Context, reports []event.Report) error {
	s, run, i := r.s, r.current(), *r.bound()
	prints, hosts := make([]string, len(reports)), make([]string, len(reports))
	for n := range reports {
		prints[n], hosts[n] = event.ReportFingerprint(i.WorkspaceID, i.ID, reports[n]), reports[n].Dimensions["host"]
	}
	var kept committed
	err := s.again(ctx, func(ctx context.Context, tx *state.Tx) error {
		kept = committed{}
		open, err := tx.OpenReports(ctx, i.WorkspaceID, prints)
		if err != nil {
			return err
		}
		earlier, err := tx.RecoveredEvents(ctx, i.WorkspaceID, i.ID, hosts, run.StartedAt.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		kept.transitions = event.AdvanceReports(open, reports, run.StartedAt, s.now(), eventOptions(i, earlier))
		if err := s.keepEvents(ctx, tx, run.WorkspaceID, kept.transitions); err != nil {
			return err
		}
		opened, recovered := kept.counts()
		kept.run, err = tx.AddToRun(ctx, run.WorkspaceID, run.ID, state.ChunkResult{Opened: opened, Recovered: recovered})
		if err == nil && !going(kept.run) {
			err = errEnded
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("keep what was reported: %w", err)
	}
	r.took(kept.run)
	s.tell(kept)
	return nil
}

// Bounds of a report.
const (
	maxTitle      = 500
	maxMessage    = 64 << 10
	maxDimension  = 1000
	maxDimensions = 50
)

// printableReport is a report as it can be kept.
func printableReport(r event.Report) event.Report {
	r.Title, r.Message = printable(r.Title, maxTitle), printable(r.Message, maxMessage)
	dimensions := make(map[string]string, len(r.Dimensions))
	for _, key := range slices.Sorted(maps.Keys(r.Dimensions)) {
		if len(dimensions) < maxDimensions {
			dimensions[printable(key, maxDimension)] = printable(r.Dimensions[key], maxDimension)
		}
	}
	r.Dimensions = dimensions
	return r
}
