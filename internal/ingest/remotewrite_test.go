package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/memseep/memseep/internal/ingest"
	"github.com/memseep/memseep/internal/store"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/prompb"
	writev2 "github.com/prometheus/prometheus/prompb/io/prometheus/write/v2"
)

func TestRemoteWriteChoosesTheVersionByContentType(t *testing.T) {
	s := serve(t, ingest.Limits{})
	v1 := snapped(encodeV1(t, []sample{{"web-1", now, 1}}))
	v2 := snapped(encodeV2(t, []sample{{"web-1", now, 1}}))
	for _, c := range []struct {
		name, contentType string
		body              []byte
		status            int
		written           string // header of version 2
	}{
		{"no message's name", "application/x-protobuf", v1, 204, ""},
		{"no content type", "", v1, 204, ""},
		{"version 1 by name", "application/x-protobuf;proto=prometheus.WriteRequest", v1, 204, ""},
		{"version 2", "application/x-protobuf;proto=io.prometheus.write.v2.Request", v2, 204, "1"},
		{"version 2 with spaces", "application/x-protobuf; proto=io.prometheus.write.v2.Request", v2, 204, "1"},
		{"a message that is not known", "application/x-protobuf;proto=io.prometheus.write.v3.Request", v2, 415, ""},
		{"JSON", "application/json", []byte("{}"), 415, ""},
		{"no content type at all", ";;", v1, 415, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.post(t, "/api/v1/write", map[string]string{"Authorization": "Bearer " + key, "Content-Type": c.contentType, "Content-Encoding": "snappy"}, c.body)
			if a.status != c.status || a.header.Get("X-Prometheus-Remote-Write-Samples-Written") != c.written {
				t.Errorf("%d %v %s, want %d and %q written", a.status, a.header, a.body, c.status, c.written)
			}
		})
	}
}

func TestRemoteWriteRefusesSeriesThatAreWrong(t *testing.T) {
	s := serve(t, ingest.Limits{Labels: 4, Name: 10})
	pairs := func(s ...string) []string { return s }
	for _, c := range []struct {
		name   string
		labels []string
		says   string // nothing: it is kept
	}{
		{"sorted", pairs("__name__", "a", "host", "h"), ""},
		{"not sorted", pairs("host", "h", "__name__", "b", "a", "x"), ""},
		{"with UTF-8 in its names", pairs("__name__", "mem.used", "主机", "h"), ""},
		{"with an empty label", pairs("__name__", "c", "empty", "", "host", "h"), ""},
		{"no name", pairs("host", "h"), "without a name"},
		{"an empty name", pairs("__name__", "", "host", "h"), "without a name"},
		{"a label without a name", pairs("__name__", "d", "", "h"), "a label without a name"},
		{"twice the same label", pairs("__name__", "e", "host", "h", "host", "i"), `"host" twice`},
		{"twice the same label, apart", pairs("__name__", "e", "host", "h", "job", "i", "host", "h"), `"host" twice`},
		{"a value that is not UTF-8", pairs("__name__", "f", "host", "\xff"), "not valid UTF-8"},
		{"a name that is not UTF-8", pairs("__name__", "g", "ho\xffst", "h"), "not valid UTF-8"},
		{"too many labels", pairs("__name__", "h", "a", "1", "b", "2", "c", "3", "d", "4"), "more than 4 labels"},
		{"a label's name is too long", pairs("__name__", "i", strings.Repeat("x", 11), "1"), "11 bytes, the limit is 10"},
		{"the name is too long", pairs("__name__", strings.Repeat("x", 11)), "11 bytes, the limit is 10"},
	} {
		for version, body := range map[string][]byte{"1": v1Of(t, c.labels), "2": v2Of(t, c.labels)} {
			t.Run(c.name+" in version "+version, func(t *testing.T) {
				header := map[string]string{"Authorization": "Bearer " + key, "Content-Encoding": "snappy", "Content-Type": "application/x-protobuf"}
				if version == "2" {
					header["Content-Type"] += ";proto=io.prometheus.write.v2.Request"
				}
				a := s.post(t, "/api/v1/write", header, body)
				if c.says == "" {
					expect(t, a, 204, 2, 0)
					return
				}
				expect(t, a, 400, 1, 1)
				explains(t, a, c.says)
			})
		}
	}
	if got := s.query(t, `{host="h"}`, now); len(got) != 3 {
		t.Errorf("%v, want a, b and c", got)
	}
}

// v1Of is a series with the labels, and another one beside it.
func v1Of(t testing.TB, pairs []string) []byte {
	var odd []prompb.Label
	for i := 0; i < len(pairs); i += 2 {
		odd = append(odd, prompb.Label{Name: pairs[i], Value: pairs[i+1]})
	}
	one := []prompb.Sample{{Timestamp: now.UnixMilli(), Value: 1}}
	return snapped(must(t)((&prompb.WriteRequest{Timeseries: []prompb.TimeSeries{
		{Labels: odd, Samples: one},
		{Labels: []prompb.Label{{Name: "__name__", Value: "other"}}, Samples: one},
	}}).Marshal()))
}

func v2Of(t testing.TB, pairs []string) []byte {
	symbols := writev2.NewSymbolTable()
	var odd []uint32
	for _, s := range pairs {
		odd = append(odd, symbols.Symbolize(s))
	}
	other := []uint32{symbols.Symbolize("__name__"), symbols.Symbolize("other")}
	one := []writev2.Sample{{Timestamp: now.UnixMilli(), Value: 1}}
	return snapped(must(t)((&writev2.Request{Symbols: symbols.Symbols(), Timeseries: []writev2.TimeSeries{
		{LabelsRefs: odd, Samples: one}, {LabelsRefs: other, Samples: one},
	}}).Marshal()))
}

