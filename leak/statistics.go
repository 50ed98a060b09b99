package leak

import "math"

func clamp(x, lo, hi float64) float64 {
	if x < lo {
		return lo
	}
	if x > hi {
		return hi
	}
	return x
}

// signedLog2 is sign(x)·log2(1+|x|).
func signedLog2(x float64) float64 {
	if x < 0 {
		return -math.Log2(1 - x)
	}
	return math.Log2(1 + x)
}

// compact copies the values that are there and their places, and returns how many there are.
func compact(f []float64, at, val *[mostPlaces]float64) int {
	n := 0
	for i, v := range f {
		if v == v {
			at[n], val[n] = float64(i), v
			n++
		}
	}
	return n
}

// meanOf is the mean of the values that are there; NaN without any.
func meanOf(v []float64) float64 {
	sum, n := 0.0, 0.0
	for _, x := range v {
		if x == x {
			sum += x
			n++
		}
	}
	return sum / n
}

// oneIf counts what holds without a branch, where a branch would be foretold wrongly half of the time.
func oneIf(holds bool) int {
	if holds {
		return 1
	}
	return 0
}

// kendall returns Kendall's tau of val with its order: how many more pairs rise than fall, ÷ all.
func kendall(val []float64) float64 {
	n := len(val)
	if n < 2 {
		return 0
	}
	rise := 0
	for i, v := range val {
		for _, later := range val[i+1:] {
			rise += oneIf(later > v) - oneIf(later < v)
		}
	}
	return float64(rise) / float64(n*(n-1)/2)
}

// senSlope returns the median of the slopes of all pairs that lie at least gap places apart (Sen
// 1968), and leaves them in d.pairs. Pairs that lie close together carry noise and little slope.
func (d *Detector) senSlope(at, val []float64, gap int) float64 {
	k := 0
	for i := range val {
		ai, vi := at[i], val[i]
		for j := i + gap; j < len(val); j++ {
			d.pairs[k] = (val[j] - vi) / (at[j] - ai)
			k++
		}
	}
	d.pairCount = k
	if k == 0 {
		return 0
	}
	return selectNth(d.pairs[:k], k/2)
}

// residual is 1.4826 times the median distance of val from the line of that slope through its
// median: a standard deviation that outliers do not move.
func (d *Detector) residual(at, val []float64, slope float64) float64 {
	n := len(val)
	r := d.scratch[:n]
	for i := range val {
		r[i] = val[i] - slope*at[i]
	}
	m := selectNth(r, n/2)
	for i := range r {
		r[i] = math.Abs(r[i] - m)
	}
	return 1.4826 * selectNth(r, n/2)
}

// fewValues are put in order by insertion.
const fewValues = 8

// selectNth returns the value that would stand at place k if v were sorted, in linear time (Hoare's
// selection). It reorders v. Nothing in it branches on how two values compare, but for the last few:
// half of such branches are foretold wrongly, which costs more than the comparing.
func selectNth(v []float64, k int) float64 {
	for len(v) > fewValues {
		pivot := pivotOf(v)
		below := partition(v, pivot)
		if k < below {
			v = v[:below]
			continue
		}
		v, k = v[below:], k-below
		if below > 0 {
			continue
		}
		// Nothing lies below the pivot: its equals come off, so that there is progress.
		equal := 0
		for i, x := range v {
			if x == pivot {
				v[i], v[equal] = v[equal], x
				equal++
			}
		}
		if k < equal || equal == 0 {
			return pivot
		}
		v, k = v[equal:], k-equal
	}
	for i, x := range v {
		for ; i > 0 && x < v[i-1]; i-- {
			v[i] = v[i-1]
		}
		v[i] = x
	}
	return v[k]
}

// partition moves the values below the pivot to the front, and returns how many there are.
func partition(v []float64, pivot float64) int {
	below := 0
	for i, x := range v {
		v[i], v[below] = v[below], x
		below += oneIf(x < pivot)
	}
	return below
}

// pivotOf is the middle of three values, of many the middle of the middles of nine.
func pivotOf(v []float64) float64 {
	last := len(v) - 1
	if last < 40 {
		return middle([3]float64{v[0], v[last/2], v[last]})
	}
	step := last / 8
	var m [3]float64
	for i := range m {
		m[i] = middle([3]float64{v[i*step], v[(i+3)*step], v[(i+6)*step]})
	}
	return middle(m)
}

