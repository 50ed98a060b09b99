package prometheus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

// Both servers give the series of any metric, and name the host of each by what they know of hosts.
func TestQueryGivesAnyMetric(t *testing.T) {
	for _, server := range []struct{ name, url string }{
		{"Prometheus", startFleetPrometheus(t).URL}, {"VictoriaMetrics", startFleetVictoriaMetrics(t).URL},
	} {
		s := newSource(t, Config{URL: server.url})
		for _, c := range []struct {
			name  string
			query leak.MetricQuery
			want  []string // host, some labels, samples; or an error
		}{
			{"every host", leak.MetricQuery{Metric: "memseep_host_memory_total_bytes"}, []string{"made-0 [host=made-0] 61", "made-1 [host=made-1] 61", "made-2 [host=made-2] 61"}},
			{"a host by its instance", leak.MetricQuery{Metric: "node_memory_SUnreclaim_bytes", Host: "worker-1"}, []string{"worker-1 [instance=10.0.0.5:9100 job=node] 61"}},
			{"a host by its node", leak.MetricQuery{Metric: "container_start_time_seconds", Host: "worker-1"}, []string{"worker-1 [container=cart id=/b namespace=shop node=worker-1 pod=cart-6d5f-x] 61"}},
			{"a name that has to be quoted", leak.MetricQuery{Metric: "mem_total", Host: `dk "one"`}, []string{`dk "one" [host=dk "one"] 61`}},
			{"no host in the labels", leak.MetricQuery{Metric: "kube_replicaset_owner"}, []string{" [namespace=shop owner_kind=Deployment owner_name=cart replicaset=cart-6d5f] 61"}},
			{"labels", leak.MetricQuery{Metric: "memseep_kernel_bytes", Labels: map[string][]string{"pool": {"other", "slab_unreclaimable"}, "host": {"made-0"}}}, []string{"made-0 [host=made-0 pool=slab_unreclaimable] 61"}},
			{"a value is no pattern", leak.MetricQuery{Metric: "memseep_kernel_bytes", Labels: map[string][]string{"pool": {"slab.*"}}}, nil},
			{"another host", leak.MetricQuery{Metric: "memseep_kernel_bytes", Host: "made-1"}, nil},
			{"no such metric", leak.MetricQuery{Metric: `x"} or {host="made-0"`}, nil},
			{"no metric", leak.MetricQuery{}, []string{"name a metric"}},
			{"no such host", leak.MetricQuery{Metric: "mem_total", Host: "made-9"}, []string{"the source knows no host made-9"}},
			{"a label that is none", leak.MetricQuery{Metric: "mem_total", Labels: map[string][]string{`a="b",c`: {"d"}}}, []string{`"a=\"b\",c" is no name of a label`}},
		} {
			t.Run(server.name+"/"+c.name, func(t *testing.T) {
				c.query.From, c.query.To, c.query.Step = fleetEnd.Add(-time.Hour), fleetEnd, time.Minute
				var got []string
				err := s.Query(context.Background(), c.query, func(m *leak.Metric) error {
					var labels []string
					for k, v := range m.Labels {
						labels = append(labels, k+"="+v)
					}
					slices.Sort(labels)
					got = append(got, fmt.Sprintf("%s %v %d", m.Host, labels, len(m.Samples)))
					if last := m.Samples[len(m.Samples)-1]; last[0] != float64(fleetEnd.Unix()) {
						t.Errorf("the newest sample is of %v", last)
					}
					return nil
				})
				var asked *leak.MetricQueryError
				if errors.As(err, &asked) {
					got = append(got, asked.Text)
				} else if err != nil {
					t.Fatal(err)
				}
				slices.Sort(got)
				if !slices.Equal(got, c.want) {
					t.Errorf("\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(c.want, "\n     "))
				}
			})
		}
	}
}

// An answer that goes over the bounds ends the request, and is let go of.
func TestQueryEndsAtItsBounds(t *testing.T) {
	ended := 0
	series := &metricSink{naming: dialect.NewNaming(nil), cancel: func() { ended++ }}
	for range leak.MostMetrics {
		series.begin(nil)
	}
	if ended != 0 {
		t.Fatal("it ended before the bound")
	}
	series.begin(nil)
	samples := &metricSink{naming: dialect.NewNaming(nil), cancel: func() { ended++ }}
	samples.begin(nil)
	for range leak.MostMetricSamples + 10 {
		samples.sample(0, 1)
	}
	if ended != 2 || series.tooMany == nil || samples.tooMany == nil || series.list != nil || samples.list != nil {
		t.Errorf("ended %d times: %v, %v", ended, series.tooMany, samples.tooMany)
	}
}
