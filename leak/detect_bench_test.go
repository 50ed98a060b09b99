package leak_test

import (
	"testing"

	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

// BenchmarkDetect judges one host after the other, of every kind; a week of history each.
func BenchmarkDetect(b *testing.B) {
	for _, with := range []string{"window", "week"} {
		b.Run(with, func(b *testing.B) {
			var hosts []leak.Series
			for _, k := range fleet.Kinds() {
				s := fleet.Make(k, 1).Series
				if with == "window" {
					s.History = leak.History{}
				}
				hosts = append(hosts, s)
			}
			var d leak.Detector
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				s := &hosts[i%len(hosts)]
				d.Detect(s.Window, s.History, s.Limits)
			}
		})
	}
}
