package api

import (
	"net/http"
	"time"
)

// Incident ties leaks of one workload that began together on many hosts.
type Incident struct {
	ID        string    `json:"id"`
	Title     string    `json:"title" example:"java leaks on 12 hosts"`
	Workload  string    `json:"workload,omitempty" doc:"Name of the culprit that they share."`
	Status    string    `json:"status" enum:"open,recovered" doc:"Open while one of its events is."`
	Level     string    `json:"level" enum:"critical,error,warning,ok" doc:"The most urgent of its open events."`
	Events    int       `json:"events"`
	Open      int       `json:"open"`
	Hosts     []string  `json:"hosts"`
	OpenedAt  time.Time `json:"opened_at" doc:"Of its first event."`
	UpdatedAt time.Time `json:"updated_at"`
}

type listIncidentsInput struct {
	Status string    `query:"status" enum:"open,recovered,"`
	From   time.Time `query:"from" doc:"With events opened at or after it; absent: 30 days ago."`
}

// IncidentWithEvents is an incident and its events.
type IncidentWithEvents struct {
	Incident
	Members []EventSummary `json:"members"`
}

func (a *API) incidentRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/incidents", id: "list-incidents", access: reads, tag: "Incidents",
		summary: "Leaks of one workload that began together, newest first",
	}, unbuilt[listIncidentsInput, pageOutput[Incident]])
	handle(a, route{
		method: http.MethodGet, path: "/incidents/{id}", id: "get-incident", access: reads, tag: "Incidents",
		summary: "One incident with its events", errors: []int{http.StatusNotFound},
	}, unbuilt[ByID, bodyOutput[IncidentWithEvents]])
}
