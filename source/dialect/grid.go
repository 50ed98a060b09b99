package dialect

import "math"

// The steps that a window may have, in seconds.
const (
	minStep     = 10
	maxStep     = 300
	defaultStep = 60
)

// stepOf is the median distance of the samples in seconds, within 10 s and 5 min; counts is
// scratch. Counting whole seconds finds the median without sorting.
func stepOf(times []int64, counts *[maxStep + 2]uint32) int64 {
	if len(times) < 2 {
		return defaultStep
	}
	*counts = [maxStep + 2]uint32{}
	for i := 1; i < len(times); i++ {
		d := uint64(times[i]-times[i-1]+500) / 1000
		counts[min(d, maxStep+1)]++
	}
	half, seen := uint32(len(times)/2), uint32(0)
	for d, n := range counts {
		if seen += n; seen >= half {
			return int64(min(max(d, minStep), maxStep))
		}
	}
	return maxStep
}

// place puts the samples, ascending in time, on the slots of a window that ends at `at`; slots
// without one become NaN. Of two in a slot the later stays.
//
// The slots follow the phase of the samples, so that a collector whose samples lie just about the
// edge of a slot fills each once, not some twice and their neighbours never.
func place(dst []float64, times []int64, values []float64, at, step int64) {
	nan := math.NaN()
	for i := range dst {
		dst[i] = nan
	}
	if len(times) == 0 {
		return
	}
	stepMillis := step * 1000
	last := int64(len(dst) - 1)
	origin := at - last*stepMillis - stepMillis + 1
	if n := int64(len(times)); times[n-1]-times[0] > (n-1)*stepMillis*3/4 {
		phase := (times[n/2] - at) % stepMillis // in (−step, 0]
		// The slot's middle is the phase; half a step more makes the division round.
		origin = at + phase - last*stepMillis - stepMillis/2
	} // else the samples are denser than the slots, and have no phase
	values = values[:len(times)]
	for i, t := range times {
		slot := t - origin
		if slot < 0 {
			continue
		}
		if slot /= stepMillis; slot > last {
			slot = last
		}
		dst[slot] = values[i]
	}
}

// regular is the distance of samples that all lie equally far apart, in milliseconds; 0 where they
// do not. Most series of most collectors do.
func regular(times []int64) int64 {
	if len(times) < 2 {
		return 0
	}
	d := times[1] - times[0]
	for i, t := range times[1:] {
		if t-times[i] != d {
			return 0
		}
	}
	return d
}

// placeRegular is place for samples that lie a step apart, none of them outside of the window.
func placeRegular(dst, values []float64, newest, at, step int64) {
	end := len(dst) - int((at-newest)/(step*1000))
	begin := end - len(values)
	if begin < 0 {
		values, begin = values[-begin:], 0
	}
	nan := math.NaN()
	for i := range dst[:begin] {
		dst[i] = nan
	}
	copy(dst[begin:], values)
	for i := end; i < len(dst); i++ {
		dst[i] = nan
	}
}

// dropRepeated leaves one sample of each time, the last: a server may keep what was delivered twice
// twice, and no distance can be told from that.
func (s *Series) dropRepeated() {
	if len(s.times) == 0 {
		return
	}
	last := 0
	for i := 1; i < len(s.times); i++ {
		if s.times[i] != s.times[last] {
			last++
		}
		s.times[last], s.values[last] = s.times[i], s.values[i]
	}
	s.times, s.values = s.times[:last+1], s.values[:last+1]
}

// isAscending tells whether the times grow, or stay, from sample to sample.
func isAscending(times []int64) bool {
	for i := 1; i < len(times); i++ {
		if times[i] < times[i-1] {
			return false
		}
	}
	return true
}

// byTime sorts samples that came in blocks out of order.
type byTime struct {
	times  []int64
	values []float64
}

func (b byTime) Len() int           { return len(b.times) }
func (b byTime) Less(i, j int) bool { return b.times[i] < b.times[j] }
func (b byTime) Swap(i, j int) {
	b.times[i], b.times[j] = b.times[j], b.times[i]
	b.values[i], b.values[j] = b.values[j], b.values[i]
}
