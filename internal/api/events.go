package api

import (
	"net/http"
	"reflect"
	"time"
)

// Object is what an event, a verdict or a curve is about.
type Object struct {
	Kind      string `json:"kind" enum:"host,process,container,pod,kernel,check"`
	Host      string `json:"host" example:"web-1" doc:"Empty where a script reported of something that is on none."`
	Name      string `json:"name,omitempty" example:"java" doc:"Of the workload, or what a script reported of; absent for a host."`
	Namespace string `json:"namespace,omitempty" doc:"Of a pod or container."`
}

// EventSummary is an event as lists have it.
type EventSummary struct {
	ID           string `json:"id"`
	InspectionID string `json:"inspection_id"`
	Inspection   string `json:"inspection" doc:"Its name when the event was opened."`
	IncidentID   string `json:"incident_id,omitempty" doc:"Ties leaks of one workload that began together on many hosts."`
	Object       Object `json:"object"`
	Owner        string `json:"owner,omitempty" example:"deployment/cart" doc:"What the workload belongs to."`
	Title        string `json:"title" doc:"What leaks and how fast, in the language of Accept-Language; or what a script reported."`
	Status       string `json:"status" enum:"open,recovered"`
	Recovery     string `json:"recovery,omitempty" enum:"healthy,no_data,manual,merged," doc:"How it ended: by healthy verdicts or a report of ok, by its data ending, by a person, or merged into another event of the same leak."`
	Level        string `json:"level" enum:"critical,error,warning,info,ok"`
	Cause        string `json:"cause" doc:"What kind of growth: steady, stepping, accelerating, restarting, exhausted or slow; empty where a script reported it."`

	Onset           time.Time `json:"onset,omitzero" doc:"When the growth began."`
	OpenedAt        time.Time `json:"opened_at"`
	UpdatedAt       time.Time `json:"updated_at"`
	LastSeenAt      time.Time `json:"last_seen_at"`
	RecoveredAt     time.Time `json:"recovered_at,omitzero"`
	DurationSeconds int64     `json:"duration_seconds" doc:"Until it recovered, or until now."`

	Unit         string    `json:"unit" enum:"percent,bytes," doc:"Of value and slope; empty where a script reported it."`
	Value        float64   `json:"value"`
	SlopePerHour float64   `json:"slope_per_hour"`
	Exhaustion   time.Time `json:"exhaustion,omitzero" doc:"When the limit is reached if it goes on."`
	LeftSeconds  *int64    `json:"left_seconds,omitempty" doc:"From now to the exhaustion; absent where unknown or recovered."`
	Restarts     *Restarts `json:"restarts,omitempty" doc:"Of a leak that is killed and leaks again, where its start times are known."`
	Confidence   float64   `json:"confidence" minimum:"0" maximum:"1"`

	Culprit        *Culprit          `json:"culprit,omitempty" doc:"Who leaks most; absent where nobody could be named."`
	Attributes     map[string]string `json:"attributes" doc:"What it may be filtered by."`
	AcknowledgedAt time.Time         `json:"acknowledged_at,omitzero"`
	AcknowledgedBy string            `json:"acknowledged_by,omitempty"`
	NotLeak        string            `json:"not_leak,omitempty" doc:"Why a person said that it is no leak."`
	Silenced       bool              `json:"silenced"`
	Trend          []*float64        `json:"trend,omitempty" doc:"Small curve of the object, oldest first, where the list was asked for it."`
}

// Culprit is the suspect who leaks most.
type Culprit struct {
	Kind        string  `json:"kind" enum:"process,container,pod,kernel"`
	Name        string  `json:"name"`
	Namespace   string  `json:"namespace,omitempty"`
	Share       float64 `json:"share" minimum:"0" maximum:"1" doc:"Of the host's growth."`
	GrowthBytes int64   `json:"growth_bytes"`
	Bytes       int64   `json:"bytes"`
}

// Event is an event with all that was found.
type Event struct {
	EventSummary
	Message    string            `json:"message,omitempty" doc:"Markdown: what a script reported."`
	Overview   string            `json:"overview" doc:"What a person has to know, a sentence a line, in the language of Accept-Language."`
	Verdict    Verdict           `json:"verdict" doc:"The newest while it leaks."`
	Suspects   []Suspect         `json:"suspects" doc:"At the newest finding, first who leaks most."`
	NoSuspects string            `json:"no_suspects,omitempty" doc:"Why nobody is named, and what to install."`
	Snapshot   Snapshot          `json:"snapshot" doc:"What was seen when it was opened."`
	Dimensions map[string]string `json:"dimensions" doc:"What alert rules match."`
	Note       string            `json:"note,omitempty"`
	Links      []Link            `json:"links" doc:"The workspace's link templates, filled in."`
	History    []Entry           `json:"history" doc:"Oldest first."`
	Notices    []Notice          `json:"notices" doc:"What was told of it, the newest first, at most 50; GET /events/{id}/notices has all."`
}

