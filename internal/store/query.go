package store

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
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/storage"
)

// querier is a source that answers for metrics of any kind.
type querier interface {
	Query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error
}

// query asks a source that may be none that answers; the error is errors.ErrUnsupported then.
func query(ctx context.Context, source inner, q leak.MetricQuery, each func(*leak.Metric) error) error {
	asked, ok := source.(querier)
	if !ok {
		return errors.ErrUnsupported
	}
	return asked.Query(ctx, q, each)
}

// Query asks the source for a metric of any kind.
func (s *floored) Query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error {
	return query(ctx, s.inner, q, each)
}

// Query asks the source for a metric of any kind.
func (u unkept) Query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error {
	return query(ctx, u.inner, q, each)
}

// Query gives each the series of a metric of the workspace, of collectors or of inspections; a series without
// samples in the time is not among them. It ends with a *leak.MetricQueryError where there is too much.
func (s *embeddedSource) Query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error {
	return s.with(func(r *Reader) error {
		naming, err := r.naming(ctx, q)
		if err != nil {
			return err
		}
		selectors, err := naming.Selectors(q)
		if err != nil {
			return err
		}
		e := s.embedded
		all := both{e.samples.db, e.derived.db}
		if err := e.samples.bounded(ctx, all, q, selectors); err != nil {
			return err
		}
		return e.samples.rangeOf(ctx, all, q, strings.Join(selectors, " or "), func(m *leak.Metric) error {
			if m.Host = naming.Host(m.Labels); q.Host != "" && m.Host != q.Host {
				return nil
			}
			return each(m)
		})
	})
}

// naming knows the hosts of the store; none where nothing tells of memory, which matters only where
// a host is asked for.
func (r *Reader) naming(ctx context.Context, q leak.MetricQuery) (*dialect.Naming, error) {
	d, err := r.discover(ctx, q.To.Add(-hostsSpan).UnixMilli(), q.To.UnixMilli())
	var nothing *NoMetricsError
	if errors.As(err, &nothing) && q.Host == "" {
		return dialect.NewNaming(nil), nil
	}
	if err != nil {
		return nil, err
	}
	n := dialect.NewNaming(d.joins)
	for _, k := range d.keys {
		n.Add(k.host, k.value)
	}
	return n, nil
}

// bounded says that a query chooses more than may be answered, before anything of it is read.
func (s *Store) bounded(ctx context.Context, all storage.Queryable, q leak.MetricQuery, selectors []string) (err error) {
	from, to := q.From.Add(-lookbackDelta).UnixMilli(), q.To.UnixMilli()
	opened, err := all.Querier(from, to)
	if err != nil {
		return fmt.Errorf("open the metrics store for reading: %w", err)
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	series := 0
	for _, selector := range selectors {
		matchers, err := s.parser.ParseMetricSelector(selector)
		if err != nil {
			return fmt.Errorf("query %s: %w", q.Metric, err)
		}
		set := opened.Select(ctx, false, &storage.SelectHints{Start: from, End: to, Func: "series"}, matchers...)
		for set.Next() {
			if series++; series > leak.MostMetrics {
				return &leak.MetricQueryError{Text: fmt.Sprintf("more than %d series: name a host, or labels", leak.MostMetrics)}
			}
		}
		if err := set.Err(); err != nil {
			return fmt.Errorf("query %s: %w", q.Metric, err)
		}
	}
	if steps := int(q.To.Sub(q.From)/q.Step) + 1; series*steps > leak.MostMetricSamples {
		return &leak.MetricQueryError{Text: fmt.Sprintf("%d series of %d samples are more than %d: ask for fewer hours, a larger step, a host or labels", series, steps, leak.MostMetricSamples)}
	}
	return nil
}

// rangeOf evaluates an expression at each step.
func (s *Store) rangeOf(ctx context.Context, all storage.Queryable, q leak.MetricQuery, expression string, each func(*leak.Metric) error) error {
	asked, err := s.engine.NewRangeQuery(ctx, all, nil, expression, q.From, q.To, q.Step)
	if err != nil {
		return fmt.Errorf("query %s: %w", q.Metric, err)
	}
	defer asked.Close()
	matrix, err := asked.Exec(ctx).Matrix()
	if err != nil {
		return fmt.Errorf("query %s: %w", q.Metric, err)
	}
	for i := range matrix {
		if err := each(metricOf(&matrix[i])); err != nil {
			return err
		}
	}
	return nil
}

func metricOf(series *promql.Series) *leak.Metric {
	m := &leak.Metric{Labels: maps.Clone(series.Metric.Map()), Samples: make([][2]float64, 0, len(series.Floats))}
	delete(m.Labels, "__name__")
	for _, p := range series.Floats {
		if !math.IsNaN(p.F) {
			m.Samples = append(m.Samples, [2]float64{float64(p.T) / float64(time.Second/time.Millisecond), p.F})
		}
	}
	return m
}
