package api

import (
	"net/http"
	"time"
)

// Run is one execution of an inspection.
type Run struct {
	ID             string    `json:"id"`
	InspectionID   string    `json:"inspection_id"`
	Inspection     string    `json:"inspection" doc:"Its name at the time."`
	Status         string    `json:"status" enum:"pending,running,success,failure,timeout,expired,skipped"`
	ScheduledAt    time.Time `json:"scheduled_at"`
	StartedAt      time.Time `json:"started_at,omitzero"`
	EndedAt        time.Time `json:"ended_at,omitzero"`
	At             time.Time `json:"at,omitzero" doc:"End of the windows."`
	WaitSeconds    float64   `json:"wait_seconds" doc:"From when it was due to its start."`
	RunSeconds     float64   `json:"run_seconds" doc:"From its start to its end, or until now."`
	Manual         string    `json:"manual,omitempty" doc:"Who asked for it; absent where the schedule did."`
	MadeUp         bool      `json:"made_up" doc:"Missed while the server was down, and made up for."`
	Progress       float64   `json:"progress" minimum:"0" maximum:"1" doc:"Share of its chunks of hosts that are done."`
	Hosts          int       `json:"hosts" doc:"Inspected, those that failed and those without data among them."`
	Failed         int       `json:"failed"`
	NoData         int       `json:"no_data"`
	Leaks          int       `json:"leaks" doc:"Objects that leak."`
	OpenedEvents   int       `json:"opened_events"`
	RecoveredEvent int       `json:"recovered_events"`
	Error          string    `json:"error,omitempty" doc:"Why it failed or was skipped."`
}

// LogLine is a line of a run's log.
type LogLine struct {
	Seq   int64     `json:"seq"`
	At    time.Time `json:"at"`
	Level string    `json:"level" enum:"info,warning,error"`
	Text  string    `json:"text"`
}

// RunWithLog is a run and the lines of its log.
type RunWithLog struct {
	Run
	Log []LogLine `json:"log" doc:"The first thousand lines; the rest by /runs/{id}/log."`
}

type listRunsInput struct {
	Paging
	InspectionID string    `query:"inspection_id" maxLength:"200"`
	Status       []string  `query:"status,explode" enum:"pending,running,success,failure,timeout,expired,skipped"`
	From         time.Time `query:"from" doc:"Due at or after it."`
	To           time.Time `query:"to" doc:"Due before it."`
}

type runLogInput struct {
	ByID
	After int64 `query:"after" minimum:"0" doc:"Lines with a higher seq alone."`
}

func (a *API) runRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/runs", id: "list-runs", access: reads, tag: "Runs",
		summary: "Runs of inspections, newest first",
	}, unbuilt[listRunsInput, pageOutput[Run]])
	handle(a, route{
		method: http.MethodGet, path: "/runs/{id}", id: "get-run", access: reads, tag: "Runs",
		summary: "One run with its log and how far it is", errors: []int{http.StatusNotFound},
	}, unbuilt[ByID, bodyOutput[RunWithLog]])
	handle(a, route{
		method: http.MethodGet, path: "/runs/{id}/log", id: "get-run-log", access: reads, tag: "Runs",
		summary: "Lines of a run's log, from one on", errors: []int{http.StatusNotFound},
	}, unbuilt[runLogInput, pageOutput[LogLine]])
}
