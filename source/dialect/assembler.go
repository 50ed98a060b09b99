package dialect

import (
	"math"
	"slices"

	"github.com/memseep/memseep/leak"
)

// Assembler makes the reading of one host after the other. Its buffers are used again for the
// next host, so that it allocates nothing for samples once it is warm. It must not be used by two
// goroutines at once.
//
//	a := dialect.NewAssembler(query)
//	for each host {
//		a.Begin(host, joins)
//		for each series of the host that plan.Match selects {
//			s := a.Add(selector, labels)
//			for each sample { s.Append(milliseconds, value) }
//		}
//		use(a.Reading()) // valid until the next Begin
//	}
//
// The strings of the labels must stay as they are until then too; the slice of them is copied.
type Assembler struct {
	span   span
	joins  *Joins
	host   string
	series []*Series
	used   int
	out    *assembly
}

// span is the time that is read, in milliseconds.
type span struct {
	at, window int64
	from       int64 // the window holds samples in (from, at]
	floor0     int64 // time of the first floor
	floors     int   // number of floors
}

const (
	floorMillis     = leak.FloorSeconds * 1000
	maxFirstSamples = 1024
)

// NewAssembler makes an Assembler for the window and the history of the query.
//
// The window has query.Window ÷ step slots; slot i ends at the time that it stands for, so that
// the last slot holds the newest sample in (At − step, At]. The step is the series' own median
// distance, 10 s to 5 min. Floors stand at the multiples of 900 s in
// [At − Window − History, At − Window).
func NewAssembler(q leak.Query) *Assembler {
	at := q.At.UnixMilli()
	sp := span{at: at, window: q.Window.Milliseconds(), from: at - q.Window.Milliseconds()}
	if q.History > 0 {
		sp.floor0 = ceilTo(sp.from-q.History.Milliseconds(), floorMillis)
		sp.floors = int((sp.from - 1 - sp.floor0 + floorMillis) / floorMillis)
	}
	return &Assembler{span: sp, out: &assembly{}}
}

// Sibling makes an Assembler for the same query, so that samples of several hosts can be taken at
// once. The buffers of readings are shared: a reading is valid until any sibling makes one.
func (a *Assembler) Sibling() *Assembler { return &Assembler{span: a.span, out: a.out} }

func ceilTo(v, unit int64) int64 {
	r := v % unit
	if r < 0 {
		r += unit
	}
	if r == 0 {
		return v
	}
	return v - r + unit
}

// From is the time of the oldest sample that is of use, in milliseconds, inclusive: that of the
// first floor's interval, or of the window.
func (a *Assembler) From() int64 {
	if a.span.floors > 0 {
		return a.span.floor0 - floorMillis + 1
	}
	return a.span.from + 1
}

// WindowFrom is the time before the first sample of the window, in milliseconds: the window is
// (WindowFrom, At].
func (a *Assembler) WindowFrom() int64 { return a.span.from }

// Floors are the times of the first and the last floor, in milliseconds; ok is false where the
// query asks for none.
func (a *Assembler) Floors() (first, last int64, ok bool) {
	n := int64(a.span.floors)
	return a.span.floor0, a.span.floor0 + (n-1)*floorMillis, n > 0
}

// Begin starts the reading of a host; joins may be nil.
func (a *Assembler) Begin(host string, joins *Joins) {
	a.host, a.joins, a.used = host, joins, 0
}

// SeriesCount is the number of series added since Begin.
func (a *Assembler) SeriesCount() int { return a.used }

// Truncate forgets the series that were added after there were n: those of an answer that broke off.
func (a *Assembler) Truncate(n int) { a.used = min(a.used, n) }

// Add starts a series of the host. It may be called again for the same labels, and with floors
// alone in one of the series and the window in another: they are put together.
func (a *Assembler) Add(sel *Selector, ls Labels) *Series {
	if a.used == len(a.series) {
		// Most series have a sample a minute.
		n := min(a.span.window/defaultStep/1000+1, maxFirstSamples)
		a.series = append(a.series, &Series{span: a.span, times: make([]int64, 0, n), values: make([]float64, 0, n)})
	}
	s := a.series[a.used]
	a.used++
	s.reset(sel, ls)
	return s
}

// Series takes the samples of one series.
type Series struct {
	sel    *Selector
	labels Labels
	span   span

	times  []int64 // of the window, milliseconds
	values []float64
	sorted bool // that the times ascend is known

	floors    []float64 // empty until the first sample before the window
	samples   []uint16  // how many samples each floor was made of; for processes by pid alone
	floorEnd  int64     // end of the floor that the last sample fell into
	floorSlot int
}

