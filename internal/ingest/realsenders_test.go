package ingest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/ingest"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/storage/remote"
	"github.com/prometheus/prometheus/tsdb"
)

// exporter is what the collectors of these tests scrape.
func exporter(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		fmt.Fprint(w, "node_memory_MemTotal_bytes 16e9\nnode_memory_MemAvailable_bytes 4e9\n"+
			"namedprocess_namegroup_memory_bytes{groupname=\"java\",memtype=\"resident\"} 2e9\n")
	}))
	t.Cleanup(s.Close)
	return strings.TrimPrefix(s.URL, "http://")
}

// arrives waits until a query finds something now.
func (s *server) arrives(t *testing.T, promql string, output func() string) {
	t.Helper()
	s.arrivesWhile(t, promql, output, func() {})
}

// arrivesWhile is arrives where the test itself gives the sender samples, once before each look.
func (s *server) arrivesWhile(t *testing.T, promql string, output func() string, give func()) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for give(); len(s.query(t, promql, time.Now())) == 0; give() {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not arrive within a minute; senders: %+v\nlog:\n%s\nsender's output:\n%s", promql, s.ingest.Senders(workspace), s.log, output())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// onlySender is the one that has sent by the protocol, without any trouble.
func (s *server) onlySender(t *testing.T, protocol, agent string) {
	t.Helper()
	senders := s.ingest.Senders(workspace)
	if len(senders) != 1 || senders[0].Protocol != protocol || !strings.HasPrefix(senders[0].Agent, agent) {
		t.Fatalf("senders: %+v, want one of %s by %s", senders, agent, protocol)
	}
	if one := senders[0]; one.Failed != 0 || len(one.Refused) != 0 || one.Samples == 0 || one.Lag > time.Minute {
		t.Errorf("sender: %+v", one)
	}
}

const scraped = `count(node_memory_MemAvailable_bytes{job="node"} and on (instance) namedprocess_namegroup_memory_bytes{groupname="java"}) == 1`

func TestPrometheusSends(t *testing.T) {
	s := serveAt(t, ingest.Limits{}, time.Now)
	p := realserver.StartPrometheus(t, realserver.PrometheusOptions{Config: fmt.Sprintf(`
global: {scrape_interval: 1s}
scrape_configs: [{job_name: node, static_configs: [{targets: [%q]}]}]
remote_write:
  - url: %s/api/v1/write
    authorization: {credentials: %q}
    queue_config: {batch_send_deadline: 500ms}
`, exporter(t), s.URL, key)})
	s.arrives(t, scraped, p.Output)
	s.onlySender(t, "remote_write_1", "Prometheus/")
}

func TestVmagentSends(t *testing.T) {
	binary := realserver.Find(t, "vmagent", "vmagent-prod")
	for name, flags := range map[string][]string{"its own protocol": nil, "Prometheus' protocol": {"-remoteWrite.forcePromProto=true"}} {
		t.Run(name, func(t *testing.T) {
			s := serveAt(t, ingest.Limits{}, time.Now)
			dir := t.TempDir()
			scrape := filepath.Join(dir, "scrape.yml")
			text := fmt.Sprintf("global: {scrape_interval: 1s}\nscrape_configs: [{job_name: node, static_configs: [{targets: [%q]}]}]\n", exporter(t))
			if err := os.WriteFile(scrape, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			v := realserver.Start(t, binary, append([]string{
				"-promscrape.config=" + scrape, "-remoteWrite.tmpDataPath=" + filepath.Join(dir, "queue"),
				"-remoteWrite.url=" + s.URL + "/api/v1/write", "-remoteWrite.bearerToken=" + key,
				"-remoteWrite.flushInterval=200ms", fmt.Sprintf("-httpListenAddr=127.0.0.1:%d", realserver.FreePort(t)),
			}, flags...)...)
			s.arrives(t, scraped, v.Output)
			s.onlySender(t, "remote_write_1", "vmagent")
		})
	}
}

// Prometheus 3 sends by the second version of the protocol; its queue is the sender here.
func TestPrometheusQueueSendsVersion2(t *testing.T) {
	s := serveAt(t, ingest.Limits{}, time.Now)
	conf, err := config.Load(fmt.Sprintf(`
global: {scrape_interval: 1s}
remote_write:
  - url: %s/api/v1/write
    protobuf_message: io.prometheus.write.v2.Request
    authorization: {credentials: %q}
    queue_config: {batch_send_deadline: 100ms}
`, s.URL, key), promslog.NewNopLogger())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	db, err := tsdb.Open(dir, promslog.NewNopLogger(), nil, tsdb.DefaultOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	registry := prometheus.NewRegistry()
	queue := remote.NewStorage(promslog.NewNopLogger(), registry, db.StartTime, dir, time.Second, nil, false)
	if err := queue.ApplyConfig(conf); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = queue.Close() }()
	// The queue follows the log from when it has begun to, which may be amid a scrape: a part of one may be missed.
	scrape := func() {
		app := db.AppenderV2(t.Context())
		for i := range 100 {
			set := labels.FromStrings("__name__", "node_memory_MemAvailable_bytes", "instance", fmt.Sprintf("web-%d:9100", i), "job", "node")
			if _, err := app.Append(0, set, 0, time.Now().UnixMilli(), 4e9, nil, nil, storage.AOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		if err := app.Commit(); err != nil {
			t.Fatal(err)
		}
		queue.Notify()
	}
	s.arrivesWhile(t, `count(node_memory_MemAvailable_bytes) == 100`, func() string { return gathered(t, registry) }, scrape)
	s.onlySender(t, "remote_write_2", "Prometheus/")
	if text := gathered(t, registry); !strings.Contains(text, "prometheus_remote_storage_samples_failed_total 0") {
		t.Errorf("the queue counts failed samples: %s", text)
	}
}

// gathered are the queue's own counters of samples.
func gathered(t *testing.T, registry *prometheus.Registry) string {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "prometheus_remote_storage_samples_") {
			for _, m := range f.GetMetric() {
				fmt.Fprintf(&b, "%s %v\n", f.GetName(), m.GetCounter().GetValue()+m.GetGauge().GetValue())
			}
		}
	}
	return b.String()
}
