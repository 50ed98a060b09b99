package dialect

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/leak"
)

var testEnd = time.Date(2026, 1, 10, 12, 7, 30, 0, time.UTC)

// given is one series of a test: values a step apart, the last at the end less before.
type given struct {
	metric string
	labels string // a=b,c=d
	values []float64
	step   time.Duration
	before time.Duration
}

func (g given) parse() Labels {
	ls := Labels{{"__name__", g.metric}}
	for _, pair := range strings.Split(g.labels, ",") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			ls = append(ls, Label{name, value})
		}
	}
	return ls
}

func read(t *testing.T, q leak.Query, series ...given) *leak.Reading {
	t.Helper()
	plan := NewPlan(All(), nil)
	a := NewAssembler(q)
	a.Begin("h", nil)
	for _, g := range series {
		ls := g.parse()
		sel := plan.Match(g.metric, ls)
		if sel == nil {
			t.Fatalf("nobody wants %s", g.metric)
		}
		s := a.Add(sel, ls)
		step := g.step
		if step == 0 {
			step = time.Minute
		}
		for i, v := range g.values {
			s.Append(testEnd.Add(-g.before-time.Duration(len(g.values)-1-i)*step).UnixMilli(), v)
		}
	}
	return a.Reading()
}

var (
	nan   = math.NaN()
	stale = math.Float64frombits(0x7ff0000000000002) // Prometheus' marker of a series that ended
)

func TestHostMemory(t *testing.T) {
	five := leak.Query{At: testEnd, Window: 5 * time.Minute}
	const used, available, total = "memseep_host_memory_used_percent", "node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes"
	for _, c := range []struct {
		name   string
		series []given
		want   string // step, values
	}{
		{"percent as it comes", []given{{metric: used, values: []float64{1, 2, 3, 4, 5}}}, "60 [1 2 3 4 5]"},
		{"gaps and stale markers", []given{{metric: used, values: []float64{1, 2, stale, math.Inf(1), 5}}}, "60 [1 2 NaN NaN 5]"},
		{"what is older is left out", []given{{metric: used, values: []float64{9, 9, 1, 2, 3, 4, 5}}}, "60 [1 2 3 4 5]"},
		{"ends before the end", []given{{metric: used, values: []float64{1, 2, 3}, before: 2 * time.Minute}}, "60 [1 2 3 NaN NaN]"},
		{"another phase", []given{{metric: used, values: []float64{1, 2, 3, 4, 5}, before: 42 * time.Second}}, "60 [1 2 3 4 5]"},
		{"every two minutes", []given{{metric: used, values: []float64{1, 2}, step: 2 * time.Minute}}, "120 [1 2]"},
		{"every second", []given{{metric: used, values: []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, step: time.Second}}, "10 [NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN NaN 10 20]"},
		{"available of a total that grows", []given{
			{metric: available, labels: "instance=h:1", values: []float64{50, 50, 150, 150, 150}},
			{metric: total, labels: "instance=h:1", values: []float64{100, 100, 200, 200, 200}},
		}, "60 [50 50 25 25 25]"},
		{"two jobs fill each other's gaps", []given{
			{metric: used, labels: "job=a", values: []float64{1, 2, nan, nan, 5}},
			{metric: used, labels: "job=b", values: []float64{11, 12, 13, nan, 15}},
		}, "60 [1 2 13 NaN 5]"},
		{"the better collector goes before the worse", []given{
			{metric: "mem_used_percent", values: []float64{31, 32, 33, 34, 35}},
			{metric: used, values: []float64{1, 2, 3, 4, 5}},
		}, "60 [1 2 3 4 5]"},
		{"unless it is hardly there", []given{
			{metric: "mem_used_percent", values: []float64{31, 32, 33, 34, 35}},
			{metric: used, values: []float64{4, 5}},
		}, "60 [31 32 33 34 35]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, five, c.series...)
			if r.Memory == nil {
				t.Fatal("no memory")
			}
			w := r.Memory.Window
			if got := fmt.Sprint(w.Step, w.Values); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if w.End() != testEnd.Unix() {
				t.Errorf("window ends at %d, want %d", w.End(), testEnd.Unix())
			}
		})
	}
}

