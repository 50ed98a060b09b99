package realserver

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Prometheus is a running Prometheus server.
type Prometheus struct {
	*Process
	URL string // http://127.0.0.1:PORT
}

// PrometheusOptions says what a Prometheus starts with; the zero value is an empty one.
type PrometheusOptions struct {
	// OpenMetrics is the path of a text in OpenMetrics (with timestamps in seconds, "# EOF" at its
	// end) that is filled into blocks before the start.
	OpenMetrics string
	// Config is the text of prometheus.yml; empty scrapes nothing.
	Config string
	Flags  []string // more flags, for example --query.max-samples=1000
}

// StartPrometheus starts a Prometheus that keeps samples of any age. It skips the test where
// prometheus or promtool are not installed.
func StartPrometheus(t testing.TB, o PrometheusOptions) *Prometheus {
	t.Helper()
	binary := Find(t, "prometheus")
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	if o.OpenMetrics != "" {
		backfill(t, o.OpenMetrics, data)
	}
	config := filepath.Join(dir, "prometheus.yml")
	text := o.Config
	if text == "" {
		text = "global: {scrape_interval: 1m}\n"
	}
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatalf("write the configuration of Prometheus: %v", err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", FreePort(t))
	args := append([]string{
		"--config.file=" + config,
		"--storage.tsdb.path=" + data,
		"--storage.tsdb.retention.time=100y",
		"--web.listen-address=" + address,
		"--log.level=warn",
	}, o.Flags...)
	p := &Prometheus{Process: Start(t, binary, args...), URL: "http://" + address}
	p.WaitReady(t, p.URL+"/-/ready")
	return p
}

func backfill(t testing.TB, openMetrics, data string) {
	t.Helper()
	tool := Find(t, "promtool")
	cmd := exec.Command(tool, "tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=720h", "--quiet", openMetrics, data)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("fill %s into blocks: %v\n%s", openMetrics, err, out)
	}
}
