package prometheus

import (
	"bytes"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

// counting is a sink that checks what it is given.
type counting struct {
	t       *testing.T
	series  int
	samples int
}

func (c *counting) start() {}

func (c *counting) begin(ls dialect.Labels) { c.series++ }

func (c *counting) sample(int64, float64) {
	if c.series == 0 {
		c.t.Fatal("a sample before all series")
	}
	c.samples++
}

// FuzzResult reads answers of /query and /query_range.
func FuzzResult(f *testing.F) {
	f.Add([]byte(`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"m","host":"a\"ሴ\ud83d\ude00"},"values":[[1760000000.123,"1.5"],[1760000060,"NaN"]]}]}}`))
	f.Add([]byte(`{"status":"error","errorType":"execution","error":"too many samples"}`))
	f.Add([]byte(`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[-1.5e3,"+Inf"]}]},"warnings":[[{"a":null}]]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		_ = decodeResult(bytes.NewReader(body), &counting{t: t})
		_ = decodeValues(bytes.NewReader(body), func(string) {})
		_ = decodeSeries(bytes.NewReader(body), func(dialect.Labels) {})
	})
}

// FuzzSample compares the shortcut for samples with the long way.
func FuzzSample(f *testing.F) {
	for _, seed := range []string{`[1760000000,"1.5"]`, `[1760000000.123,"-0.000000000000001"]`, `[1.2,"123456789012345"]`, `[0,"-0"]`, `[1,"1e3"]`, `[1,"NaN"]`, `[1,"1."]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		ms, v, size := plainSample(text)
		if size == 0 {
			return
		}
		s := newScanner(bytes.NewReader(text))
		if err := s.expect('['); err != nil {
			t.Fatal(err)
		}
		word, err := s.word()
		if err != nil {
			t.Fatal(err)
		}
		if slow, err := millis(word); err != nil || slow != ms {
			t.Errorf("%q: time %d, want %d, %v", text, ms, slow, err)
		}
		if err := s.expect(','); err != nil {
			t.Fatal(err)
		}
		value, err := s.str()
		if err != nil {
			t.Fatal(err)
		}
		if slow, err := float(value); err != nil || math.Float64bits(slow) != math.Float64bits(v) {
			t.Errorf("%q: value %v, want %v, %v", text, v, slow, err)
		}
	})
}

// FuzzNative reads answers of /export/native.
func FuzzNative(f *testing.F) {
	f.Add(make([]byte, 16))
	f.Fuzz(func(t *testing.T, body []byte) {
		q := leak.Query{At: time.UnixMilli(1_760_000_000_000), Window: time.Hour, History: 24 * time.Hour}
		a := dialect.NewAssembler(q)
		a.Begin("h", nil)
		sel := dialect.NewPlan(dialect.All(), nil).Match("memseep_host_memory_used_percent", nil)
		var d nativeDecoder
		_ = d.read(bytes.NewReader(body), func(name, block []byte) error {
			_, ls, err := parseNativeName(string(name), nil)
			if err != nil {
				return err
			}
			return d.samples(a.Add(sel, ls), block, a.From(), q.At.UnixMilli())
		})
		a.Reading()
	})
}

// FuzzRemoteRead reads answers of /read in both forms.
func FuzzRemoteRead(f *testing.F) {
	f.Add([]byte{}, true)
	f.Fuzz(func(t *testing.T, body []byte, streamed bool) {
		h := http.Header{"Content-Type": {plainSamples}}
		if streamed {
			h.Set("Content-Type", streamedChunks+"; proto=prometheus.ChunkedReadResponse")
		}
		var d remoteReadDecoder
		_ = d.decode(h, bytes.NewReader(body), &counting{t: t})
	})
}