func TestWorkloads(t *testing.T) {
	five := leak.Query{At: testEnd, Window: 5 * time.Minute}
	for _, c := range []struct {
		name   string
		series []given
		want   []string // object, capacity, values
	}{
		{"processes of one name are summed, one missed sample is no drop", []given{
			{metric: "procstat_memory_rss", labels: "process_name=job,pid=1", values: []float64{1, 1, nan, 1, 1}},
			{metric: "procstat_memory_rss", labels: "process_name=job,pid=2", values: []float64{2, 2}, before: 3 * time.Minute},
			{metric: "procstat_memory_rss", labels: "process_name=job,pid=3", values: []float64{4, 4}},
		}, []string{"process h/job 0 [3 3 1 5 5]"}},
		{"one process told by two jobs counts once", []given{
			{metric: "procstat_memory_rss", labels: "process_name=job,pid=1,job=a", values: []float64{1, 1, 1, 1, 1}},
			{metric: "procstat_memory_rss", labels: "process_name=job,pid=1,job=b", values: []float64{1, 1, 1, 1, 1}},
		}, []string{"process h/job 0 [1 1 1 1 1]"}},
		{"anonymous memory before resident", []given{
			{metric: "memseep_process_rss_bytes", labels: "name=db", values: []float64{9, 9, 9, 9, 9}},
			{metric: "memseep_process_anon_bytes", labels: "name=db", values: []float64{1, 2, 3, 4, 5}},
			{metric: "memseep_host_memory_total_bytes", values: []float64{64, 64, 64, 64, 64}},
		}, []string{"process h/db 64 [1 2 3 4 5]"}},
		{"the rest of the working set is taken off the limit", []given{
			{metric: "memseep_container_anon_bytes", labels: "name=c", values: []float64{10, 10, 10, 10, 10}},
			{metric: "memseep_container_working_set_bytes", labels: "name=c", values: []float64{15, 15, 15, 15, 15}},
			{metric: "memseep_container_limit_bytes", labels: "name=c", values: []float64{100, 100, 100, 100, 100}},
		}, []string{"container h/c 95 [10 10 10 10 10]"}},
		{"a working set alone is judged", []given{
			{metric: "memseep_container_working_set_bytes", labels: "name=c", values: []float64{15, 15, 15, 15, 15}},
			{metric: "memseep_container_limit_bytes", labels: "name=c", values: []float64{100, 100, 100, 100, 100}},
		}, []string{"container h/c 100 [15 15 15 15 15]"}},
		{"a pod of two containers, one restarted under another id", []given{
			{metric: "container_memory_rss", labels: "container=a,pod=p,namespace=n,id=1", values: []float64{1, 1, 1}, before: 2 * time.Minute},
			{metric: "container_memory_rss", labels: "container=a,pod=p,namespace=n,id=2", values: []float64{2, 2}},
			{metric: "container_memory_rss", labels: "container=b,pod=p,namespace=n,id=3", values: []float64{10, 10, 10, 10, 10}},
		}, []string{"container h/n/p/a 0 [1 1 1 2 2]", "container h/n/p/b 0 [10 10 10 10 10]", "pod h/n/p 0 [11 11 11 12 12]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, five, c.series...)
			var got []string
			for _, w := range r.Workloads {
				got = append(got, fmt.Sprint(w.Object, " ", w.Limits.Capacity, " ", w.Window.Values))
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

func TestFloors(t *testing.T) {
	// The window begins at 12:02:30, so that the last floor stands at 12:00, of (11:45, 12:00].
	q := leak.Query{At: testEnd, Window: 5 * time.Minute, History: time.Hour}
	samples := map[string]float64{
		"11:00:00": 1, // the first floor stands at 11:15, of (11:00, 11:15]
		"11:00:01": 7, "11:15:00": 8,
		"11:15:01": 9,
		"11:50:00": 4, "12:00:00": 5,
		"12:00:01": 0, // after the last floor, before the window
		"12:05:30": 6,
	}
	for _, c := range []struct {
		metric string
		want   string
	}{
		{"memseep_host_memory_used_percent", "[7 9 NaN 4]"},
		{"mem_available_percent", "[92 91 NaN 95]"},
	} {
		t.Run(c.metric, func(t *testing.T) {
			plan := NewPlan(All(), nil)
			a := NewAssembler(q)
			a.Begin("h", nil)
			one := a.Add(plan.Match(c.metric, nil), nil)
			for at, v := range samples {
				clock, err := time.Parse(time.TimeOnly, at)
				if err != nil {
					t.Fatal(err)
				}
				one.Append(testEnd.Truncate(24*time.Hour).Add(clock.Sub(clock.Truncate(24*time.Hour))).UnixMilli(), v)
			}
			h := a.Reading().Memory.History
			if got := fmt.Sprint(h.Floors); got != c.want {
				t.Errorf("floors %s, want %s", got, c.want)
			}
			if want := testEnd.Truncate(24 * time.Hour).Add(11*time.Hour + 15*time.Minute).Unix(); h.Start != want {
				t.Errorf("first floor at %d, want %d", h.Start, want)
			}
		})
	}
}

// A block of samples is taken by shortcuts, which have to do what single samples do.
func TestBlocksAreTakenAsSingleSamples(t *testing.T) {
	q := leak.Query{At: testEnd, Window: 2 * time.Hour, History: 24 * time.Hour}
	plan := NewPlan(All(), nil)
	sel := plan.Match("memseep_host_memory_used_percent", nil)
	for _, c := range []struct {
		name  string
		value func(i int) (offset int64, v float64)
	}{
		{"regular", func(i int) (int64, float64) { return 0, float64(i * 7919 % 100) }},
		{"with gaps", func(i int) (int64, float64) {
			if i%5 == 0 {
				return 0, stale
			}
			return 0, float64(i * 7919 % 100)
		}},
		{"jitter and out of order", func(i int) (int64, float64) { return int64(i * 7919 % 90_000), float64(i % 97) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var times []int64
			var values []float64
			for i := range 30 * 60 {
				offset, v := c.value(i)
				times = append(times, testEnd.UnixMilli()-int64(30*60-2-i)*60_000+offset)
				values = append(values, v)
			}
			one, many := NewAssembler(q), NewAssembler(q)
			one.Begin("h", nil)
			many.Begin("h", nil)
			s := one.Add(sel, nil)
			for i, ms := range times {
				s.Append(ms, values[i])
			}
			many.Add(sel, nil).AppendBlock(times, values)
			got, want := many.Reading().Memory, one.Reading().Memory
			if fmt.Sprint(got.Window, got.History) != fmt.Sprint(want.Window, want.History) {
				t.Errorf("got %v\nwant %v", got, want)
			}
		})
	}
}

func TestStartsAndKills(t *testing.T) {
	q := leak.Query{At: testEnd, Window: 10 * time.Minute, History: time.Hour}
	first, second := float64(testEnd.Add(-30*time.Minute).Unix()), float64(testEnd.Add(-4*time.Minute).Unix())
	long := float64(testEnd.AddDate(0, 0, -3).Unix())
	r := read(t, q,
		given{metric: "memseep_container_anon_bytes", labels: "name=c", values: []float64{1, 1, 1, 1, 1}},
		given{metric: "memseep_container_start_time_seconds", labels: "name=c", values: []float64{long}, before: 40 * time.Minute},
		given{metric: "memseep_container_start_time_seconds", labels: "name=c", values: []float64{first, first, first, second, second + 1}},
		given{metric: "memseep_container_oom_kills_total", labels: "name=c", values: []float64{3, 3, 4, 1, 1}},
		given{metric: "memseep_process_rss_bytes", labels: "name=p", values: []float64{1, 1, 1}},
	)
	c, p := r.Workloads[0].Limits, r.Workloads[1].Limits
	if fmt.Sprint(c.Starts) != fmt.Sprint([]int64{int64(first), int64(second)}) || !c.StartsKnown || c.OOMKills != 2 {
		t.Errorf("limits of the container: %+v", c)
	}
	if p.Starts != nil || p.StartsKnown || p.OOMKills != 0 {
		t.Errorf("limits of the process: %+v", p)
	}
}

// A process that is killed and started again is told from a pool whose workers come and go.
func TestStartsOfProcessesByPid(t *testing.T) {
	q := leak.Query{At: testEnd, Window: 10 * time.Minute}
	second := float64(testEnd.Add(-4*time.Minute).Unix()) * 1e9
	for _, c := range []struct {
		name   string
		before time.Duration // of the first process' end
		known  bool
	}{{"one after the other", 5 * time.Minute, true}, {"together", 0, false}} {
		t.Run(c.name, func(t *testing.T) {
			r := read(t, q,
				given{metric: "procstat_memory_rss", labels: "process_name=p,pid=1", values: []float64{1, 1, 1, 1, 1}, before: c.before},
				given{metric: "procstat_memory_rss", labels: "process_name=p,pid=2", values: []float64{1, 1, 1, 1, 1}},
				given{metric: "procstat_created_at", labels: "process_name=p,pid=2", values: []float64{second, second}},
			)
			l := r.Workloads[0].Limits
			if l.StartsKnown != c.known || (len(l.Starts) == 1) != c.known {
				t.Errorf("limits %+v", l)
			}
		})
	}
}

func TestWhatIsMissingIsSaid(t *testing.T) {
	five := leak.Query{At: testEnd, Window: 5 * time.Minute}
	for _, c := range []struct {
		series given
		want   string
	}{
		{given{metric: "node_memory_MemAvailable_bytes", values: []float64{1}}, "no metric of its total memory"},
		{given{metric: "memseep_host_memory_used_percent", values: []float64{1}}, "host h has no process metrics: install process-exporter or memseep's agent"},
		{given{metric: "memseep_process_rss_bytes", labels: "name=p", values: []float64{1}}, "host h has no metrics of its own memory: install"},
	} {
		r := read(t, five, c.series)
		if len(r.Notes) == 0 || !strings.Contains(r.Notes[0].Text("en"), c.want) {
			t.Errorf("%s: notes %q, want %q", c.series.metric, r.Notes, c.want)
		}
	}
}

func TestAWarmAssemblerAllocatesNothingASample(t *testing.T) {
	q := leak.Query{At: testEnd, Window: 6 * time.Hour, History: 7 * 24 * time.Hour}
	plan := NewPlan(All(), nil)
	a := NewAssembler(q)
	ls := Labels{{"__name__", "memseep_host_memory_used_percent"}, {"host", "h"}}
	sel := plan.Match("memseep_host_memory_used_percent", ls)
	from, to := a.From(), testEnd.UnixMilli()
	round := func() {
		a.Begin("h", nil)
		s := a.Add(sel, ls)
		for ms := from; ms <= to; ms += 60_000 {
			s.Append(ms, 50)
		}
		a.Reading()
	}
	round()
	if n := testing.AllocsPerRun(10, round); n > 0 {
		t.Errorf("%v allocations for a host of ten thousand samples", n)
	}
}

// BenchmarkAssembler takes a window of 6 h at a minute and makes a reading of it.
func BenchmarkAssembler(b *testing.B) {
	q := leak.Query{At: testEnd, Window: 6 * time.Hour}
	plan := NewPlan(All(), nil)
	a := NewAssembler(q)
	ls := Labels{{"__name__", "memseep_host_memory_used_percent"}, {"host", "h"}}
	sel := plan.Match("memseep_host_memory_used_percent", ls)
	b.ReportAllocs()
	for b.Loop() {
		a.Begin("h", nil)
		s := a.Add(sel, ls)
		for i := range int64(360) {
			s.Append(testEnd.UnixMilli()-(359-i)*60_000, float64(i))
		}
		a.Reading()
	}
}
