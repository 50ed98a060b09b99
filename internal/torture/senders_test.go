package torture_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/torture"
)

// leakFor is how long real collectors watch a program that leaks; a second stands for five minutes.
var leakFor = flag.Duration("leak-for", 34*time.Second, "how long real collectors watch a leaking program")

const (
	leakerName = "leaky-cart"
	secondsPer = 300
	// grownUp is how old a process is when the agent names it.
	grownUp = time.Minute
)

// What real collectors see of a program that really leaks ends as an event that names it: Debian's
// Prometheus with its exporters by remote write 1, our agent by remote write 2.
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
	byPrometheus, byAgent := record(t), record(t)
	node, process := realserver.StartNodeExporter(t), realserver.StartProcessExporter(t, leakerName, "prometheus")
	realserver.StartPrometheus(t, realserver.PrometheusOptions{Config: fmt.Sprintf(`
global: {scrape_interval: 200ms, scrape_timeout: 200ms}
scrape_configs: [{job_name: machine, static_configs: [{targets: [%q, %q]}]}]
remote_write:
  - url: %s/api/v1/write
    queue_config: {batch_send_deadline: 500ms}
    write_relabel_configs: [{source_labels: [__name__], regex: 'node_memory_.*|node_uname_info|node_boot_time_seconds|namedprocess_.*', action: keep}]
`, node, process, byPrometheus.URL)})
	// Nothing to wait for but the program itself: its seconds are the data.
	begin := leaking.Add(grownUp + time.Second)
	time.Sleep(time.Until(begin))
	byPrometheus.forget() // what is older would be older than samples may be
	realserver.Start(t, agent, "--url", byAgent.URL, "--interval", "1s", "--queue", t.TempDir(), "--host", "by-agent")
	time.Sleep(*leakFor)
	end := time.Now()
	byPrometheus.replay(t, s, end, secondsPer)
	byAgent.replay(t, s, end, secondsPer)
	hosts := blamed(t, s, leakerName)
	if len(hosts) != 2 || !hosts["by-agent"] {
		t.Errorf("%s is named on the hosts %v, want by-agent and the one that Prometheus tells of", leakerName, hosts)
	}
}

// blamed runs the first inspection, and returns the hosts on which an event names the program.
func blamed(t *testing.T, s *torture.Server, program string) map[string]bool {
	t.Helper()
	inspection, err := s.FirstInspection(t.Context(), "0 0 1 1 *", 15*time.Minute, true)
	must(t, err)
	r, err := s.RunToEnd(t.Context(), inspection, 2*time.Minute)
	must(t, err)
	if r.Status != "success" || r.NoData+r.Failed > 0 {
		t.Errorf("the run ended as %+v", r)
	}
	hosts := map[string]bool{}
	events, err := s.Client.Events(t.Context(), url.Values{}, 0)
	must(t, err)
	for _, summary := range events {
		e, err := s.Client.Event(t.Context(), summary.ID)
		must(t, err)
		if e.Object.Name == program || len(e.Suspects) > 0 && e.Suspects[0].Name == program {
			hosts[e.Object.Host] = true
		}
		t.Logf("%s: %s, suspects %+v", e.Object.Host, e.Title, e.Suspects)
	}
	return hosts
}

// lines is a collector whose requests in line protocol were recorded: one with its host's memory,
// one with its processes.
type lines struct {
	dir, host, program string
	field              string // of a process' memory
	perMinute          int64  // how much the program grew from one recorded request to the next
}

