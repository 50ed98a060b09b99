package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/prometheus/prometheus/prompb"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/server"
)

// The secrets of each test's first start.
const (
	ingestKey     = "ingest:ingest-secret-of-the-test"
	adminKey      = "admin:admin-secret-of-the-test"
	adminPassword = "a password of 10"
)

// now is the clock of each test's server, which stands still.
var now = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// running is a server with all its parts on a free port.
type running struct {
	t    *testing.T
	url  string
	stop func()
}

// serve starts a server on a data directory, with changes to its options, and ends it with the test.
func serve(t *testing.T, dir string, change ...func(*server.Options)) *running {
	t.Helper()
	c := config.Default
	c.Server.Data, c.Server.Listen, c.Server.Agent = dir, "127.0.0.1:0", false
	ready := make(chan string, 1)
	var log bytes.Buffer
	o := server.Options{
		Config: c, Stdout: io.Discard, Logger: slog.New(slog.NewTextHandler(&log, nil)),
		Clock: func() time.Time { return now }, Version: "test",
		First: auth.Environment{AdminPassword: adminPassword, IngestKey: ingestKey, AdminKey: adminKey},
		Ready: func(url string) { ready <- url },
	}
	for _, f := range change {
		f(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx, o) }()
	r := &running{t: t}
	stopped := false
	r.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v\n%s", err, log.String())
		}
	}
	select {
	case r.url = <-ready:
	case err := <-ended:
		cancel()
		t.Fatalf("the server did not start: %v\n%s", err, log.String())
	}
	t.Cleanup(r.stop)
	return r
}

// answer is what a request was answered with.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends a request with a key; a body that is no text is sent as JSON.
func (r *running) ask(method, path, key string, body any, header ...string) answer {
	r.t.Helper()
	var reader io.Reader
	media := "application/json"
	switch b := body.(type) {
	case nil:
	case []byte:
		reader, media = bytes.NewReader(b), "application/octet-stream"
	case string:
		reader = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			r.t.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, reader)
	if err != nil {
		r.t.Fatal(err)
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	if reader != nil {
		request.Header.Set("Content-Type", media)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, text}
}

// get asks for a resource of the API, which has to be there.
func get[T any](r *running, path, key string) T {
	r.t.Helper()
	return wanted[T](r, r.ask("GET", "/api/v1"+path, key, nil), "GET "+path)
}

// send changes something, which has to be accepted.
func send[T any](r *running, method, path, key string, body any) T {
	r.t.Helper()
	return wanted[T](r, r.ask(method, "/api/v1"+path, key, body), method+" "+path)
}

func wanted[T any](r *running, a answer, what string) T {
	r.t.Helper()
	var out T
	if a.status/100 != 2 {
		r.t.Fatalf("%s: %d %s", what, a.status, a.body)
	}
	if len(a.body) > 0 {
		if err := json.Unmarshal(a.body, &out); err != nil {
			r.t.Fatalf("%s: %v in %.300s", what, err, a.body)
		}
	}
	return out
}

// writeFleet sends eight hours of node_exporter and process-exporter: a host whose java leaks since
// five hours, and one that is quiet.
func (r *running) writeFleet(key string) {
	r.t.Helper()
	r.writeFleetLeaking(key, 5*time.Hour)
}

// writeFleetLeaking is writeFleet with a leak that goes on for so long.
func (r *running) writeFleetLeaking(key string, since time.Duration) {
	r.t.Helper()
	const hours, step, total = 8, 60, 16 << 30
	var request prompb.WriteRequest
	for _, host := range []string{"leaking", "quiet"} {
		available := line(host+":9100", "__name__", "node_memory_MemAvailable_bytes")
		all := line(host+":9100", "__name__", "node_memory_MemTotal_bytes")
		java := line(host+":9256", "__name__", "namedprocess_namegroup_memory_bytes", "groupname", "java", "memtype", "resident")
		other := line(host+":9256", "__name__", "namedprocess_namegroup_memory_bytes", "groupname", "nginx", "memtype", "resident")
		for s := -hours * 3600; s <= 0; s += step {
			at := now.Add(time.Duration(s) * time.Second).UnixMilli()
			leaked := 0.0
			if host == "leaking" {
				leaked = max(0, float64(s)+since.Seconds()) / 3600 * 0.9 * (1 << 30)
			}
			wobble := float64((s/60)%7) * (1 << 20)
			add(&available, at, 0.6*total-leaked+wobble)
			add(&all, at, total)
			add(&java, at, 2<<30+leaked)
			add(&other, at, 1<<28)
		}
		request.Timeseries = append(request.Timeseries, available, all, java, other)
	}
	text, err := request.Marshal()
	if err != nil {
		r.t.Fatal(err)
	}
	a := r.ask("POST", "/api/v1/write", key, snappy.Encode(nil, text),
		"Content-Encoding", "snappy", "Content-Type", "application/x-protobuf", "X-Prometheus-Remote-Write-Version", "0.1.0")
	if a.status/100 != 2 {
		r.t.Fatalf("remote write: %d %s", a.status, a.body)
	}
}

func line(instance string, labels ...string) prompb.TimeSeries {
	s := prompb.TimeSeries{}
	for i := 0; i+1 < len(labels); i += 2 {
		s.Labels = append(s.Labels, prompb.Label{Name: labels[i], Value: labels[i+1]})
	}
	s.Labels = append(s.Labels, prompb.Label{Name: "instance", Value: instance})
	// Names are sorted, as the protocol wants it.
	for i := range s.Labels {
		for j := i; j > 0 && s.Labels[j].Name < s.Labels[j-1].Name; j-- {
			s.Labels[j], s.Labels[j-1] = s.Labels[j-1], s.Labels[j]
		}
	}
	return s
}

func add(s *prompb.TimeSeries, at int64, value float64) {
	s.Samples = append(s.Samples, prompb.Sample{Timestamp: at, Value: value})
}

// within waits until a condition holds.
func within(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 30 s: %s", what)
		}
	}
}