// tail is the mean of the n values that end back places before the newest.
func tail(val, at []float64, back, n int) float64 {
	sum, count := 0.0, 0
	to := at[len(at)-1] - float64(back)
	for i := len(val) - 1; i >= 0 && count < n; i-- {
		if at[i] <= to {
			sum += val[i]
			count++
		}
	}
	if count == 0 {
		return val[0]
	}
	return sum / float64(count)
}

// stepLike is the share of the variance that the best single step explains, less what a line
// explains: above zero for a step, below for a line.
func stepLike(val []float64) float64 {
	n := float64(len(val))
	var sum, sq, sxy float64
	for i, v := range val {
		sum += v
		sq += v * v
		sxy += float64(i) * v
	}
	total := sq - sum*sum/n
	if total <= 1e-12*sq {
		return 0
	}
	mx := (n - 1) / 2
	sxx := n * (n*n - 1) / 12
	cov := sxy - mx*sum
	line := cov * cov / sxx / total
	best, left := 0.0, 0.0
	for i := 0; i < len(val)-1; i++ {
		left += val[i]
		nl := float64(i + 1)
		nr := n - nl
		diff := (sum-left)/nr - left/nl
		if diff > 0 {
			best = max(best, nl*nr/n*diff*diff)
		}
	}
	return best/total - line
}

// deepestFall is the largest distance from a value down to a later one.
func deepestFall(val []float64) float64 {
	top, fall := math.Inf(-1), 0.0
	for _, v := range val {
		if v == v {
			top = max(top, v)
			fall = max(fall, top-v)
		}
	}
	return fall
}

// netAndFall is the last value less the first (each the middle of three) and the deepest fall.
func netAndFall(v []float64) (net, fall float64) {
	var first, last [3]float64
	nf, nl := 0, 0
	for i := 0; i < len(v) && nf < 3; i++ {
		if v[i] == v[i] {
			first[nf] = v[i]
			nf++
		}
	}
	for i := len(v) - 1; i >= 0 && nl < 3; i-- {
		if v[i] == v[i] {
			last[nl] = v[i]
			nl++
		}
	}
	if nf < 3 || nl < 3 {
		return 0, 0
	}
	return middle(last) - middle(first), deepestFall(v)
}

func middle(v [3]float64) float64 {
	return max(min(v[0], v[1]), min(max(v[0], v[1]), v[2]))
}

// largestRise is the largest growth over so many places.
func largestRise(v []float64, places int) float64 {
	rise := 0.0
	for i := places; i < len(v); i++ {
		if d := v[i] - v[i-places]; d > rise {
			rise = d
		}
	}
	return rise
}

// sharpDrops counts falls of at least size from one place to the next.
func sharpDrops(v []float64, size float64) int {
	n := 0
	for i := 1; i < len(v); i++ {
		if v[i-1]-v[i] >= size {
			n++
		}
	}
	return n
}

// signedR2 is the share of the variance of v that a line explains, negative where it falls; its
// slope a place; and how many values there were.
func signedR2(v []float64) (r2, slope float64, n int) {
	var sx, sy, sxx, sxy, syy, c float64
	for i, y := range v {
		if y == y {
			x := float64(i)
			c++
			sx += x
			sy += y
			sxx += x * x
			sxy += x * y
			syy += y * y
		}
	}
	if c < 3 {
		return 0, 0, int(c)
	}
	vx, vy, cov := sxx-sx*sx/c, syy-sy*sy/c, sxy-sx*sy/c
	if vx <= 0 || vy <= 1e-12*syy {
		return 0, 0, int(c)
	}
	r2 = cov * cov / (vx * vy)
	if cov < 0 {
		r2 = -r2
	}
	return r2, cov / vx, int(c)
}

// newHighs counts the values that lie above all before by more than least.
func newHighs(v []float64, least float64) int {
	top, count := nan, 0
	for _, x := range v {
		switch {
		case x != x:
		case top != top:
			top = x
		case x > top+least:
			top = x
			count++
		}
	}
	return count
}
