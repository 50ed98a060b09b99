package store_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/store"
)

// What Grafana asks, at times that lie between samples: a range of Prometheus 2 has both its ends,
// one of Prometheus 3 and of this store its right end alone, and so they agree.
var askedByGrafana = []struct {
	name, path string
	query      url.Values // of query and query_range: with the times where it names none
}{
	{"an instant", "query", url.Values{"query": {`node_memory_MemAvailable_bytes`}}},
	{"a regular expression", "query", url.Values{"query": {`{__name__=~"node_memory_.+",instance!~"db.*"}`}}},
	{"a scalar", "query", url.Values{"query": {`1 + 2 * time()`}}},
	{"a text", "query", url.Values{"query": {`"text"`}}},
	{"no number, and no end", "query", url.Values{"query": {`odd_values`}}},
	{"labels of any script", "query", url.Values{"query": {`odd_labels`}}},
	{"nothing", "query", url.Values{"query": {`no_such_metric`}}},
	{"raw samples", "query", url.Values{"query": {`node_memory_MemAvailable_bytes{instance="web-1:9100"}[10m]`}}},
	{"a time in RFC 3339", "query", url.Values{"query": {`node_memory_MemAvailable_bytes`}, "time": {grafanaAt.UTC().Format(time.RFC3339)}}},
	{"a time before all samples", "query", url.Values{"query": {`node_memory_MemAvailable_bytes`}, "time": {"1000"}}},
	{"an offset", "query", url.Values{"query": {`node_memory_MemAvailable_bytes offset 30m`}}},
	{"an offset to the future", "query", url.Values{"query": {`node_memory_MemAvailable_bytes offset -5m`}, "time": {unix(grafanaAt.Add(-time.Hour))}}},
	{"@", "query", url.Values{"query": {`node_memory_MemAvailable_bytes @ ` + unix(grafanaAt.Add(-time.Hour))}}},
	{"a gap", "query", url.Values{"query": {`node_memory_MemAvailable_bytes{instance="gap-1:9100"}`}, "time": {unix(grafanaAt.Add(-80 * time.Minute))}}},
	{"the ratio of two metrics", "query", url.Values{"query": {`100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)`}}},
	{"a join", "query", url.Values{"query": {`node_memory_MemAvailable_bytes * on (instance) group_left (nodename) node_uname_info`}}},
	{"sorted", "query", url.Values{"query": {`sort_desc(node_memory_MemAvailable_bytes)`}}},
	{"the highest", "query", url.Values{"query": {`topk(2, node_memory_MemAvailable_bytes)`}}},
	{"a quantile of a histogram", "query", url.Values{"query": {`histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[10m])))`}}},
	{"labels replaced", "query", url.Values{"query": {`label_replace(node_uname_info, "host", "$1", "instance", "(.+):.+")`}}},
	{"absent", "query", url.Values{"query": {`absent(no_such_metric{job="a"})`}}},
	{"a prediction", "query", url.Values{"query": {`predict_linear(node_memory_MemAvailable_bytes[1h], 3600)`}}},
	{"a subquery", "query", url.Values{"query": {`max_over_time(rate(requests_total[5m])[30m:5m])`}}},

	{"a graph", "query_range", url.Values{"query": {`node_memory_MemAvailable_bytes`}, "step": {"60"}}},
	{"a coarse graph", "query_range", url.Values{"query": {`node_memory_MemAvailable_bytes`}, "step": {"15m"}}},
	{"a graph of a sum", "query_range", url.Values{"query": {`sum by (job) (node_memory_MemAvailable_bytes)`}, "step": {"120"}}},
	{"a rate over a reset", "query_range", url.Values{"query": {`rate(requests_total[5m])`}, "step": {"60"}}},
	{"an increase", "query_range", url.Values{"query": {`increase(requests_total[10m])`}, "step": {"300"}}},
	{"floors", "query_range", url.Values{"query": {`min_over_time(node_memory_MemAvailable_bytes[15m])`}, "step": {"900"}}},
	{"quantiles over time", "query_range", url.Values{"query": {`quantile_over_time(0.5, node_memory_MemAvailable_bytes[30m])`}, "step": {"300"}}},
	{"a derivative", "query_range", url.Values{"query": {`deriv(node_memory_MemAvailable_bytes[20m])`}, "step": {"300"}}},
	{"resets", "query_range", url.Values{"query": {`resets(requests_total[1h]) + changes(requests_total[1h])`}, "step": {"600"}}},
	{"a graph of a scalar", "query_range", url.Values{"query": {`vector(7)`}, "step": {"600"}}},
	{"a graph of nothing", "query_range", url.Values{"query": {`no_such_metric`}, "step": {"600"}}},

	{"all labels", "labels", nil},
	{"labels of a metric", "labels", url.Values{"match[]": {`latency_seconds_bucket`}}},
	{"labels of two metrics", "labels", url.Values{"match[]": {`latency_seconds_bucket`, `node_uname_info`}}},
	{"labels of nothing", "labels", url.Values{"match[]": {`no_such_metric`}}},
	{"metric names", "label/__name__/values", nil},
	{"values of a label", "label/instance/values", nil},
	{"values of a label of a metric", "label/instance/values", url.Values{"match[]": {`node_uname_info{nodename=~"w.*"}`}}},
	{"values of no label", "label/no_such_label/values", nil},
	{"series", "series", url.Values{"match[]": {`node_memory_MemAvailable_bytes`}}},
	{"series of two selectors", "series", url.Values{"match[]": {`{job="node",instance=~"web.*"}`, `requests_total`}}},
	{"series of nothing", "series", url.Values{"match[]": {`no_such_metric`}}},
	{"metadata", "metadata", nil},
	{"metadata of a metric", "metadata", url.Values{"metric": {"node_uname_info"}}},
	{"exemplars", "query_exemplars", url.Values{"query": {`requests_total`}}},
	{"rules", "rules", nil},
	{"alerts", "alerts", nil},

	{"a query that is none", "query", url.Values{"query": {`sum(`}}},
	{"no query", "query", url.Values{"query": {``}}},
	{"a time that is none", "query", url.Values{"query": {`up`}, "time": {"yesterday"}}},
	{"no step", "query_range", url.Values{"query": {`up`}, "step": {"0"}}},
	{"too many points", "query_range", url.Values{"query": {`up`}, "step": {"0.1"}}},
	{"an end before its start", "query_range", url.Values{"query": {`up`}, "step": {"60"}, "end": {"1000"}}},
	{"a range where an instant is wanted", "query_range", url.Values{"query": {`up[5m]`}, "step": {"60"}}},
	{"many to many", "query", url.Values{"query": {`node_uname_info * on (job) node_memory_MemTotal_bytes`}}},
	{"series without a selector", "series", nil},
	{"a selector that is none", "series", url.Values{"match[]": {`{`}}},
}

