package api

import (
	"net/http"
	"time"
)

// PolicyInput says who is told of which events, when, and how often.
type PolicyInput struct {
	Name          string   `json:"name" minLength:"1" maxLength:"200" example:"shop"`
	Description   string   `json:"description,omitempty" maxLength:"10000"`
	TimeZone      string   `json:"time_zone,omitempty" maxLength:"100" example:"Europe/Berlin" doc:"IANA name, of the times in its rules; absent is UTC."`
	IsDefault     bool     `json:"is_default" doc:"Of inspections that name none. A workspace has one default: making another one it takes its place."`
	Rules         []Rule   `json:"rules" maxItems:"100" doc:"In order: the first that matches counts."`
	AgainSeconds  int64    `json:"again_seconds" minimum:"0" maximum:"31536000" doc:"How long until an event that goes on is told again; 0 is never. A higher level is told at once."`
	WindowSeconds int64    `json:"window_seconds" minimum:"0" maximum:"1800" doc:"How long events are gathered into one message; 0 is not."`
	GroupBy       []string `json:"group_by" maxItems:"20" doc:"What those of one message share: inspection, culprit, level, object, or any dimension or attribute. Empty is inspection and culprit."`
}

// Rule says which events, and at which times, go to which targets.
type Rule struct {
	Name        string       `json:"name,omitempty" maxLength:"200"`
	Levels      []string     `json:"levels" enum:"critical,error,warning,info" maxItems:"4" doc:"One of them; empty is every level."`
	Match       Matcher      `json:"match"`
	Times       []Period     `json:"times" maxItems:"50" doc:"In one of them; empty is always."`
	Targets     []string     `json:"targets" maxItems:"100" doc:"Identifiers. Empty tells nobody: what matches ends here."`
	Escalations []Escalation `json:"escalations" maxItems:"2"`
}

// Matcher chooses events; without anything it chooses all.
type Matcher struct {
	Inspections []string    `json:"inspections,omitempty" maxItems:"200" doc:"Identifiers, one of them."`
	Objects     []string    `json:"objects,omitempty" maxItems:"1000" doc:"Globs of a host, a workload, or host/workload, one of them." example:"[\"web-*\"]"`
	Attributes  []Condition `json:"attributes,omitempty" maxItems:"100" doc:"All of them."`
}

// Condition is about one dimension or attribute of an event.
type Condition struct {
	Key    string   `json:"key" minLength:"1" maxLength:"200" example:"namespace"`
	Values []string `json:"values" minItems:"1" maxItems:"200" doc:"Globs, one of them." example:"[\"shop\"]"`
	Not    bool     `json:"not,omitempty" doc:"None of them."`
}

// Period is a time that comes once, or again and again.
type Period struct {
	Cron       string    `json:"cron,omitempty" maxLength:"200" example:"0 22 * * 1-5" doc:"When it begins each time: minute hour day month weekday, in the time zone of what has it. Absent: it comes once."`
	ForSeconds int64     `json:"for_seconds,omitempty" minimum:"0" maximum:"2678400" doc:"How long it lasts each time; with cron alone."`
	From       time.Time `json:"from,omitzero" doc:"Absent is no bound."`
	To         time.Time `json:"to,omitzero" doc:"Absent is no bound."`
}

// Escalation tells others too, once, where an event is still not what it should be.
type Escalation struct {
	AfterSeconds int64    `json:"after_seconds" minimum:"60" maximum:"604800"`
	Unless       string   `json:"unless" enum:"recovered,acknowledged" doc:"What stops it; an event that has recovered needs no acknowledgement."`
	Targets      []string `json:"targets" minItems:"1" maxItems:"100" doc:"Identifiers."`
}

// Policy is a policy as it is kept.
type Policy struct {
	ID string `json:"id"`
	PolicyInput
	Inspections []Named   `json:"inspections" doc:"That name it; of the default also those that name none."`
	CreatedBy   string    `json:"created_by"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// Named is a record by its identifier and name.
type Named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type addPolicyInput struct{ Body PolicyInput }

type policyChange struct {
	ByID
	Guard
	Body PolicyInput
}

func (a *API) policyRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/policies", id: "list-policies", access: reads, tag: "Alerts",
		summary: "Who is told of what: all policies",
	}, a.listPolicies)
	handle(a, route{
		method: http.MethodPost, path: "/policies", id: "add-policy", access: edits, tag: "Alerts",
		summary: "Add a policy", status: http.StatusCreated, audit: "policy.add", errors: []int{http.StatusConflict},
	}, a.addPolicy)
	handle(a, route{
		method: http.MethodGet, path: "/policies/{id}", id: "get-policy", access: reads, tag: "Alerts",
		summary: "One policy", errors: []int{http.StatusNotFound},
	}, a.getPolicy)
	handle(a, route{
		method: http.MethodPut, path: "/policies/{id}", id: "update-policy", access: edits, tag: "Alerts",
		summary: "Change a policy", audit: "policy.update", errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed},
	}, a.updatePolicy)
	handle(a, route{
		method: http.MethodPost, path: "/policies/{id}/default", id: "make-default-policy", access: edits, tag: "Alerts",
		summary: "Make a policy the one of inspections that name none", audit: "policy.default", errors: []int{http.StatusNotFound},
	}, a.makeDefaultPolicy)
	handle(a, route{
		method: http.MethodDelete, path: "/policies/{id}", id: "delete-policy", access: edits, tag: "Alerts",
		summary: "Delete a policy that no inspection names and that is not the default", status: http.StatusNoContent, audit: "policy.delete",
		errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.deletePolicy)
	handle(a, route{
		method: http.MethodGet, path: "/events/{id}/explain", id: "explain-event", access: reads, tag: "Alerts",
		summary: "What would be told of an event, step by step", errors: []int{http.StatusNotFound},
		description: "The way of the event through rules, silences, limits and groups. Nothing is sent or changed.",
	}, a.explainEvent)
}
