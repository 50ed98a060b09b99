package metric

import (
	"bytes"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/prompb"
	writev2 "github.com/prometheus/prometheus/prompb/io/prometheus/write/v2"
)

var (
	bytesOf = &Metric{Name: "x_bytes", Help: "Bytes.", Labels: []string{"container", "pod"}}
	killsOf = &Metric{Name: "kills_total", Help: "Kills.", Counter: true}
)

func sampleBatch() *Batch {
	var b Batch
	b.Reset(1795596000123, "web-1")
	b.Add(bytesOf, 12.5, "app", "cart")
	b.Add(killsOf, 3)
	b.Add(bytesOf, math.MaxUint32, "a\"\\\nb", "")
	return &b
}

func TestText(t *testing.T) {
	var text bytes.Buffer
	if err := WriteText(&text, sampleBatch()); err != nil {
		t.Fatal(err)
	}
	want := `# HELP kills_total Kills.
# TYPE kills_total counter
kills_total{host="web-1"} 3
# HELP x_bytes Bytes.
# TYPE x_bytes gauge
x_bytes{container="a\"\\\nb",host="web-1"} 4294967295
x_bytes{container="app",host="web-1",pod="cart"} 12.5
`
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Error(diff)
	}
}

// series is one sample as a receiver sees it.
type series struct {
	labels string
	value  float64
	millis int64
}

var wantSeries = []series{
	{"__name__=x_bytes,container=app,host=web-1,pod=cart,", 12.5, 1795596000123},
	{"__name__=kills_total,host=web-1,", 3, 1795596000123},
	{"__name__=x_bytes,container=a\"\\\nb,host=web-1,", math.MaxUint32, 1795596000123},
}

// Prometheus' own decoder reads the requests, and finds the labels sorted.
func TestRequest(t *testing.T) {
	var e Encoder
	e.Append(nil, sampleBatch()) // nothing of it is left in the next
	body := e.Append(nil, sampleBatch())
	var r writev2.Request
	if err := r.Unmarshal(body); err != nil {
		t.Fatal(err)
	}
	if r.Symbols[0] != "" {
		t.Errorf("the first symbol is %q", r.Symbols[0])
	}
	var got []series
	for _, s := range r.Timeseries {
		one := series{value: s.Samples[0].Value, millis: s.Samples[0].Timestamp}
		for i := 0; i < len(s.LabelsRefs); i += 2 {
			one.labels += r.Symbols[s.LabelsRefs[i]] + "=" + r.Symbols[s.LabelsRefs[i+1]] + ","
		}
		got = append(got, one)
	}
	if diff := cmp.Diff(wantSeries, got, cmp.AllowUnexported(series{})); diff != "" {
		t.Error(diff)
	}
	counter := r.Timeseries[1].Metadata
	if counter.Type != writev2.Metadata_METRIC_TYPE_COUNTER || r.Symbols[counter.HelpRef] != "Kills." {
		t.Errorf("the counter is told of as %v, %q", counter.Type, r.Symbols[counter.HelpRef])
	}
}

func TestVersion1(t *testing.T) {
	body, err := AppendVersion1(nil, new(Encoder).Append(nil, sampleBatch()))
	if err != nil {
		t.Fatal(err)
	}
	var r prompb.WriteRequest
	if err := r.Unmarshal(body); err != nil {
		t.Fatal(err)
	}
	var got []series
	for _, s := range r.Timeseries {
		one := series{value: s.Samples[0].Value, millis: s.Samples[0].Timestamp}
		for _, l := range s.Labels {
			one.labels += l.Name + "=" + l.Value + ","
		}
		got = append(got, one)
	}
	if diff := cmp.Diff(wantSeries, got, cmp.AllowUnexported(series{})); diff != "" {
		t.Error(diff)
	}
}

// Whatever bytes come out of the queue, they make a request that can be read or an error.
func FuzzVersion1(f *testing.F) {
	f.Add(new(Encoder).Append(nil, sampleBatch()))
	f.Add([]byte("\x22\x00\x2a\x04\x0a\x02\x00\x01"))
	f.Add([]byte("not a request"))
	f.Fuzz(func(t *testing.T, body []byte) {
		one, err := AppendVersion1(nil, body)
		if err != nil {
			return
		}
		var r writev2.Request
		if r.Unmarshal(body) != nil {
			return // samples are passed on as they are, and the server refuses them
		}
		if err := new(prompb.WriteRequest).Unmarshal(one); err != nil {
			t.Errorf("made of a good request: %v", err)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	var batch Batch
	var e Encoder
	var body []byte
	names := make([]string, 50)
	for i := range names {
		names[i] = string(rune('a'+i%26)) + string(rune('a'+i/26))
	}
	b.ReportAllocs()
	for b.Loop() {
		batch.Reset(1, "web-1")
		for range 8 {
			for _, name := range names {
				batch.Add(bytesOf, 1e9, name)
			}
		}
		body = e.Append(body[:0], &batch)
	}
}
