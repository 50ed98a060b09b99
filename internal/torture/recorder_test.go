package torture_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/prometheus/prometheus/prompb"
	writev2 "github.com/prometheus/prometheus/prompb/io/prometheus/write/v2"

	"github.com/memseep/memseep/internal/torture"
)

// recorder takes what a real collector sends by remote write, of either version, and keeps it.
type recorder struct {
	*httptest.Server
	mu       sync.Mutex
	requests []recordedRequest
	ended    bool // nothing is kept any more
}

type recordedRequest struct {
	header http.Header
	body   []byte // unpacked
}

func record(t *testing.T) *recorder {
	r := &recorder{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		packed, err := io.ReadAll(q.Body)
		if err != nil {
			return // the collector sends it again
		}
		body, err := unpacked(q.Header.Get("Content-Encoding"), packed)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if !r.ended {
			r.requests = append(r.requests, recordedRequest{q.Header.Clone(), body})
		}
		w.Header().Set("X-Prometheus-Remote-Write-Samples-Written", "1") // what version 2 wants to see
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(r.Close)
	return r
}

// unpacked is a body without its encoding: snappy's, or vmagent's own.
func unpacked(encoding string, b []byte) ([]byte, error) {
	if encoding != "zstd" {
		return snappy.Decode(nil, b)
	}
	d, err := zstd.NewReader(nil)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.DecodeAll(b, nil)
}

// packed is its reverse.
func packed(encoding string, b []byte) ([]byte, error) {
	if encoding != "zstd" {
		return snappy.Encode(nil, b), nil
	}
	e, err := zstd.NewWriter(nil)
	if err != nil {
		return nil, err
	}
	return e.EncodeAll(b, nil), e.Close()
}

// types are the content types and encodings that were seen.
func (r *recorder) types() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	seen := map[string]bool{}
	for _, q := range r.requests {
		seen[q.header.Get("Content-Type")+" "+q.header.Get("Content-Encoding")] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// count is how many requests were recorded.
func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.requests)
}

// forget drops what was recorded.
func (r *recorder) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = nil
}

// end has the recorder keep nothing that comes from now on.
func (r *recorder) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ended = true
}

// replay sends what was recorded to a server as if each second had been so many, up to an end: times
// lie that much further before it, times that are values (of starts and boots) too.
func (r *recorder) replay(t *testing.T, s *torture.Server, end time.Time, factor int64) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.requests) == 0 {
		t.Fatal("the collector has sent nothing")
	}
	stretch := func(ms int64) int64 { return end.UnixMilli() - (end.UnixMilli()-ms)*factor }
	for _, q := range r.requests {
		change := stretch1
		if strings.Contains(q.header.Get("Content-Type"), "write.v2") {
			change = stretch2
		}
		body, err := change(q.body, stretch)
		must(t, err)
		body, err = packed(q.header.Get("Content-Encoding"), body)
		must(t, err)
		post(t, s, "/api/v1/write", q.header, body)
	}
}

// isTime tells of a metric whose values are times in seconds.
func isTime(name string) bool {
	return strings.Contains(name, "start_time_seconds") || strings.Contains(name, "boot_time_seconds")
}

func stretchValue(name string, v float64, stretch func(int64) int64) float64 {
	if !isTime(name) || math.IsNaN(v) {
		return v
	}
	return float64(stretch(int64(v*1000))) / 1000
}

func stretch1(body []byte, stretch func(int64) int64) ([]byte, error) {
	var w prompb.WriteRequest
	if err := w.Unmarshal(body); err != nil {
		return nil, fmt.Errorf("read a request of version 1: %w", err)
	}
	for _, series := range w.Timeseries {
		name := ""
		for _, l := range series.Labels {
			if l.Name == "__name__" {
				name = l.Value
			}
		}
		for i := range series.Samples {
			sample := &series.Samples[i]
			sample.Timestamp, sample.Value = stretch(sample.Timestamp), stretchValue(name, sample.Value, stretch)
		}
	}
	return w.Marshal()
}

func stretch2(body []byte, stretch func(int64) int64) ([]byte, error) {
	var w writev2.Request
	if err := w.Unmarshal(body); err != nil {
		return nil, fmt.Errorf("read a request of version 2: %w", err)
	}
	for _, series := range w.Timeseries {
		name := ""
		for i := 0; i+1 < len(series.LabelsRefs); i += 2 {
			if w.Symbols[series.LabelsRefs[i]] == "__name__" {
				name = w.Symbols[series.LabelsRefs[i+1]]
			}
		}
		for i := range series.Samples {
			sample := &series.Samples[i]
			sample.Timestamp, sample.Value = stretch(sample.Timestamp), stretchValue(name, sample.Value, stretch)
		}
	}
	return w.Marshal()
}

// post sends a collector's request with the key for ingest, which has to be taken.
func post(t *testing.T, s *torture.Server, path string, header http.Header, body []byte) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+path, bytes.NewReader(body))
	must(t, err)
	for _, name := range []string{"Content-Type", "Content-Encoding", "User-Agent", "X-Prometheus-Remote-Write-Version", "X-Points"} {
		if v := header.Get(name); v != "" {
			q.Header.Set(name, v)
		}
	}
	q.Header.Set("Authorization", "Bearer "+torture.IngestKey)
	a, err := http.DefaultClient.Do(q)
	must(t, err)
	defer func() { _ = a.Body.Close() }()
	text, err := io.ReadAll(a.Body)
	must(t, err)
	if a.StatusCode/100 != 2 || a.Header.Get("X-Memseep-Samples-Refused") > "0" {
		t.Fatalf("%s: %s %v %s", path, a.Status, a.Header, text)
	}
}