func TestRemoteWrite2RefusesReferencesToNothing(t *testing.T) {
	s := serve(t, ingest.Limits{})
	one := []writev2.Sample{{Timestamp: now.UnixMilli(), Value: 1}}
	body := snapped(must(t)((&writev2.Request{Symbols: []string{"", "__name__", "a"}, Timeseries: []writev2.TimeSeries{
		{LabelsRefs: []uint32{1, 7}, Samples: one}, {LabelsRefs: []uint32{1, 2, 1}, Samples: one}, {LabelsRefs: []uint32{1, 2}, Samples: one},
	}}).Marshal()))
	a := s.post(t, "/api/v1/write", map[string]string{"Authorization": "Bearer " + key, "Content-Encoding": "snappy", "Content-Type": "application/x-protobuf;proto=io.prometheus.write.v2.Request"}, body)
	expect(t, a, 400, 1, 2)
	explains(t, a, "symbol 7 of 3")
	if got := a.header.Get("X-Prometheus-Remote-Write-Samples-Written"); got != "1" {
		t.Errorf("written: %s, want 1", got)
	}
}

// What is not kept of what a good sender sends is no error: it would be in its log for ever.
func TestRemoteWriteLeavesNativeHistogramsOut(t *testing.T) {
	s := serve(t, ingest.Limits{})
	native := &histogram.Histogram{Schema: 1, Count: 1, Sum: 1, PositiveSpans: []histogram.Span{{Length: 1}}, PositiveBuckets: []int64{1}}
	name := []prompb.Label{{Name: "__name__", Value: "a"}}
	v1 := snapped(must(t)((&prompb.WriteRequest{Timeseries: []prompb.TimeSeries{
		{Labels: name, Histograms: []prompb.Histogram{prompb.FromIntHistogram(now.UnixMilli(), native)}},
		{Labels: name, Samples: []prompb.Sample{{Timestamp: now.UnixMilli(), Value: 1}}, Exemplars: []prompb.Exemplar{{Value: 1}}},
	}}).Marshal()))
	expect(t, s.post(t, "/api/v1/write", map[string]string{"Authorization": "Bearer " + key, "Content-Encoding": "snappy"}, v1), 204, 1, 1)
	v2 := snapped(must(t)((&writev2.Request{Symbols: []string{"", "__name__", "a"}, Timeseries: []writev2.TimeSeries{
		{LabelsRefs: []uint32{1, 2}, Histograms: []writev2.Histogram{writev2.FromIntHistogram(0, now.UnixMilli(), native)}},
	}}).Marshal()))
	a := s.post(t, "/api/v1/write", map[string]string{"Authorization": "Bearer " + key, "Content-Encoding": "snappy", "Content-Type": "application/x-protobuf;proto=io.prometheus.write.v2.Request"}, v2)
	expect(t, a, 204, 0, 1)
	if got := a.header.Get("X-Prometheus-Remote-Write-Histograms-Written"); got != "0" {
		t.Errorf("histograms written: %q, want 0", got)
	}
}

// A block of snappy that claims to be long is refused before anything is made for it.
func TestSnappyClaimsAreNotBelieved(t *testing.T) {
	s := serve(t, ingest.Limits{})
	for name, c := range map[string]struct {
		body []byte
		says string
	}{
		"4 GB":                       {[]byte{0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0}, "more than 67108864 bytes"},
		"a million from a few bytes": {[]byte{0xc0, 0x84, 0x3d, 0, 0}, "not what its Content-Encoding says"},
		"no length":                  {[]byte{0xff}, "not what its Content-Encoding says"},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.post(t, "/api/v1/write", map[string]string{"Authorization": "Bearer " + key, "Content-Encoding": "snappy"}, c.body)
			if a.status != 400 {
				t.Errorf("%d, want 400", a.status)
			}
			explains(t, a, c.says)
		})
	}
}

// failing is a store that cannot take anything for now.
type failing struct {
	store.Spaces
	err error
}

func (f failing) Workspace(context.Context, string) (store.Metrics, error) { return nil, f.err }

func TestEveryProtocolSendsAgainWhatCouldNotBeKept(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		after string
	}{
		"disk full":   {fmt.Errorf("append: %w", store.ErrDiskFull), "60"},
		"unavailable": {store.ErrUnavailable, "5"},
		"unknown":     {errors.New("a cosmic ray"), "5"},
	} {
		for _, p := range protocols {
			t.Run(name+" "+p.name, func(t *testing.T) {
				s := serveSpaces(t, ingest.Limits{}, clockOfTests, failing{err: c.err})
				a := p.send(t, s, sample{"web-1", now, 1})
				if a.status != 503 || a.header.Get("Retry-After") != c.after {
					t.Errorf("%d, Retry-After %q: %s; want 503 and %s s", a.status, a.header.Get("Retry-After"), a.body, c.after)
				}
				explains(t, a, "could not be kept")
				one := s.ingest.Senders(workspace)[0]
				if diff := cmp.Diff(int64(1), one.Failed); diff != "" || !strings.Contains(one.Problem, "could not be kept") {
					t.Errorf("sender: %+v", one)
				}
			})
		}
	}
}
