package leak

import "math"

// slopeNow is the growth an hour that goes on, and the ends of its ninety percent interval: the
// median slope of the window's floors, or where the window alone is flat, that of two days.
func (d *Detector) slopeNow(l Limits) (slope, low, high float64) {
	s := &d.shape
	if d.x[fLoop] >= 2 {
		return d.slopeWithinLives()
	}
	f := d.env.window()
	first := 0
	if on := s.onset; on > historyFloors {
		first = min(on-historyFloors, windowFloors-6)
	}
	n := compact(f[first:], &d.at, &d.val)
	if n < 4 {
		return s.slope, s.slope, s.slope
	}
	q := d.senSlope(d.at[:n], d.val[:n], 1)
	slope = 4 * q
	// Sen's interval: the ranks of the median slope's neighbours under Kendall's variance.
	nn := float64(n)
	spread := 1.645 * math.Sqrt(nn*(nn-1)*(2*nn+5)/18) * 2 // neighbouring floors are not independent
	k := d.pairCount
	lo := int(clamp((float64(k)-spread)/2, 0, float64(k-1)))
	hi := int(clamp((float64(k)+spread)/2, 0, float64(k-1)))
	low, high = 4*selectNth(d.pairs[:k], lo), 4*selectNth(d.pairs[:k], hi)
	if d.isSlow(l) {
		slope = d.shape.daySlope
		low, high = slope*0.5, slope*1.6
	}
	return slope, low, high
}

// slopeWithinLives is the growth between kills: the median of the rises in twenty minutes, which
// most of all steps of samples divide, and its quartiles. Falls are no part of it.
func (d *Detector) slopeWithinLives() (slope, low, high float64) {
	const places, perHour = 4, 3
	n, f := 0, d.env.fine[:]
	for i := places; i < len(f); i++ {
		if rise := f[i] - f[i-places]; rise > 0 {
			d.scratch[n] = rise
			n++
		}
	}
	if n < 4 {
		return d.shape.slope, d.shape.slope, d.shape.slope
	}
	v := d.scratch[:n]
	return perHour * selectNth(v, n/2), perHour * selectNth(v, n/4), perHour * selectNth(v, 3*n/4)
}

// isSlow says that days show the growth, and the window alone does not or by less than a
// hundredth of the capacity.
func (d *Detector) isSlow(l Limits) bool {
	x, s := &d.x, &d.shape
	seen := s.trend >= 0.5 && x[fStrength] >= 1.2 && s.growth >= 0.01*l.Capacity
	return s.daySlope > 0 && x[fDays] > 0.5 && d.env.pastHours() > 12 && !seen
}

func (d *Detector) leakCause(l Limits) Cause {
	x := &d.x
	switch {
	case x[fLoop] >= 2:
		return Restarting
	case x[fLimit] > 0.3 && x[fLate]*max(math.Abs(d.shape.growth), d.shape.noise)/3 < 0.004*l.Capacity:
		return Exhausted
	case d.isSlow(l):
		return Slow
	case d.bendSinceOnset() > 0.16 && x[fStrength] > 2:
		return Accelerating
	case d.inSteps():
		return Stepping
	}
	return Steady
}

// bendSinceOnset is the growth of the last quarter of the time since the onset less that of the
// first, ÷ all: 0 for a straight line, a third for a parabola.
func (d *Detector) bendSinceOnset() float64 {
	f := d.env.floor[d.shape.onset:]
	if len(f) < 8 {
		return 0
	}
	var q [4]float64
	for k := range q {
		q[k] = meanOf(f[k*len(f)/4 : (k+1)*len(f)/4])
	}
	bend := ((q[3] - q[2]) - (q[1] - q[0])) / max(q[3]-q[0], d.shape.noise)
	if bend != bend {
		return 0
	}
	return bend
}

