package ingest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
	writev2 "github.com/prometheus/prometheus/prompb/io/prometheus/write/v2"
)

// fuzzed is the time of the fuzz targets, that of the recordings of Telegraf and OpenTelemetry.
var fuzzed = time.Unix(1795597300, 0)

// read decodes a body, and checks what has to hold of every batch however broken the body is.
func read(t *testing.T, p *protocol, r *http.Request, body []byte) (b *batch, err error) {
	t.Helper()
	b = takeBatch(DefaultLimits, fuzzed)
	body = bytes.Clone(body)
	err = p.decode(b, r, body)
	clear(body) // as when the buffer is used for another request
	for _, s := range b.series {
		last := ""
		s.Labels.Range(func(l labels.Label) {
			if l.Name <= last || l.Value == "" || !utf8.ValidString(l.Name) || !utf8.ValidString(l.Value) {
				t.Fatalf("labels %q: not sorted, empty, twice or not UTF-8", s.Labels)
			}
			last = l.Name
		})
		if s.Labels.Get("__name__") == "" || len(s.Samples) == 0 {
			t.Fatalf("a series %q without name or samples", s.Labels)
		}
		for _, sample := range s.Samples {
			if sample.T < b.oldest || sample.T > b.latest {
				t.Fatalf("a sample of %d is out of bounds", sample.T)
			}
		}
	}
	if b.refused.total() > 0 && b.problem == "" && b.refused[Histogram] != b.refused.total() {
		t.Fatalf("%v are refused without a word", b.refused)
	}
	return b, err
}

// samplesOf is the number of samples that a body had, without histograms.
func samplesOf(b *batch) int {
	n := b.refused.total() - b.refused[Histogram]
	for _, s := range b.series {
		n += len(s.Samples)
	}
	return n
}

func request(contentType string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	r.Header.Set("Content-Type", contentType)
	return r
}

// addRecordings makes seeds of the unpacked bodies of recorded requests.
func addRecordings(f *testing.F, add func(body []byte), dirs ...string) {
	f.Helper()
	for _, dir := range dirs {
		names, err := filepath.Glob(filepath.Join("testdata", dir, "*.body"))
		if err != nil || len(names) == 0 {
			f.Fatalf("no recordings in %s: %v", dir, err)
		}
		for _, name := range names[:min(len(names), 4)] {
			body, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			if in, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
				if body, err = io.ReadAll(in); err != nil {
					f.Fatal(err)
				}
			}
			add(body)
		}
	}
}

// Whatever Prometheus' own decoder takes, ours finds the same samples in.
func FuzzRemoteWrite1(f *testing.F) {
	at := fuzzed.UnixMilli()
	good := &prompb.WriteRequest{Timeseries: []prompb.TimeSeries{
		{Labels: []prompb.Label{{Name: "__name__", Value: "a"}, {Name: "host", Value: "web-1"}}, Samples: []prompb.Sample{{Timestamp: at, Value: 1}, {Timestamp: 1, Value: 2}}},
		{Labels: []prompb.Label{{Name: "host", Value: "\xff"}, {Name: "__name__", Value: "b"}}, Samples: []prompb.Sample{{Timestamp: at}}, Histograms: []prompb.Histogram{{Timestamp: at}}},
	}}
	body, err := good.Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add(body[:len(body)-3])
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := read(t, remoteWrite1, request("application/x-protobuf"), body)
		var theirs prompb.WriteRequest
		if err != nil || theirs.Unmarshal(body) != nil {
			return
		}
		want := 0
		for _, s := range theirs.Timeseries {
			want += len(s.Samples)
		}
		if got := samplesOf(b); got != want {
			t.Errorf("%d samples, Prometheus finds %d", got, want)
		}
	})
}

func FuzzRemoteWrite2(f *testing.F) {
	at := fuzzed.UnixMilli()
	good := &writev2.Request{Symbols: []string{"", "__name__", "a", "host", "web-1", "\xff"}, Timeseries: []writev2.TimeSeries{
		{LabelsRefs: []uint32{1, 2, 3, 4}, Samples: []writev2.Sample{{Timestamp: at, Value: 1}, {Timestamp: 1, Value: 2}}},
		{LabelsRefs: []uint32{3, 5, 1, 9}, Samples: []writev2.Sample{{Timestamp: at}}},
	}}
	body, err := good.Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add(body[:len(body)-3])
	f.Add([]byte("\x22\x08__name__\x22\x01a\x2a\x06\x08\x00\x08\x01\x12\x00")) // references one by one
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := read(t, remoteWrite2, request("application/x-protobuf;proto="+writeV2), body)
		var theirs writev2.Request
		if err != nil || theirs.Unmarshal(body) != nil {
			return
		}
		want := 0
		for _, s := range theirs.Timeseries {
			want += len(s.Samples)
		}
		if got := samplesOf(b); got != want {
			t.Errorf("%d samples, Prometheus finds %d", got, want)
		}
	})
}

func FuzzOTLP(f *testing.F) {
	addRecordings(f, func(body []byte) { f.Add(body, false) }, "opentelemetry/proto")
	addRecordings(f, func(body []byte) { f.Add(body, true) }, "opentelemetry/json")
	f.Fuzz(func(t *testing.T, body []byte, asJSON bool) {
		r := request(otlpProtobuf)
		if asJSON {
			r = request(otlpJSON)
		}
		_, _ = read(t, otlpMetrics, r, body) // an error is an answer
	})
}

func FuzzLineProtocol(f *testing.F) {
	addRecordings(f, func(body []byte) { f.Add(body, "ns") }, "telegraf/v1", "telegraf/v2", "datakit/v1")
	f.Add([]byte("a,b=c d=1i,e=2u,f=t,g=\"x\" 1795597300000000000\nbad\n\na d=1"), "")
	f.Add([]byte("a\\ b,c\\,d=e\\=f \"g\"=1e400 99999999999999999999"), "h")
	f.Fuzz(func(t *testing.T, body []byte, unit string) {
		r := request("text/plain")
		r.URL.RawQuery = "precision=" + strings.Map(func(c rune) rune {
			if c >= 'a' && c <= 'z' {
				return c
			}
			return -1
		}, unit)
		_, _ = read(t, influx1, r, body) // an error is an answer
	})
}

func FuzzDataKit(f *testing.F) {
	addRecordings(f, func(body []byte) { f.Add(body, true) }, "datakit/v2")
	f.Fuzz(func(t *testing.T, body []byte, object bool) {
		r := request(dataKitProtobuf)
		if object {
			r.SetPathValue("category", categoryObject)
		}
		_, _ = read(t, dataKit, r, body) // an error is an answer
	})
}
