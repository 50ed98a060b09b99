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
	fine   [fineFloors]float64 // window, lowest of 5 minutes
	floor  [allFloors]float64  // history and window, lowest of 15 minutes
	hour   [hourFloors]float64 // the same, lowest of an hour
	coarse [mostPlaces]float64 // the same, lowest of three hours
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

// fill reduces the series. What lies before pastFirst is NaN from the last time on, at all widths,
// and is not touched again: few series have a week.
func (e *envelope) fill(w Window, h History) {
	e.fillWindow(w)
	first := e.pastFirst
	e.fillHistory(w, h)
	first = min(first, e.pastFirst)
	for i := first / 4; i < len(e.hour); i++ {
		f := e.floor[4*i : 4*i+4 : 4*i+4]
		low := min(f[0], f[1], f[2], f[3])
		if low != low {
			low = lower(lower(f[0], f[1]), lower(f[2], f[3]))
		}
		e.hour[i] = low
	}
	for i := first / 12; i < len(e.coarse); i++ {
		e.coarse[i] = lowestOf3(e.hour[3*i : 3*i+3 : 3*i+3])
	}
}

// lower is the lower of two values of which either may be NaN.
func lower(a, b float64) float64 {
	if b < a || a != a {
		return b
	}
	return a
}

// lowestOf3 is the lowest of the values that are there. It tries first whether all are, since
// which of them is the lowest cannot be foretold by a branch.
func lowestOf3(v []float64) float64 {
	if low := min(v[0], v[1], v[2]); low == low {
		return low
	}
	return lower(lower(v[0], v[1]), v[2])
}

const fineSeconds = 300

func (e *envelope) fillWindow(w Window) {
	step := max(w.Step, 1)
	n := len(w.Values)
	if most := int(windowSeconds / step); n > most {
		w.Values = w.Values[n-most:]
		n = most
	}
	gaps := e.fillFine(w.Values, step)
	e.samples, e.slots = n-gaps, n
	e.lastSlots = min(n, int(3600/step))
	e.lastSamples = e.lastSlots
	if gaps > 0 {
		e.lastSamples -= countGaps(w.Values[n-e.lastSlots:])
	}
	e.last = newest(w.Values)
	e.findQuantum()
	f := e.window()
	for i := range f {
		f[i] = lowestOf3(e.fine[3*i : 3*i+3 : 3*i+3])
	}
}

// fillFine sets the five-minute floors and returns how many of the values are gaps.
//
// Slots are counted back from the end, so that the newest floor is always whole: the floor k
// places before it holds the slots from k·300 s before the end on, ends being n − ⌈k·300/step⌉.
func (e *envelope) fillFine(values []float64, step int64) (gaps int) {
	k := fineFloors
	if len(values) > 0 {
		k = fineFloors - 1 - (len(values)-1)*int(step)/fineSeconds
	}
	for i := range e.fine[:k] {
		e.fine[i] = nan
	}
	// The quotient is taken once, and then counted down without a division.
	back := (fineFloors-1-k)*fineSeconds + int(step) - 1
	quotient, remainder := back/int(step), back%int(step)
	less, rest := fineSeconds/int(step), fineSeconds%int(step)
	for ; k < fineFloors; k++ {
		size := len(values) - quotient
		low := nan
		if size > 0 {
			low = values[0]
			for _, x := range values[1:size] {
				low = min(low, x)
			}
		}
		if low != low {
			low = lowest(values[:size])
			gaps += countGaps(values[:size])
		}
		e.fine[k] = low
		values = values[size:]
		quotient, remainder = quotient-less, remainder-rest
		if remainder < 0 {
			quotient, remainder = quotient-1, remainder+int(step)
		}
	}
	return gaps
}

// lowest is the lowest of the values that are there; NaN without any.
func lowest(v []float64) float64 {
	low := nan
	for _, x := range v {
		low = lower(low, x)
	}
	return low
}

func countGaps(v []float64) int {
	n := 0
	for _, x := range v {
		if x != x {
			n++
		}
	}
	return n
}

// findQuantum sets the smallest distance of two neighbouring fine floors; 0 where none differ.
func (e *envelope) findQuantum() {
	e.quantum = math.Inf(1)
	previous := nan
	for _, x := range e.fine {
		if d := math.Abs(x - previous); d > 0 && d < e.quantum {
			e.quantum = d
		}
		if x == x {
			previous = x
		}
	}
	if math.IsInf(e.quantum, 1) {
		e.quantum = 0
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
	floors, end := h.Floors, historyFloors
	e.skew = 0
	if len(floors) > 0 {
		// The floor at the window's first edge (its end less six hours) is the newest of the past.
		edge := w.End() - windowSeconds
		newest := h.Start + int64(len(floors)-1)*FloorSeconds
		shift := int((edge - newest) / FloorSeconds)
		e.skew = edge - newest - int64(shift)*FloorSeconds
		end = historyFloors - shift
		if end > historyFloors { // floors that lie within the window
			floors = floors[:max(len(floors)-(end-historyFloors), 0)]
			end = historyFloors
		}
		end = max(end, 0)
		floors = floors[max(len(floors)-end, 0):]
	}
	past := e.floor[:historyFloors]
	begin := end - len(floors)
	for i := e.pastFirst; i < begin; i++ {
		past[i] = nan
	}
	copy(past[begin:], floors)
	for i := end; i < historyFloors; i++ {
		past[i] = nan
	}
	e.pastFirst = begin
	for e.pastFirst < historyFloors && past[e.pastFirst] != past[e.pastFirst] {
		e.pastFirst++
	}
}
