package api

import (
	"cmp"
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// trialParallel is how many hosts a trial reads at once: runs by schedule go first.
const trialParallel = 2

func (a *API) dryRun(ctx context.Context, in *dryRunInput) (*bodyOutput[DryRun], error) {
	t, err := a.trial(ctx, in.Body.Inspection)
	if err != nil {
		return nil, err
	}
	t.Now = or(in.Body.At, a.Clock())
	ctx, cancel := context.WithTimeout(ctx, t.Inspection.Timeout)
	defer cancel()
	_ = in.SetWriteDeadline(time.Now().Add(t.Inspection.Timeout)) // without one the server's stays
	var kept []inspect.Finding
	s, unmatched, err := schedule.DryRun(ctx, t, func(f inspect.Finding) error {
		if in.Body.All || f.Verdict.Leak || f.Err != nil {
			kept = append(kept, f)
		}
		return nil
	})
	if err != nil {
		return nil, trialProblem(err)
	}
	slices.SortStableFunc(kept, byUrgency)
	shown := kept[:min(len(kept), in.Body.Limit)]
	out := DryRun{
		At: s.At.UTC(), Hosts: s.Hosts, Failed: s.Failed, NoData: s.NoData, Leaks: s.Leaks,
		Findings: make([]Finding, len(shown)), More: len(kept) - len(shown), Unmatched: append([]string{}, unmatched...),
	}
	l := languageOf(ctx)
	for n := range shown {
		out.Findings[n] = l.finding(&shown[n])
	}
	return body(out), nil
}

// trial is an inspection that is not kept, with its source.
func (a *API) trial(ctx context.Context, in InspectionInput) (schedule.Trial, error) {
	t := schedule.Trial{
		Inspection: state.Inspection{WorkspaceID: workspaceOf(ctx), Origin: state.FromApp},
		Now:        a.Clock(), Parallel: trialParallel,
	}
	if err := a.write(ctx, &t.Inspection, in); err != nil {
		return t, err
	}
	settings, _, err := a.settings(ctx)
	if err != nil {
		return t, err
	}
	if t.Inspection.Thresholds == (leak.Thresholds{}) {
		t.Inspection.Thresholds = leak.Thresholds(settings.Levels)
	}
	if t.Source, err = a.Source(ctx, t.Inspection); err != nil {
		return t, badSource(err)
	}
	return t, nil
}

// trialProblem says what kept a trial from being made.
func trialProblem(err error) error {
	var unknown *inspect.UnknownHostsError
	var future *inspect.FutureError
	switch {
	case errors.As(err, &unknown):
		return invalid("body.inspection.hosts", err.Error())
	case errors.As(err, &future):
		return invalid("body.at", err.Error())
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return err
	}
	return problem(http.StatusBadGateway, "the inspection could not be made: "+err.Error())
}

// byUrgency puts leaks first, the most urgent of them before others.
func byUrgency(x, y inspect.Finding) int {
	rank := func(f inspect.Finding) int {
		if !f.Verdict.Leak {
			return -1
		}
		return urgency(f.Verdict.Level)
	}
	return cmp.Or(cmp.Compare(rank(y), rank(x)), cmp.Compare(x.Object.String(), y.Object.String()))
}

func (l language) finding(f *inspect.Finding) Finding {
	out := Finding{
		Object: objectView(f.Object), Verdict: l.verdict(event.VerdictOf(f)),
		Suspects: suspectViews(event.SuspectsOf(f.Suspects)), Notes: l.notes(f.Notes),
	}
	if !math.IsNaN(f.Unexplained) && f.Object.Kind == leak.KindHost {
		bytes := int64(f.Unexplained)
		out.Unexplained = &bytes
	}
	if f.Err != nil {
		out.Problem = l.say(f.Err.Error())
	}
	return out
}
