package ingest

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// metrics are Ingest's own. None names a host, a key or a workspace.
type metrics struct {
	samples  *prometheus.CounterVec
	requests *prometheus.CounterVec
	bytes    *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics(r prometheus.Registerer) *metrics {
	f := promauto.With(r)
	return &metrics{
		samples: f.NewCounterVec(prometheus.CounterOpts{
			Name: "memseep_ingest_samples_total",
			Help: "Samples that collectors sent: stored, duplicate, or refused and why.",
		}, []string{"protocol", "result", "reason"}),
		requests: f.NewCounterVec(prometheus.CounterOpts{
			Name: "memseep_ingest_requests_total",
			Help: "Requests of collectors, by the class of their answer: 2xx, also where some samples were refused, 4xx or 5xx.",
		}, []string{"protocol", "code"}),
		bytes: f.NewCounterVec(prometheus.CounterOpts{
			Name: "memseep_ingest_bytes_total",
			Help: "Bytes of the bodies of requests, as they were received and when they were unpacked.",
		}, []string{"protocol", "stage"}),
		seconds: f.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "memseep_ingest_request_duration_seconds",
			Help:    "How long requests took.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"protocol"}),
	}
}

func (m *metrics) request(protocol string, status int, o *outcome, took time.Duration) {
	m.requests.WithLabelValues(protocol, strconv.Itoa(status/100)+"xx").Inc()
	m.seconds.WithLabelValues(protocol).Observe(took.Seconds())
	m.bytes.WithLabelValues(protocol, "received").Add(float64(o.received))
	m.bytes.WithLabelValues(protocol, "decoded").Add(float64(o.decoded))
	m.count(protocol, "stored", "", o.stored)
	m.count(protocol, "duplicate", "", o.duplicate)
	if status/100 != 2 {
		return // nothing was kept, and the same may be sent again
	}
	for r, n := range o.refused {
		m.count(protocol, "refused", Reason(r).String(), n)
	}
}

func (m *metrics) count(protocol, result, reason string, n int) {
	if n > 0 {
		m.samples.WithLabelValues(protocol, result, reason).Add(float64(n))
	}
}
