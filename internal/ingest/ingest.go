// Package ingest takes what collectors send: Prometheus remote write 1 and 2, OTLP metrics,
// InfluxDB line protocol and DataKit. In go HTTP requests with a key; out go samples to the
// workspace's store.Metrics, and an answer that makes each collector do the right thing.
// Read take.go first, which is the way of every request; then remotewrite.go, a protocol.
package ingest

import (
	"log/slog"
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/memseep/memseep/internal/store"
	"github.com/prometheus/client_golang/prometheus"
)

// Options is what an Ingest works with. Authorize and Spaces are needed.
type Options struct {
	// Authorize names the workspace that a request writes to, and the key that it came with. It is
	// asked before the body is read. An error may carry an HTTP status by a method Status() int;
	// without one it is 401. Keys of InfluxDB's ways (Token, u and p) arrive as Bearer and basic.
	Authorize func(*http.Request) (workspaceID, sender string, err error)
	Spaces    store.Spaces
	Limits    func(workspaceID string) Limits // nil is DefaultLimits for all
	Clock     func() time.Time                // nil is time.Now
	Registry  prometheus.Registerer           // nil registers nothing
	Logger    *slog.Logger                    // nil logs nothing
}

// Limits bound what one workspace may send. Zero is the value of DefaultLimits, a negative number
// is no limit.
type Limits struct {
	Series           int           // that may be written to within one to two hours
	SamplesPerSecond int           // over ten seconds
	Body             int           // bytes of a body as it arrives
	Decoded          int           // bytes of a body when it is unpacked
	Labels           int           // of a series, the metric's name among them
	Name             int           // bytes of a label's name, and of a metric's name
	Value            int           // bytes of a label's value
	Age              time.Duration // of a sample: what is older is refused, whatever the store would take
	Ahead            time.Duration // of the clock: what is further in the future is refused
}

// DefaultLimits is far above what a host sends, and below what one machine can bear.
var DefaultLimits = Limits{
	Series:           2_000_000,
	SamplesPerSecond: 1_000_000,
	Body:             32 << 20,
	Decoded:          64 << 20,
	Labels:           100,
	Name:             512,
	Value:            4096,
	Age:              30 * 24 * time.Hour, // what a workspace keeps
	Ahead:            10 * time.Minute,    // as Prometheus
}

// orDefault fills what is zero.
func (l Limits) orDefault() Limits {
	return Limits{
		Series:           pick(l.Series, DefaultLimits.Series),
		SamplesPerSecond: pick(l.SamplesPerSecond, DefaultLimits.SamplesPerSecond),
		Body:             pick(l.Body, DefaultLimits.Body),
		Decoded:          pick(l.Decoded, DefaultLimits.Decoded),
		Labels:           pick(l.Labels, DefaultLimits.Labels),
		Name:             pick(l.Name, DefaultLimits.Name),
		Value:            pick(l.Value, DefaultLimits.Value),
		Age:              pickTime(l.Age, DefaultLimits.Age),
		Ahead:            pickTime(l.Ahead, DefaultLimits.Ahead),
	}
}

// What stands for a negative limit.
const (
	unlimited = math.MaxInt
	century   = 100 * 365 * 24 * time.Hour
)

func pick(given, otherwise int) int {
	switch {
	case given == 0:
		return otherwise
	case given < 0:
		return unlimited
	}
	return given
}

func pickTime(given, otherwise time.Duration) time.Duration {
	switch {
	case given == 0:
		return otherwise
	case given < 0:
		return century
	}
	return given
}

// Ingest takes samples over HTTP. Its methods may be called by many goroutines.
type Ingest struct {
	o       Options
	metrics *metrics
	memory  budget

	mu     sync.Mutex
	spaces map[string]*space // by workspace
}

// New makes an Ingest. It starts nothing that has to be ended.
func New(o Options) *Ingest {
	if o.Limits == nil {
		o.Limits = func(string) Limits { return DefaultLimits }
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Ingest{o: o, metrics: newMetrics(o.Registry), spaces: map[string]*space{}}
}

// Routes adds the addresses that collectors send to. Every one of them wants a key.
func (in *Ingest) Routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /api/v1/write", in.remoteWrite)
	mux.HandleFunc("POST /otlp/v1/metrics", in.otlp)
	in.influxRoutes(mux)
	in.dataKitRoutes(mux)
}
