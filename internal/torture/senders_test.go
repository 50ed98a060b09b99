package torture_test

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/torture"
)

// leakFor is how long real collectors watch a program that leaks; a second stands for five minutes. On new hosts a
// leak has to stand for an hour and to be sure: four hours and a half are enough.
var leakFor = flag.Duration("leak-for", 55*time.Second, "how long real collectors watch a leaking program")

const (
	leakerName = "leaky-cart"
	secondsPer = 300
	// grownUp is how old a process is when the agent names it.
	grownUp = time.Minute
)

// What real collectors see of a program that really leaks ends as an event that names it: Debian's
// Prometheus and vmagent with exporters by remote write 1, Prometheus 3's own queue and our agent by
// remote write 2.
func TestRealCollectorsToEvent(t *testing.T) {
	if testing.Short() {
		t.Skip("watches a leaking program for a while: skipped by -short")
	}
	t.Parallel()
	realserver.StartLeaker(t, leakerName, 3_000_000)
	leaking := time.Now()
	s := started(t, torture.Options{})
	agent := filepath.Join(t.TempDir(), "memseep-agent")
	if out, err := exec.Command("go", "build", "-o", agent, "github.com/memseep/memseep/cmd/memseep-agent").CombinedOutput(); err != nil {
		t.Fatalf("build the agent: %v\n%s", err, out)
	}
	vmagent := realserver.Find(t, "vmagent", "vmagent-prod")
	senders := map[string]*recorder{"by-prometheus": record(t), "by-prometheus3": record(t), "by-vmagent": record(t), "by-agent": record(t)}
	node, process := realserver.StartNodeExporter(t), realserver.StartProcessExporter(t, leakerName, "prometheus")
	realserver.StartPrometheus(t, realserver.PrometheusOptions{Config: scraping("by-prometheus", node, process) + fmt.Sprintf(`
remote_write: [{url: %q, queue_config: {batch_send_deadline: 500ms}}]
`, senders["by-prometheus"].URL+"/api/v1/write")})
	startPrometheus3(t, scraping("by-prometheus3", node, process)+fmt.Sprintf(`
remote_write: [{url: %q, protobuf_message: io.prometheus.write.v2.Request, queue_config: {batch_send_deadline: 500ms}}]
`, senders["by-prometheus3"].URL+"/api/v1/write"))
	scrape := filepath.Join(t.TempDir(), "scrape.yml")
	must(t, os.WriteFile(scrape, []byte(scraping("by-vmagent", node, process)), 0o600))
	realserver.Start(t, vmagent, "-promscrape.config="+scrape, "-remoteWrite.tmpDataPath="+t.TempDir(), "-remoteWrite.flushInterval=200ms",
		"-remoteWrite.url="+senders["by-vmagent"].URL+"/api/v1/write", fmt.Sprintf("-httpListenAddr=127.0.0.1:%d", realserver.FreePort(t)))
	// Nothing to wait for but the program itself: its seconds are the data.
	begin := leaking.Add(grownUp + time.Second)
	time.Sleep(time.Until(begin))
	for _, sender := range senders {
		sender.forget() // what is older would be older than samples may be
	}
	realserver.Start(t, agent, "--url", senders["by-agent"].URL, "--interval", "1s", "--queue", t.TempDir(), "--host", "by-agent")
	time.Sleep(*leakFor)
	for _, sender := range senders {
		sender.end() // what came while another is replayed would lie in the future
	}
	end := time.Now()
	for host, sender := range senders {
		t.Logf("%s: %d requests as %v", host, sender.count(), sender.types())
		sender.replay(t, s, end, secondsPer)
	}
	blamed := blamed(t, s)
	for host := range senders {
		if !slices.Contains(blamed[host], leakerName) {
			t.Errorf("%s is not named on %s: %v", leakerName, host, blamed)
		}
	}
}

// scraping is a configuration that scrapes both exporters as one host.
func scraping(host, node, process string) string {
	text := "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\nscrape_configs:\n"
	for job, target := range map[string]string{"node": node, "process": process} {
		text += fmt.Sprintf(`
  - job_name: %s
    static_configs: [{targets: [%q], labels: {instance: %q}}]
    metric_relabel_configs: [{source_labels: [__name__], regex: 'node_memory_.*|node_uname_info|node_boot_time_seconds|namedprocess_.*', action: keep}]
`, job, target, host)
	}
	return text
}

// blamed runs the first inspection, and returns for each host the programs that its events name.
func blamed(t *testing.T, s *torture.Server) map[string][]string {
	t.Helper()
	inspection, err := s.FirstInspection(t.Context(), "0 0 1 1 *", 15*time.Minute, true)
	must(t, err)
	r, err := s.RunToEnd(t.Context(), inspection, 2*time.Minute)
	must(t, err)
	if r.Status != "success" || r.NoData+r.Failed > 0 {
		t.Errorf("the run ended as %+v", r)
	}
	programs := map[string][]string{}
	events, err := s.Client.Events(t.Context(), url.Values{}, 0)
	must(t, err)
	for _, summary := range events {
		e, err := s.Client.Event(t.Context(), summary.ID)
		must(t, err)
		name := e.Object.Name
		if name == "" && len(e.Suspects) > 0 {
			name = e.Suspects[0].Name
		}
		programs[e.Object.Host] = append(programs[e.Object.Host], name)
		t.Logf("%s: %s, suspects %+v", e.Object.Host, e.Title, e.Suspects)
	}
	return programs
}
