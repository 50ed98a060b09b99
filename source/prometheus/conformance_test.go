package prometheus

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

var _ inspect.Source = (*Source)(nil)

var fleetEnd = time.Date(2026, 3, 10, 12, 7, 0, 0, time.UTC)

// madeSeries is one series of the fleet that all servers hold.
type madeSeries struct {
	metric string
	labels dialect.Labels
	times  []int64 // milliseconds
	values []float64
}

// smallFleet has hosts of three dialects, with gaps, another phase, another step, a restart, and
// processes by pid that come and go.
func smallFleet() []madeSeries {
	var out []madeSeries
	add := func(metric string, ls dialect.Labels, from, to time.Time, step time.Duration, value func(t time.Time) float64) {
		s := madeSeries{metric: metric, labels: ls}
		for t := from; !t.After(to); t = t.Add(step) {
			if v := value(t); !math.IsNaN(v) {
				s.times = append(s.times, t.UnixMilli())
				s.values = append(s.values, v)
			}
		}
		out = append(out, s)
	}
	begin := fleetEnd.Add(-50 * time.Hour)
	hour := func(t time.Time) float64 { return t.Sub(begin).Hours() }
	wave := func(t time.Time) float64 { return math.Round(100*math.Sin(float64(t.Unix()/60))) / 100 }
	label := func(pairs ...string) (ls dialect.Labels) {
		for i := 0; i < len(pairs); i += 2 {
			ls = append(ls, dialect.Label{Name: pairs[i], Value: pairs[i+1]})
		}
		return ls
	}

	for i := range 3 {
		host := fmt.Sprintf("made-%d", i)
		add("memseep_host_memory_used_percent", label("host", host), begin, fleetEnd, time.Minute, func(t time.Time) float64 {
			if i == 1 && t.Minute()%7 == 3 {
				return math.NaN()
			}
			return 30 + float64(i) + hour(t)/4 + wave(t)
		})
		add("memseep_host_memory_total_bytes", label("host", host), begin, fleetEnd, time.Minute, func(time.Time) float64 { return 8 << 30 })
	}
	add("memseep_process_rss_bytes", label("host", "made-0", "name", "java"), begin, fleetEnd, 2*time.Minute, func(t time.Time) float64 { return 1e9 + 1e7*math.Floor(hour(t)) })
	add("memseep_kernel_bytes", label("host", "made-0", "pool", "slab_unreclaimable"), begin, fleetEnd, time.Minute, func(t time.Time) float64 { return 2e8 })
	add("memseep_pod_rss_bytes", label("host", "made-1", "namespace", "shop", "name", "cart-0"), begin, fleetEnd, time.Minute, func(t time.Time) float64 { return 3e8 + 1e6*wave(t) })
	add("memseep_process_rss_bytes", label("host", "made-3", "name", "alone"), begin, fleetEnd, time.Minute, func(t time.Time) float64 { return 5e8 + 1e5*hour(t) })

	phase := begin.Add(17 * time.Second)
	node := label("instance", "10.0.0.5:9100", "job", "node")
	add("node_memory_MemTotal_bytes", node, phase, fleetEnd, 30*time.Second, func(time.Time) float64 { return 16 << 30 })
	add("node_memory_MemAvailable_bytes", node, phase, fleetEnd, 30*time.Second, func(t time.Time) float64 { return (12 << 30) - 1e8*math.Floor(hour(t)) })
	add("node_memory_SUnreclaim_bytes", node, phase, fleetEnd, 30*time.Second, func(t time.Time) float64 { return 1e8 })
	add("node_uname_info", label("instance", "10.0.0.5:9100", "nodename", "worker-1"), phase, fleetEnd, 30*time.Second, func(time.Time) float64 { return 1 })

	pod := func(more ...string) dialect.Labels {
		return label(append([]string{"container", "cart", "namespace", "shop", "node", "worker-1", "pod", "cart-6d5f-x"}, more...)...)
	}
	restart := fleetEnd.Add(-2 * time.Hour)
	add("container_memory_rss", pod("id", "/a"), begin, restart, time.Minute, func(t time.Time) float64 { return 1e8 + 2e6*math.Floor(hour(t)) })
	add("container_memory_rss", pod("id", "/b"), restart.Add(time.Minute), fleetEnd, time.Minute, func(t time.Time) float64 { return 1e8 + 2e6*math.Floor(hour(t)) })
	add("container_start_time_seconds", pod("id", "/b"), restart.Add(time.Minute), fleetEnd, time.Minute, func(t time.Time) float64 { return float64(restart.Unix()) })
	add("container_spec_memory_limit_bytes", pod("id", "/b"), restart.Add(time.Minute), fleetEnd, time.Minute, func(t time.Time) float64 { return 4e8 })
	add("kube_pod_owner", label("namespace", "shop", "pod", "cart-6d5f-x", "owner_kind", "ReplicaSet", "owner_name", "cart-6d5f"), begin, fleetEnd, time.Minute, func(time.Time) float64 { return 1 })
	add("kube_replicaset_owner", label("namespace", "shop", "replicaset", "cart-6d5f", "owner_kind", "Deployment", "owner_name", "cart"), begin, fleetEnd, time.Minute, func(time.Time) float64 { return 1 })

	datakit := label("host", `dk "one"`)
	add("mem_available_percent", datakit, begin, fleetEnd, time.Minute, func(t time.Time) float64 { return 60 - wave(t) })
	add("mem_total", datakit, begin, fleetEnd, time.Minute, func(t time.Time) float64 { return 4e9 })
	for pid := range 40 { // each lives for ten minutes
		from := fleetEnd.Add(time.Duration(pid-40) * 10 * time.Minute)
		add("host_processes_rss", label("host", `dk "one"`, "pid", fmt.Sprint(4000+pid), "process_name", "job"), from, from.Add(9*time.Minute), time.Minute, func(t time.Time) float64 { return 5e7 })
	}
	return out
}

