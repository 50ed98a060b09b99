// Package api is the HTTP API: REST under /api/v1 with its OpenAPI description.
//
// In go requests with a key or a cookie; out come records of the workspace, problems that say what
// to do, and a stream of changes. Read this file, then route.go, then the file of the resource.
package api

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/ingest"
	"github.com/memseep/memseep/internal/notify"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/script/market"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/internal/store"
)

// Options is what the API works with. All but those that say so are needed.
type Options struct {
	DB       *state.DB
	Auth     *auth.Auth
	Sealer   *auth.Sealer
	Spaces   store.Spaces
	Ingest   *ingest.Ingest
	Schedule *schedule.Schedule
	Notify   *notify.Notify
	Hub      *Hub
	Scripts  *library.Library
	Market   *market.Market

	// Source is where an inspection reads from, its own workspace's store or a source outside.
	Source func(context.Context, state.Inspection) (inspect.Source, error)
	// Outside opens a source that need not be kept yet.
	Outside   func(state.Source) (inspect.Source, error)
	Reachable Reachable
	// NewWorkspace adds a workspace with what each begins with.
	NewWorkspace func(ctx context.Context, w *state.Workspace, by string) error
	// Backup writes a copy of all that is kept, as a tar, while everything goes on.
	Backup func(context.Context, io.Writer) error
	// Ready says what the server still lacks to do its work; nil where nothing.
	Ready func(context.Context) error

	App      http.Handler // the web app's files
	Proxies  []*net.IPNet // whose X-Forwarded-For is believed
	Registry *prometheus.Registry
	Clock    func() time.Time
	Logger   *slog.Logger
	Facts    About // what does not change while it runs
}

// API is the routes and what their handlers work with.
type API struct {
	Options
	huma huma.API
	http *requestMetrics
	docs docs
}

// New makes the handler of everything that the server answers over HTTP.
func New(o Options) http.Handler {
	a := &API{Options: o, http: newRequestMetrics(o.Registry)}
	own := http.NewServeMux()
	a.register(own)
	a.plainRoutes(own)
	collectors := http.NewServeMux()
	o.Ingest.Routes(collectors)
	rest := a.gate(compress(own))
	return a.observe(secure(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := collectors.Handler(r); pattern != "" {
			collectors.ServeHTTP(w, r) // asks for a key itself, in each collector's own way
			return
		}
		rest.ServeHTTP(w, r)
	})))
}