// grafanaAt is when Grafana asks; samples lie at full minutes before it.
var grafanaAt = time.Unix(1_772_366_400, 0).Add(7 * time.Second)

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// Debian's Prometheus and this store hold the same blocks, and answer alike.
func TestGrafanaIsAnsweredAsByPrometheus(t *testing.T) {
	text := grafanaBlocks(t)
	prom := realserver.StartPrometheus(t, realserver.PrometheusOptions{OpenMetrics: text})
	ours := httptest.NewServer(blocksOf(t, text).Handler())
	defer ours.Close()
	for _, c := range askedByGrafana {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if method == http.MethodPost && (strings.Contains(c.path, "/") || c.path == "metadata" || c.path == "rules" || c.path == "alerts") {
				continue // Prometheus takes no POST there
			}
			t.Run(c.name+" by "+method, func(t *testing.T) {
				query := timesOf(c.path, c.query)
				want, got := askPrometheus(t, method, prom.URL, c.path, query), askPrometheus(t, method, ours.URL, c.path, query)
				if diff := gocmp.Diff(want, got); diff != "" {
					t.Errorf("%s?%s (-Prometheus +memseep):\n%s", c.path, query.Encode(), diff)
				}
			})
		}
	}
}

// Where a sample lies on the left end of a range, this store answers as Prometheus 3, which Grafana
// takes it for: Prometheus 2 counts that sample too.
func TestGrafanaIsAnsweredAsByPrometheus3AtTheEndsOfRanges(t *testing.T) {
	text := grafanaBlocks(t)
	prom := realserver.StartPrometheus(t, realserver.PrometheusOptions{OpenMetrics: text})
	ours := httptest.NewServer(blocksOf(t, text).Handler())
	defer ours.Close()
	const step = 1e6 // between two samples of web-1
	onSample := unix(grafanaAt.Add(-7 * time.Second))
	for _, c := range []struct {
		query      string
		two, three float64
	}{
		{`count_over_time(node_memory_MemAvailable_bytes{instance="web-1:9100"}[5m])`, 6, 5},
		{`max_over_time(node_memory_MemAvailable_bytes{instance="web-1:9100"}[5m]) - min_over_time(node_memory_MemAvailable_bytes{instance="web-1:9100"}[5m])`, 5 * step, 4 * step},
		{`delta(node_memory_MemAvailable_bytes{instance="web-1:9100"}[5m])`, -5 * step, -5 * step}, // extrapolated
		{`count_over_time(vector(1)[5m:1m])`, 6, 5},
		{`count_over_time(node_memory_MemAvailable_bytes{instance="web-1:9100"}[1m])`, 2, 1},
	} {
		for name, asked := range map[string]struct {
			url  string
			want float64
		}{"Prometheus 2": {prom.URL, c.two}, "this store": {ours.URL, c.three}} {
			a := askPrometheus(t, http.MethodGet, asked.url, "query", url.Values{"query": {c.query}, "time": {onSample}})
			data, _ := a.Data.(map[string]any)
			result, _ := data["result"].([]any)
			if len(result) != 1 || result[0].(map[string]any)["value"].([]any)[1] != twelve(asked.want) {
				t.Errorf("%s of %s: %v, want %v", c.query, name, a, asked.want)
			}
		}
	}
}

