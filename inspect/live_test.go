package inspect_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/prometheus"
)

// Each second that the test watches stands for a minute: a verdict needs 120 of them, and the first
// scrapes of a slow machine come late.
var liveSeconds = flag.Int("live.seconds", 150, "how long to watch the leaking program; each second stands for a minute")

const leakerName = "seeping-program"

// TestAProgramThatReallyLeaksIsNamedFirst watches this machine by node_exporter and
// process-exporter, scraped each second by a real Prometheus, while a program leaks. What was
// scraped is then put into a second Prometheus with its seconds stretched to minutes, and inspected.
func TestAProgramThatReallyLeaksIsNamedFirst(t *testing.T) {
	if testing.Short() {
		t.Skip("watches a leaking program for minutes: skipped by -short")
	}
	node, process := realserver.StartNodeExporter(t), realserver.StartProcessExporter(t)
	scraper := realserver.StartPrometheus(t, realserver.PrometheusOptions{Config: fmt.Sprintf(`global: {scrape_interval: 1s}
scrape_configs:
- job_name: machine
  static_configs: [{targets: [%q, %q]}]
`, node, process)})
	realserver.StartLeaker(t, leakerName, 2_000_000)

	// Nothing to wait for but the program itself: its seconds are the data.
	long := time.Duration(*liveSeconds) * time.Second
	select {
	case <-time.After(long):
	case <-t.Context().Done():
		t.Fatal(t.Context().Err())
	}
	p, _ := scraper.Stretch(t, `{job="machine",__name__=~"node_memory_Mem(Total|Available)_bytes|node_uname_info|namedprocess_namegroup_memory_bytes"}`, long, 60)
	src, err := prometheus.New(prometheus.Config{URL: p.URL})
	if err != nil {
		t.Fatal(err)
	}
	var host, program *inspect.Finding
	_, err = inspect.Run(t.Context(), src, inspect.Options{}, func(f inspect.Finding) error {
		switch {
		case f.Object.Kind == leak.KindHost:
			host = &f
		case f.Object.Name == leakerName:
			program = &f
		}
		return f.Err
	})
	if err != nil {
		t.Fatal(err)
	}
	if host == nil || program == nil {
		t.Fatalf("host %v, program %v: both want to be found", host, program)
	}
	if !program.Verdict.Leak {
		t.Errorf("%s: %s, confidence %.2f; want a leak", program.Object, program.Verdict.Cause, program.Verdict.Confidence)
	}
	if len(host.Suspects) == 0 || host.Suspects[0].Name != leakerName {
		t.Fatalf("suspects %+v, want %s first", host.Suspects, leakerName)
	}
	t.Logf("%s leaks %.1f MB an hour (%s), named with %.0f %%", program.Object, program.Verdict.SlopePerHour/1e6, program.Verdict.Cause, 100*host.Suspects[0].Share)
}
