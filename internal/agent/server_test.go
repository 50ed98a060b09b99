package agent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/agent"
	"github.com/memseep/memseep/internal/realserver"
)

// start runs an agent of this machine until the test ends, and returns what it logs.
func start(t *testing.T, c agent.Config) *log {
	t.Helper()
	l := &log{}
	c.Logger = slog.New(slog.NewTextHandler(l, nil))
	if c.Interval == 0 {
		c.Interval = time.Second
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- agent.Run(ctx, c) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the agent ended: %v", err)
		}
	})
	return l
}

type log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// query is the value of the one series that the query finds, and its labels; ok is false where
// there is none.
func query(t *testing.T, server, expression string) (value float64, labels map[string]string, ok bool) {
	t.Helper()
	resp, err := http.Get(server + "/api/v1/query?query=" + url.QueryEscape(expression))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  [2]any
			}
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Data.Result) == 0 {
		return 0, nil, false
	}
	r := answer.Data.Result[0]
	if value, err = strconv.ParseFloat(r.Value[1].(string), 64); err != nil {
		t.Fatal(err)
	}
	return value, r.Metric, true
}

// A Prometheus that knows remote write 1 alone takes a request of version 2 for one without
// samples; the agent notices, and everything arrives.
func TestPrometheusTakesWhatIsSent(t *testing.T) {
	t.Parallel()
	p := realserver.StartPrometheus(t, realserver.PrometheusOptions{Flags: []string{"--web.enable-remote-write-receiver"}})
	start(t, agent.Config{URL: p.URL, Host: "web-1", QueueDir: t.TempDir()})
	arrives(t, p.URL, func() {})
}

func TestVictoriaMetricsTakesWhatIsSent(t *testing.T) {
	t.Parallel()
	v := realserver.StartVictoriaMetrics(t)
	start(t, agent.Config{URL: v.URL, Host: "web-1", QueueDir: t.TempDir()})
	arrives(t, v.URL, func() { v.Flush(t) })
}

func arrives(t *testing.T, server string, flush func()) {
	t.Helper()
	eventually(t, "the memory of the host is in the store", func() bool {
		flush()
		total, _, ok := query(t, server, `memseep_host_memory_total_bytes{host="web-1"}`)
		return ok && total > 1<<20
	})
	eventually(t, "collections are counted as sent, and none waits", func() bool {
		flush()
		sent, _, ok := query(t, server, `memseep_agent_sent_batches_total{host="web-1"}`)
		waiting, _, _ := query(t, server, `memseep_agent_queue_batches{host="web-1"}`)
		return ok && sent >= 1 && waiting <= 1
	})
	if rss, _, ok := query(t, server, `sum(memseep_process_rss_bytes{host="web-1"})`); !ok || rss < 1<<20 {
		t.Errorf("the processes hold %v bytes", rss)
	}
	if _, _, ok := query(t, server, `memseep_kernel_bytes{host="web-1",pool="page_tables"}`); !ok {
		t.Error("the pools of the kernel are missing")
	}
	if dropped, _, ok := query(t, server, `sum(memseep_agent_dropped_batches_total{host="web-1"})`); !ok || dropped != 0 {
		t.Errorf("%v batches were dropped", dropped)
	}
}

// What a server answers decides what becomes of a batch.
func TestAnswers(t *testing.T) {
	t.Parallel()
	written := http.Header{"X-Prometheus-Remote-Write-Samples-Written": {"1"}}
	for _, c := range []struct {
		name   string
		status int
		said   string
		header http.Header
		log    string // what a person is told
		again  bool   // the same batch comes again, after a pause
	}{
		{name: "taken", status: 204, header: written},
		{name: "bad data", status: 422, said: "label name is too long", log: "label name is too long"},
		{name: "too large", status: 413, said: "too large", log: "the batch is dropped"},
		{name: "busy", status: 429, header: http.Header{"Retry-After": {"0"}}, log: "takes nothing for now", again: true},
		{name: "broken", status: 503, said: "disk full", log: "disk full", again: true},
		{name: "wrong key", status: 401, said: "unknown key", log: "check --key"},
		{name: "key of another scope", status: 403, log: "scope ingest"},
		{name: "wrong address", status: 404, log: "check --url"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var bodies []string
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				mu.Lock()
				bodies = append(bodies, string(body))
				mu.Unlock()
				for name, values := range c.header {
					w.Header()[name] = values
				}
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.said)
			}))
			t.Cleanup(s.Close)
			l := start(t, agent.Config{URL: s.URL, Host: "web-1", QueueDir: t.TempDir()})
			eventually(t, "the answer is logged as it should be", func() bool {
				mu.Lock()
				defer mu.Unlock()
				return len(bodies) > 0 && strings.Contains(l.String(), c.log)
			})
			wanted := 1
			if c.status == 204 || c.again || c.log == "the batch is dropped" {
				wanted = 2
			}
			eventually(t, "the next request", func() bool {
				mu.Lock()
				defer mu.Unlock()
				return len(bodies) >= wanted
			})
			mu.Lock()
			defer mu.Unlock()
			if wanted == 2 && c.again != (bodies[0] == bodies[1]) {
				t.Errorf("the same batch came again: %t, want %t", !c.again, c.again)
			}
			if n := strings.Count(l.String(), "level=WARN"); n > 2 {
				t.Errorf("said %d times:\n%s", n, l)
			}
		})
	}
}

// The key and the headers are in every request, and the protocol is said.
func TestRequest(t *testing.T) {
	t.Parallel()
	got := make(chan *http.Request, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case got <- r:
		default:
		}
		w.Header().Set("X-Prometheus-Remote-Write-Samples-Written", "1")
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(s.Close)
	start(t, agent.Config{URL: s.URL, Key: "id:secret", Headers: map[string]string{"X-Scope-OrgID": "team-a"}, Version: "1.2"})
	r := <-got
	for name, want := range map[string]string{
		"Authorization":                     "Bearer id:secret",
		"X-Scope-Orgid":                     "team-a",
		"Content-Encoding":                  "snappy",
		"Content-Type":                      "application/x-protobuf;proto=io.prometheus.write.v2.Request",
		"X-Prometheus-Remote-Write-Version": "2.0.0",
		"User-Agent":                        "memseep-agent/1.2",
	} {
		if r.Header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, r.Header.Get(name), want)
		}
	}
	if r.URL.Path != "/api/v1/write" {
		t.Errorf("sent to %s", r.URL.Path)
	}
}

// A server with a certificate of its own is trusted by --ca-file or --insecure alone.
func TestTLS(t *testing.T) {
	t.Parallel()
	taken := make(chan struct{}, 16)
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		select {
		case taken <- struct{}{}:
		default:
		}
		w.Header().Set("X-Prometheus-Remote-Write-Samples-Written", "1")
	}))
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	t.Cleanup(s.Close)
	l := start(t, agent.Config{URL: s.URL})
	eventually(t, "the certificate is not trusted, and that is said", func() bool { return strings.Contains(l.String(), "certificate") })
	if len(taken) > 0 {
		t.Fatal("sent to a server that is not trusted")
	}
	start(t, agent.Config{URL: s.URL, CAFile: certificate(t, s)})
	<-taken
	start(t, agent.Config{URL: s.URL, Insecure: true})
	<-taken
}
