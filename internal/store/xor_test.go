package store

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// chunkOf encodes samples as Prometheus does.
func chunkOf(t testing.TB, n int, sample func(i int) (int64, float64)) *chunkenc.XORChunk {
	t.Helper()
	c := chunkenc.NewXORChunk()
	app, err := c.Appender()
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		at, v := sample(i)
		app.Append(0, at, v)
	}
	return c
}

const chunkStart = 1_790_000_000_000

func TestDecodeGivesWhatPrometheusDecodes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	at := int64(chunkStart)
	steady := func(i int) int64 { return chunkStart + int64(i)*60_000 }
	for _, c := range []struct {
		name   string
		sample func(i int) (int64, float64)
	}{
		{"constant", func(i int) (int64, float64) { return steady(i), 16 << 30 }},
		{"whole pages", func(i int) (int64, float64) { return steady(i), float64(1<<33 + r.IntN(1<<20)*4096) }},
		{"all bits differ", func(i int) (int64, float64) { return steady(i), math.Float64frombits(r.Uint64()) }},
		{"hundredths", func(i int) (int64, float64) { return steady(i), float64(r.IntN(10000)) / 100 }},
		{"stale markers and infinities", func(i int) (int64, float64) {
			return steady(i), []float64{math.NaN(), math.Inf(1), 0, -1, math.MaxFloat64}[i%5]
		}},
		{"a few milliseconds late", func(i int) (int64, float64) { return steady(i) + r.Int64N(50), 1 }},
		{"steps of every length", func(i int) (int64, float64) {
			at += 1 + r.Int64N(1<<(i%45))
			return at, float64(i)
		}},
		{"times going back", func(i int) (int64, float64) { return -steady(i), float64(i) }},
		{"the edges of the ranges of steps", func(i int) (int64, float64) {
			at += 60_000 + int64([]int{8191, 8192, -8191, -8192, 65535, 65536, 524287, 524288, -524288}[i%9])
			return at, 1
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{0, 1, 2, 3, 120, 240} {
				expectSame(t, chunkOf(t, n, c.sample).Bytes(), true)
			}
		})
	}
}

// expectSame compares with Prometheus' own decoder; whole says that it decodes all of the chunk.
func expectSame(t *testing.T, chunk []byte, whole bool) {
	t.Helper()
	var b chunkBlock
	decoded := b.decode(chunk)
	if !decoded {
		if whole {
			t.Fatalf("not decoded: %x", chunk)
		}
		return // Prometheus' own is asked then
	}
	c, err := chunkenc.FromData(chunkenc.EncXOR, chunk)
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	it := c.Iterator(nil)
	for it.Next() == chunkenc.ValFloat {
		at, v := it.At()
		if i >= len(b.times) || at != b.times[i] || math.Float64bits(v) != math.Float64bits(b.values[i]) {
			t.Fatalf("sample %d of %x is %d %x, and other here", i, chunk, at, math.Float64bits(v))
		}
		i++
	}
	if it.Err() != nil || i != len(b.times) {
		t.Fatalf("%d samples of %x, Prometheus gives %d and %v", len(b.times), chunk, i, it.Err())
	}
}

// A chunk that is cut or damaged is left to Prometheus' decoder, or decoded alike.
func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 5 {
		c := chunkOf(f, n*20, func(i int) (int64, float64) {
			return chunkStart + int64(i)*60_000 + r.Int64N(100), math.Round(r.Float64()*1e4) / 100
		})
		f.Add(c.Bytes())
		f.Add(c.Bytes()[:len(c.Bytes())*2/3])
	}
	f.Fuzz(func(t *testing.T, chunk []byte) {
		if len(chunk) < 2 {
			return // Prometheus' decoder wants the number of samples
		}
		expectSame(t, chunk, false)
	})
}

func BenchmarkDecode(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	c := chunkOf(b, 120, func(i int) (int64, float64) {
		return chunkStart + int64(i)*60_000, float64(1<<33 + r.IntN(1<<20)*4096)
	})
	b.Run("block", func(b *testing.B) {
		var block chunkBlock
		for b.Loop() {
			block.decode(c.Bytes())
		}
	})
	b.Run("iterator", func(b *testing.B) {
		var it chunkenc.Iterator
		for b.Loop() {
			it = c.Iterator(it)
			for it.Next() == chunkenc.ValFloat {
				it.At()
			}
		}
	})
}
