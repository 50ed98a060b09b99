package torture_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/torture"
)

// recorded is a collector whose requests were recorded, with a program that leaks.
type recorded struct {
	dir       string // below the recordings of ingest
	collector string // what health calls it
	program   string // that leaks
	perMinute int64  // bytes that the program took in each minute while it was recorded
	read      func(t *testing.T, body []byte) body
}

// body is an unpacked request in its own format.
type body interface {
	// has tells whether it has the memory of a host, and whether it has the program.
	has(program string) (memory, process bool)
	// continued is the body at another time, of a host of another name, with the program that much larger.
	continued(t *testing.T, at time.Time, host, program string, grown int64) []byte
}

var recordings = []recorded{
	{"datakit/v1", "DataKit", "order-service", 957_952, readLines},
	{"datakit/v2", "DataKit", "order-service", 957_952, readPoints},
	{"telegraf/v1", "Telegraf", "leaky", 21_290_000, readLines},
	{"telegraf/v2", "Telegraf", "leaky", 21_290_000, readLines},
	{"opentelemetry/proto", "OpenTelemetry", "leaky", 21_290_000, readOTLP},
	{"opentelemetry/json", "OpenTelemetry", "leaky", 21_290_000, readOTLPJSON},
}

// recordedFor is how long the recorded collectors watch the program, a request a minute.
const recordedFor = 350 * time.Minute

// Requests that real collectors sent are sent again, a copy a minute, in which the program goes on to
// grow as it did while they were recorded: one inspection names it on the host of each.
func TestRecordedCollectorsToEvent(t *testing.T) {
	t.Parallel()
	s := started(t, torture.Options{})
	now := time.Now()
	for _, r := range recordings {
		requests := r.requests(t)
		for ago := recordedFor; ago >= 0; ago -= time.Minute {
			grown := int64((recordedFor-ago)/time.Minute) * r.perMinute
			for _, q := range requests {
				post(t, s, q.path, q.header, zipped(t, q.body.continued(t, now.Add(-ago), r.host(), r.program, grown)))
			}
		}
	}
	blamed := blamed(t, s)
	for _, r := range recordings {
		if got := blamed[r.host()]; !slices.Contains(got, r.program) {
			t.Errorf("the events of %s name %q, not %s", r.host(), got, r.program)
		}
	}
	var health api.Health
	must(t, s.Client.Call(t.Context(), "GET", "/health", nil, &health))
	for _, r := range recordings {
		if health.Collectors[r.collector] < 2 {
			t.Errorf("health tells of the collectors %v, not of %s on both its hosts", health.Collectors, r.collector)
		}
	}
}

// host is the name under which the recording is sent.
func (r recorded) host() string { return strings.ReplaceAll(r.dir, "/", "-") }

type recordedBody struct {
	path   string
	header http.Header
	body   body
}

// requests are the first recorded that has the memory of the host, and the first that has the program.
func (r recorded) requests(t *testing.T) []recordedBody {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("..", "ingest", "testdata", r.dir, "*.hdr"))
	must(t, err)
	var out []recordedBody
	var memory, process bool
	for _, name := range names {
		head, err := os.ReadFile(name)
		must(t, err)
		packed, err := os.ReadFile(strings.TrimSuffix(name, ".hdr") + ".body")
		must(t, err)
		first, rest, _ := strings.Cut(strings.ReplaceAll(string(head), "\r", ""), "\n")
		if strings.Contains(first, "/object") {
			continue
		}
		q := recordedBody{withoutToken(first), http.Header{}, r.read(t, unzipped(t, packed))}
		for line := range strings.Lines(rest) {
			if key, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
				q.header.Set(key, value)
			}
		}
		hasMemory, hasProcess := q.body.has(r.program)
		if hasMemory && !memory || hasProcess && !process {
			out = append(out, q)
			memory, process = memory || hasMemory, process || hasProcess
		}
	}
	if !memory || !process {
		t.Fatalf("the recording %s has memory: %t, the program: %t", r.dir, memory, process)
	}
	return out
}

func withoutToken(path string) string {
	before, _, _ := strings.Cut(path, "token=")
	return strings.TrimRight(before, "?&")
}

func unzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	in, err := gzip.NewReader(bytes.NewReader(b))
	must(t, err)
	out, err := io.ReadAll(in)
	must(t, err)
	return out
}

func zipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	must(t, err)
	must(t, w.Close())
	return out.Bytes()
}
