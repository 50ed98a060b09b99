package script

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
	"github.com/memseep/memseep/leak"
)

// Query answers for metrics of any kind, bounded as leak.MetricQuery is. A *leak.MetricQueryError says
// what to ask otherwise, errors.ErrUnsupported that there are metrics of memory alone.
type Query func(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error

// Bounds of what a script queries.
const (
	longestQuery     = 7 * 24 * time.Hour
	mostQuerySteps   = 11_000     // of one query, as Prometheus has it
	mostQuerySamples = 20_000_000 // of all queries of a run
)

// queries answers those of one run of a script.
type queries struct {
	world *World
	left  int // samples
}

func (w *World) queryCalls() map[string]sandbox.Call {
	return map[string]sandbox.Call{"query": (&queries{world: w, left: mostQuerySamples}).query}
}

// asks is what answers; it is nil where there is nothing that does.
func (w *World) asks() Query {
	if w.Query != nil {
		return w.Query
	}
	if s, ok := w.Source.(interface {
		Query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error
	}); ok {
		return s.Query
	}
	return nil
}

var errNoQueries = errors.New("query: this source has metrics of memory alone: read a server with the Prometheus API, or the workspace's own store")

func (a *queries) query(ctx context.Context, args json.RawMessage) (any, error) {
	var asked modules.Query
	if err := json.Unmarshal(args, &asked); err != nil {
		return nil, err
	}
	query := a.world.asks()
	if query == nil {
		return nil, errNoQueries
	}
	q := leak.MetricQuery{Metric: asked.Metric, Host: asked.Host, Labels: asked.Labels, Step: time.Duration(asked.Step * float64(time.Second))}
	window := time.Duration(asked.Hours * float64(time.Hour))
	switch {
	case !(window > 0 && window <= longestQuery):
		return nil, fmt.Errorf("query: hours are more than 0 and up to %.0f", longestQuery.Hours())
	case q.Step < time.Second || window/q.Step >= mostQuerySteps:
		return nil, fmt.Errorf("query: step is a number of seconds, at least 1, and of %s at most %d fit into the hours", q.Step, mostQuerySteps)
	}
	var err error
	if q.To, err = a.world.at(ctx); err != nil {
		return nil, err
	}
	q.From = q.To.Add(-window)
	answer, err := a.collect(ctx, query, q)
	var otherwise *leak.MetricQueryError
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return nil, errNoQueries
	case errors.As(err, &otherwise):
		return nil, fmt.Errorf("query: %w", err)
	case err != nil:
		return nil, sourceError{err}
	}
	return answer, nil
}

// collect keeps an answer within its bounds, whatever the source gives.
func (a *queries) collect(ctx context.Context, query Query, q leak.MetricQuery) ([]modules.Series, error) {
	list, samples := []modules.Series{}, 0
	err := query(ctx, q, func(m *leak.Metric) error {
		samples += len(m.Samples)
		switch {
		case len(list) == leak.MostMetrics:
			return &leak.MetricQueryError{Text: fmt.Sprintf("more than %d series: name a host, or labels", leak.MostMetrics)}
		case samples > leak.MostMetricSamples:
			return &leak.MetricQueryError{Text: fmt.Sprintf("more than %d samples: ask for fewer hours, a larger step, a host or labels", leak.MostMetricSamples)}
		case samples > a.left:
			return &leak.MetricQueryError{Text: fmt.Sprintf("more than %d samples in one run", mostQuerySamples)}
		}
		told := slices.DeleteFunc(m.Samples, func(s [2]float64) bool { return math.IsNaN(s[1]) || math.IsInf(s[1], 0) }) // JSON has no such numbers
		s := modules.Series{Labels: m.Labels, Samples: told}
		if m.Host != "" {
			s.Host = &m.Host
		}
		list = append(list, s)
		return nil
	})
	a.left -= min(samples, a.left)
	return list, err
}
