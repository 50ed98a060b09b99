package api

import (
	"context"
	"net/http"
	"time"
)

// About is what runs here.
type About struct {
	Version     string    `json:"version"`
	GoVersion   string    `json:"go_version"`
	StartedAt   time.Time `json:"started_at"`
	Now         time.Time `json:"now" doc:"The server's clock."`
	ExternalURL string    `json:"external_url,omitempty" doc:"Address that links in notices begin with."`
	State       string    `json:"state" enum:"sqlite,postgres"`
	Store       string    `json:"store" enum:"embedded,remote"`
	Agent       bool      `json:"agent" doc:"The agent of the server's own machine runs inside."`
}

func (a *API) aboutRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/about", id: "get-about", access: signedIn, tag: "About",
		summary: "What runs here",
	}, a.getAbout)
}

func (a *API) getAbout(context.Context, *noInput) (*bodyOutput[About], error) {
	about := a.Facts
	about.Now = a.Clock().UTC()
	return body(about), nil
}
