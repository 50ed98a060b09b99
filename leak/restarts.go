package leak

// Restarts tells how a leak goes on whose workload is killed, or restarted, and leaks again. The
// zero value knows of none.
type Restarts struct {
	Count int     // lives that ended in a fall, in the window and its history
	First int64   // when the first of them ended, unix seconds
	Last  int64   // when the life that goes on began
	Every int64   // seconds from one end to the next, the median; 0 after one alone
	Peak  float64 // what the lives came to, the median, in the series' unit
	Next  int64   // when the life that goes on comes to the peak, unix seconds; 0 where it does not grow
}

const (
	mostLives     = 64   // the newest count
	beforeRestart = 3600 // seconds in which a life has come to its height
	afterRestart  = 1800 // seconds in which the next one shows how much was given back
)

// RestartsIn looks at a series where its workload started (unix seconds, ascending): a life ended
// there when at least half of what it had risen was given back. Of a host's series the starts are
// those of its culprit. slopePerHour is the growth within a life, in the series' unit. It allocates nothing.
func RestartsIn(w Window, h History, starts []int64, slopePerHour float64) Restarts {
	var r Restarts
	var peaks, gaps [mostLives]float64
	sampled := 0 // peaks that the window shows: a floor of the history is below its peak
	starts = starts[max(len(starts)-mostLives, 0):]
	began := min(h.Start-FloorSeconds, w.Start)
	for _, at := range starts {
		if at <= began || at > w.End() {
			continue
		}
		lowest, _ := extent(w, h, began, at-1)
		_, peak := extent(w, h, max(began, at-beforeRestart), at-1)
		after, _ := extent(w, h, at, min(at+afterRestart, w.End()))
		if !(peak-lowest > 0) || !(peak-after >= (peak-lowest)/2) {
			continue
		}
		if peaks[r.Count] = peak; r.Count == 0 {
			r.First = at
		} else {
			gaps[r.Count-1] = float64(at - r.Last)
		}
		if at > w.Start {
			sampled++
		}
		r.Count++
		r.Last, began = at, at
	}
	if r.Count == 0 {
		return Restarts{}
	}
	if n := r.Count - 1; n > 0 {
		r.Every = int64(selectNth(gaps[:n], n/2))
	}
	known := peaks[:r.Count]
	if sampled > 0 {
		known = known[r.Count-sampled:]
	}
	r.Peak = selectNth(known, len(known)/2)
	first := min(max((r.Last-w.Start)/max(w.Step, 1), 0), int64(len(w.Values)))
	if now := newest(w.Values[first:]); slopePerHour > 0 && now == now {
		r.Next = w.End() + int64(max(r.Peak-now, 0)/slopePerHour*3600)
	}
	return r
}

// extent is the lowest and the highest value from one time to another; where the window does not
// reach, those of the floors. NaN without any.
func extent(w Window, h History, from, to int64) (low, high float64) {
	low, high = nan, nan
	take := func(v float64) {
		if v == v {
			low = lower(low, v)
			if !(v <= high) {
				high = v
			}
		}
	}
	step := max(w.Step, 1)
	for i := max((from-w.Start+step-1)/step, 0); i < int64(len(w.Values)) && w.Start+i*step <= to; i++ {
		take(w.Values[i])
	}
	if from < w.Start {
		first := max((from-h.Start+FloorSeconds-1)/FloorSeconds, 0)
		for k := first; k < int64(len(h.Floors)) && h.Start+k*FloorSeconds <= min(to, w.Start); k++ {
			take(h.Floors[k])
		}
	}
	return low, high
}
