package leak

import "slices"

// Earlier judges a series as it would have been judged so many seconds ago: nothing that came since
// counts. What a window of then would begin with is taken from the history's floors.
func (d *Detector) Earlier(seconds int64, w Window, h History, l Limits) Verdict {
	w.Step = max(w.Step, 1)
	n := min(int(seconds/w.Step), len(w.Values))
	then := Window{Start: w.Start - int64(n)*w.Step, Step: w.Step, Values: d.earlier[:0]}
	for i := range n {
		then.Values = append(then.Values, h.at(then.Start+int64(i)*w.Step))
	}
	then.Values = append(then.Values, w.Values[:len(w.Values)-n]...)
	d.earlier = then.Values
	known := 0 // floors that end before the window of then
	if edge := then.End() - windowSeconds; edge >= h.Start {
		known = int((edge-h.Start)/FloorSeconds) + 1
	}
	h.Floors = h.Floors[:min(known, len(h.Floors))]
	started, _ := slices.BinarySearch(l.Starts, then.End()+1)
	l.Starts = l.Starts[:started]
	return d.Detect(then, h, l)
}

// at is the floor that a time lies in; NaN where there is none.
func (h History) at(t int64) float64 {
	k := (t - h.Start + FloorSeconds - 1) / FloorSeconds
	if t <= h.Start-FloorSeconds || k >= int64(len(h.Floors)) {
		return nan
	}
	return h.Floors[k]
}

// Reach is how many seconds the oldest floor that is there lies before a window; 0 where there is none.
func (h History) Reach(w Window) int64 {
	for i, v := range h.Floors {
		if v == v {
			return max(w.Start-(h.Start+int64(i-1)*FloorSeconds), 0)
		}
	}
	return 0
}