// twelve digits of a number.
func twelve(v float64) string { return strconv.FormatFloat(v, 'e', 11, 64) }

// timesOf adds the times of a dashboard to what is asked for.
func timesOf(path string, q url.Values) url.Values {
	out := url.Values{}
	for k, v := range q {
		out[k] = v
	}
	set := func(k string, at time.Time) {
		if !out.Has(k) {
			out.Set(k, unix(at))
		}
	}
	switch {
	case path == "query":
		set("time", grafanaAt)
	case path != "metadata" && path != "rules" && path != "alerts":
		set("start", grafanaAt.Add(-2*time.Hour))
		set("end", grafanaAt)
	}
	return out
}

// promAnswer is what can be compared of an answer: of an error its kind, not its words.
type promAnswer struct {
	HTTP        int
	ContentType string
	Status      string `json:"status"`
	ErrorType   string `json:"errorType"`
	Data        any    `json:"data"`
}

func askPrometheus(t *testing.T, method, base, path string, q url.Values) promAnswer {
	t.Helper()
	address, body := base+"/api/v1/"+path, ""
	if method == http.MethodGet {
		address += "?" + q.Encode()
	} else {
		body = q.Encode()
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := promAnswer{HTTP: resp.StatusCode, ContentType: resp.Header.Get("Content-Type")}
	if err := json.Unmarshal(text, &a); err != nil {
		t.Fatalf("%s: %s: %v", path, text, err)
	}
	if data, ok := a.Data.(map[string]any); ok && !strings.HasPrefix(q.Get("query"), "sort") {
		if result, ok := data["result"].([]any); ok && data["resultType"] != "scalar" && data["resultType"] != "string" {
			slices.SortFunc(result, inText)
		}
	}
	if list, ok := a.Data.([]any); ok && path == "series" {
		slices.SortFunc(list, inText)
	}
	a.Data = rounded(a.Data)
	return a
}

func inText(a, b any) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) }

// rounded keeps twelve digits of numbers: versions of Prometheus sum up in another order.
func rounded(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = rounded(v[k])
		}
	case []any:
		for i := range v {
			v[i] = rounded(v[i])
		}
		if len(v) == 2 {
			if text, ok := v[1].(string); ok {
				if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) {
					v[1] = twelve(f)
				}
			}
		}
	}
	return v
}

