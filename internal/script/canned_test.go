package script_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/leak"
)

// canned answers for two metrics of some hosts.
func canned(_ context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error {
	if q.Host == "web-9" {
		return &leak.MetricQueryError{Text: "the source knows no host web-9"}
	}
	type line struct {
		metric, host string
		labels       map[string]string
		value        func(hours float64) float64 // before the end
	}
	const gb = 1 << 30
	for _, l := range []line{
		{"node_filesystem_avail_bytes", "web-1", map[string]string{"instance": "web-1:9100", "mountpoint": "/"}, func(h float64) float64 { return 9*gb + h*gb }},
		{"node_filesystem_avail_bytes", "数据库-1", map[string]string{"instance": "数据库-1:9100", "mountpoint": "/数据"}, func(h float64) float64 { return 29*gb + h*gb }},
		{"node_filesystem_avail_bytes", "web-2", map[string]string{"instance": "web-2:9100", "mountpoint": "/"}, func(float64) float64 { return 100 * gb }},
		{"kube_pod_container_status_restarts_total", "", map[string]string{"namespace": "shop", "pod": "cart-0"}, func(h float64) float64 { return 7 - float64(int(h)) }},
		{"kube_pod_container_status_restarts_total", "web-1", map[string]string{"namespace": "shop", "pod": "cart-1"}, func(float64) float64 { return 2 }},
	} {
		if l.metric != q.Metric {
			continue
		}
		if wanted := q.Labels["mountpoint"]; wanted != nil && !slices.Contains(wanted, l.labels["mountpoint"]) {
			continue
		}
		m := &leak.Metric{Host: l.host, Labels: l.labels}
		for at := q.From; !at.After(q.To); at = at.Add(q.Step) {
			if h := q.To.Sub(at).Hours(); h < 4 || l.host != "" {
				m.Samples = append(m.Samples, [2]float64{float64(at.Unix()), l.value(h)})
			}
		}
		if err := each(m); err != nil {
			return err
		}
	}
	return nil
}

// tickets is a server that takes tickets from the second try on.
func tickets(t testing.TB) *httptest.Server {
	t.Helper()
	tries := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/tickets" {
			http.NotFound(w, r)
			return
		}
		if tries++; tries == 1 || r.Header.Get("Authorization") != "Bearer hush-hush" {
			http.Error(w, "not yet", http.StatusServiceUnavailable)
			return
		}
		var ticket map[string]any
		if err := json.NewDecoder(r.Body).Decode(&ticket); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		ticket["id"] = fmt.Sprintf("T-%d", tries-1)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(ticket)
	}))
	t.Cleanup(s.Close)
	return s
}

// The bounds of queries hold whatever a source gives.
func TestQueriesOfARunAreBounded(t *testing.T) {
	f := newFleet(t)
	many := func(series, samples int) func(context.Context, leak.MetricQuery, func(*leak.Metric) error) error {
		return func(_ context.Context, _ leak.MetricQuery, each func(*leak.Metric) error) error {
			for range series {
				if err := each(&leak.Metric{Samples: make([][2]float64, samples)}); err != nil {
					return err
				}
			}
			return nil
		}
	}
	for _, c := range []struct {
		name, call, want string
		query            func(context.Context, leak.MetricQuery, func(*leak.Metric) error) error
	}{
		{"as many as may be", "len(memseep.query('m'))", "1000", many(1000, 10)},
		{"numbers that are none", "memseep.query('m')", `[{"host":null,"labels":{"a":"b"},"samples":[[1,2.5]]}]`, func(_ context.Context, _ leak.MetricQuery, each func(*leak.Metric) error) error {
			return each(&leak.Metric{Labels: map[string]string{"a": "b"}, Samples: [][2]float64{{0, math.NaN()}, {1, 2.5}, {2, math.Inf(1)}}})
		}},
		{"series", "len(memseep.query('m'))", "ValueError: query: more than 1000 series: name a host, or labels", many(1001, 1)},
		{"samples", "len(memseep.query('m'))", "ValueError: query: more than 1000000 samples: ask for fewer hours, a larger step, a host or labels", many(2, 500_001)},
		{"no metrics but of memory", "memseep.query('m')", "ValueError: query: this source has metrics of memory alone: read a server with the Prometheus API, or the workspace's own store", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := f.world(true, "")
			w.Query = c.query
			got := w.run(t, f.job("x.py", "import memseep\ndef run():\n    return "+c.call+"\n", "run"))
			said := string(got.result.Value)
			if got.result.Failure != nil {
				said = got.result.Failure.Message
			}
			if said != c.want {
				t.Errorf("\n got %s\nwant %s", said, c.want)
			}
		})
	}
}

func TestSamplesOfARunAreBounded(t *testing.T) {
	world := &script.World{Query: func(_ context.Context, _ leak.MetricQuery, each func(*leak.Metric) error) error {
		return each(&leak.Metric{Samples: make([][2]float64, 900_000)})
	}}
	if n, err := script.QueryAgain(world, 50); n != 22 || err == nil || err.Error() != "query: more than 20000000 samples in one run" {
		t.Errorf("%d queries, then %v", n, err)
	}
}

// What is asked of a source: the end is the run's, and a series has a thousand samples at most.
func TestQueryAsksFor(t *testing.T) {
	f := newFleet(t)
	for call, want := range map[string]string{
		"memseep.query('m')":           "m  6h0m0s 1m0s map[]",
		"memseep.query('m', hours=24)": "m  24h0m0s 2m0s map[]",
		"memseep.query(metric='m', host='web-1', hours=168, labels={'a': 1, 'b': ['x', 'y']})": "m web-1 168h0m0s 11m0s map[a:[1] b:[x y]]",
		"memseep.query('m', None, 0.5, step=15)":                                               "m  30m0s 15s map[]",
	} {
		w := f.world(true, "")
		got := ""
		w.Query = func(_ context.Context, q leak.MetricQuery, _ func(*leak.Metric) error) error {
			got = fmt.Sprint(q.Metric, " ", q.Host, " ", q.To.Sub(q.From), " ", q.Step, " ", q.Labels)
			if !q.To.Equal(time.Unix(fleetEnd, 0)) {
				t.Errorf("up to %v", q.To)
			}
			return nil
		}
		ran := w.run(t, f.job("x.py", "import memseep\ndef run():\n    return "+call+"\n", "run"))
		if got != want || string(ran.result.Value) != "[]" {
			t.Errorf("%s: %s, want %s (%+v)", call, got, want, ran.result)
		}
	}
}
