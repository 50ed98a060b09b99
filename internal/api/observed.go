package api

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// requestMetrics are what the server tells of its own requests.
type requestMetrics struct {
	duration *prometheus.HistogramVec
}

func newRequestMetrics(r prometheus.Registerer) *requestMetrics {
	m := &requestMetrics{duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "memseep_http_request_duration_seconds",
		Help:    "Time from a request to the end of its answer.",
		Buckets: []float64{.005, .025, .1, .5, 2.5, 10, 60},
	}, []string{"group", "code"})}
	r.MustRegister(m.duration)
	return m
}

// observe measures and logs each request, and turns a panic into an answer.
func (a *API) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			a.endRequest(seen, r, begun, recover())
		}()
		next.ServeHTTP(seen, r)
	})
}

func (a *API) endRequest(w *statusWriter, r *http.Request, begun time.Time, panicked any) {
	if panicked == http.ErrAbortHandler {
		panic(panicked)
	}
	if panicked != nil {
		a.Logger.Error("a request failed badly", "method", r.Method, "path", r.URL.Path, "panic", fmt.Sprint(panicked), "stack", string(debug.Stack()))
		if !w.written {
			a.writeProblem(w, r, problem(http.StatusInternalServerError, "this failed inside the server: its log says why"))
		}
	}
	took := time.Since(begun)
	a.http.duration.WithLabelValues(group(r.URL.Path), strconv.Itoa(w.status)).Observe(took.Seconds())
	a.Logger.Debug("request", "method", r.Method, "path", r.URL.Path, "status", w.status, "took", took)
}

// group keeps the label's values few, whatever is asked for.
func group(path string) string {
	switch {
	case !isGuarded(path):
		return "app"
	case len(path) > 4 && path[:5] == "/api/":
		return "api"
	case len(path) > 10 && path[:11] == "/prometheus":
		return "query"
	}
	return "other"
}

// statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	status  int
	written bool
}

func (w *statusWriter) WriteHeader(status int) {
	if !w.written {
		w.status, w.written = status, true
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	w.written = true
	return w.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController the writer beneath.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush sends what is there.
func (w *statusWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }
