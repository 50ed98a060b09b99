// Package api is the HTTP API: REST under /api/v1 with its OpenAPI description.
//
// In go requests with a key or a cookie; out come records of the workspace, problems that say what
// to do, and a stream of changes. Read this file, then route.go, then the file of the resource.
package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
)

// API is the routes and what their handlers work with.
type API struct {
	huma huma.API
}

func (a *API) admit(route) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) { next(c) }
}

func (a *API) record(route) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) { next(c) }
}

func (a *API) problem(_ context.Context, err error) error { return err }
