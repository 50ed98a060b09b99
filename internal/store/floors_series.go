package store

import (
	"math"
	"slices"

	"github.com/memseep/memseep/leak"
	"github.com/prometheus/prometheus/model/labels"
)

// The series that floors are kept as. Those of a source outside have its name in the label source.
const (
	// FloorMetric has the labels kind, host, name, namespace and unit; its samples stand at the
	// times of the floors.
	FloorMetric = "memseep_floor"
	// floorsKnownMetric is 1 where the floors of a host were computed: an object without one at
	// that time had no sample.
	floorsKnownMetric = "memseep_floors_known"
	// startMetric is the start of a workload, or boot of a host, in unix seconds, at that time.
	startMetric = "memseep_floor_start_seconds"

	sourceLabel, unitLabel = "source", "unit"
	floorMetricsPattern    = FloorMetric + "|" + floorsKnownMetric + "|" + startMetric
)

// seriesOf are the samples that keep the floors.
func (f *freshFloors) seriesOf(dst []Series, source string) []Series {
	for _, o := range f.objects {
		var floors, starts []Sample
		for i, v := range o.values {
			if !math.IsNaN(v) {
				floors = append(floors, Sample{T: f.times[i] * 1000, V: v})
			}
		}
		for _, t := range o.starts {
			starts = append(starts, Sample{T: t * 1000, V: float64(t)})
		}
		dst = addSeries(dst, objectLabels(FloorMetric, o.key.object, unitLabel, o.key.unit.String(), sourceLabel, source), floors)
		dst = addSeries(dst, objectLabels(startMetric, o.key.object, sourceLabel, source), starts)
	}
	// Last, so that where a write breaks off nothing counts as known that is not there.
	known := make([]Sample, len(f.times))
	for i, t := range f.times {
		known[i] = Sample{T: t * 1000, V: 1}
	}
	return addSeries(dst, objectLabels(floorsKnownMetric, leak.Object{Host: f.host}, sourceLabel, source), known)
}

func addSeries(dst []Series, ls labels.Labels, samples []Sample) []Series {
	if len(samples) == 0 {
		return dst
	}
	return append(dst, Series{Labels: ls, Samples: samples})
}

// keptReader takes the samples of kept floors of some hosts.
type keptReader struct {
	grid  grid
	hosts map[string]*kept
}

func newKeptReader(g grid) *keptReader { return &keptReader{grid: g, hosts: map[string]*kept{}} }

// series gives what takes the samples (milliseconds) of one series; nil where nothing does.
func (r *keptReader) series(label func(name string) string) func(t int64, v float64) {
	host := label("host")
	k := r.hosts[host]
	if k == nil {
		k = newKept(r.grid.n)
		r.hosts[host] = k
	}
	object := leak.Object{Kind: leak.Kind(label("kind")), Host: host, Name: label("name"), Namespace: label("namespace")}
	switch label("__name__") {
	case floorsKnownMetric:
		return func(t int64, _ float64) {
			if i, ok := r.grid.slot(t / 1000); ok {
				k.computed[i] = true
			}
		}
	case FloorMetric:
		key := floorKey{object: object, unit: leak.Percent}
		if label(unitLabel) == leak.Bytes.String() {
			key.unit = leak.Bytes
		}
		floors := k.of(key)
		return func(t int64, v float64) {
			if i, ok := r.grid.slot(t / 1000); ok {
				floors[i] = v
			}
		}
	case startMetric:
		return func(_ int64, v float64) {
			i, found := slices.BinarySearch(k.starts[object], int64(v))
			if !found {
				k.starts[object] = slices.Insert(k.starts[object], i, int64(v))
			}
		}
	}
	return nil
}