// allSamples marks a floor that the store made of all samples.
const allSamples = math.MaxUint16

func (s *Series) reset(sel *Selector, ls Labels) {
	s.sel = sel
	s.labels = append(s.labels[:0], ls...)
	s.times, s.values, s.sorted = s.times[:0], s.values[:0], true
	s.floors, s.samples = s.floors[:0], s.samples[:0]
	s.floorEnd = math.MinInt64
}

// Append takes a sample of any time; those outside the window and the history are dropped, and so
// are NaN, stale markers among them, and infinite values: they are gaps.
func (s *Series) Append(millis int64, v float64) {
	if v-v != 0 {
		return
	}
	if millis > s.span.from {
		if millis <= s.span.at {
			s.times = append(s.times, millis)
			s.values = append(s.values, v)
			s.sorted = false
		}
		return
	}
	s.appendPast(millis, v)
}

// AppendBlock takes many samples, which is faster where the times ascend; times and values are of
// one length.
func (s *Series) AppendBlock(millis []int64, values []float64) {
	values = values[:len(millis)]
	past, _ := slices.BinarySearch(millis, s.span.from+1)
	end, _ := slices.BinarySearch(millis, s.span.at+1)
	if !isAscending(millis) || end < past {
		for i, t := range millis {
			s.Append(t, values[i])
		}
		return
	}
	if s.span.floors > 0 {
		s.appendPasts(millis[:past], values[:past])
	}
	millis, values = millis[past:end], values[past:end]
	for _, v := range values {
		if v-v != 0 {
			for i, t := range millis {
				s.Append(t, values[i])
			}
			return
		}
	}
	n := len(s.times)
	s.sorted = s.sorted && (n == 0 || len(millis) == 0 || s.times[n-1] <= millis[0])
	s.times = append(s.times, millis...)
	s.values = append(s.values, values...)
}

// appendPasts is appendPast for ascending samples, floor by floor.
func (s *Series) appendPasts(millis []int64, values []float64) {
	oldest, _ := slices.BinarySearch(millis, s.span.floor0-floorMillis+1)
	millis, values = millis[oldest:], values[oldest:]
	highest := s.sel.Role.floorIsMax()
	for i := 0; i < len(millis); {
		if !s.enterFloor(millis[i]) {
			return
		}
		end, best, n := s.floorEnd, s.floors[s.floorSlot], 0
		for ; i < len(millis) && millis[i] <= end; i++ {
			v := values[i]
			if v-v != 0 {
				continue
			}
			n++
			if highest {
				if !(v <= best) {
					best = v
				}
			} else if !(v >= best) {
				best = v
			}
		}
		s.floors[s.floorSlot] = best
		if len(s.samples) > 0 {
			s.samples[s.floorSlot] = uint16(min(int(s.samples[s.floorSlot])+n, allSamples-1))
		}
	}
}

// AppendFloor takes a floor that the store has made, at its time in milliseconds.
func (s *Series) AppendFloor(millis int64, v float64) {
	if v-v != 0 || !s.enterFloor(millis) {
		return
	}
	s.floors[s.floorSlot] = v
	if len(s.samples) > 0 {
		s.samples[s.floorSlot] = allSamples
	}
}

func (s *Series) appendPast(millis int64, v float64) {
	if millis > s.floorEnd || millis <= s.floorEnd-floorMillis {
		if !s.enterFloor(millis) {
			return
		}
	}
	// A comparison with NaN is false: the first sample of a floor is always taken.
	f := &s.floors[s.floorSlot]
	if s.sel.Role.floorIsMax() {
		if !(v <= *f) {
			*f = v
		}
	} else if !(v >= *f) {
		*f = v
	}
	if len(s.samples) > 0 && s.samples[s.floorSlot] < allSamples-1 {
		s.samples[s.floorSlot]++
	}
}

// enterFloor goes to the floor of the interval that the time falls into.
func (s *Series) enterFloor(millis int64) bool {
	end := ceilTo(millis, floorMillis)
	slot := (end - s.span.floor0) / floorMillis
	if end < s.span.floor0 || slot >= int64(s.span.floors) {
		return false
	}
	if len(s.floors) == 0 {
		s.floors = appendNaN(s.floors, s.span.floors)
		if s.sel.PerPID {
			s.samples = append(s.samples, make([]uint16, s.span.floors)...)
		}
	}
	s.floorEnd, s.floorSlot = end, int(slot)
	return true
}

func appendNaN(dst []float64, n int) []float64 {
	if cap(dst) < n {
		dst = make([]float64, 0, n)
	}
	dst = dst[:n]
	nan := math.NaN()
	for i := range dst {
		dst[i] = nan
	}
	return dst
}