// Link is a link template, filled in for an event.
type Link struct {
	Name string `json:"name" example:"Grafana"`
	For  string `json:"for" enum:"logs,metrics,traces,containers,processes,security,visits,availability,ci,other" doc:"What it leads to."`
	URL  string `json:"url"`
}

// Entry is one line of an event's history.
type Entry struct {
	Seq             int       `json:"seq"`
	At              time.Time `json:"at"`
	Change          string    `json:"change" enum:"opened,updated,level_rose,level_fell,culprit_changed,time_left_changed,recovered,merged,acknowledged,not_a_leak,joined_incident"`
	Level           string    `json:"level" enum:"critical,error,warning,info,ok"`
	Recovery        string    `json:"recovery,omitempty" enum:"healthy,no_data,manual,merged,"`
	By              string    `json:"by,omitempty"`
	Note            string    `json:"note,omitempty"`
	DurationSeconds int64     `json:"duration_seconds" doc:"Since the event was opened."`
}

// EventFilter chooses events, in the list, the counts and the export alike.
type EventFilter struct {
	Status        string    `query:"status" enum:"open,recovered," doc:"Empty is both."`
	Level         []string  `query:"level,explode" enum:"critical,error,warning,info"`
	Kind          []string  `query:"kind,explode" enum:"host,process,container,pod,kernel,check"`
	Host          string    `query:"host" maxLength:"1000" doc:"Exactly this host."`
	InspectionID  string    `query:"inspection_id" maxLength:"200"`
	Culprit       string    `query:"culprit" maxLength:"1000" doc:"Name of the culprit, exactly."`
	IncidentID    string    `query:"incident_id" maxLength:"200"`
	Text          string    `query:"text" maxLength:"1000" doc:"In the title, the object or the culprit."`
	Attributes    []string  `query:"attribute,explode" maxItems:"50" example:"[\"namespace:shop\"]" doc:"KEY:VALUE that the event has; may be repeated, all have to hold."`
	NotAttributes []string  `query:"not_attribute,explode" maxItems:"50" doc:"KEY:VALUE that the event does not have."`
	From          time.Time `query:"from" doc:"Opened at or after it."`
	To            time.Time `query:"to" doc:"Opened before it."`
	OpenAt        time.Time `query:"open_at" doc:"Open at that time."`
}

type listEventsInput struct {
	Paging
	EventFilter
	Sort  string `query:"sort" enum:"opened,level,exhaustion" default:"opened" doc:"opened: newest first; level: most urgent first; exhaustion: least time left first."`
	Trend bool   `query:"trend" doc:"Each with a small curve of its object."`
}

type countEventsInput struct{ EventFilter }

// EventCounts are how many events there are of each sort.
type EventCounts struct {
	Total    int            `json:"total"`
	Open     int            `json:"open"`
	ByStatus map[string]int `json:"by_status" doc:"Status → events."`
	ByLevel  map[string]int `json:"by_level" doc:"Level → events."`
	ByKind   map[string]int `json:"by_kind" doc:"Kind of object → events."`
}

type relatedInput struct {
	ByID
	Paging
	By    string `query:"by" enum:"host,culprit,inspection,owner,incident,time" default:"host" doc:"What they have in common."`
	Hours int    `query:"hours" minimum:"1" maximum:"8760" default:"168" doc:"Opened at most so long before or after."`
}

func (a *API) eventRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/events", id: "list-events", access: reads, tag: "Events",
		summary: "Events",
	}, a.listEvents)
	handle(a, route{
		method: http.MethodGet, path: "/events/counts", id: "count-events", access: reads, tag: "Events",
		summary: "How many events a filter chooses, by status, level and kind",
	}, a.countEvents)
	handle(a, route{
		method: http.MethodGet, path: "/events/export", id: "export-events", access: reads, tag: "Events",
		summary:     "Events as a file",
		description: "CSV with a header line, a JSON array, or lines of JSON. At most 100,000 events, newest first.",
		streams:     map[string]reflect.Type{"text/csv": nil, "application/json": nil, "application/x-ndjson": nil},
	}, a.exportEvents)
	handle(a, route{
		method: http.MethodGet, path: "/events/{id}", id: "get-event", access: reads, tag: "Events",
		summary: "One event with verdict, suspects, snapshot and history", errors: []int{http.StatusNotFound},
	}, a.getEvent)
	handle(a, route{
		method: http.MethodGet, path: "/events/{id}/history", id: "get-event-history", access: reads, tag: "Events",
		summary: "What happened to an event, oldest first", errors: []int{http.StatusNotFound},
	}, a.eventHistory)
	handle(a, route{
		method: http.MethodGet, path: "/events/{id}/related", id: "related-events", access: reads, tag: "Events",
		summary: "Other events that have something in common with one", errors: []int{http.StatusNotFound},
	}, a.relatedEvents)
}
