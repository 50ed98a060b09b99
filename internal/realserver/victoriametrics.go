package realserver

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// VictoriaMetrics is a running single-node VictoriaMetrics.
type VictoriaMetrics struct {
	*Process
	URL string // http://127.0.0.1:PORT

	binary string
	args   []string
}

// importTimeout is how long one import may take.
const importTimeout = 5 * time.Minute

// StartVictoriaMetrics starts an empty VictoriaMetrics that keeps samples for a hundred years.
// It skips the test where victoria-metrics is not installed.
func StartVictoriaMetrics(t testing.TB, flags ...string) *VictoriaMetrics {
	t.Helper()
	binary := Find(t, "victoria-metrics", "victoria-metrics-prod")
	address := fmt.Sprintf("127.0.0.1:%d", FreePort(t))
	args := append([]string{
		"-storageDataPath=" + t.TempDir(),
		"-httpListenAddr=" + address,
		"-retentionPeriod=100y",
		"-loggerLevel=WARN",
		// What was just imported is to be found by the next query.
		"-search.latencyOffset=0s",
		"-search.disableCache",
	}, flags...)
	v := &VictoriaMetrics{URL: "http://" + address, binary: binary, args: args}
	v.Run(t)
	return v
}

// Run starts the server again after End, on the same data and port.
func (v *VictoriaMetrics) Run(t testing.TB) {
	t.Helper()
	v.Process = Start(t, v.binary, v.args...)
	v.WaitReady(t, v.URL+"/health")
}

// End ends the server in order, so that it keeps what it has taken.
func (v *VictoriaMetrics) End() {
	if v.cmd.Process.Signal(syscall.SIGTERM) == nil {
		select {
		case <-v.done:
		case <-time.After(readyTimeout):
		}
	}
	v.Stop()
}

// Import writes a text exposition, each line with a timestamp in milliseconds, and makes it
// visible to queries.
func (v *VictoriaMetrics) Import(t testing.TB, exposition io.Reader) {
	t.Helper()
	v.post(t, "/api/v1/import/prometheus", exposition)
	v.Flush(t)
}

// ImportJSONLines writes lines as /api/v1/export gives them, and makes them visible to queries.
func (v *VictoriaMetrics) ImportJSONLines(t testing.TB, lines io.Reader) {
	t.Helper()
	v.post(t, "/api/v1/import", lines)
	v.Flush(t)
}

// Flush makes what was written visible to queries.
func (v *VictoriaMetrics) Flush(t testing.TB) {
	t.Helper()
	v.post(t, "/internal/force_flush", nil)
}

func (v *VictoriaMetrics) post(t testing.TB, path string, body io.Reader) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), importTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, v.URL+path, body)
	if err != nil {
		t.Fatalf("write to VictoriaMetrics: %v", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("write to VictoriaMetrics: %v", err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode/100 != 2 {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 4096))
		t.Fatalf("write to VictoriaMetrics: %s: %s", resp.Status, text)
	}
}
