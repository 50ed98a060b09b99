package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/bcrypt"

	"github.com/memseep/memseep/internal/realserver"
)

// TestServerScripts runs testdata/server/*.txtar with real servers: $PROMETHEUS holds web-1, which
// leaks, and web-2; $EMPTY holds nothing; $LOCKED wants the user memseep with the password right.
func TestServerScripts(t *testing.T) {
	fleet := filepath.Join(t.TempDir(), "fleet.om")
	if err := os.WriteFile(fleet, []byte(openMetricsFleet()), 0o600); err != nil {
		t.Fatal(err)
	}
	full := realserver.StartPrometheus(t, realserver.PrometheusOptions{OpenMetrics: fleet})
	empty := realserver.StartPrometheus(t, realserver.PrometheusOptions{Config: "scrape_configs: []\n"})
	locked := startLocked(t)
	p := params("testdata/server")
	setup := p.Setup
	p.Setup = func(e *testscript.Env) error {
		e.Setenv("PROMETHEUS", full.URL)
		e.Setenv("EMPTY", empty.URL)
		e.Setenv("LOCKED", locked)
		e.Setenv("FLEET", fleet)
		return setup(e)
	}
	testscript.Run(t, p)
}

// openMetricsFleet is the text of two hosts, with the samples of a metric together as promtool
// wants them.
func openMetricsFleet() string {
	var b, available, total strings.Builder
	for _, h := range []string{"web-1=leak", "web-2=flat"} {
		name, shape, _ := strings.Cut(h, "=")
		openMetricsLines(&b, name, shapes[shape])
	}
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "node_memory_MemTotal_bytes") {
			total.WriteString(line)
		} else {
			available.WriteString(line)
		}
	}
	return "# TYPE node_memory_MemAvailable_bytes gauge\n" + available.String() +
		"# TYPE node_memory_MemTotal_bytes gauge\n" + total.String() + "# EOF\n"
}

// startLocked starts an empty Prometheus that wants a password, and returns its host and port.
func startLocked(t *testing.T) string {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte("right"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	web, config := filepath.Join(dir, "web.yml"), filepath.Join(dir, "prometheus.yml")
	for path, text := range map[string]string{web: "basic_auth_users:\n  memseep: " + string(hash) + "\n", config: "scrape_configs: []\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	address := fmt.Sprintf("127.0.0.1:%d", realserver.FreePort(t))
	p := realserver.Start(t, realserver.Find(t, "prometheus"), "--config.file="+config, "--web.config.file="+web,
		"--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+address)
	p.WaitReady(t, "http://memseep:right@"+address+"/-/ready")
	return address
}
