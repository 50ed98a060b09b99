package suspect

import (
	"math"

	"github.com/memseep/memseep/leak"
)

// A curve is a window reduced to its floors.
const (
	floorSeconds  = 600
	floors        = 36 // of ten minutes: six hours
	floorHours    = floorSeconds / 3600.0
	windowSeconds = floors * floorSeconds
	settleSeconds = 600 // that a process takes after its start before its growth counts
)

// curve is one series, in bytes. Places without samples are NaN.
type curve struct {
	floor [floors]float64 // lowest sample of ten minutes, newest last
	fine  [19]float64     // lowest sample of five minutes, the newest 95 minutes of them
	past  float64         // highest level held for half an hour before the window; −Inf without history
	last  float64         // newest sample of the last hour
	loop  bool            // killed and started again: floors go on where the last life ended
	// first and final are the lowest samples of the window's first and last ten minutes.
	first, final float64
}

// fill reads a series whose window ends at or before end; unit makes bytes of its values. looping
// says that somebody knows that the process is killed again and again.
func (c *curve) fill(s *leak.Series, end int64, unit float64, looping bool) {
	for i := range c.floor {
		c.floor[i] = math.NaN()
	}
	for i := range c.fine {
		c.fine[i] = math.NaN()
	}
	c.last, c.past = math.NaN(), math.Inf(-1)
	c.first, c.final = math.NaN(), math.NaN()
	c.loop = looping || s.Limits.OOMKills > 0 || startsSince(s.Limits.Starts, end-2*windowSeconds) > 1
	c.fillFloors(s, end, unit)
	if c.loop {
		return // every life comes to the same levels
	}
	h := s.History.Floors
	for i := 1; i < len(h); i++ {
		// A comparison with NaN is false: gaps hold no level.
		if x := min(h[i-1], h[i]) * unit; x > c.past {
			c.past = x
		}
	}
}

// fillFloors takes the lowest of each ten minutes. At a restart of a process in a loop, what it
// fell by is added to all that follows, so that the lives make one line.
func (c *curve) fillFloors(s *leak.Series, end int64, unit float64) {
	w := &s.Window
	step := max(w.Step, 1)
	edge := max(floorSeconds, 2*step)
	starts := s.Limits.Starts
	lift, top := 0.0, math.NaN()
	starting, settled := false, int64(0)
	big := math.Inf(1)
	if c.loop && len(starts) == 0 {
		big = spread(w.Values) / 2
	}
	for i, x := range w.Values {
		at := w.Start + int64(i)*step
		age := end - at
		if age >= windowSeconds || age < 0 || x != x {
			continue
		}
		if age < 3600 {
			c.last = x * unit
		}
		if age < edge && !(c.final <= x*unit) {
			c.final = x * unit
		}
		if age >= windowSeconds-edge && !(c.first <= x*unit) {
			c.first = x * unit
		}
		if c.loop {
			began := false
			for len(starts) > 0 && starts[0] <= at {
				began = true
				starts = starts[1:]
			}
			// The first sample of the window has no life before it: top is NaN.
			if top == top && (began || top-x > big) && !starting {
				starting, settled = true, at+settleSeconds
			}
			if starting {
				if at < settled {
					continue
				}
				lift += max(top-x, 0)
				starting = false
			}
			top = x
		}
		y := (x + lift) * unit
		if f := len(c.fine) - 1 - int(age/300); f >= 0 && !(c.fine[f] <= y) {
			c.fine[f] = y
		}
		k := floors - 1 - int(age/floorSeconds)
		if !(c.floor[k] <= y) {
			c.floor[k] = y
		}
	}
}

// spread is the largest value less the smallest.
func spread(v []float64) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, x := range v {
		if x == x {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	return hi - lo
}

func startsSince(starts []int64, from int64) int {
	n := 0
	for _, t := range starts {
		if t > from {
			n++
		}
	}
	return n
}

// sum is the series of all instances of one name.
type sum struct {
	series leak.Series
}

// fill adds up the members: an instance counts from its first sample to its last.
func (t *sum) fill(all []leak.Series, members []int, end int64) {
	step := int64(60)
	for _, m := range members {
		step = max(step, all[m].Window.Step)
	}
	s := &t.series
	n := int(windowSeconds / step)
	s.Window.Step, s.Window.Start = step, end-int64(n-1)*step
	s.Window.Values = resize(s.Window.Values, n)
	longest := 0
	for _, m := range members {
		t.add(&all[m].Window)
		longest = max(longest, len(all[m].History.Floors))
	}
	s.History.Floors = resize(s.History.Floors, longest)
	for _, m := range members {
		h := all[m].History.Floors
		for i, x := range h {
			if x == x {
				s.History.Floors[longest-len(h)+i] += x
			}
		}
	}
}

// add carries each sample of an instance on until its next; after its last one it is gone, but for
// the length of a gap of two slots at the end of the window.
func (t *sum) add(w *leak.Window) {
	out := &t.series.Window
	step := max(w.Step, 1)
	next, carried := 0, math.NaN()
	last := len(w.Values) - 1
	for last >= 0 && w.Values[last] != w.Values[last] {
		last--
	}
	gone := w.Start + int64(last)*step + out.Step
	if len(w.Values)-1-last <= 2 {
		gone = math.MaxInt64
	}
	for i := range out.Values {
		at := out.Start + int64(i)*out.Step
		for next <= last && w.Start+int64(next)*step <= at {
			if x := w.Values[next]; x == x {
				carried = x
			}
			next++
		}
		if carried == carried && at < gone {
			out.Values[i] += carried
		}
	}
}

func resize(v []float64, n int) []float64 {
	if cap(v) < n {
		v = make([]float64, n)
	}
	v = v[:n]
	clear(v)
	return v
}
