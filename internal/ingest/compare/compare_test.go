package compare_test

import (
	"testing"

	"github.com/memseep/memseep/internal/ingest/compare"
)

// Both sides take the same load; how fast is not a matter of tests.
func TestRunMeasuresBothSides(t *testing.T) {
	rates, err := compare.Run(t.Context(), t.TempDir(), compare.Load{Hosts: 5, Scrapes: 3, Senders: 2, Turns: 1})
	if err != nil {
		t.Fatal(err)
	}
	if !(rates.Ours > 0) || !(rates.Prometheus > 0) {
		t.Errorf("rates %+v, want both above 0", rates)
	}
}

func BenchmarkRemoteWrite(b *testing.B) {
	for b.Loop() {
		rates, err := compare.Run(b.Context(), b.TempDir(), compare.Load{Hosts: 100, Scrapes: 20, Senders: 4, Turns: 5})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(rates.Ours, "ours-samples/s")
		b.ReportMetric(rates.Prometheus, "prometheus-samples/s")
		b.ReportMetric(rates.Ratio(), "ratio")
	}
}