// Requests that a real DataKit and a real Telegraf sent are sent again, a copy a minute, in which the
// program goes on to grow as it did while they were recorded.
func TestRecordedCollectorsToEvent(t *testing.T) {
	t.Parallel()
	s := started(t, torture.Options{})
	for _, c := range []lines{
		{"datakit/v1", "dk-host-1", "order-service", "rss", 957_952},
		{"telegraf/v1", "web-1", "leaky", "memory_rss", 21_290_000},
	} {
		t.Run(c.dir, func(t *testing.T) {
			now := time.Now()
			requests := c.requests(t)
			for ago := 350; ago >= 0; ago-- {
				for _, q := range requests {
					at := now.Add(-time.Duration(ago) * time.Minute)
					post(t, s, q.path, q.header, c.moved(t, q.body, at, int64(350-ago)))
				}
			}
			if hosts := blamed(t, s, c.program); !hosts[c.host] {
				t.Errorf("%s is named on %v, not on %s", c.program, hosts, c.host)
			}
		})
	}
	var health api.Health
	must(t, s.Client.Call(t.Context(), "GET", "/health", nil, &health))
	if health.Collectors["DataKit"] == 0 || health.Collectors["Telegraf"] == 0 {
		t.Errorf("health tells of the collectors %v", health.Collectors)
	}
}

type lineRequest struct {
	path   string
	header http.Header
	body   []byte
}

// requests are the first recorded with memory and the first with processes.
func (c lines) requests(t *testing.T) []lineRequest {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", "ingest", "testdata", c.dir, "*.hdr"))
	must(t, err)
	found := map[string]lineRequest{}
	for _, name := range names {
		head, err := os.ReadFile(name)
		must(t, err)
		packed, err := os.ReadFile(strings.TrimSuffix(name, ".hdr") + ".body")
		must(t, err)
		first, rest, _ := strings.Cut(strings.ReplaceAll(string(head), "\r", ""), "\n")
		q := lineRequest{path: withoutToken(first), header: http.Header{}, body: unzipped(packed)}
		for line := range strings.Lines(rest) {
			if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
				q.header.Set(key, value)
			}
		}
		for what, mark := range map[string]string{"memory": "mem,", "processes": "process_name=" + c.program} {
			if _, have := found[what]; !have && bytes.Contains(q.body, []byte(mark)) && !strings.Contains(q.path, "object") {
				found[what] = q
			}
		}
	}
	if len(found) != 2 {
		t.Fatalf("recordings of %s hold %d of memory and processes", c.dir, len(found))
	}
	if found["memory"].path == found["processes"].path && bytes.Equal(found["memory"].body, found["processes"].body) {
		return []lineRequest{found["memory"]}
	}
	return []lineRequest{found["memory"], found["processes"]}
}

func withoutToken(path string) string {
	before, _, _ := strings.Cut(path, "token=")
	return strings.TrimRight(before, "?&")
}

func unzipped(b []byte) []byte {
	in, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return b // it is plain
	}
	out, err := io.ReadAll(in)
	if err != nil {
		return nil
	}
	return out
}

var endOfLine = regexp.MustCompile(`(?m) \d{19}$`)

// moved is a packed body at another time, so many minutes after the first, grown that long.
func (c lines) moved(t *testing.T, body []byte, at time.Time, minutes int64) []byte {
	t.Helper()
	size := regexp.MustCompile(`([ ,]` + c.field + `=)(\d+)`)
	var b bytes.Buffer
	out := gzip.NewWriter(&b)
	for line := range bytes.Lines(body) {
		line = endOfLine.ReplaceAll(bytes.TrimRight(line, "\r\n"), []byte(" "+strconv.FormatInt(at.UnixNano(), 10)))
		if bytes.Contains(line, []byte("process_name="+c.program)) {
			line = size.ReplaceAllFunc(line, func(m []byte) []byte {
				parts := size.FindSubmatch(m)
				n, err := strconv.ParseInt(string(parts[2]), 10, 64)
				must(t, err)
				return strconv.AppendInt(parts[1][:len(parts[1]):len(parts[1])], n+minutes*c.perMinute, 10)
			})
		}
		_, err := out.Write(append(line, '\n'))
		must(t, err)
	}
	must(t, out.Close())
	return b.Bytes()
}
