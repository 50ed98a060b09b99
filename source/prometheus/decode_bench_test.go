package prometheus

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

// answer is the body of a seed of a fuzz target, which a real server has sent.
func answer(b *testing.B, name string) []byte {
	b.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "fuzz", name))
	if err != nil {
		b.Fatal(err)
	}
	line := strings.Split(string(text), "\n")[1]
	body, err := strconv.Unquote(strings.TrimSuffix(strings.TrimPrefix(line, "[]byte("), ")"))
	if err != nil {
		b.Fatal(err)
	}
	return []byte(body)
}

type tally struct{ samples int }

func (c *tally) start()                {}
func (c *tally) begin(dialect.Labels)  {}
func (c *tally) sample(int64, float64) { c.samples++ }

func reportSamples(b *testing.B, perOp int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(max(perOp, 1)), "ns/sample")
}

func BenchmarkDecodeResult(b *testing.B) {
	// The series of a real answer a hundred times, as an answer for many hosts has them.
	seed := answer(b, "FuzzResult/prometheus-0")
	begin, end := bytes.IndexByte(seed, '[')+1, bytes.LastIndexByte(seed, ']')
	body := append([]byte(nil), seed[:begin]...)
	for range 99 {
		body = append(append(body, seed[begin:end]...), ',')
	}
	body = append(body, seed[begin:]...)
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	var c tally
	for b.Loop() {
		c = tally{}
		if err := decodeResult(bytes.NewReader(body), &c); err != nil {
			b.Fatal(err)
		}
	}
	reportSamples(b, c.samples)
}

func BenchmarkDecodeRemoteRead(b *testing.B) {
	body := answer(b, "FuzzRemoteRead/prometheus-0")
	h := http.Header{"Content-Type": {streamedChunks}}
	b.ReportAllocs()
	var c tally
	var d remoteReadDecoder
	for b.Loop() {
		c = tally{}
		if err := d.decode(h, bytes.NewReader(body), &c); err != nil {
			b.Fatal(err)
		}
	}
	reportSamples(b, c.samples)
}

func BenchmarkDecodeNative(b *testing.B) {
	body := answer(b, "FuzzNative/victoriametrics-0")
	q := fleetQuery()
	a := dialect.NewAssembler(leak.Query{At: q.At, Window: q.Window, History: q.History})
	sel := dialect.NewPlan(dialect.All(), nil).Match("memseep_host_memory_used_percent", nil)
	b.ReportAllocs()
	samples := 0
	var d nativeDecoder
	for b.Loop() {
		a.Begin("h", nil)
		samples = 0
		err := d.read(bytes.NewReader(body), func(_, block []byte) error {
			err := d.samples(a.Add(sel, nil), block, a.From(), q.At.UnixMilli())
			samples += len(d.times)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	reportSamples(b, samples)
}
