package leak

import "math"

// feature is one number with a meaning; its place in the table of curves.
type feature int

// The features that decide. Each is free of the series' unit and level.
const (
	fStrength    feature = iota // log2 of the growth over the window ÷ the floors' noise about it
	fLate                       // growth of the last two hours ÷ a third of the window's growth
	fLastHour                   // growth of the last hour ÷ a sixth of it
	fStepLike                   // how much better one step explains the window than a line
	fStraight                   // R² of a line through the five-minute floors since the growth began
	fEven                       // the slowest third of that growth ÷ a third of it
	fThirds                     // the slower half of that growth ÷ half of it, by thirds
	fHours                      // log2 of the hours since then
	fBend                       // growth of the first half less that of the second ÷ both
	fRecord                     // recent floor above the highest three-hour floor of the past ÷ the past's spread
	fRepeat                     // growth less the largest at the same hours of days before ÷ itself
	fRise                       // log2 of the window's largest rise in 3 h ÷ the largest before
	fDays                       // signed R² of the hourly floors over two days
	fWeek                       // Kendall's tau of the three-hour floors over the history
	fDay                        // Kendall's tau of the hourly floors of a day
	fHalfDayBend                // growth of the first six of twelve hours less that of the last ÷ both
	fHalfDay                    // Kendall's tau of the hourly floors of twelve hours
	fSeasonRise                 // Kendall's tau of today less yesterday over twelve hours
	fSeasonLow                  // today above yesterday in nine of ten hours ÷ the spread of that
	fDaysStep                   // how much better one step explains two days than a line
	fDaysHighs                  // share of the three-hour floors of two days that set a new high
	fDrops                      // log2 of 1 + sharp drops of the past as large as half the growth
	fLimit                      // how much of the room of two days ago a climb has used, where the limit is met
	fLoop                       // cycles of growth that a kill ended
	featureCount
)

const (
	recentFloors = 2  // half an hour
	twoDays      = 48 // hours
)

// features of one series; NaN where it cannot be known.
type features [featureCount]float64

// shape is what the features and the verdict's numbers share.
type shape struct {
	slope      float64 // of the window's floors, an hour
	noise      float64 // standard deviation of the floors about their line
	growth     float64 // slope over six hours
	trend      float64 // Kendall's tau of the window's floors
	daySlope   float64 // an hour
	weekGrowth float64
	onset      int // place of the floor at which the growth began; of a leak alone
}

func (d *Detector) measure(l Limits) {
	x, s := &d.x, &d.shape
	for i := range x {
		x[i] = nan
	}
	*s = shape{}
	d.measureWindow(l)
	d.measurePast()
	d.measureDays()
	d.measureWeek()
	d.measureSeason()
	x[fLimit] = d.climbToLimit(l)
	x[fLoop] = d.killLoop(l)
}

// scaleFloor is the least noise that is believed: what the collector rounds to, and a ten
// thousandth of the capacity.
func (d *Detector) scaleFloor(l Limits) float64 {
	e := &d.env
	c := l.Capacity
	if !(c > 0) {
		c = math.Abs(e.last)
	}
	if l.Capacity > 0 && math.Abs(e.last) < c/50 { // a small workload on a large host
		c = math.Abs(e.last) * 20
	}
	return max(e.quantum*0.3, c*1e-4, 1e-9)
}

func (d *Detector) measureWindow(l Limits) {
	e, x, s := &d.env, &d.x, &d.shape
	n := compact(e.window(), &d.at, &d.val)
	if n < 6 {
		return
	}
	at, val := d.at[:n], d.val[:n]
	slope := d.senSlope(at, val, max(n/2, 1))
	s.slope = slope * 4 // at counts quarters of an hour
	s.growth = s.slope * 6
	s.noise = max(d.residual(at, val, slope), d.scaleFloor(l))
	s.trend = kendall(val)
	x[fStrength] = signedLog2(s.growth / s.noise)
	unit := max(math.Abs(s.growth), s.noise)
	x[fLate] = clamp((tail(val, at, 0, 3)-tail(val, at, 8, 3))/(unit/3), -2, 3)
	x[fLastHour] = clamp((tail(val, at, 0, 2)-tail(val, at, 4, 2))/(unit/6), -4, 4)
	first := tail(val, at, 11, 3) - tail(val, at, 21, 3)
	second := tail(val, at, 0, 3) - tail(val, at, 11, 3)
	x[fBend] = clamp((first-second)/max(math.Abs(first)+math.Abs(second), s.noise), -1, 1)
	x[fStepLike] = stepLike(val)
	d.measureSinceKnee(l)
}

