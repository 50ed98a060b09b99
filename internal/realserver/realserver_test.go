package realserver

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPrometheusHoldsWhatWasBackfilled(t *testing.T) {
	file := filepath.Join(t.TempDir(), "fleet.om")
	text := "# TYPE up gauge\nup{host=\"a\"} 1 1760000000\nup{host=\"a\"} 0 1760000060\n# EOF\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := StartPrometheus(t, PrometheusOptions{OpenMetrics: file})
	expectAnswer(t, p.URL, `[1760000060,"0"]`)
	p.Stop()
	if _, err := http.Get(p.URL); err == nil {
		t.Error("Prometheus still answers after Stop")
	}
}

func TestVictoriaMetricsHoldsWhatWasImported(t *testing.T) {
	v := StartVictoriaMetrics(t)
	v.Import(t, strings.NewReader("up{host=\"a\"} 1 1760000000000\nup{host=\"a\"} 0 1760000060000\n"))
	expectAnswer(t, v.URL, `[1760000060,"0"]`)
}

func expectAnswer(t *testing.T, base, want string) {
	t.Helper()
	resp, err := http.Get(base + "/api/v1/query?query=" + url.QueryEscape(`up{host="a"}`) + "&time=1760000060")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(body), want) {
		t.Errorf("answer %s does not hold %s", body, want)
	}
}
