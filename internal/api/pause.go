package api

import (
	"context"
	"net/http"
	"time"
)

// Pause says until when no inspection of the instance runs by its schedule.
type Pause struct {
	Paused bool      `json:"paused"`
	Until  time.Time `json:"until,omitzero"`
	By     string    `json:"by,omitempty"`
}

type pauseInput struct {
	Body struct {
		Seconds int64 `json:"seconds" minimum:"60" maximum:"86400" example:"900" doc:"From 1 minute to 1 day."`
	}
}

func (a *API) pauseRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/pause", id: "get-pause", access: reads, tag: "Pause",
		summary: "Whether all inspections are paused",
	}, a.getPause)
	handle(a, route{
		method: http.MethodPut, path: "/pause", id: "pause-all", access: administer, tag: "Pause",
		summary: "Pause all inspections of the instance for a time", audit: "pause.set",
		description: "What is due meanwhile is skipped, and its record says so.",
	}, a.pauseAll)
	handle(a, route{
		method: http.MethodDelete, path: "/pause", id: "resume-all", access: administer, tag: "Pause",
		summary: "Let inspections run again", status: http.StatusNoContent, audit: "pause.end",
	}, a.resumeAll)
}

func (a *API) getPause(ctx context.Context, _ *noInput) (*bodyOutput[Pause], error) {
	p, err := a.Schedule.Paused(ctx)
	if err != nil {
		return nil, err
	}
	return body(Pause{Paused: p.At(a.Clock()), Until: p.Until, By: p.By}), nil
}

func (a *API) pauseAll(ctx context.Context, in *pauseInput) (*bodyOutput[Pause], error) {
	until := a.Clock().Add(time.Duration(in.Body.Seconds) * time.Second)
	if err := a.Schedule.PauseAll(ctx, until, personOf(ctx)); err != nil {
		return nil, err
	}
	note(ctx, "", map[string]time.Time{"until": until})
	return a.getPause(ctx, nil)
}

func (a *API) resumeAll(ctx context.Context, _ *noInput) (*struct{}, error) {
	return nil, a.Schedule.Resume(ctx)
}
