package api

import (
	"context"
	"net/http"
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
	f.Page = state.Page{Limit: overviewUrgent}
	urgent, _, err := a.DB.Events(ctx, ws, f)
	if err != nil {
		return err
	}
	l := languageOf(ctx)
	for _, e := range urgent {
		o.Urgent = append(o.Urgent, a.summary(l, e))
	}
	pace, err := a.DB.LeakPace(ctx, ws)
	o.LeakBytes = int64(pace)
	return err
}

func (a *API) overviewRuns(ctx context.Context, o *Overview) error {
	runs, _, err := a.DB.Runs(ctx, workspaceOf(ctx), state.RunFilter{Page: state.Page{Limit: 1}})
	if err != nil {
		return err
	}
	if len(runs) > 0 {
		r := a.runView(languageOf(ctx), runs[0])
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
	c, err := a.DB.Changes(ctx, ws, since, overviewChanges)
	o.Yesterday = Changes{Opened: c.Opened, Recovered: c.Recovered, Events: []EventSummary{}}
	for _, e := range c.Latest {
		o.Yesterday.Events = append(o.Yesterday.Events, a.summary(l, e))
	}
	return err
}

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
