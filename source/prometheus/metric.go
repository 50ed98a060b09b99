package prometheus

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

// Query gives each the series of a metric, whatever it tells of; a series without samples in the
// time is not among them. It ends with a *leak.MetricQueryError where there is too much.
func (s *Source) Query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error {
	naming, err := s.naming(ctx, q)
	if err != nil {
		return err
	}
	selectors, err := naming.Selectors(q)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := &metricSink{naming: naming, host: q.Host, cancel: cancel}
	err = s.client.queryRange(ctx, strings.Join(selectors, " or "), q.From.UnixMilli(), q.To.UnixMilli(), q.Step.Milliseconds(), m)
	switch {
	case m.tooMany != nil:
		return m.tooMany
	case err != nil:
		return fmt.Errorf("query %s: %w", q.Metric, err)
	}
	for i := range m.list {
		if err := each(&m.list[i]); err != nil {
			return err
		}
	}
	return nil
}

// naming knows the hosts of the server; none where nothing tells of memory, which matters only
// where a host is asked for.
func (s *Source) naming(ctx context.Context, q leak.MetricQuery) (*dialect.Naming, error) {
	d, err := s.discover(ctx, q.To, discoverSpan)
	var nothing *NoMetricsError
	if errors.As(err, &nothing) && q.Host == "" {
		return dialect.NewNaming(nil), nil
	}
	if err != nil {
		return nil, err
	}
	n := dialect.NewNaming(d.joins)
	for _, e := range d.hosts {
		for _, k := range e.keys {
			n.Add(e.name, k.value)
		}
	}
	return n, nil
}

// metricSink keeps the series of an answer, and ends the request where there are too many.
type metricSink struct {
	naming  *dialect.Naming
	host    string // that is wanted; empty for all
	list    []leak.Metric
	samples int
	skip    bool
	cancel  func()
	tooMany error
}

func (m *metricSink) start() { m.list, m.samples = m.list[:0], 0 }

func (m *metricSink) begin(ls dialect.Labels) {
	labels := make(map[string]string, len(ls))
	for _, l := range ls {
		labels[l.Name] = l.Value
	}
	host := m.naming.Host(labels)
	if m.skip = m.tooMany != nil || m.host != "" && host != m.host; m.skip {
		return
	}
	if len(m.list) == leak.MostMetrics {
		m.end(fmt.Sprintf("more than %d series: name a host, or labels", leak.MostMetrics))
		return
	}
	delete(labels, "__name__")
	m.list = append(m.list, leak.Metric{Host: host, Labels: maps.Clone(labels)})
}

func (m *metricSink) sample(millis int64, v float64) {
	if m.skip || math.IsNaN(v) {
		return
	}
	if m.samples++; m.samples > leak.MostMetricSamples {
		m.end(fmt.Sprintf("more than %d samples: ask for fewer hours, a larger step, a host or labels", leak.MostMetricSamples))
		return
	}
	last := &m.list[len(m.list)-1]
	last.Samples = append(last.Samples, [2]float64{float64(millis) / float64(time.Second/time.Millisecond), v})
}

func (m *metricSink) end(text string) {
	m.skip, m.list = true, nil
	m.tooMany = &leak.MetricQueryError{Text: text}
	m.cancel()
}
