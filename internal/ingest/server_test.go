package ingest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/ingest"
	"github.com/memseep/memseep/internal/store"
	"github.com/prometheus/client_golang/prometheus"
)

// now is when the tests play; that of a test with real senders is the real one.
var now = time.Date(2026, 3, 1, 12, 34, 0, 0, time.UTC)

const (
	workspace = "w1"
	key       = "k1:secret"
)

// server is Ingest before a store of its own.
type server struct {
	*httptest.Server
	ingest   *ingest.Ingest
	spaces   store.Spaces
	registry *prometheus.Registry
	log      *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// denial is an error of Authorize with a status.
type denial int

func (d denial) Error() string { return "the key may not write" }
func (d denial) Status() int   { return int(d) }

// authorize knows one key that may write, and one that may not.
func authorize(r *http.Request) (workspaceID, sender string, err error) {
	given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if user, password, ok := r.BasicAuth(); ok {
		given = user + ":" + password
	}
	if given == "" {
		given = r.URL.Query().Get("token")
	}
	switch given {
	case key, "tkn_0123456789abcdef0123456789abcdef":
		return workspace, "k1", nil
	case "k2:reads":
		return "", "", denial(http.StatusForbidden)
	case "k3:away":
		return "", "", fmt.Errorf("connect to db.internal: %w", denial(http.StatusServiceUnavailable))
	case "":
		return "", "", errors.New("a key is needed")
	}
	return "", "", errors.New("the key is not known")
}

func clockOfTests() time.Time { return now }

// serve starts a server at the time of the tests.
func serve(t testing.TB, limits ingest.Limits) *server {
	t.Helper()
	return serveAt(t, limits, clockOfTests)
}

func serveAt(t testing.TB, limits ingest.Limits, clock func() time.Time) *server {
	t.Helper()
	return serveSpaces(t, limits, clock, openSpaces(t, clock))
}

func openSpaces(t testing.TB, clock func() time.Time) store.Spaces {
	t.Helper()
	spaces, err := store.OpenDirectory(t.TempDir(), store.DirectoryOptions{EmbeddedOptions: store.EmbeddedOptions{Clock: clock}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := spaces.Close(); err != nil {
			t.Error(err)
		}
	})
	return spaces
}

func serveSpaces(t testing.TB, limits ingest.Limits, clock func() time.Time, spaces store.Spaces) *server {
	t.Helper()
	s := &server{spaces: spaces, registry: prometheus.NewRegistry(), log: &lockedBuffer{}}
	s.ingest = ingest.New(ingest.Options{
		Authorize: authorize, Spaces: spaces, Clock: clock, Registry: s.registry,
		Limits: func(string) ingest.Limits { return limits },
		Logger: slog.New(slog.NewTextHandler(s.log, nil)),
	})
	mux := http.NewServeMux()
	s.ingest.Routes(mux)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// answer is what the server said.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *server) post(t testing.TB, path string, header map[string]string, body []byte) answer {
	t.Helper()
	return s.send(t, http.MethodPost, path, header, bytes.NewReader(body))
}

func (s *server) send(t testing.TB, method, path string, header map[string]string, body io.Reader) answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, s.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(text)}
}

// metrics are those of the workspace.
func (s *server) metrics(t testing.TB) store.Metrics {
	t.Helper()
	m, err := s.spaces.Workspace(t.Context(), workspace)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// query asks the store for an instant vector at a time: label set as text → value.
func (s *server) query(t testing.TB, promql string, at time.Time) map[string]string {
	t.Helper()
	recorder := httptest.NewRecorder()
	target := "/api/v1/query?" + url.Values{"query": {promql}, "time": {fmt.Sprint(at.Unix())}}.Encode()
	s.metrics(t).Handler().ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, target, nil))
	var got struct {
		Error string
		Data  struct {
			Result []struct {
				Metric map[string]string
				Value  []any
			}
		}
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil || got.Error != "" {
		t.Fatalf("query %s: %v: %s", promql, err, recorder.Body)
	}
	out := map[string]string{}
	for _, r := range got.Data.Result {
		out[fmt.Sprint(r.Metric)] = fmt.Sprint(r.Value[1])
	}
	return out
}
