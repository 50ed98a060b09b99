package dialect

import (
	"math"
	"slices"

	"github.com/memseep/memseep/leak"
)

// noLimit is the least number of bytes that collectors write for the absence of a limit.
const noLimit = 1 << 60

// capacityOf is what the memory of a workload can grow to: its limit, or the host's memory.
//
// A limit is met by the working set; where that is told beside the memory that is judged, what
// else is in it is taken off the limit.
func (a *Assembler) capacityOf(ob *object, now float64) float64 {
	limit, limited := ob.limit()
	if !limited {
		return a.out.reading.Host.TotalBytes
	}
	if ob.parts[0].series[0].sel.Role == Memory {
		if ws := ob.workingSet(); ws > now {
			limit = max(limit-(ws-now), now)
		}
	}
	return limit
}

// limit is that of the workload; of a pod the sum over its containers, if each has one.
func (ob *object) limit() (bytes float64, ok bool) {
	if ob.pod == "" || ob.key.kind != leak.KindPod {
		v := ob.bestOf(Limit, nil)
		return v, v > 0
	}
	for i := range ob.parts {
		of := ob.parts[i].series[0]
		v := ob.bestOf(Limit, of)
		if v <= 0 {
			return 0, false
		}
		bytes += v
	}
	return bytes, bytes > 0
}

func (ob *object) workingSet() (bytes float64) {
	if ob.key.kind != leak.KindPod || ob.pod == "" {
		return ob.bestOf(WorkingSet, nil)
	}
	for i := range ob.parts {
		bytes += ob.bestOf(WorkingSet, ob.parts[i].series[0])
	}
	return bytes
}

// bestOf is the newest value of the series with the role and the highest precedence; with `of`
// given, among those of the same container. 0 where there is none.
func (ob *object) bestOf(role Role, of *Series) float64 {
	var best *Series
	bestValue := 0.0
	for _, s := range ob.series {
		if s.sel.Role != role || of != nil && !sameContainer(s, of) {
			continue
		}
		v := s.last()
		if v <= 0 || v >= noLimit {
			continue
		}
		if best == nil || s.sel.rank < best.sel.rank || s.sel.rank == best.sel.rank && s.newest() > best.newest() {
			best, bestValue = s, v
		}
	}
	return bestValue
}

func (s *Series) newest() int64 {
	if n := len(s.times); n > 0 {
		return s.times[n-1]
	}
	return math.MinInt64
}

func sameContainer(a, b *Series) bool {
	_, x := a.labels.first(a.sel.NameLabels)
	_, y := b.labels.first(b.sel.NameLabels)
	return x == y
}

// sameStart is how far apart, in seconds, two tellings of one start may be.
const sameStart = 2

// startsOf are the starts of a workload within the window and the history, ascending; with kind
// host, the boots of the host.
func (a *Assembler) startsOf(series []*Series, kind leak.Kind) (starts []int64, known bool) {
	if kind == leak.KindHost {
		series = a.series[:a.used]
	}
	o := a.out
	mark := len(o.starts)
	for _, s := range series {
		if s.sel.Role != Start || s.sel.Kind == leak.KindHost != (kind == leak.KindHost) {
			continue
		}
		known = known || len(s.values) > 0 || len(s.floors) > 0
		a.addStarts(s.floors, s.sel.scale())
		a.addStarts(s.values, s.sel.scale())
	}
	found := o.starts[mark:]
	slices.Sort(found)
	n := 0
	for _, t := range found {
		if n == 0 || t-found[n-1] > sameStart {
			found[n] = t
			n++
		}
	}
	o.starts = o.starts[:mark+n]
	if n == 0 {
		return nil, known
	}
	return o.starts[mark : mark+n : mark+n], known
}

func (a *Assembler) addStarts(values []float64, scale float64) {
	oldest, newest := float64(a.span.from/1000), float64(a.span.at/1000)
	if a.span.floors > 0 {
		oldest = float64(a.span.floor0 / 1000)
	}
	last := math.NaN()
	for _, v := range values {
		if v == last || math.IsNaN(v) {
			continue
		}
		last = v
		if t := v * scale; t >= oldest && t <= newest {
			a.out.starts = append(a.out.starts, int64(t))
		}
	}
}

// killsOf counts the kills for want of memory within the window.
func (a *Assembler) killsOf(series []*Series, kind leak.Kind) int {
	if kind == leak.KindHost {
		series = a.series[:a.used]
	}
	kills := 0.0
	for _, s := range series {
		if s.sel.Role != OOMKills || s.sel.Kind == leak.KindHost != (kind == leak.KindHost) {
			continue
		}
		for i := 1; i < len(s.values); i++ {
			switch d := s.values[i] - s.values[i-1]; {
			case d > 0:
				kills += d
			case d < 0: // the counter began anew
				kills += s.values[i]
			}
		}
	}
	return int(kills)
}
