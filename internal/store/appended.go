package store

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// appendedCounter is the TSDB's own count of samples that a commit has added.
type appendedCounter struct{ floats prometheus.Counter }

const (
	appendedName = "prometheus_tsdb_head_samples_appended_total"
	appendedOf   = "float"
)

// watch gives a registry that catches the counter when the TSDB registers it.
func (c *appendedCounter) watch(r prometheus.Registerer) prometheus.Registerer {
	return &watchedRegistry{Registerer: r, counter: c}
}

// value is the count, 0 before the TSDB is open.
func (c *appendedCounter) value() float64 {
	if c.floats == nil {
		return 0
	}
	var m dto.Metric
	if err := c.floats.Write(&m); err != nil {
		return 0
	}
	return m.GetCounter().GetValue()
}

type watchedRegistry struct {
	prometheus.Registerer
	counter *appendedCounter
}

// MustRegister looks for the counter on the way to the registry.
func (r *watchedRegistry) MustRegister(cs ...prometheus.Collector) {
	for _, c := range cs {
		r.look(c)
	}
	r.Registerer.MustRegister(cs...)
}

// Register looks for the counter on the way to the registry.
func (r *watchedRegistry) Register(c prometheus.Collector) error {
	r.look(c)
	return r.Registerer.Register(c)
}

func (r *watchedRegistry) look(c prometheus.Collector) {
	vec, ok := c.(*prometheus.CounterVec)
	if !ok {
		return
	}
	counter, err := vec.GetMetricWithLabelValues(appendedOf)
	if err != nil {
		return // of other labels
	}
	if strings.Contains(counter.Desc().String(), `"`+appendedName+`"`) {
		r.counter.floats = counter
	}
}
