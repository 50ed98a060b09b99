package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
)

// BenchmarkHistory reads hosts of 20 processes with three days before the window: from samples,
// and from the floors that earlier runs have kept.
func BenchmarkHistory(b *testing.B) {
	const hosts, processes = 10, 20
	var lines []line
	for h := range hosts {
		lines = append(lines, line{series("mem_used_percent", "host", fmt.Sprintf("h%d", h)), func(ago int) float64 { return 50 + float64(ago%31)/10 }})
		for p := range processes {
			lines = append(lines, line{series("procstat_memory_rss", "host", fmt.Sprintf("h%d", h), "process_name", fmt.Sprintf("p%d", p)), func(ago int) float64 { return gib + float64(ago*p%997)*4096 }})
		}
	}
	e := filled(b, 4, lines)
	q := leak.Query{At: at, Window: 6 * time.Hour, History: 3 * 24 * time.Hour, Parallel: 1}
	none := func(*leak.Reading) error { return nil }
	keep := e.Source()
	if err := keep.Read(b.Context(), q, none); err != nil {
		b.Fatal(err)
	}
	if err := keep.WriteFloors(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		source reads
	}{{"samples", store.Raw(e)}, {"floors", e.Source()}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.source.Read(b.Context(), q, none); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/hosts/(processes+1), "µs/series")
		})
	}
}
