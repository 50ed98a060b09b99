package suspect

import (
	"math"
	"slices"
)

const (
	shortest  = 6   // floors that growth is measured on at least: an hour
	halfHours = 2.0 // growth of so many hours is believed by half
	noises    = 2.0 // times the noise by which the last quarter may fall short
)

// growth is what a curve says of the growth that goes on.
//
// belief, how sure it is that the growth goes on, is one product. Each factor is between 0 and 1,
// and 1 for a leak that is plain to see:
//
//	belief = even · lasting² · fresh · still · long
//
// even: the slope that nine of ten pairs of floors keep ÷ the median slope; a step has its growth
// in few pairs. lasting: the growth of the last third ÷ that of the third before; what warms up
// slows down. fresh: the share of the growth above every level held before; what comes and goes has
// been there. still: the growth of the last quarter ÷ what it should be; a job at its peak
// has stopped. long: 1 ÷ (1 + (2 ÷ hours)³); what began just now may be a job.
type growth struct {
	rate   float64 // bytes an hour since the onset; 0 where it does not grow
	hours  float64 // since the onset, within the window
	belief float64
}

// points are what is believed of the growth, bytes an hour.
func (g growth) points() float64 { return g.rate * g.belief }

// measure finds the onset and the growth since.
func (r *Ranker) measure(c *curve) growth {
	var at, val [floors]float64 // hours, bytes
	n := 0
	for i, x := range c.floor {
		if x == x {
			at[n], val[n] = float64(i)*floorHours, x
			n++
		}
	}
	if n < shortest || c.last != c.last {
		return growth{} // too little to tell, or gone
	}
	from := onset(at[:n], val[:n])
	t, v := at[from:n], val[from:n]
	span := t[len(t)-1] - t[0]
	low, rate := r.slopes(t, v, span/4)
	if rate <= 0 {
		return growth{}
	}
	g := growth{rate: rate, hours: span + floorHours/2}
	even := max(low/rate, 0)
	lasting := lastThird(v)
	fresh := risenAbove(v, max(c.past, held(val[:from])))
	still := tail(c, rate, noise(at[:n], val[:n], from, rate), g.hours)
	long := 1 / (1 + math.Pow(halfHours/g.hours, 3))
	g.belief = even * lasting * lasting * fresh * still * long
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
	best, least := 0, math.Inf(1)
	n := float64(len(val))
	for b := 0; b <= latest-lowest; b++ {
		var sx, sy, sxx, sxy float64
		for i, y := range val {
			x := max(at[i]-at[b], 0)
			y -= val[0]
			sx += x
			sy += y
			sxx += x * x
			sxy += x * y
		}
		vx, cov := sxx-sx*sx/n, sxy-sx*sy/n
		if vx <= 0 || cov <= 0 {
			continue
		}
		// The squares that are left are those of val less this; the former are the same for all b.
		if e := -cov * cov / vx; e < least {
			best, least = b, e
		}
	}
	return lowest + best
}

// slopes returns the slope that nine of ten pairs of places at least gap apart exceed, and the
// median (Theil and Sen), both an hour.
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
	return r.pairs[len(r.pairs)/10], r.pairs[len(r.pairs)/2]
}

// lastThird is the growth from the second third to the last ÷ that from the first to the second.
func lastThird(v []float64) float64 {
	k := len(v) / 3
	first, second, last := mean(v[:k]), mean(v[k:len(v)-k]), mean(v[len(v)-k:])
	switch {
	case last <= second:
		return 0
	case second <= first:
		return 1
	}
	return min((last-second)/(second-first), 1)
}

func mean(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s / float64(len(v))
}

// held is the highest level of two neighbouring floors; −Inf without any.
func held(val []float64) float64 {
	top := math.Inf(-1)
	for i := 1; i < len(val); i++ {
		top = max(top, min(val[i-1], val[i]))
	}
	return top
}

// risenAbove is the share of the growth that lies above a level that was held before.
func risenAbove(v []float64, before float64) float64 {
	start, end := v[0], v[len(v)-1]
	if end <= start || before >= end {
		return 0
	}
	return min((end-before)/(end-start), 1)
}

// tail is the growth of the last quarter, twenty minutes at least, ÷ what rate makes of it, allowing
// for noise; 1 where it is not known.
func tail(c *curve, rate, noise, hours float64) float64 {
	last := len(c.fine) - 1
	k := min(max(int(hours*12/4), 4), last)
	x := (c.fine[last] - c.fine[last-k] + noises*noise) / (rate * float64(k) / 12)
	if x != x {
		return 1
	}
	return min(max(x, 0), 1)
}

// noise is the median distance of a floor from where the one before would lead to: the same level
// until the onset, the slope from then on. The whole window tells it, so that a job that rises and
// stops within an hour is not taken for noise of its own.
func noise(at, val []float64, from int, rate float64) float64 {
	var buf [floors]float64
	d := buf[:len(val)-1]
	for i := range d {
		d[i] = val[i+1] - val[i]
		if i >= from {
			d[i] -= rate * (at[i+1] - at[i])
		}
		d[i] = math.Abs(d[i])
	}
	slices.Sort(d)
	return d[len(d)/2]
}
