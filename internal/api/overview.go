package api

import (
	"net/http"
	"time"
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
	NewHosts  int            `json:"new_hosts"`
	Events    []EventSummary `json:"events" doc:"Opened or recovered, newest first, twenty at most."`
}

func (a *API) overviewRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/overview", id: "get-overview", access: reads, tag: "Overview",
		summary: "The fleet now: hosts by state, open events, time left, runs, what changed since yesterday",
	}, unbuilt[noInput, bodyOutput[Overview]])
}
