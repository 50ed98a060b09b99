package api

import (
	"encoding/json"
	"net/http"
	"time"
)

// TriggerInput is a trigger as it is written.
type TriggerInput struct {
	ScriptID       string          `json:"script_id" minLength:"1" maxLength:"200"`
	Function       string          `json:"function" minLength:"1" maxLength:"200" example:"run" doc:"Of the published script."`
	Args           json.RawMessage `json:"args,omitempty" doc:"An object of named arguments, or a list."`
	Schedule       string          `json:"schedule,omitempty" maxLength:"200" example:"0 * * * *" doc:"Cron of five fields. Where the script has a fixed crontab, that is taken."`
	TimeZone       string          `json:"time_zone,omitempty" maxLength:"100" example:"Asia/Shanghai" doc:"IANA name; empty is UTC."`
	TimeoutSeconds int64           `json:"timeout_seconds,omitempty" minimum:"0" maximum:"3600" doc:"Where the script says a timeout, that is taken; absent is 900."`
	Enabled        bool            `json:"enabled"`
	ExpiresAt      *time.Time      `json:"expires_at,omitempty" doc:"No run after it; absent is never."`
	Note           string          `json:"note,omitempty" maxLength:"2000"`
	Tags           []string        `json:"tags,omitempty" maxItems:"50"`
	Keep           int             `json:"keep,omitempty" minimum:"0" maximum:"10000" doc:"Runs that are kept, for 90 days at most; absent is 500."`
}

// Trigger runs a function of a script by a schedule.
type Trigger struct {
	ID string `json:"id"`
	TriggerInput
	Script       string      `json:"script" example:"startup__memory_leak" doc:"SET__NAME of the script."`
	Title        string      `json:"title" doc:"Of the function."`
	Fixed        bool        `json:"fixed" doc:"The schedule is the script's."`
	FixedTimeout bool        `json:"fixed_timeout" doc:"The timeout is the script's."`
	Problem      string      `json:"problem,omitempty" doc:"Why its runs will fail: the published script has no such function any more."`
	NextRunAt    time.Time   `json:"next_run_at,omitzero" doc:"Absent where it is disabled or has expired."`
	LastRun      *TriggerRun `json:"last_run,omitempty"`
	InspectionID string      `json:"inspection_id,omitempty" doc:"The inspection that the function is; absent before it has registered."`
	Paused       bool        `json:"paused" doc:"All of the instance is paused: it does not run by its schedule until then."`
	CreatedBy    string      `json:"created_by"`
	CreatedAt    time.Time   `json:"created_at"`
	UpdatedAt    time.Time   `json:"updated_at"`
}

// TriggerRun is how a trigger ran last.
type TriggerRun struct {
	ID          string    `json:"id"`
	Status      string    `json:"status" enum:"pending,running,success,failure,timeout,expired,skipped"`
	ScheduledAt time.Time `json:"scheduled_at"`
	StartedAt   time.Time `json:"started_at,omitzero"`
	EndedAt     time.Time `json:"ended_at,omitzero"`
	Error       string    `json:"error,omitempty"`
}

type listTriggersInput struct {
	ScriptID string `query:"script_id" maxLength:"200" doc:"Those of one script alone."`
}

type addTriggerInput struct{ Body TriggerInput }

type triggerChange struct {
	ByID
	Guard
	Body TriggerInput
}

func (a *API) triggerRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/triggers", id: "list-triggers", access: reads, tag: "Triggers",
		summary: "All triggers with their last run",
	}, a.listTriggers)
	handle(a, route{
		method: http.MethodPost, path: "/triggers", id: "add-trigger", access: edits, tag: "Triggers",
		summary: "Let a function of a published script run by a schedule", status: http.StatusCreated, audit: "trigger.add",
	}, a.addTrigger)
	handle(a, route{
		method: http.MethodGet, path: "/triggers/{id}", id: "get-trigger", access: reads, tag: "Triggers",
		summary: "One trigger", errors: []int{http.StatusNotFound},
		description: "Its runs are those of /runs?trigger=ID.",
	}, a.getTrigger)
	handle(a, route{
		method: http.MethodPut, path: "/triggers/{id}", id: "update-trigger", access: edits, tag: "Triggers",
		summary: "Change a trigger", audit: "trigger.update", errors: []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, a.updateTrigger)
	handle(a, route{
		method: http.MethodDelete, path: "/triggers/{id}", id: "delete-trigger", access: edits, tag: "Triggers",
		summary: "Delete a trigger with its runs", status: http.StatusNoContent, audit: "trigger.delete", errors: []int{http.StatusNotFound},
		description: "The inspection that its function is stays, and runs no more.",
	}, a.deleteTrigger)
	handle(a, route{
		method: http.MethodPost, path: "/triggers/{id}/enable", id: "enable-trigger", access: edits, tag: "Triggers",
		summary: "Enable a trigger", audit: "trigger.enable", errors: []int{http.StatusNotFound},
	}, a.enableTrigger)
	handle(a, route{
		method: http.MethodPost, path: "/triggers/{id}/disable", id: "disable-trigger", access: edits, tag: "Triggers",
		summary: "Disable a trigger", audit: "trigger.disable", errors: []int{http.StatusNotFound},
	}, a.disableTrigger)
	handle(a, route{
		method: http.MethodPost, path: "/triggers/{id}/run", id: "run-trigger", access: edits, tag: "Triggers",
		summary: "Run a trigger now", status: http.StatusAccepted, audit: "trigger.run", errors: []int{http.StatusNotFound, http.StatusConflict},
		description: "Answers the run, which goes on: follow it by /runs/{id} or the stream.",
	}, a.runTrigger)
}
