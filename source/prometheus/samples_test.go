package prometheus

import (
	"math"
	"testing"

	"github.com/memseep/memseep/leak"
)

// What the other tests expect of a server is assembled from the samples; that is compared here
// with windows and floors that are computed from their definition, sample by sample.
func TestExpectedReadingsFollowTheDefinition(t *testing.T) {
	q := fleetQuery()
	at := q.At.UnixMilli()
	from := at - q.Window.Milliseconds()
	fleet := smallFleet()
	readings := expected(fleet, q)
	for _, c := range []struct {
		host, metric, name string
		step               int64
		get                func(leak.Reading) leak.Series
	}{
		{"made-1", "memseep_host_memory_used_percent", "", 60, func(r leak.Reading) leak.Series { return *r.Memory }},
		{"made-2", "memseep_host_memory_used_percent", "", 60, func(r leak.Reading) leak.Series { return *r.Memory }},
		{"made-0", "memseep_process_rss_bytes", "java", 120, func(r leak.Reading) leak.Series { return r.Workloads[1] }},
	} {
		t.Run(c.host+" "+c.metric, func(t *testing.T) {
			s := c.get(readings[c.host])
			for _, m := range fleet {
				if m.metric != c.metric || m.labels.Get("host") != c.host || m.labels.Get("name") != c.name {
					continue
				}
				if s.Window.Step != c.step || int64(len(s.Window.Values)) != q.Window.Milliseconds()/(1000*c.step) {
					t.Fatalf("%d slots of %d s", len(s.Window.Values), s.Window.Step)
				}
				window := make([]float64, len(s.Window.Values))
				for i := range window {
					end := (s.Window.Start + int64(i)*c.step) * 1000
					window[i] = newestIn(m, max(end-c.step*1000, from), end)
				}
				compareValues(t, "window", s.Window.Values, window)
				floors := make([]float64, len(s.History.Floors))
				for i := range floors {
					end := (s.History.Start + int64(i)*leak.FloorSeconds) * 1000
					floors[i] = lowestIn(m, end-leak.FloorSeconds*1000, end)
				}
				compareValues(t, "floors", s.History.Floors, floors)
			}
			first, last := s.History.Start, s.History.Start+int64(len(s.History.Floors)-1)*leak.FloorSeconds
			if first%leak.FloorSeconds != 0 || first*1000 < from-q.History.Milliseconds() || last*1000 >= from || (last+leak.FloorSeconds)*1000 < from {
				t.Errorf("floors from %d to %d before a window that begins at %d", first, last, from/1000)
			}
		})
	}
}

// newestIn is the newest sample in (from, to], NaN where there is none.
func newestIn(m madeSeries, from, to int64) float64 {
	v := math.NaN()
	for i, t := range m.times {
		if t > from && t <= to {
			v = m.values[i]
		}
	}
	return v
}

// lowestIn is the lowest sample in (from, to], NaN where there is none.
func lowestIn(m madeSeries, from, to int64) float64 {
	v := math.NaN()
	for i, t := range m.times {
		if t > from && t <= to && !(m.values[i] >= v) {
			v = m.values[i]
		}
	}
	return v
}
