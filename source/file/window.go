package file

import (
	"math"
	"slices"

	"github.com/memseep/memseep/leak"
)

const (
	defaultStep = 60  // seconds, of a window that holds less than two samples
	shortest    = 10  // seconds between slots at least
	longest     = 900 // at most: workloads may be coarser than the five minutes of hosts
	floorMillis = leak.FloorSeconds * 1000
)

// windower makes readings for one query, one host after the other, in buffers that it uses again.
type windower struct {
	at, from, floor0 int64 // milliseconds: the window is (from, at]; the first floor stands at floor0
	window           int64
	floors           int

	times  []int64
	values []float64
	counts [longest + 2]uint32
	chunk  []float64 // what windows and floors are cut from
	used   int
	starts []int64

	reading leak.Reading
	memory  leak.Series
}

// newWindower prepares for windows of (At − Window, At], and for floors at the multiples of 900 s
// in [At − Window − History, At − Window).
func newWindower(q leak.Query) *windower {
	w := &windower{at: q.At.UnixMilli(), window: q.Window.Milliseconds()}
	w.from = w.at - w.window
	if q.History > 0 {
		w.floor0 = ceilTo(w.from-q.History.Milliseconds(), floorMillis)
		w.floors = int(max(w.from-1-w.floor0+floorMillis, 0) / floorMillis)
	}
	return w
}

func ceilTo(v, unit int64) int64 {
	if r := ((v % unit) + unit) % unit; r != 0 {
		return v - r + unit
	}
	return v
}

// read makes the reading of one host, valid until the next call.
func (w *windower) read(h *host) *leak.Reading {
	w.used, w.starts = 0, w.starts[:0]
	r := &w.reading
	*r = leak.Reading{
		Host:      leak.Host{Name: h.name, TotalBytes: h.totalAt(w.at), Collectors: collectors},
		Workloads: r.Workloads[:0],
	}
	if h.measured {
		w.memory = leak.Series{Object: leak.Object{Kind: leak.KindHost, Host: h.name}, Unit: leak.Percent}
		w.memory.Limits.Capacity = 100
		w.fill(&w.memory, &h.used)
		r.Memory = &w.memory
	}
	for _, load := range h.workloads {
		s := leak.Series{Object: load.object, Unit: leak.Bytes}
		s.Limits.Capacity = r.Host.TotalBytes
		if limit := valueAt(&load.limit, w.at); limit > 0 {
			s.Limits.Capacity = limit
		}
		s.Limits.Starts, s.Limits.StartsKnown = w.startsOf(load)
		w.fill(&s, &load.bytes)
		r.Workloads = append(r.Workloads, s)
	}
	return r
}

var collectors = []string{"file"}

// fill cuts the window and the floors of one series out of its samples.
func (w *windower) fill(s *leak.Series, from *samples) {
	w.times, w.values = w.times[:0], w.values[:0]
	var floors []float64
	oldest := w.floor0 - floorMillis
	for c := from.cursor(); c.next() && c.time <= w.at; {
		if c.time > w.from {
			w.times = append(w.times, c.time)
			w.values = append(w.values, c.value)
			continue
		}
		if w.floors == 0 || c.time <= oldest {
			continue
		}
		i := int((ceilTo(c.time, floorMillis) - w.floor0) / floorMillis)
		if i >= w.floors {
			continue // between the last floor and the window
		}
		if floors == nil {
			floors = w.gaps(w.floors)
		}
		if !(floors[i] <= c.value) { // true of NaN
			floors[i] = c.value
		}
	}
	if floors != nil {
		s.History = leak.History{Start: w.floor0 / 1000, Floors: floors}
	}
	step := w.step()
	slots := max(w.window/(step*1000), 1)
	s.Window = leak.Window{Start: w.at/1000 - (slots-1)*step, Step: step, Values: w.gaps(int(slots))}
	w.place(s.Window.Values, step*1000)
}

// step is the median distance of the window's samples in seconds. Counting finds it without sorting.
func (w *windower) step() int64 {
	if len(w.times) < 2 {
		return defaultStep
	}
	clear(w.counts[:])
	for i := 1; i < len(w.times); i++ {
		w.counts[min((w.times[i]-w.times[i-1]+500)/1000, longest+1)]++
	}
	half, seen := uint32(len(w.times)/2), uint32(0)
	for d, n := range w.counts {
		if seen += n; seen >= half {
			return min(max(int64(d), shortest), longest)
		}
	}
	return longest
}

// place puts the window's samples on their nearest slots; the last slot stands at the time of the
// inspection. Of two in a slot the later stays.
//
// The slots follow the phase of the samples: those of a collector that lie about the middle between
// two slots would else fill one twice and leave its neighbour empty.
func (w *windower) place(slots []float64, step int64) {
	if len(w.times) == 0 {
		return
	}
	last := int64(len(slots) - 1)
	phase := (w.times[len(w.times)/2] - w.at) % step // in (−step, 0]
	origin := w.at + phase - last*step - step/2
	for i, t := range w.times {
		if t >= origin {
			slots[min((t-origin)/step, last)] = w.values[i]
		}
	}
}

// startsOf lists the start times that fall into the window or the history, ascending.
func (w *windower) startsOf(load *workload) (starts []int64, known bool) {
	first := len(w.starts)
	oldest := min(w.from, w.from-w.historyMillis())
	for c := load.starts.cursor(); c.next() && c.time <= w.at; {
		known = true
		if start := int64(c.value); start > oldest && start <= w.at {
			if s := start / 1000; len(w.starts) == first || w.starts[len(w.starts)-1] != s {
				w.starts = append(w.starts, s)
			}
		}
	}
	starts = w.starts[first:]
	slices.Sort(starts)
	starts = slices.Compact(starts)
	w.starts = w.starts[:first+len(starts)]
	return starts[:len(starts):len(starts)], known
}

func (w *windower) historyMillis() int64 {
	if w.floors == 0 {
		return 0
	}
	return w.from - w.floor0 + floorMillis
}

// gaps returns n values that are all NaN. A chunk too small is left to the readings that hold it
// and followed by one of twice the size, so that in the end one is enough.
func (w *windower) gaps(n int) []float64 {
	if len(w.chunk)-w.used < n {
		w.chunk, w.used = make([]float64, max(2*len(w.chunk), n, 4096)), 0
	}
	s := w.chunk[w.used : w.used+n : w.used+n]
	w.used += n
	nan := math.NaN()
	for i := range s {
		s[i] = nan
	}
	return s
}