// inSteps says that most of the growth came in few five-minute intervals.
func (d *Detector) inSteps() bool {
	total, few := 0.0, 0.0
	var largest [6]float64
	previous := nan
	for _, v := range d.env.fine {
		if v != v {
			continue
		}
		if rise := v - previous; rise > 0 {
			total += rise
			for i := range largest {
				if rise > largest[i] {
					rise, largest[i] = largest[i], rise
				}
			}
		}
		previous = v
	}
	for _, r := range largest {
		few += r
	}
	return total > 0 && few > 0.75*total && d.shape.growth > 0
}

func (d *Detector) healthyCause(l Limits) Cause {
	x, s := &d.x, &d.shape
	f := d.env.window()
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range f {
		if v == v {
			low, high = min(low, v), max(high, v)
		}
	}
	span := high - low
	scale := max(4*s.noise, l.Capacity*0.005)
	switch {
	case d.startedInWindow(l):
		return Restart
	case span <= scale:
		return SteadyLevel
	case x[fRepeat] < 0.3 && s.growth > scale/2:
		return Daily
	case d.dropOf(span) > 0:
		// What had grown in the window was released; what had long been there was restarted.
		if f[0] < low+0.5*span {
			return Released
		}
		return Restart
	case d.fall() > 0.6*span && f[windowFloors-1] < low+0.4*span:
		return Batch
	case x[fStepLike] > 0 && s.growth >= 0:
		return Step
	case s.growth > scale/2 && x[fBend] > 0.2 && d.fall() < 0.5*span:
		return WarmUp
	case d.fall() > 0.5*span && x[fRise] < 0.3:
		return Batch
	}
	return Noise
}

func (d *Detector) startedInWindow(l Limits) bool {
	n := len(l.Starts)
	return n > 0 && l.Starts[n-1] > d.end-windowSeconds && d.env.pastHours() > 1
}

// dropOf is the place in the window at which most of its span fell at once; 0 where none did.
func (d *Detector) dropOf(span float64) int {
	f := d.env.window()
	for i := 2; i < len(f); i++ {
		if f[i-2]-f[i] > 0.6*span {
			return i
		}
	}
	return 0
}

// onset is when the growth began, in unix seconds: what rises has its floor at the beginning of the
// fifteen minutes, one place before the floor's own time.
func (d *Detector) onset() int64 {
	k := d.shape.onset
	t := d.end - int64(allFloors-k)*FloorSeconds
	if k < historyFloors {
		t -= d.env.skew
	}
	return t
}

// onsetFloor is the place of the floor at which the growth that goes on began: where the line
// through what came after is left best by what came before.
//
// Two lines that meet are fitted to the floors of the last two days, one flat and one rising; the
// knee with the least squared error is the onset. A knee at the very start means: not seen.
func (d *Detector) onsetFloor() int {
	first := max(allFloors-twoDays*4, d.env.pastFirst)
	f := d.env.floor[first:]
	return first + knee(f)
}

// knee fits level, then level plus slope·(i − k), for every k, in linear time by sums from the end.
func knee(f []float64) int {
	var n, sy, syy float64
	for _, y := range f {
		if y == y {
			n++
			sy += y
			syy += y * y
		}
	}
	if n < 6 {
		return 0
	}
	// With h = max(i−k, 0): sums over i>k of 1, i, i², y, i·y give those of h, h², h·y.
	var c, si, sii, sty, siy float64
	total := syy - sy*sy/n
	best, at := math.Inf(1), 0
	for k := len(f) - 1; k >= 0; k-- {
		fk := float64(k)
		if c >= 4 {
			sh := si - fk*c
			shh := sii - 2*fk*si + fk*fk*c
			shy := siy - fk*sty
			vx := shh - sh*sh/n
			cov := shy - sh*sy/n
			if vx > 0 && cov > 0 {
				if sse := total - cov*cov/vx; sse < best {
					best, at = sse, k
				}
			}
		}
		if y := f[k]; y == y {
			c++
			si += fk
			sii += fk * fk
			sty += y
			siy += fk * y
		}
	}
	return at
}

// fall is the deepest fall within the window.
func (d *Detector) fall() float64 { return deepestFall(d.env.window()) }