// exposition writes the fleet as OpenMetrics (seconds, grouped by metric) or as the text format
// of Prometheus (milliseconds).
func exposition(fleet []madeSeries, openMetrics bool) []byte {
	var b bytes.Buffer
	sorted := slices.Clone(fleet)
	slices.SortStableFunc(sorted, func(x, y madeSeries) int { return bytes.Compare([]byte(x.metric), []byte(y.metric)) })
	last := ""
	for _, s := range sorted {
		if openMetrics && s.metric != last {
			fmt.Fprintf(&b, "# TYPE %s gauge\n", s.metric)
			last = s.metric
		}
		var labels bytes.Buffer
		for i, l := range s.labels {
			if i > 0 {
				labels.WriteByte(',')
			}
			labels.WriteString(l.Name + "=" + quote(l.Value))
		}
		for i, t := range s.times {
			if openMetrics {
				fmt.Fprintf(&b, "%s{%s} %g %g\n", s.metric, labels.String(), s.values[i], float64(t)/1000)
			} else {
				fmt.Fprintf(&b, "%s{%s} %g %d\n", s.metric, labels.String(), s.values[i], t)
			}
		}
	}
	if openMetrics {
		b.WriteString("# EOF\n")
	}
	return b.Bytes()
}

// expected assembles the readings from the samples themselves.
func expected(fleet []madeSeries, q leak.Query) map[string]leak.Reading {
	names := map[string]bool{}
	for _, s := range fleet {
		names[s.metric] = true
	}
	holds := func(n string) bool { return names[n] }
	plan := dialect.NewPlan(dialect.Detect(holds), holds)
	joins := &dialect.Joins{}
	for _, s := range fleet {
		if sel := plan.Match(s.metric, s.labels); sel != nil && sel.Role.OfStore() {
			joins.Add(sel, s.labels)
		}
	}
	joins.Resolve()
	byHost := map[string]*dialect.Assembler{}
	for _, s := range fleet {
		sel := plan.Match(s.metric, s.labels)
		if sel == nil || sel.Role.OfStore() {
			continue
		}
		_, value := sel.HostOf(s.labels)
		host := joins.Host(value)
		a := byHost[host]
		if a == nil {
			a = dialect.NewAssembler(q)
			a.Begin(host, joins)
			byHost[host] = a
		}
		out := a.Add(sel, s.labels)
		for i, t := range s.times {
			out.Append(t, s.values[i])
		}
	}
	readings := map[string]leak.Reading{}
	for host, a := range byHost {
		readings[host] = *a.Reading()
	}
	return readings
}

// collect reads all and keeps copies.
func collect(t testing.TB, s *Source, q leak.Query) map[string]leak.Reading {
	t.Helper()
	var mu sync.Mutex
	out := map[string]leak.Reading{}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	err := s.Read(ctx, q, func(r *leak.Reading) error {
		c := *r
		c.Notes = slices.Clone(r.Notes)
		c.Host.Collectors = slices.Clone(r.Host.Collectors)
		if r.Memory != nil {
			m := cloneSeries(*r.Memory)
			c.Memory = &m
		}
		c.Workloads = nil
		for _, w := range r.Workloads {
			c.Workloads = append(c.Workloads, cloneSeries(w))
		}
		mu.Lock()
		defer mu.Unlock()
		if _, twice := out[r.Host.Name]; twice {
			t.Errorf("host %s was given twice", r.Host.Name)
		}
		out[r.Host.Name] = c
		return nil
	})
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return out
}

func cloneSeries(s leak.Series) leak.Series {
	s.Window.Values = slices.Clone(s.Window.Values)
	s.History.Floors = slices.Clone(s.History.Floors)
	s.Limits.Starts = slices.Clone(s.Limits.Starts)
	return s
}

