package file

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/memseep/memseep/leak"
)

// rows makes the CSV of so many hosts over six hours at one minute, sorted by host or by time.
func rows(hosts int, byTime bool) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	level := make([]float64, hosts)
	for i := range level {
		level[i] = 20 + 60*random.Float64()
	}
	var b bytes.Buffer
	b.WriteString("timestamp,host,used_percent\n")
	row := func(h, i int) {
		level[h] = min(max(level[h]+random.NormFloat64()*0.3, 0), 100)
		fmt.Fprintf(&b, "%d,host-%06d,%.2f\n", end-6*3600+60*(i+1), h, level[h])
	}
	if byTime {
		for i := range 360 {
			for h := range hosts {
				row(h, i)
			}
		}
	} else {
		for h := range hosts {
			for i := range 360 {
				row(h, i)
			}
		}
	}
	return b.Bytes()
}

func BenchmarkCSV(b *testing.B) {
	for _, c := range []struct {
		name   string
		byTime bool
	}{{"by host", false}, {"by time", true}} {
		text := rows(2000, c.byTime)
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				if err := readCSV(context.Background(), bytes.NewReader(text), newFleet()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	f := newFleet()
	if err := readCSV(context.Background(), bytes.NewReader(rows(1000, false)), f); err != nil {
		b.Fatal(err)
	}
	f.settle()
	b.ReportAllocs()
	for b.Loop() {
		read := f.reader(leak.Query{At: time.Unix(end, 0), Window: 6 * time.Hour, History: 7 * 24 * time.Hour})
		for i := range f.size() {
			read(i)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*f.size()), "ns/host")
}
