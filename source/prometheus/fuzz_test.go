package prometheus

import (
	"bytes"
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

// FuzzNative reads answers of /export/native.
func FuzzNative(f *testing.F) {
	f.Add(make([]byte, 16))
	f.Fuzz(func(t *testing.T, body []byte) {
		q := leak.Query{At: time.UnixMilli(1_760_000_000_000), Window: time.Hour, History: 24 * time.Hour}
		a := dialect.NewAssembler(q)
		a.Begin("h", nil)
		sel := dialect.NewPlan(dialect.All(), nil).Match("memseep_host_memory_used_percent", nil)
		var d nativeDecoder
		_ = d.decode(bytes.NewReader(body), a.From(), q.At.UnixMilli(), func(name []byte) (*dialect.Series, error) {
			_, ls, err := parseNativeName(string(name), nil)
			if err != nil {
				return nil, err
			}
			return a.Add(sel, ls), nil
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