// measureSinceKnee looks at what came after the growth began, within the window.
func (d *Detector) measureSinceKnee(l Limits) {
	x, fine := &d.x, d.env.fine[:]
	at := min(knee(fine), fineFloors-18)
	seg := fine[at:]
	r2, slope, n := signedR2(seg)
	if n < 8 {
		return
	}
	x[fStraight] = r2
	sse, c := 0.0, float64(n)
	mean, mid := meanOf(seg), float64(len(seg)-1)/2
	for i, v := range seg {
		if v == v {
			e := v - mean - slope*(float64(i)-mid)
			sse += e * e
		}
	}
	noise := max(math.Sqrt(sse/c), d.scaleFloor(l))
	x[fHours] = math.Log2(float64(len(seg)) / 12)
	var q [4]float64
	for k := range q {
		q[k] = meanOf(seg[k*len(seg)/4 : (k+1)*len(seg)/4])
	}
	slowest := min(q[1]-q[0], q[2]-q[1], q[3]-q[2])
	var t [3]float64
	for k := range t {
		t[k] = meanOf(seg[k*len(seg)/3 : (k+1)*len(seg)/3])
	}
	x[fThirds] = clamp(min(t[1]-t[0], t[2]-t[1])/max(math.Abs(t[2]-t[0])/2, noise/2), -2, 1.2)
	x[fEven] = clamp(slowest/max(math.Abs(q[3]-q[0])/3, noise/2), -2, 1.2)
}

func (d *Detector) measurePast() {
	e, x, s := &d.env, &d.x, &d.shape
	if e.pastHours() < 3 {
		return
	}
	// three-hour floors of the past
	top, sum, sq, n := math.Inf(-1), 0.0, 0.0, 0
	hours := e.hour[:hourFloors-6]
	for i := max(e.pastFirst/4, 2); i < len(hours); i++ {
		m := lowestOf3(hours[i-2 : i+1 : i+1])
		if m == m {
			top = max(top, m)
			sum += m
			sq += m * m
			n++
		}
	}
	if n < 3 {
		return
	}
	mean := sum / float64(n)
	spread := math.Sqrt(max(sq/float64(n)-mean*mean, 0))
	scale := max(spread, s.noise)
	recent := nan
	w := e.window()
	for i := 0; i < recentFloors; i++ {
		recent = lower(recent, w[windowFloors-1-i])
	}
	x[fRecord] = clamp((recent-top)/scale, -4, 8)

	rise := largestRise(e.hour[hourFloors-7:], 3)
	before := largestRise(hours, 3)
	x[fRise] = clamp(math.Log2(max(rise, s.noise/2)/max(before, s.noise/2)), -4, 6)

	x[fRepeat] = d.repeated()
	x[fDrops] = math.Log2(1 + float64(sharpDrops(hours, max(s.growth, s.noise*3)/2)))
}

// repeated compares the window's growth with that at the same hours of each day before.
func (d *Detector) repeated() float64 {
	e, s := &d.env, &d.shape
	largest, known := math.Inf(-1), false
	for day := 1; day <= 7; day++ {
		for shift := -1; shift <= 1; shift++ {
			b := hourFloors - 1 - 24*day + shift
			a := b - 5
			if a < 0 {
				continue
			}
			if g := e.hour[b] - e.hour[a]; g == g {
				largest, known = max(largest, g), true
			}
		}
	}
	if !known {
		return nan
	}
	g := e.hour[hourFloors-1] - e.hour[hourFloors-6]
	return clamp((g-max(largest, 0))/max(math.Abs(g), s.noise), -3, 1)
}

