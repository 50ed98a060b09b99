package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
)

// A workspace answers for any metric of its own, of collectors and of inspections.
func TestSourceAnswersForAnyMetric(t *testing.T) {
	eachSpaces(t, func(t *testing.T, s spaces) {
		m, other := workspace(t, s, "w1"), workspace(t, s, "w2")
		disk := func(host, mount string) line {
			return line{series("node_filesystem_avail_bytes", "instance", host+":9100", "mountpoint", mount), func(ago int) float64 { return float64(1000 + ago) }}
		}
		// another exporter of the machine, behind another port
		restarts := line{series("kube_pod_container_status_restarts_total", "instance", "web-1:8080", "pod", "cart"), constant(3)}
		appendAll(t, m, slices.Concat(host("web-1"), host("web-2"), []line{disk("web-1", "/"), disk("web-1", "/数据"), disk("web-2", "/"), restarts}), 60)
		appendAll(t, other, []line{disk("web-3", "/")}, 60)
		err := store.WriteVerdicts(t.Context(), m, []store.Verdict{{At: at, Inspection: "memory", Object: leak.Object{Kind: leak.KindHost, Host: "web-1"}, Verdict: leak.Verdict{Leak: true}}})
		if err != nil {
			t.Fatal(err)
		}
		s.settle()
		for _, c := range []struct {
			name  string
			query leak.MetricQuery
			want  []string
		}{
			{"every host", leak.MetricQuery{Metric: "node_filesystem_avail_bytes"}, []string{"web-1 / 61 1060 1000", "web-1 /数据 61 1060 1000", "web-2 / 61 1060 1000"}},
			{"a host", leak.MetricQuery{Metric: "node_filesystem_avail_bytes", Host: "web-1"}, []string{"web-1 / 61 1060 1000", "web-1 /数据 61 1060 1000"}},
			{"a label", leak.MetricQuery{Metric: "node_filesystem_avail_bytes", Labels: map[string][]string{"mountpoint": {"/数据"}}}, []string{"web-1 /数据 61 1060 1000"}},
			{"another port", leak.MetricQuery{Metric: "kube_pod_container_status_restarts_total", Host: "web-1"}, []string{"web-1  61 3 3"}},
			{"a verdict", leak.MetricQuery{Metric: "memseep_leak", Host: "web-1"}, []string{"web-1  1 1 1"}},
			{"nothing", leak.MetricQuery{Metric: "node_filesystem_size_bytes"}, nil},
			{"no such host", leak.MetricQuery{Metric: "node_filesystem_avail_bytes", Host: "web-3"}, []string{"the source knows no host web-3"}},
		} {
			t.Run(c.name, func(t *testing.T) {
				c.query.From, c.query.To, c.query.Step = at.Add(-time.Hour), at, time.Minute
				got := asked(t, m.Source(), c.query)
				if !slices.Equal(got, c.want) {
					t.Errorf("\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
				}
			})
		}
	})
}

func asked(t *testing.T, s store.Source, q leak.MetricQuery) (got []string) {
	t.Helper()
	err := s.Query(t.Context(), q, func(m *leak.Metric) error {
		got = append(got, fmt.Sprintf("%s %s %d %g %g", m.Host, m.Labels["mountpoint"], len(m.Samples), m.Samples[0][1], m.Samples[len(m.Samples)-1][1]))
		return nil
	})
	var problem *leak.MetricQueryError
	switch {
	case errors.As(err, &problem):
		got = append(got, problem.Text)
	case err != nil:
		t.Fatal(err)
	}
	slices.Sort(got)
	return got
}

// What is too much is refused before it is read.
func TestQueriesAreBounded(t *testing.T) {
	e := embedded(t, store.EmbeddedOptions{Clock: func() time.Time { return at }})
	var many []line
	for i := range leak.MostMetrics + 1 {
		many = append(many, line{series("many", "n", fmt.Sprint(i)), constant(1)})
	}
	appendAll(t, e, append(many, line{series("few", "n", "1"), constant(1)}, line{series("few", "n", "2"), constant(1)}), 1)
	q := leak.MetricQuery{From: at.Add(-7 * 24 * time.Hour), To: at, Step: time.Second}
	for metric, want := range map[string]string{
		"many": "more than 1000 series: name a host, or labels",
		"few":  "2 series of 604801 samples are more than 1000000: ask for fewer hours, a larger step, a host or labels",
	} {
		q.Metric = metric
		if got := asked(t, e.Source(), q); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %.5q, want %s", metric, got, want)
		}
	}
}

// outsideSource is a source outside that has memory alone.
type outsideSource struct{ store.Source }

func (outsideSource) Query() {}

func TestQueryOfASourceThatHasMemoryAlone(t *testing.T) {
	e := embedded(t, store.EmbeddedOptions{Clock: func() time.Time { return at }})
	src := store.WithFloors(outsideSource{e.Source()}, "outside", e)
	err := src.Query(context.Background(), leak.MetricQuery{Metric: "m"}, func(*leak.Metric) error { return nil })
	if !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("%v", err)
	}
}
