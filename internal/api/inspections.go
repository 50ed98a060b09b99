package api

import (
	"net/http"
	"reflect"
	"time"
)

// InspectionInput is an inspection as it is written.
type InspectionInput struct {
	Name           string     `json:"name" minLength:"1" maxLength:"200" example:"memory leaks"`
	Help           string     `json:"help,omitempty" maxLength:"20000" doc:"Markdown: what it is for and what to do when it finds something."`
	Hosts          string     `json:"hosts,omitempty" maxLength:"200000" example:"web-*\ndb-1" doc:"One name or glob a line; empty is every host."`
	SourceID       string     `json:"source_id,omitempty" maxLength:"200" doc:"Where windows are read from; empty is the workspace's own store."`
	WindowSeconds  int64      `json:"window_seconds,omitempty" minimum:"7200" maximum:"21600" default:"21600" doc:"What is inspected."`
	HistorySeconds *int64     `json:"history_seconds,omitempty" minimum:"0" maximum:"604800" default:"604800" doc:"What before the window is looked at, as floors."`
	Levels         *Levels    `json:"levels,omitempty" doc:"Absent: those of the workspace."`
	HealthyRuns    int        `json:"healthy_runs,omitempty" minimum:"1" maximum:"100" default:"2" doc:"Healthy verdicts in a row that end an event."`
	NoDataRuns     int        `json:"no_data_runs,omitempty" minimum:"1" maximum:"1000" default:"3" doc:"Runs without data in a row that end an event."`
	PolicyID       string     `json:"policy_id,omitempty" maxLength:"200" doc:"Who is told."`
	Schedule       string     `json:"schedule" minLength:"1" maxLength:"200" example:"0 * * * *" doc:"Cron of five fields."`
	TimeZone       string     `json:"time_zone,omitempty" maxLength:"100" example:"Asia/Shanghai" doc:"IANA name; empty is UTC."`
	TimeoutSeconds int64      `json:"timeout_seconds,omitempty" minimum:"1" maximum:"3600" default:"900"`
	Enabled        bool       `json:"enabled"`
	ExpiresAt      *time.Time `json:"expires_at,omitempty" doc:"No run after it; absent is never."`
	Tags           []string   `json:"tags,omitempty" maxItems:"50" doc:"To find it by."`
}

// Levels say how urgent a leak is. The more urgent of time left and share in use counts.
type Levels struct {
	CriticalHours   float64 `json:"critical_hours" minimum:"0" maximum:"87600" example:"6" doc:"At most so many hours left."`
	ErrorHours      float64 `json:"error_hours" minimum:"0" maximum:"87600" example:"24"`
	CriticalPercent float64 `json:"critical_percent" exclusiveMinimum:"0" maximum:"100" example:"95" doc:"At least so much in use."`
	ErrorPercent    float64 `json:"error_percent" exclusiveMinimum:"0" maximum:"100" example:"85"`
}

// Inspection is what is inspected, when and how, with how it goes.
type Inspection struct {
	ID string `json:"id"`
	InspectionInput
	Origin     string    `json:"origin" enum:"app,file,script" doc:"Where it was written. What is changed in the app wins over the file, and that over a script."`
	OriginKey  string    `json:"origin_key,omitempty" doc:"What it is called there."`
	Overridden []string  `json:"overridden" doc:"Fields that were changed here although a file or a script wrote it."`
	Script     bool      `json:"script" doc:"A script filters its hosts or checks its findings."`
	TriggerID  string    `json:"trigger_id,omitempty" doc:"Of a script's inspection: what runs it, and has its schedule, time zone and timeout."`
	NextRunAt  time.Time `json:"next_run_at,omitzero" doc:"Absent where it is disabled or has expired."`
	LastRun    *Run      `json:"last_run,omitempty"`
	OpenEvents int       `json:"open_events"`
	CreatedBy  string    `json:"created_by,omitempty"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}

type listInspectionsInput struct {
	Text    string `query:"text" maxLength:"200" doc:"In the name, help, hosts or tags."`
	Enabled string `query:"enabled" enum:"true,false," doc:"Only those that are, or are not."`
	Tag     string `query:"tag" maxLength:"200"`
}

type addInspectionInput struct{ Body InspectionInput }

type inspectionChange struct {
	ByID
	Guard
	Body InspectionInput
}

func (a *API) inspectionRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/inspections", id: "list-inspections", access: reads, tag: "Inspections",
		summary: "Inspections with their last run and their open events",
	}, a.listInspections)
	handle(a, route{
		method: http.MethodPost, path: "/inspections", id: "add-inspection", access: edits, tag: "Inspections",
		summary: "Add an inspection", status: http.StatusCreated, audit: "inspection.add",
	}, a.addInspection)
	handle(a, route{
		method: http.MethodGet, path: "/inspections/export", id: "export-inspections", access: reads, tag: "Inspections",
		summary: "Inspections as YAML",
		streams: map[string]reflect.Type{"application/yaml": nil},
	}, a.exportInspections)
	handle(a, route{
		method: http.MethodPost, path: "/inspections/import", id: "import-inspections", access: edits, tag: "Inspections", bodyLimit: 4 << 20,
		summary: "Take inspections from YAML", audit: "inspection.import",
		description: "One of the same name is updated. All or nothing: an error in one changes none.",
	}, a.importInspections)
	handle(a, route{
		method: http.MethodGet, path: "/inspections/{id}", id: "get-inspection", access: reads, tag: "Inspections",
		summary: "One inspection", errors: []int{http.StatusNotFound},
	}, a.getInspection)
	handle(a, route{
		method: http.MethodPut, path: "/inspections/{id}", id: "update-inspection", access: edits, tag: "Inspections",
		summary: "Change an inspection", audit: "inspection.update", errors: []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, a.updateInspection)
	handle(a, route{
		method: http.MethodDelete, path: "/inspections/{id}", id: "delete-inspection", access: edits, tag: "Inspections",
		summary: "Delete an inspection; its open events are recovered", status: http.StatusNoContent, audit: "inspection.delete", errors: []int{http.StatusNotFound},
	}, a.deleteInspection)
	handle(a, route{
		method: http.MethodPost, path: "/inspections/{id}/enable", id: "enable-inspection", access: edits, tag: "Inspections",
		summary: "Enable an inspection", audit: "inspection.enable", errors: []int{http.StatusNotFound},
	}, a.enableInspection)
	handle(a, route{
		method: http.MethodPost, path: "/inspections/{id}/disable", id: "disable-inspection", access: edits, tag: "Inspections",
		summary: "Disable an inspection", audit: "inspection.disable", errors: []int{http.StatusNotFound},
	}, a.disableInspection)
	handle(a, route{
		method: http.MethodPost, path: "/inspections/{id}/duplicate", id: "duplicate-inspection", access: edits, tag: "Inspections",
		summary: "Copy an inspection; the copy is disabled", status: http.StatusCreated, audit: "inspection.duplicate", errors: []int{http.StatusNotFound},
	}, a.duplicateInspection)
	handle(a, route{
		method: http.MethodPost, path: "/inspections/{id}/run", id: "run-inspection", access: edits, tag: "Inspections",
		summary: "Run an inspection now", status: http.StatusAccepted, audit: "inspection.run", errors: []int{http.StatusNotFound, http.StatusConflict},
		description: "Answers the run, which goes on: follow it by /runs/{id} or the stream.",
	}, a.runNow)
}
