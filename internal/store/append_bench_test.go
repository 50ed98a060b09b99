package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/store"
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// A collector's request: series of one host, one sample each.
const (
	benchHosts  = 50
	benchSeries = 200 // of a host
)

func benchLabels() []labels.Labels {
	var all []labels.Labels
	for h := range benchHosts {
		for s := range benchSeries {
			all = append(all, labels.FromStrings(
				"__name__", "namedprocess_namegroup_memory_bytes", "groupname", fmt.Sprintf("process-%d", s),
				"instance", fmt.Sprintf("host-%d.example.com:9256", h), "job", "process-exporter", "memtype", "resident",
			))
		}
	}
	return all
}

// BenchmarkAppend is one request of a host after the other; beside it Prometheus' TSDB, appended
// to as the remote-write receiver of its version does. samples/s is what to compare.
func BenchmarkAppend(b *testing.B) {
	all := benchLabels()
	start := time.Now().Add(-time.Hour).Truncate(time.Minute).UnixMilli()
	report := func(b *testing.B) {
		b.ReportMetric(float64(b.N)*benchSeries/b.Elapsed().Seconds(), "samples/s")
	}
	when := func(i int) int64 { return start + int64(i/benchHosts)*1000 }
	of := func(i int) []labels.Labels { return all[i%benchHosts*benchSeries:][:benchSeries] }

	b.Run("memseep", func(b *testing.B) {
		e, err := store.OpenEmbedded(b.TempDir(), store.EmbeddedOptions{Ahead: 1 << 60, Reserve: store.Reserve{Bytes: -1, Fraction: -1}})
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = e.Close() }()
		request := make([]store.Series, benchSeries)
		samples := make([]store.Sample, benchSeries)
		i := 0
		b.ReportAllocs()
		for b.Loop() {
			for k, ls := range of(i) {
				samples[k] = store.Sample{T: when(i), V: float64(i)}
				request[k] = store.Series{Labels: ls, Samples: samples[k : k+1]}
			}
			if r, err := e.Append(b.Context(), request); err != nil || r.Stored != benchSeries {
				b.Fatalf("%+v, %v", r, err)
			}
			i++
		}
		report(b)
	})
	b.Run("prometheus", func(b *testing.B) {
		o := tsdb.DefaultOptions()
		o.OutOfOrderTimeWindow = (6 * time.Hour).Milliseconds()
		db, err := tsdb.Open(b.TempDir(), promslog.NewNopLogger(), nil, o, nil)
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		i := 0
		b.ReportAllocs()
		for b.Loop() {
			app := db.AppenderV2(b.Context())
			for _, ls := range of(i) {
				if !ls.Has(model.MetricNameLabel) || !ls.IsValid(model.UTF8Validation) {
					b.Fatal("labels")
				}
				if _, err := app.Append(0, ls, 0, when(i), float64(i), nil, nil, storage.AOptions{}); err != nil {
					b.Fatal(err)
				}
			}
			if err := app.Commit(); err != nil {
				b.Fatal(err)
			}
			i++
		}
		report(b)
	})
}