func (d *Detector) measureDays() {
	e, x, s := &d.env, &d.x, &d.shape
	if e.pastHours() < 6 {
		return
	}
	half := e.hour[hourFloors-12:]
	if n := compact(half, &d.at, &d.val); n >= 6 {
		x[fHalfDay] = kendall(d.val[:n])
	}
	first, second := meanOf(half[5:7])-meanOf(half[:2]), meanOf(half[10:])-meanOf(half[5:7])
	x[fHalfDayBend] = clamp((first-second)/max(math.Abs(first)+math.Abs(second), s.noise), -1, 1)
	if n := compact(e.hour[hourFloors-24:], &d.at, &d.val); n >= 10 {
		x[fDay] = kendall(d.val[:n])
	}
	r2, slope, n := signedR2(e.hour[hourFloors-twoDays:])
	if n < 12 {
		return
	}
	s.daySlope = slope
	x[fDays] = r2
	three := d.env.coarse[hourFloors/3-twoDays/3:]
	if n := compact(three, &d.at, &d.val); n >= 6 {
		x[fDaysStep] = stepLike(d.val[:n])
		x[fDaysHighs] = float64(newHighs(three, s.noise/2)) / float64(n)
	}
}

// measureSeason compares each hour with the same hour of the day before.
func (d *Detector) measureSeason() {
	h, x := d.env.hour[:], &d.x
	var diff [24]float64
	for i := range diff {
		k := len(h) - 24 + i
		diff[i] = h[k] - h[k-24]
	}
	if n := compact(diff[12:], &d.at, &d.val); n >= 8 {
		x[fSeasonRise] = kendall(d.val[:n])
	}
	n := compact(diff[:], &d.at, &d.val)
	if n < 12 {
		return
	}
	v := d.val[:n]
	low := selectNth(v, n/10)
	mid := selectNth(v, n/2)
	x[fSeasonLow] = clamp(low/max(mid-low, d.shape.noise/2), -4, 4)
}

func (d *Detector) measureWeek() {
	e, x, s := &d.env, &d.x, &d.shape
	if e.pastHours() < 15 {
		return
	}
	n := compact(d.env.coarse[:], &d.at, &d.val)
	if n < 6 {
		return
	}
	x[fWeek] = kendall(d.val[:n])
	s.weekGrowth, _ = netAndFall(d.env.coarse[:])
}

// climbToLimit is above zero where the series is within five percent of its capacity: the share
// of the room of up to two days ago that the climb since has used.
func (d *Detector) climbToLimit(l Limits) float64 {
	e := &d.env
	if !(l.Capacity > 0) {
		return 0
	}
	now := nan
	for _, v := range e.window()[windowFloors-4:] {
		now = lower(now, v)
	}
	if !(now >= 0.94*l.Capacity) {
		return 0
	}
	h := e.hour[hourFloors-twoDays:]
	low := nan
	for _, v := range h {
		low = lower(low, v)
	}
	_, fall := netAndFall(h)
	room := l.Capacity - low
	return clamp((now-low-2*fall)/max(room, l.Capacity/50), 0, 1)
}

// killLoop counts cycles of growth that ended in a fall which a start, a kill or a met limit
// explains. Without such evidence a garbage collector looks the same, and it is 0.
func (d *Detector) killLoop(l Limits) float64 {
	e := &d.env
	f := e.floor[e.pastFirst:]
	peak, trough, cycles, begin := nan, nan, 0, 0
	deep := nan // what lies below it is a fall from the peak
	for i, v := range f {
		if v != v {
			continue
		}
		if v < deep && trough == trough && peak-trough > 0.3*peak {
			r2, _, _ := signedR2(f[begin : i-1])
			killed := l.Capacity > 0 && peak >= 0.8*l.Capacity && r2 > 0.9
			if l.StartsKnown {
				killed = startedNear(l.Starts, e, e.pastFirst+i, d.end)
			}
			if killed {
				cycles++
			}
			peak, trough, begin = v, v, i
			deep = fallFrom(peak)
			continue
		}
		trough = lower(trough, v)
		if !(v <= peak) {
			peak = v
			deep = fallFrom(peak)
		}
	}
	return float64(min(cycles, 4))
}

// fallFrom is 30 % below a peak.
func fallFrom(peak float64) float64 { return peak - 0.3*math.Abs(peak) }

// startedNear tells whether the workload started within half an hour of floor i.
func startedNear(starts []int64, e *envelope, i int, end int64) bool {
	t := end - int64(allFloors-1-i)*FloorSeconds
	for _, s := range starts {
		if s > t-2*FloorSeconds && s <= t+FloorSeconds {
			return true
		}
	}
	return false
}
