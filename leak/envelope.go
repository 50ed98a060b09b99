package leak

import "math"

// Sizes of the decimated series that the features are computed on.
const (
	windowFloors  = 24     // of 15 minutes: the window's six hours
	historyFloors = 7 * 96 // of 15 minutes: seven days
	allFloors     = historyFloors + windowFloors
	fineFloors    = 72             // of 5 minutes: the window again
	hourFloors    = allFloors / 4  // of an hour: history and window
	mostPlaces    = hourFloors / 3 // of the longest series that pairs are made of
	windowSeconds = windowFloors * FloorSeconds
)

var nan = math.NaN()

// envelope is a series reduced to its floors. Index −1 from the end is the newest; NaN is a gap.
type envelope struct {
	fine  [fineFloors]float64 // window, lowest of 5 minutes
	floor [allFloors]float64  // history and window, lowest of 15 minutes
	hour  [hourFloors]float64 // the same, lowest of an hour
	// samples and slots of the window, and of its last hour
	samples, slots         int
	lastSamples, lastSlots int
	last                   float64 // newest sample; NaN without any
	quantum                float64 // smallest distance of two neighbouring fine floors: what the collector can tell
	pastFirst              int     // index in floor of the oldest floor that is there
	skew                   int64   // seconds by which the past's floors are older than their places say
}

// window returns the window's 15-minute floors.
func (e *envelope) window() []float64 { return e.floor[historyFloors:] }

// pastHours is how far the history reaches back before the window.
func (e *envelope) pastHours() float64 { return float64(historyFloors-e.pastFirst) / 4 }

func (e *envelope) fill(w Window, h History) {
	e.fillWindow(w)
	e.fillHistory(w, h)
	for i := range e.hour {
		f := e.floor[4*i : 4*i+4 : 4*i+4]
		e.hour[i] = lower(lower(f[0], f[1]), lower(f[2], f[3]))
	}
}

// lower is the lower of two values of which either may be NaN.
func lower(a, b float64) float64 {
	if b < a || a != a {
		return b
	}
	return a
}

func (e *envelope) fillWindow(w Window) {
	for i := range e.fine {
		e.fine[i] = nan
	}
	e.samples, e.slots, e.lastSamples, e.lastSlots = 0, 0, 0, 0
	e.last, e.quantum = nan, math.Inf(1)
	step := max(w.Step, 1)
	n := len(w.Values)
	if most := int(windowSeconds / step); n > most {
		w.Values = w.Values[n-most:]
		n = most
	}
	lastHour := n - int(3600/step)
	// Slots are counted back from the end, so that the newest fine floor is always whole.
	for i := 0; i < n; {
		k := int64(n-1-i) * step / 300 // fine floors before the newest
		next := n - int((k*300+step-1)/step)
		low, gaps := math.Inf(1), 0
		for _, x := range w.Values[i:next] {
			if x < low {
				low = x
			}
			if x != x {
				gaps++
			}
		}
		if there := next - i - gaps; there > 0 {
			e.samples += there
			e.fine[fineFloors-1-k] = low
		}
		i = next
	}
	e.findQuantum()
	for _, x := range w.Values[max(lastHour, 0):] {
		if x == x {
			e.lastSamples++
		}
	}
	e.last = newest(w.Values)
	e.slots, e.lastSlots = n, min(n, int(3600/step))
	if math.IsInf(e.quantum, 1) {
		e.quantum = 0
	}
	f := e.window()
	for i := range f {
		f[i] = lower(lower(e.fine[3*i], e.fine[3*i+1]), e.fine[3*i+2])
	}
}

// findQuantum sets the smallest distance of two neighbouring fine floors.
func (e *envelope) findQuantum() {
	previous := nan
	for _, x := range e.fine {
		if d := math.Abs(x - previous); d > 0 && d < e.quantum {
			e.quantum = d
		}
		if x == x {
			previous = x
		}
	}
}

// newest is the last value that is there; NaN without any.
func newest(v []float64) float64 {
	for i := len(v) - 1; i >= 0; i-- {
		if v[i] == v[i] {
			return v[i]
		}
	}
	return nan
}

func (e *envelope) fillHistory(w Window, h History) {
	past := e.floor[:historyFloors]
	for i := range past {
		past[i] = nan
	}
	e.pastFirst, e.skew = historyFloors, 0
	if len(h.Floors) == 0 {
		return
	}
	// The floor at the window's first edge (its end less six hours) is the newest of the past.
	edge := w.End() - windowSeconds
	newest := h.Start + int64(len(h.Floors)-1)*FloorSeconds
	shift := int((edge - newest) / FloorSeconds)
	e.skew = edge - newest - int64(shift)*FloorSeconds
	to, floors := historyFloors-shift, h.Floors
	if to > historyFloors { // floors that lie within the window
		floors = floors[:max(len(floors)-(to-historyFloors), 0)]
		to = historyFloors
	}
	if to <= 0 {
		return
	}
	if len(floors) > to {
		floors = floors[len(floors)-to:]
	}
	copy(past[to-len(floors):to], floors)
	for i, x := range past {
		if x == x {
			e.pastFirst = i
			break
		}
	}
}
