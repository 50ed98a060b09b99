package prometheus

import (
	"context"
	"flag"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

// realSeconds is for how long the leaking program is watched: a second stands for a minute.
var realSeconds = flag.Int("real-seconds", 15, "seconds for which really running exporters are scraped, each standing for a minute")

// node_exporter and process-exporter of this machine, scraped every second by a real Prometheus,
// tell of a program that really leaks.
func TestARealLeakArrivesAsAGrowingProcess(t *testing.T) {
	node := realserver.StartNodeExporter(t)
	realserver.StartLeaker(t, "leaky-depot", 4<<20)
	process := realserver.StartProcessExporter(t, "leaky-depot")
	server := realserver.StartPrometheus(t, realserver.PrometheusOptions{Config: fmt.Sprintf(`
global: {scrape_interval: 1s}
scrape_configs:
- job_name: node
  static_configs: [{targets: [%q]}]
- job_name: process
  static_configs: [{targets: [%q]}]
`, node, process)})
	awaitSamples(t, server, *realSeconds)

	stretched, end := server.Stretch(t, `{job=~"node|process"}`, time.Duration(*realSeconds)*time.Second, 60)
	got := collect(t, newSource(t, Config{URL: stretched.URL}), leak.Query{At: end, Window: 6 * time.Hour, Parallel: 1})
	if len(got) != 1 {
		t.Fatalf("%d hosts, want this machine alone", len(got))
	}
	for name, r := range got {
		if r.Memory == nil || r.Err != nil || len(r.Notes) > 0 || strings.Contains(name, ":") {
			t.Errorf("host %s: memory %v, error %v, notes %q", name, r.Memory, r.Err, r.Notes)
		}
		if want := []string{"node_exporter", "process-exporter"}; !slices.Equal(r.Host.Collectors, want) {
			t.Errorf("collectors %v, want %v", r.Host.Collectors, want)
		}
		checkLeak(t, r)
	}
}

func checkLeak(t *testing.T, r leak.Reading) {
	t.Helper()
	i := slices.IndexFunc(r.Workloads, func(s leak.Series) bool { return s.Object.Kind == leak.KindProcess })
	if i < 0 || r.Workloads[i].Object.Name != "leaky-depot" {
		t.Fatalf("no process leaky-depot among %d workloads", len(r.Workloads))
	}
	s := r.Workloads[i]
	var values []float64
	for _, v := range s.Window.Values {
		if !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	if s.Window.Step != 60 || len(values) < *realSeconds/2 {
		t.Fatalf("%d values at a step of %d s, want a value a minute", len(values), s.Window.Step)
	}
	perSlot := (values[len(values)-1] - values[0]) / float64(len(values)-1)
	if perSlot < 2<<20 || perSlot > 8<<20 {
		t.Errorf("it grows by %.0f bytes a slot, want about %d", perSlot, 4<<20)
	}
	if s.Limits.Capacity != r.Host.TotalBytes || !s.Limits.StartsKnown {
		t.Errorf("limits %+v of a host with %.0f bytes", s.Limits, r.Host.TotalBytes)
	}
}

// awaitSamples waits until the leaking process has been scraped so many times.
func awaitSamples(t *testing.T, server *realserver.Prometheus, want int) {
	t.Helper()
	client := newSource(t, Config{URL: server.URL}).client
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(want)*time.Second+time.Minute)
	defer cancel()
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for n := 0.0; n < float64(want); {
		select {
		case <-ctx.Done():
			t.Fatalf("%.0f samples of the leaking process, want %d", n, want)
		case <-tick.C:
		}
		err := client.vector(ctx, `count_over_time(namedprocess_namegroup_memory_bytes{groupname="leaky-depot",memtype="resident"}[1h])`, time.Now(), func(_ dialect.Labels, _ int64, v float64) { n = v })
		if err != nil {
			t.Fatal(err)
		}
	}
}
