package api

import (
	"context"
	"fmt"
	"net/http"
	"net/http/pprof"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/memseep/memseep/internal/state"
)

// plainRoutes are those that are no part of the description: for other programs and for browsers.
func (a *API) plainRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", a.readiness)
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.Registry, promhttp.HandlerOpts{Registry: a.Registry, ErrorLog: metricsLog{a}}))
	mux.HandleFunc("GET /openapi.json", a.serveDescription)
	mux.HandleFunc("GET /docs", a.serveDocs)
	mux.HandleFunc("GET /docs/style.css", serveDocsStyle)
	mux.HandleFunc("GET /acknowledge/{token}", a.acknowledgeForm)
	mux.HandleFunc("POST /acknowledge/{token}", a.acknowledgeByLink)
	mux.HandleFunc("GET /picture/{file}", a.linkedPicture)
	mux.Handle("/prometheus/api/v1/", http.StripPrefix("/prometheus", a.only(reads, http.HandlerFunc(a.query))))
	mux.Handle("GET "+prefix+"/backup", a.only(administer, http.HandlerFunc(a.backup)))
	for path, h := range map[string]http.HandlerFunc{
		"/debug/pprof/": pprof.Index, "/debug/pprof/cmdline": pprof.Cmdline, "/debug/pprof/profile": pprof.Profile,
		"/debug/pprof/symbol": pprof.Symbol, "/debug/pprof/trace": pprof.Trace,
	} {
		mux.Handle("GET "+path, a.only(administer, longAnswer(h)))
	}
	for _, folder := range guarded {
		for _, path := range []string{folder, folder + "/"} {
			if path != "/prometheus/api/v1/" {
				mux.HandleFunc(path, a.notFound)
			}
		}
	}
	mux.Handle("/", a.App)
}

// only holds a plain route to its access.
func (a *API) only(need access, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := a.mayCall(r.Context(), need); err != nil {
			a.refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (a *API) notFound(w http.ResponseWriter, r *http.Request) {
	a.writeProblem(w, r, problemf(http.StatusNotFound, "there is no %s %s: see /docs for what there is", r.Method, r.URL.Path))
}

// readyTimeout bounds what is asked before readiness is told.
const readyTimeout = 5 * time.Second

func (a *API) readiness(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := a.Ready(ctx); err != nil {
		a.Logger.DebugContext(r.Context(), "not ready", "error", err)
		part, _, _ := strings.Cut(err.Error(), ":") // anybody may ask, and the rest tells of what lies behind
		http.Error(w, "not ready: "+part+" cannot be used: the server's log says why", http.StatusServiceUnavailable)
		return
	}
	_, _ = fmt.Fprintln(w, "ready")
}

// query answers the Prometheus query API over the workspace's own metrics.
func (a *API) query(w http.ResponseWriter, r *http.Request) {
	m, err := a.Spaces.Workspace(r.Context(), workspaceOf(r.Context()))
	if err != nil {
		a.Logger.ErrorContext(r.Context(), "metrics cannot be opened", "error", err)
		a.writeProblem(w, r, problem(http.StatusServiceUnavailable, "the metrics store cannot be opened for now: the server's log says why"))
		return
	}
	longAnswer(m.Handler()).ServeHTTP(w, r)
}

// longAnswer frees an answer of the time limit that others have.
func longAnswer(next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // without one the limit stays
		next.ServeHTTP(w, r)
	}
}

func (a *API) backup(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	w.Header().Set("Content-Type", "application/x-tar")
	w.Header().Set("Content-Disposition", `attachment; filename="memseep-backup.tar"`)
	err := a.Backup(r.Context(), w)
	entry := state.Audit{At: a.Clock(), Actor: actor(r.Context()), Address: a.addressOf(r), Action: "instance.backup", Status: http.StatusOK}
	if err != nil {
		entry.Status = http.StatusInternalServerError
		a.Logger.ErrorContext(r.Context(), "backup failed", "error", err)
	}
	if auditErr := a.DB.AddAudit(context.WithoutCancel(r.Context()), &entry); auditErr != nil {
		a.Logger.ErrorContext(r.Context(), "audit entry not kept", "action", entry.Action, "error", auditErr)
	}
	if err != nil {
		panic(http.ErrAbortHandler) // the client must not take half a backup for a whole one
	}
}

// metricsLog tells of metrics that could not be gathered.
type metricsLog struct{ a *API }

func (l metricsLog) Println(v ...any) { l.a.Logger.Warn("metrics: " + fmt.Sprint(v...)) }
