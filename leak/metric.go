package leak

import "time"

// MetricQuery asks a source for a metric of any kind, of memory or not.
type MetricQuery struct {
	Metric   string
	Host     string              // as sources name it; empty for every series
	Labels   map[string][]string // each has one of the values
	From, To time.Time
	Step     time.Duration // between two samples of the answer: the newest value of the five minutes before
}

// Metric is one series of the answer.
type Metric struct {
	Host    string // where its labels tell a host that the source knows
	Labels  map[string]string
	Samples [][2]float64 // unix seconds and value, oldest first
}

// The most that a source answers to one MetricQuery.
const (
	MostMetrics       = 1000
	MostMetricSamples = 1_000_000
)

// MetricQueryError says what of a MetricQuery cannot be answered, and what to ask instead.
type MetricQueryError struct{ Text string }

func (e *MetricQueryError) Error() string { return e.Text }
