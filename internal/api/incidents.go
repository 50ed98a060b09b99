package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// Incident ties leaks of one workload that began together on many hosts.
type Incident struct {
	ID        string    `json:"id"`
	Title     string    `json:"title" example:"java leaks on 12 hosts" doc:"In the language of Accept-Language."`
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
	}, a.listIncidents)
	handle(a, route{
		method: http.MethodGet, path: "/incidents/{id}", id: "get-incident", access: reads, tag: "Incidents",
		summary: "One incident with its events", errors: []int{http.StatusNotFound},
	}, a.getIncident)
}

// incidentSpan is how far back the list looks where nothing else is asked for.
const incidentSpan = 30 * 24 * time.Hour

func (a *API) listIncidents(ctx context.Context, in *listIncidentsInput) (*pageOutput[Incident], error) {
	since := or(in.From, a.Clock().Add(-incidentSpan))
	ids, err := a.DB.Incidents(ctx, workspaceOf(ctx), since)
	if err != nil {
		return nil, err
	}
	out := []Incident{}
	for _, id := range ids {
		members, err := a.members(ctx, id)
		if err != nil {
			return nil, err
		}
		if i := languageOf(ctx).incident(id, members); in.Status == "" || i.Status == in.Status {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(x, y Incident) int { return y.OpenedAt.Compare(x.OpenedAt) })
	return page(out, ""), nil
}

func (a *API) members(ctx context.Context, incident string) ([]event.Event, error) {
	return state.Every(func(p state.Page) ([]event.Event, string, error) {
		return a.DB.Events(ctx, workspaceOf(ctx), state.EventFilter{IncidentID: incident, Page: p})
	})
}

func (a *API) getIncident(ctx context.Context, in *ByID) (*bodyOutput[IncidentWithEvents], error) {
	members, err := a.members(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if len(members) == 0 {
		return nil, state.ErrNotFound
	}
	out := IncidentWithEvents{Incident: languageOf(ctx).incident(in.ID, members)}
	for _, e := range members {
		out.Members = append(out.Members, a.summary(languageOf(ctx), e))
	}
	return body(out), nil
}

// incident sums up events that were tied together.
func (l language) incident(id string, members []event.Event) Incident {
	i := Incident{ID: id, Status: string(event.Recovered), Level: string(leak.OK), Events: len(members), Hosts: []string{}}
	var worst leak.Level = leak.OK
	for _, e := range members {
		if e.Status == event.Open {
			i.Status, i.Open = string(event.Open), i.Open+1
			if urgency(e.Level) > urgency(worst) {
				worst = e.Level
			}
		}
		i.Hosts = append(i.Hosts, e.Object.Host)
		i.Workload = cmp.Or(i.Workload, e.Attributes["culprit"], e.Object.Name)
		if i.OpenedAt.IsZero() || e.OpenedAt.Before(i.OpenedAt) {
			i.OpenedAt = e.OpenedAt
		}
		if e.UpdatedAt.After(i.UpdatedAt) {
			i.UpdatedAt = e.UpdatedAt
		}
	}
	slices.Sort(i.Hosts)
	i.Hosts = slices.Compact(i.Hosts)
	i.Level = string(worst)
	i.Title = l.say(fmt.Sprintf("%s leaks on %d hosts", i.Workload, len(i.Hosts)))
	return i
}

// urgency is higher for what is more urgent.
func urgency(l leak.Level) int {
	return slices.Index([]leak.Level{leak.OK, event.Info, leak.Warning, leak.Error, leak.Critical}, l)
}
