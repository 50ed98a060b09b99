package api

import (
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Finding is what a trial says of one object. Nothing is kept of it.
type Finding struct {
	Object      Object    `json:"object"`
	Verdict     Verdict   `json:"verdict"`
	Suspects    []Suspect `json:"suspects"`
	Unexplained *int64    `json:"unexplained_bytes,omitempty" doc:"Growth of the host that no workload accounts for."`
	Notes       []string  `json:"notes" doc:"What is missing and what to install."`
	Problem     string    `json:"problem,omitempty" doc:"Why the object could not be inspected."`
}

// DryRun is what an inspection would find now.
type DryRun struct {
	At        time.Time `json:"at"`
	Hosts     int       `json:"hosts" doc:"Inspected."`
	Failed    int       `json:"failed"`
	NoData    int       `json:"no_data"`
	Leaks     int       `json:"leaks" doc:"Objects that leak."`
	Findings  []Finding `json:"findings" doc:"Leaks first; at most limit of them."`
	More      int       `json:"more" doc:"Findings that were left out."`
	Unmatched []string  `json:"unmatched" doc:"Lines of hosts that match nothing."`
}

type dryRunInput struct {
	FromRequest
	Body struct {
		Inspection InspectionInput `json:"inspection"`
		At         time.Time       `json:"at,omitzero" doc:"End of the windows; absent is now."`
		All        bool            `json:"all,omitempty" doc:"Findings of objects that do not leak too."`
		Limit      int             `json:"limit,omitempty" minimum:"1" maximum:"10000" default:"500"`
	}
}

type backtestInput struct {
	FromRequest
	Body struct {
		Inspection   InspectionInput `json:"inspection"`
		From         time.Time       `json:"from,omitzero" doc:"Absent: 30 days before the end, or where what is kept begins."`
		To           time.Time       `json:"to,omitzero" doc:"Absent: now."`
		EverySeconds int64           `json:"every_seconds,omitempty" minimum:"300" maximum:"86400" default:"14400" doc:"Distance of the runs."`
	}
}

// BacktestLine is one line of a backtest's answer: progress while it goes on, then the outcome or
// what went wrong.
type BacktestLine struct {
	Progress *BacktestProgress `json:"progress,omitempty"`
	Outcome  *BacktestOutcome  `json:"outcome,omitempty"`
	Problem  string            `json:"problem,omitempty" doc:"Why the backtest ended early."`
}

// BacktestProgress is how far a backtest is.
type BacktestProgress struct {
	Done  int `json:"done" doc:"Windows that were inspected: a host at a time each."`
	Total int `json:"total" doc:"Estimated."`
}

// BacktestOutcome is what an inspection would have raised.
type BacktestOutcome struct {
	From   time.Time      `json:"from"`
	To     time.Time      `json:"to"`
	Runs   int            `json:"runs"`
	Hosts  int            `json:"hosts" doc:"That would have had an event."`
	Events []EventSummary `json:"events" doc:"Oldest first; their identifiers name nothing that is kept."`
}

type matchingInput struct {
	Body struct {
		Hosts    string `json:"hosts,omitempty" maxLength:"200000" doc:"One name or glob a line; empty is every host."`
		SourceID string `json:"source_id,omitempty" maxLength:"200"`
	}
}

// Matching says which hosts a list chooses.
type Matching struct {
	Count     int      `json:"count" doc:"Hosts that match."`
	Total     int      `json:"total" doc:"Hosts that the source knows."`
	Sample    []string `json:"sample" doc:"The first of those that match."`
	Unmatched []string `json:"unmatched" doc:"Lines that match no host."`
}

type streamOutput struct {
	ContentType string `header:"Content-Type"`
	Body        func(huma.Context)
}

func (a *API) trialRoutes() {
	handle(a, route{
		method: http.MethodPost, path: "/inspections/matching-hosts", id: "matching-hosts", access: reads, tag: "Inspections",
		summary: "Count the hosts that a list chooses", errors: []int{http.StatusNotFound, http.StatusBadGateway},
	}, a.matchingHosts)
	handle(a, route{
		method: http.MethodPost, path: "/inspections/dry-run", id: "dry-run", access: edits, tag: "Inspections",
		summary:     "Try an inspection before it is kept",
		errors:      []int{http.StatusBadGateway},
		description: "Inspects now, or at a time, and answers the findings. No event is made.",
	}, a.dryRun)
	handle(a, route{
		method: http.MethodPost, path: "/inspections/backtest", id: "backtest", access: edits, tag: "Inspections",
		summary:     "Which events an inspection would have raised in the past",
		errors:      []int{http.StatusBadGateway},
		description: "Answers lines of JSON (application/x-ndjson), each a BacktestLine: progress while it goes on, the outcome as the last. Ends when the connection does.",
		streams:     map[string]reflect.Type{"application/x-ndjson": reflect.TypeFor[BacktestLine]()},
	}, a.backtest)
}