// grafanaBlocks is the path of three hours of samples in OpenMetrics, a minute apart.
func grafanaBlocks(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	const minutes = 180
	family := func(name, kind string, series map[string]func(n int) (value float64, there bool)) {
		fmt.Fprintf(&b, "# TYPE %s %s\n", name, kind)
		for _, labels := range slices.Sorted(keysOf(series)) {
			for n := range minutes + 1 {
				if v, there := series[labels](n); there {
					metric, inner, _ := strings.Cut(labels, "{")
					fmt.Fprintf(&b, "%s{%s %s %d\n", metric, inner, strconv.FormatFloat(v, 'g', -1, 64), grafanaAt.Unix()-7-int64(minutes-n)*60)
				}
			}
		}
	}
	always := func(f func(n int) float64) func(int) (float64, bool) {
		return func(n int) (float64, bool) { return f(n), true }
	}
	family("node_memory_MemAvailable_bytes", "gauge", map[string]func(int) (float64, bool){
		`node_memory_MemAvailable_bytes{instance="web-1:9100",job="node"}`: always(func(n int) float64 { return 8e9 - 1e6*float64(n) }),
		`node_memory_MemAvailable_bytes{instance="web-2:9100",job="node"}`: always(func(n int) float64 { return 6e9 + 1e7*float64(n*n%37) }),
		`node_memory_MemAvailable_bytes{instance="db-1:9100",job="node"}`:  always(func(n int) float64 { return 4e9 + 1e8*math.Sin(float64(n)/20) }),
		`node_memory_MemAvailable_bytes{instance="gap-1:9100",job="node"}`: func(n int) (float64, bool) { return 1e9, n < 90 || n > 110 },
	})
	family("node_memory_MemTotal_bytes", "gauge", map[string]func(int) (float64, bool){
		`node_memory_MemTotal_bytes{instance="web-1:9100",job="node"}`: always(func(int) float64 { return 16e9 }),
		`node_memory_MemTotal_bytes{instance="web-2:9100",job="node"}`: always(func(int) float64 { return 16e9 }),
		`node_memory_MemTotal_bytes{instance="db-1:9100",job="node"}`:  always(func(int) float64 { return 32e9 }),
	})
	family("node_uname_info", "gauge", map[string]func(int) (float64, bool){
		`node_uname_info{instance="web-1:9100",job="node",nodename="w1"}`: always(func(int) float64 { return 1 }),
		`node_uname_info{instance="db-1:9100",job="node",nodename="d1"}`:  always(func(int) float64 { return 1 }),
	})
	family("requests", "counter", map[string]func(int) (float64, bool){
		`requests_total{code="200"}`: always(func(n int) float64 { return float64(60 * n) }),
		`requests_total{code="500"}`: always(func(n int) float64 { return float64(n % 50 * 3) }), // starts again each 50 minutes
	})
	family("latency_seconds", "histogram", map[string]func(int) (float64, bool){
		`latency_seconds_bucket{le="0.1"}`:  always(func(n int) float64 { return float64(5 * n) }),
		`latency_seconds_bucket{le="1.0"}`:  always(func(n int) float64 { return float64(9 * n) }),
		`latency_seconds_bucket{le="+Inf"}`: always(func(n int) float64 { return float64(10 * n) }),
		`latency_seconds_count{}`:           always(func(n int) float64 { return float64(10 * n) }),
		`latency_seconds_sum{}`:             always(func(n int) float64 { return float64(3 * n) }),
	})
	family("odd_values", "gauge", map[string]func(int) (float64, bool){
		`odd_values{is="nan"}`:   always(func(int) float64 { return math.NaN() }),
		`odd_values{is="inf"}`:   always(func(int) float64 { return math.Inf(1) }),
		`odd_values{is="-inf"}`:  always(func(int) float64 { return math.Inf(-1) }),
		`odd_values{is="small"}`: always(func(int) float64 { return 1.25e-300 }),
		`odd_values{is="large"}`: always(func(int) float64 { return 1.7976931348623157e308 }),
	})
	family("odd_labels", "gauge", map[string]func(int) (float64, bool){
		`odd_labels{text="主机 \"a\" \\ <b>&"}`: always(func(int) float64 { return 1 }),
	})
	b.WriteString("# EOF\n")
	path := filepath.Join(t.TempDir(), "grafana.om")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// blocksOf is a store over blocks that promtool makes of a text.
func blocksOf(t *testing.T, text string) *store.Store {
	t.Helper()
	dir := t.TempDir()
	tool := realserver.Find(t, "promtool")
	if out, err := exec.Command(tool, "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=720h", "--quiet", text, dir).CombinedOutput(); err != nil {
		t.Fatalf("fill blocks: %v\n%s", err, out)
	}
	s, err := store.Open(dir, store.Options{Retention: 100 * 365 * 24 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // nothing is written to it
	return s
}
