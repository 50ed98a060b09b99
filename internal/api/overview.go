package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// Overview is the fleet now.
type Overview struct {
	At           time.Time      `json:"at"`
	Hosts        HostCounts     `json:"hosts"`
	NoData       []string       `json:"no_data" doc:"Hosts without data, the first fifty."`
	Events       EventCounts    `json:"events"`
	Urgent       []EventSummary `json:"urgent" doc:"Open events with the least time left, ten at most."`
	LeakBytes    int64          `json:"leak_bytes_per_hour" doc:"Memory that the fleet loses to leaks in an hour."`
	LastRun      *Run           `json:"last_run,omitempty"`
	NextRunAt    time.Time      `json:"next_run_at,omitzero"`
	NextRun      string         `json:"next_run,omitempty" doc:"Name of the inspection that is due next."`
	PausedUntil  time.Time      `json:"paused_until,omitzero" doc:"All inspections are paused until then."`
	Yesterday    Changes        `json:"yesterday" doc:"What changed in the last 24 hours."`
	Inspections  int            `json:"inspections" doc:"Enabled."`
	HasData      bool           `json:"has_data" doc:"A sample was ever received, or a source is configured."`
	SetupPending bool           `json:"setup_pending" doc:"The first steps have not been gone through yet."`
}

// Changes are what happened in a time.
type Changes struct {
	Opened    int            `json:"opened"`
	Recovered int            `json:"recovered"`
	Events    []EventSummary `json:"events" doc:"Opened or recovered, newest first, twenty at most."`
}

func (a *API) overviewRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/overview", id: "get-overview", access: reads, tag: "Overview",
		summary: "The fleet now: hosts by state, open events, time left, runs, what changed since yesterday",
	}, a.getOverview)
}

// What an overview shows at most.
const (
	overviewNoData  = 50
	overviewUrgent  = 10
	overviewChanges = 20
)

func (a *API) getOverview(ctx context.Context, _ *noInput) (*bodyOutput[Overview], error) {
	o := Overview{At: a.Clock().UTC(), NoData: []string{}, Urgent: []EventSummary{}}
	for _, fill := range []func(context.Context, *Overview) error{
		a.overviewHosts, a.overviewEvents, a.overviewRuns, a.overviewYesterday, a.overviewSetup,
	} {
		if err := fill(ctx, &o); err != nil {
			return nil, err
		}
	}
	return body(o), nil
}

func (a *API) overviewHosts(ctx context.Context, o *Overview) error {
	var err error
	if o.Hosts, err = a.hostCounts(ctx); err != nil {
		return err
	}
	silent, _, err := a.DB.Hosts(ctx, workspaceOf(ctx), state.HostFilter{
		Causes: []leak.Cause{leak.NoData, leak.TooShort, ""}, Page: state.Page{Limit: overviewNoData},
	})
	for _, h := range silent {
		o.NoData = append(o.NoData, h.Name)
	}
	return err
}

func (a *API) overviewEvents(ctx context.Context, o *Overview) error {
	ws, f := workspaceOf(ctx), state.EventFilter{Status: event.Open, Sort: state.ByExhaustion}
	counts, err := a.DB.EventCounts(ctx, ws, f)
	if err != nil {
		return err
	}
	o.Events = countsView(counts)
	open, err := every(func(p state.Page) ([]event.Event, string, error) {
		f.Page = p
		return a.DB.Events(ctx, ws, f)
	})
	if err != nil {
		return err
	}
	l := languageOf(ctx)
	totals, err := a.totals(ctx)
	if err != nil {
		return err
	}
	for i, e := range open {
		if i < overviewUrgent {
			o.Urgent = append(o.Urgent, a.summary(l, e))
		}
		o.LeakBytes += lost(e, totals[e.Object.Host])
	}
	return nil
}

// totals are the bytes of memory that hosts have.
func (a *API) totals(ctx context.Context) (map[string]float64, error) {
	hosts, err := every(func(p state.Page) ([]state.Host, string, error) {
		return a.DB.Hosts(ctx, workspaceOf(ctx), state.HostFilter{Page: p})
	})
	totals := make(map[string]float64, len(hosts))
	for _, h := range hosts {
		totals[h.Name] = h.TotalBytes
	}
	return totals, err
}

// lost is the memory that an event's leak takes in an hour. A host and its workload have one event,
// so that nothing counts twice.
func lost(e event.Event, total float64) int64 {
	pace := max(e.Verdict.SlopePerHour, 0)
	if e.Verdict.Unit == leak.Percent.String() {
		pace *= total / 100
	}
	return int64(pace)
}

func (a *API) overviewRuns(ctx context.Context, o *Overview) error {
	runs, _, err := a.DB.Runs(ctx, workspaceOf(ctx), state.RunFilter{Page: state.Page{Limit: 1}})
	if err != nil {
		return err
	}
	if len(runs) > 0 {
		r := a.runView(runs[0])
		o.LastRun = &r
	}
	all, err := a.everyInspection(ctx)
	if err != nil {
		return err
	}
	for _, i := range all {
		if !i.Enabled {
			continue
		}
		o.Inspections++
		if !i.NextRunAt.IsZero() && (o.NextRunAt.IsZero() || i.NextRunAt.Before(o.NextRunAt)) {
			o.NextRunAt, o.NextRun = i.NextRunAt, i.Name
		}
		o.HasData = o.HasData || i.SourceID != ""
	}
	paused, err := a.Schedule.Paused(ctx)
	o.PausedUntil = paused.Until
	return err
}

func (a *API) overviewYesterday(ctx context.Context, o *Overview) error {
	ws, since := workspaceOf(ctx), o.At.Add(-24*time.Hour)
	l := languageOf(ctx)
	opened, err := every(func(p state.Page) ([]event.Event, string, error) {
		return a.DB.Events(ctx, ws, state.EventFilter{From: since, Page: p})
	})
	if err != nil {
		return err
	}
	before, err := every(func(p state.Page) ([]event.Event, string, error) {
		return a.DB.Events(ctx, ws, state.EventFilter{OpenAt: since, Status: event.Recovered, Page: p})
	})
	if err != nil {
		return err
	}
	o.Yesterday.Opened = len(opened)
	changed := append(opened, before...)
	for _, e := range changed {
		if e.Status == event.Recovered {
			o.Yesterday.Recovered++
		}
	}
	slices.SortFunc(changed, func(x, y event.Event) int {
		return cmp.Or(lastChange(y).Compare(lastChange(x)), cmp.Compare(x.ID, y.ID))
	})
	o.Yesterday.Events = []EventSummary{}
	for _, e := range changed[:min(len(changed), overviewChanges)] {
		o.Yesterday.Events = append(o.Yesterday.Events, a.summary(l, e))
	}
	return nil
}

func lastChange(e event.Event) time.Time { return or(e.RecoveredAt, e.OpenedAt) }

func (a *API) overviewSetup(ctx context.Context, o *Overview) error {
	settings, _, err := a.settings(ctx)
	if err != nil {
		return err
	}
	o.SetupPending = !settings.SetupDone
	m, err := a.Spaces.Workspace(ctx, workspaceOf(ctx))
	if err != nil {
		return err
	}
	if stats, err := m.Stats(ctx); err == nil && !stats.Newest.IsZero() {
		o.HasData = true
	}
	return nil
}
