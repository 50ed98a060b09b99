package api

import (
	"net/http"
	"time"
)

// SilenceInput is a silence or a maintenance window as it is written.
type SilenceInput struct {
	Name                string   `json:"name" minLength:"1" maxLength:"200" example:"monthly patching" doc:"What it is for."`
	Policies            []string `json:"policies" maxItems:"100" doc:"Identifiers, one of them; empty is every policy."`
	Match               Matcher  `json:"match"`
	TimeZone            string   `json:"time_zone,omitempty" maxLength:"100" example:"Asia/Shanghai" doc:"IANA name; absent is UTC."`
	Period              Period   `json:"period" doc:"Without cron and from it begins now."`
	NoticeBeforeSeconds int64    `json:"notice_before_seconds" minimum:"0" maximum:"604800" doc:"How long before it begins the notice targets are told; 0 is not."`
	NoticeTargets       []string `json:"notice_targets" maxItems:"100" doc:"Identifiers."`
}

// Silence is a silence as it is kept. Events that it keeps quiet about are made and marked
// nevertheless.
type Silence struct {
	ID string `json:"id"`
	SilenceInput
	State     string    `json:"state" enum:"pending,active,expired"`
	Begins    time.Time `json:"begins,omitzero" doc:"The occurrence that goes on, or the next."`
	Ends      time.Time `json:"ends,omitzero" doc:"Of the occurrence that goes on; absent where it has no end."`
	Events    int       `json:"events" doc:"How many it has kept quiet about."`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
}

type listSilencesInput struct {
	State []string `query:"state,explode" enum:"pending,active,expired" doc:"Absent is all."`
}

type addSilenceInput struct{ Body SilenceInput }

type silenceChange struct {
	ByID
	Guard
	Body SilenceInput
}

type draftSilenceInput struct {
	ByID
	By string `query:"by" enum:"object,culprit,inspection" default:"object" doc:"What it shall be about: the event's object, its culprit wherever it leaks, or its inspection."`
}

type silenceEventInput struct {
	ByID
	Body struct {
		By         string `json:"by,omitempty" enum:"object,culprit,inspection," doc:"As in the draft; absent is object."`
		ForSeconds int64  `json:"for_seconds" minimum:"60" maximum:"31536000" example:"14400" doc:"From now."`
		Name       string `json:"name,omitempty" maxLength:"200" doc:"What it is for; absent is the event's title."`
	}
}

func (a *API) silenceRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/silences", id: "list-silences", access: reads, tag: "Alerts",
		summary: "Silences and maintenance windows, the newest first",
	}, a.listSilences)
	handle(a, route{
		method: http.MethodPost, path: "/silences", id: "add-silence", access: edits, tag: "Alerts",
		summary: "Add a silence", status: http.StatusCreated, audit: "silence.add",
	}, a.addSilence)
	handle(a, route{
		method: http.MethodGet, path: "/silences/{id}", id: "get-silence", access: reads, tag: "Alerts",
		summary: "One silence", errors: []int{http.StatusNotFound},
	}, a.getSilence)
	handle(a, route{
		method: http.MethodPut, path: "/silences/{id}", id: "update-silence", access: edits, tag: "Alerts",
		summary: "Change a silence", audit: "silence.update", errors: []int{http.StatusNotFound, http.StatusPreconditionFailed},
	}, a.updateSilence)
	handle(a, route{
		method: http.MethodPost, path: "/silences/{id}/end", id: "end-silence", access: edits, tag: "Alerts",
		summary: "End a silence now; it stays in the list", audit: "silence.end", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.endSilence)
	handle(a, route{
		method: http.MethodDelete, path: "/silences/{id}", id: "delete-silence", access: edits, tag: "Alerts",
		summary: "Delete a silence", status: http.StatusNoContent, audit: "silence.delete", errors: []int{http.StatusNotFound},
	}, a.deleteSilence)
	handle(a, route{
		method: http.MethodGet, path: "/events/{id}/silence", id: "draft-silence", access: reads, tag: "Alerts",
		summary: "A silence that an event would be kept quiet by, to be filled in", errors: []int{http.StatusNotFound},
	}, a.draftSilence)
	handle(a, route{
		method: http.MethodPost, path: "/events/{id}/silence", id: "silence-event", access: edits, tag: "Alerts",
		summary: "Keep quiet about an event, and others like it, for a while", status: http.StatusCreated, audit: "silence.add",
		errors: []int{http.StatusNotFound},
	}, a.silenceEvent)
}