// compare says where two sets of readings differ; tolerance is relative, as VictoriaMetrics keeps
// values as decimals.
func compare(t *testing.T, got, want map[string]leak.Reading) {
	t.Helper()
	for host, w := range want {
		g, ok := got[host]
		if !ok {
			t.Errorf("host %s is missing", host)
			continue
		}
		if g.Err != nil {
			t.Errorf("host %s: %v", host, g.Err)
		}
		if !slices.Equal(g.Notes, w.Notes) || !slices.Equal(g.Host.Collectors, w.Host.Collectors) || g.Host.TotalBytes != w.Host.TotalBytes {
			t.Errorf("host %s: got %v %v %v, want %v %v %v", host, g.Notes, g.Host.Collectors, g.Host.TotalBytes, w.Notes, w.Host.Collectors, w.Host.TotalBytes)
		}
		if (g.Memory == nil) != (w.Memory == nil) {
			t.Errorf("host %s: memory %v, want %v", host, g.Memory, w.Memory)
		} else if w.Memory != nil {
			compareSeries(t, *g.Memory, *w.Memory)
		}
		if len(g.Workloads) != len(w.Workloads) {
			t.Errorf("host %s: %d workloads, want %d", host, len(g.Workloads), len(w.Workloads))
			continue
		}
		for i := range w.Workloads {
			compareSeries(t, g.Workloads[i], w.Workloads[i])
		}
	}
	for host := range got {
		if _, ok := want[host]; !ok {
			t.Errorf("host %s should not be there", host)
		}
	}
}

func compareSeries(t *testing.T, got, want leak.Series) {
	t.Helper()
	if got.Object != want.Object || got.Unit != want.Unit || got.Owner != want.Owner {
		t.Errorf("object %v %v %q, want %v %v %q", got.Object, got.Unit, got.Owner, want.Object, want.Unit, want.Owner)
		return
	}
	l, m := got.Limits, want.Limits
	if l.Capacity != m.Capacity || l.StartsKnown != m.StartsKnown || l.OOMKills != m.OOMKills || !slices.Equal(l.Starts, m.Starts) {
		t.Errorf("%v: limits %+v, want %+v", want.Object, l, m)
	}
	if got.Window.Start != want.Window.Start || got.Window.Step != want.Window.Step || got.History.Start != want.History.Start {
		t.Errorf("%v: window at %d step %d, history at %d; want %d, %d, %d", want.Object, got.Window.Start, got.Window.Step, got.History.Start, want.Window.Start, want.Window.Step, want.History.Start)
	}
	compareValues(t, want.Object.String()+" window", got.Window.Values, want.Window.Values)
	compareValues(t, want.Object.String()+" floors", got.History.Floors, want.History.Floors)
}

func compareValues(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d values, want %d", what, len(got), len(want))
		return
	}
	for i := range want {
		if math.IsNaN(got[i]) != math.IsNaN(want[i]) || math.Abs(got[i]-want[i]) > 1e-9*math.Abs(want[i]) {
			t.Errorf("%s: value %d is %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}

func fleetQuery() leak.Query {
	return leak.Query{At: fleetEnd, Window: 6 * time.Hour, History: 7 * 24 * time.Hour, Parallel: 2}
}

func startFleetPrometheus(t testing.TB, flags ...string) *realserver.Prometheus {
	t.Helper()
	file := filepath.Join(t.TempDir(), "fleet.om")
	if err := os.WriteFile(file, exposition(smallFleet(), true), 0o600); err != nil {
		t.Fatal(err)
	}
	return realserver.StartPrometheus(t, realserver.PrometheusOptions{OpenMetrics: file, Flags: flags})
}

func startFleetVictoriaMetrics(t testing.TB) *realserver.VictoriaMetrics {
	t.Helper()
	vm := realserver.StartVictoriaMetrics(t)
	vm.Import(t, bytes.NewReader(exposition(smallFleet(), false)))
	return vm
}

func newSource(t testing.TB, c Config) *Source {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServersGiveTheWindowsAndFloorsOfTheSamples(t *testing.T) {
	want := expected(smallFleet(), fleetQuery())
	prometheus, victoria := startFleetPrometheus(t), startFleetVictoriaMetrics(t)
	for _, c := range []struct {
		name   string
		url    string
		access Access
	}{
		{"Prometheus", prometheus.URL, Auto},
		{"Prometheus by range queries", prometheus.URL, Range},
		{"VictoriaMetrics", victoria.URL, Auto},
		{"VictoriaMetrics by range queries", victoria.URL, Range},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSource(t, Config{URL: c.url, Access: c.access})
			compare(t, collect(t, s, fleetQuery()), want)
		})
	}
}
