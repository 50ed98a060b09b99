package suspect

import (
	"math"
	"slices"
)

// shortest is the number of floors that growth is measured on at least: an hour.
const shortest = 6

// growth is what a curve says of the growth that goes on.
//
// belief is one product, each factor between 0 and 1 and 1 for a leak that is plain to see:
//
//	belief = even · lasting² · new · long
//
// even: the slope that four of five pairs of floors keep ÷ the median slope; a step or a job has
// its growth in few pairs. lasting: growth of the last third ÷ that of the third before; what warms
// up slows down. new: the share of the growth above every level held before; what comes and goes
// has been there. long: hours ÷ (hours + 1); what began just now may be a job.
// The detector's verdict then adds its log-odds to those of the belief.
type growth struct {
	rate   float64 // bytes an hour since the onset, by Theil and Sen; 0 where it does not grow
	hours  float64 // since the onset, within the window
	belief float64
}

// hear adds the log-odds of a verdict.
func (g *growth) hear(odds float64) {
	b := min(max(g.belief, 0.001), 0.999)
	if g.rate <= 0 || odds == 0 {
		return
	}
	g.belief = 1 / (1 + math.Exp(-(math.Log(b/(1-b)) + odds)))
}

// measure finds the onset and the growth since.
func (r *Ranker) measure(c *curve) growth {
	var at, val [floors]float64 // hours, bytes
	n := 0
	for i, x := range c.floor {
		if x == x {
			at[n], val[n] = float64(i)*floorSeconds/3600, x
			n++
		}
	}
	if n < shortest {
		return growth{}
	}
	a := onset(at[:n], val[:n])
	before := c.past
	if c.loop {
		before = math.Inf(-1)
	}
	before = max(before, held(val[:a]))
	t, v := at[a:n], val[a:n]
	hours := t[len(t)-1] - t[0]
	low, mid := r.slopes(t, v, hours/4)
	g := growth{rate: mid, hours: hours + floorSeconds/3600.0/2}
	if mid <= 0 {
		return growth{}
	}
	even := max(low/mid, 0)
	lasting := lastThird(v)
	g.belief = even * lasting * lasting * risenAbove(v, before) * g.hours / (g.hours + 1)
	return g
}

// onset is where a line that is flat and then rises fits best, in least squares, at or after the
// lowest floor.
func onset(at, val []float64) int {
	latest := len(val) - shortest
	lowest := 0
	for i := 0; i <= latest; i++ {
		if val[i] <= val[lowest] {
			lowest = i
		}
	}
	at, val = at[lowest:], val[lowest:]
	best, left := 0, math.Inf(1)
	for b := 0; b <= latest-lowest; b++ {
		var sx, sy, sxx, sxy, syy float64
		for i, y := range val {
			x := max(at[i]-at[b], 0)
			y -= val[0]
			sx += x
			sy += y
			sxx += x * x
			sxy += x * y
			syy += y * y
		}
		n := float64(len(val))
		vx, cov := sxx-sx*sx/n, sxy-sx*sy/n
		if vx <= 0 || cov <= 0 {
			continue
		}
		if e := syy - sy*sy/n - cov*cov/vx; e < left {
			best, left = b, e
		}
	}
	return lowest + best
}

// held is the highest level of two neighbouring floors; −Inf without any.
func held(val []float64) float64 {
	top := math.Inf(-1)
	for i := 1; i < len(val); i++ {
		top = max(top, min(val[i-1], val[i]))
	}
	return top
}

// slopes returns the slope that four of five pairs of places at least gap apart exceed, and the
// median, both an hour.
func (r *Ranker) slopes(at, val []float64, gap float64) (low, mid float64) {
	r.pairs = r.pairs[:0]
	for i := range val {
		for j := i + 1; j < len(val); j++ {
			if d := at[j] - at[i]; d >= gap {
				r.pairs = append(r.pairs, (val[j]-val[i])/d)
			}
		}
	}
	if len(r.pairs) == 0 {
		return 0, 0
	}
	slices.Sort(r.pairs)
	return r.pairs[len(r.pairs)/5], r.pairs[len(r.pairs)/2]
}

// lastThird is the growth from the second third to the last ÷ that from the first to the second.
func lastThird(v []float64) float64 {
	k := len(v) / 3
	rest := len(v) - 2*k
	first, second, last := mean(v[:k]), mean(v[k:k+rest]), mean(v[k+rest:])
	if second <= first {
		if last > second {
			return 1
		}
		return 0
	}
	return min(max((last-second)/(second-first), 0), 1)
}

func mean(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s / float64(len(v))
}

// risenAbove is the share of the growth that lies above a level that was held before.
func risenAbove(v []float64, before float64) float64 {
	start, end := v[0], v[len(v)-1]
	if end <= start || before >= end {
		return 0
	}
	return min((end-before)/(end-start), 1)
}
