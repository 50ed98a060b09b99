package inspect_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
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
	scraped := watchLeak(t, time.Duration(*liveSeconds)*time.Second)
	text := filepath.Join(t.TempDir(), "stretched.om")
	if err := os.WriteFile(text, stretch(t, scraped), 0o600); err != nil {
		t.Fatal(err)
	}
	p := realserver.StartPrometheus(t, realserver.PrometheusOptions{OpenMetrics: text})
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

// watchLeak returns the answer of a range query over what was scraped.
func watchLeak(t *testing.T, long time.Duration) []byte {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, leakerName)
	if out, err := exec.Command("go", "build", "-o", program, "./testdata/leaker").CombinedOutput(); err != nil {
		t.Fatalf("build the leaking program: %v\n%s", err, out)
	}
	names := filepath.Join(dir, "names.yml")
	if err := os.WriteFile(names, []byte("process_names:\n- name: '{{.ExeBase}}'\n  cmdline: ['.+']\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	node, process := realserver.FreePort(t), realserver.FreePort(t)
	realserver.Start(t, realserver.Find(t, "prometheus-node-exporter", "node_exporter"),
		"--collector.disable-defaults", "--collector.meminfo", "--collector.uname",
		fmt.Sprintf("--web.listen-address=127.0.0.1:%d", node))
	realserver.Start(t, realserver.Find(t, "prometheus-process-exporter", "process-exporter"),
		"-config.path", names, "-web.listen-address", fmt.Sprintf("127.0.0.1:%d", process))
	scraper := realserver.StartPrometheus(t, realserver.PrometheusOptions{Config: fmt.Sprintf(`global: {scrape_interval: 1s}
scrape_configs:
- job_name: machine
  static_configs: [{targets: ["127.0.0.1:%d", "127.0.0.1:%d"]}]
`, node, process)})
	realserver.Start(t, program, "2000000")

	// Nothing to wait for but the program itself: its seconds are the data.
	select {
	case <-time.After(long):
	case <-t.Context().Done():
		t.Fatal(t.Context().Err())
	}
	query := url.QueryEscape(fmt.Sprintf(`{__name__=~"node_memory_Mem(Total|Available)_bytes|node_uname_info|namedprocess_namegroup_memory_bytes"}[%ds]`, int(long.Seconds())))
	answer, err := http.Get(scraper.URL + "/api/v1/query?query=" + query)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(answer.Body); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

// stretch writes what was scraped as OpenMetrics, with a minute for each second, up to now.
func stretch(t *testing.T, answer []byte) []byte {
	t.Helper()
	var a struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Values [][2]any
			}
		}
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		t.Fatalf("answer of the scraping Prometheus: %v", err)
	}
	now := time.Now().Unix()
	last := 0.0
	for _, s := range a.Data.Result {
		for _, v := range s.Values {
			last = max(last, v[0].(float64))
		}
	}
	byMetric := map[string][]string{}
	for _, s := range a.Data.Result {
		var labels []string
		for k, v := range s.Metric {
			if k != "__name__" {
				labels = append(labels, k+"="+strconv.Quote(v))
			}
		}
		slices.Sort(labels)
		name := s.Metric["__name__"]
		for _, v := range s.Values {
			at := now - int64((last-v[0].(float64))*60+0.5)
			byMetric[name] = append(byMetric[name], fmt.Sprintf("%s{%s} %s %d\n", name, strings.Join(labels, ","), v[1], at))
		}
	}
	var out bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(byMetric)) {
		fmt.Fprintf(&out, "# TYPE %s gauge\n%s", name, strings.Join(byMetric[name], ""))
	}
	out.WriteString("# EOF\n")
	return out.Bytes()
}
