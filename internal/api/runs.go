package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// Run is one execution of an inspection, or of a trigger of a script.
type Run struct {
	ID              string    `json:"id"`
	InspectionID    string    `json:"inspection_id" doc:"Empty where the function of a trigger has registered none."`
	TriggerID       string    `json:"trigger_id,omitempty" doc:"Where a trigger of a script made it."`
	Inspection      string    `json:"inspection" doc:"Its name at the time; of a trigger without one SET__SCRIPT.FUNCTION."`
	Status          string    `json:"status" enum:"pending,running,success,failure,timeout,expired,skipped"`
	ScheduledAt     time.Time `json:"scheduled_at"`
	StartedAt       time.Time `json:"started_at,omitzero"`
	EndedAt         time.Time `json:"ended_at,omitzero"`
	At              time.Time `json:"at,omitzero" doc:"End of the windows."`
	WaitSeconds     float64   `json:"wait_seconds" doc:"From when it was due to its start."`
	RunSeconds      float64   `json:"run_seconds" doc:"From its start to its end, or until now."`
	Manual          string    `json:"manual,omitempty" doc:"Who asked for it; absent where the schedule did."`
	MadeUp          bool      `json:"made_up" doc:"Missed while the server was down, and made up for."`
	Progress        float64   `json:"progress" minimum:"0" maximum:"1" doc:"Share of its chunks of hosts that are done."`
	Hosts           int       `json:"hosts" doc:"Inspected, those that failed and those without data among them."`
	Failed          int       `json:"failed"`
	NoData          int       `json:"no_data"`
	Leaks           int       `json:"leaks" doc:"Objects that leak."`
	OpenedEvents    int       `json:"opened_events"`
	RecoveredEvents int       `json:"recovered_events"`
	Error           string    `json:"error,omitempty" doc:"Why it failed or was skipped."`
	PeakBytes       int64     `json:"peak_bytes,omitempty" doc:"Of memory that a script took."`
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
	Traceback string          `json:"traceback,omitempty" doc:"Of a script that failed."`
	Result    json.RawMessage `json:"result,omitempty" doc:"What a script's function returned: any JSON."`

	Log []LogLine `json:"log" doc:"The first thousand lines; the rest by /runs/{id}/log."`
}

type listRunsInput struct {
	Paging
	InspectionID string    `query:"inspection_id" maxLength:"200"`
	Trigger      string    `query:"trigger" maxLength:"200" doc:"Those of this trigger alone, by its id."`
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
		summary: "Runs of inspections and of triggers, newest first",
	}, a.listRuns)
	handle(a, route{
		method: http.MethodGet, path: "/runs/{id}", id: "get-run", access: reads, tag: "Runs",
		summary: "One run with its log and how far it is", errors: []int{http.StatusNotFound},
	}, a.getRun)
	handle(a, route{
		method: http.MethodGet, path: "/runs/{id}/log", id: "get-run-log", access: reads, tag: "Runs",
		summary: "Lines of a run's log, from one on", errors: []int{http.StatusNotFound},
	}, a.runLog)
}

func (a *API) runView(l language, r state.Run) Run {
	v := Run{
		ID: r.ID, InspectionID: r.InspectionID, TriggerID: r.TriggerID, Inspection: r.Inspection, Status: string(r.Status),
		ScheduledAt: r.ScheduledAt, StartedAt: r.StartedAt, EndedAt: r.EndedAt, At: r.At,
		Manual: r.Manual, MadeUp: r.MadeUp, Hosts: r.Hosts, Failed: r.Failed, NoData: r.NoData, Leaks: r.Leaks,
		OpenedEvents: r.Opened, RecoveredEvents: r.RecoveredN, Error: l.say(r.Error), PeakBytes: r.PeakBytes,
	}
	now := a.Clock()
	begun, ended := or(r.StartedAt, or(r.EndedAt, now)), or(r.EndedAt, now)
	v.WaitSeconds = max(begun.Sub(r.ScheduledAt).Seconds(), 0)
	if !r.StartedAt.IsZero() {
		v.RunSeconds = max(ended.Sub(r.StartedAt).Seconds(), 0)
	}
	switch {
	case r.Status == state.RunSuccess:
		v.Progress = 1
	case r.Chunks > 0:
		v.Progress = min(float64(r.ChunksDone)/float64(r.Chunks), 1)
	}
	return v
}

// or is the first time that is known.
func or(t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return t
}

// logLine is a line of the run's log; what a script has printed stays as it is.
func (l language) logLine(line state.LogLine) LogLine {
	if line.Level == state.PrintLevel {
		return LogLine{Seq: line.Seq, At: line.At, Level: "info", Text: line.Text}
	}
	return LogLine{Seq: line.Seq, At: line.At, Level: line.Level, Text: l.say(line.Text)}
}

func (a *API) listRuns(ctx context.Context, in *listRunsInput) (*pageOutput[Run], error) {
	rows, next, err := a.DB.Runs(ctx, workspaceOf(ctx), state.RunFilter{
		InspectionID: in.InspectionID, TriggerID: in.Trigger, Statuses: named[state.RunStatus](in.Status), From: in.From, To: in.To,
		Page: state.Page{Limit: in.Limit, Cursor: in.Cursor},
	})
	l := languageOf(ctx)
	return pageOf(rows, next, func(r state.Run) Run { return a.runView(l, r) }), err
}

// logLimit is how many lines one answer holds.
const logLimit = 1000

func (a *API) getRun(ctx context.Context, in *ByID) (*bodyOutput[RunWithLog], error) {
	r, err := a.DB.Run(ctx, workspaceOf(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	l := languageOf(ctx)
	out := RunWithLog{Run: a.runView(l, r), Traceback: r.Traceback, Result: r.Result, Log: []LogLine{}}
	for _, line := range r.Log[:min(len(r.Log), logLimit)] {
		out.Log = append(out.Log, l.logLine(line))
	}
	return body(out), nil
}

func (a *API) runLog(ctx context.Context, in *runLogInput) (*pageOutput[LogLine], error) {
	if _, err := a.DB.Run(ctx, workspaceOf(ctx), in.ID); err != nil {
		return nil, err
	}
	rows, err := a.DB.RunLog(ctx, workspaceOf(ctx), in.ID, in.After)
	if err != nil {
		return nil, err
	}
	return pageOf(rows[:min(len(rows), logLimit)], "", languageOf(ctx).logLine), nil
}
