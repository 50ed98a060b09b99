package leak

import (
	"math"
	"time"
)

// Detect judges one series.
//
// The window holds up to six hours at steps of 10 s to 5 min with NaN for gaps; the history may be
// empty, the verdict then says less. Detect has no clock and no randomness: equal series get equal
// verdicts. It allocates nothing.
func (d *Detector) Detect(w Window, h History, l Limits) Verdict {
	d.end = w.End()
	d.env.fill(w, h)
	v := Verdict{Level: OK, Value: d.env.last}
	if cause, enough := d.enough(w); !enough {
		v.Cause, v.Confidence = cause, 1
		return v
	}
	d.measure(l)
	var points [wayCount]features
	var z [wayCount]float64
	way := byHours // the one that speaks louder
	for i := range z {
		z[i] = taught.score(i, &d.x, &points[i])
		if z[i] > z[way] {
			way = i
		}
	}
	p := chance(z)
	v.Leak = p > 0.5 && !d.harmless(l)
	v.Confidence = max(p, 1-p)
	d.describe(&v, way, &points[way])
	if v.Leak {
		d.leakNumbers(&v, l)
		v.Cause = d.leakCause(l)
		if v.Cause == Restarting {
			v.Restart(RestartsIn(w, h, l.Starts, v.SlopePerHour), l.Capacity)
		}
		v.Level = d.Thresholds.levelOf(&v, l.Capacity, d.end)
	} else {
		v.Cause = d.healthyCause(l)
	}
	return v
}

// harmlessHours: what would take longer to fill its room is not worth a person's time.
const harmlessHours = 400 * 24

// harmless says that the growth would need more than a year to meet the capacity.
func (d *Detector) harmless(l Limits) bool {
	if !(l.Capacity > 0) || d.env.last > 0.9*l.Capacity || d.x[fLoop] > 0 {
		return false
	}
	fastest := max(d.shape.slope, d.shape.daySlope, d.shape.weekGrowth/(d.env.pastHours()+6), 0)
	return (l.Capacity - d.env.last) > fastest*harmlessHours
}

// Detect judges one series with scratch memory of its own. Use a Detector for many.
func Detect(w Window, h History, l Limits) Verdict {
	var d Detector
	return d.Detect(w, h, l)
}

// enough says whether there is something to judge: half of the last hour, and two hours in all.
func (d *Detector) enough(w Window) (Cause, bool) {
	e := &d.env
	if e.samples == 0 || e.lastSamples == 0 || 2*e.lastSamples < e.lastSlots {
		return NoData, false
	}
	seconds := int64(e.samples) * max(w.Step, 1)
	if seconds < int64(2*time.Hour/time.Second) {
		return TooShort, false
	}
	return "", true
}

// leakNumbers fills in onset, slope and time to exhaustion.
func (d *Detector) leakNumbers(v *Verdict, l Limits) {
	d.shape.onset = d.onsetFloor()
	v.SlopePerHour, v.SlopeLow, v.SlopeHigh = d.slopeNow(l)
	v.Onset = d.onset()
	if !(l.Capacity > 0) {
		return
	}
	left := l.Capacity - v.Value
	if left <= 0.005*l.Capacity {
		v.Exhaustion = Exhaustion{At: d.end, Earliest: d.end, Latest: d.end}
		return
	}
	if v.SlopePerHour <= 0 {
		return
	}
	v.Exhaustion = forecast(left, v.SlopePerHour, v.SlopeLow, v.SlopeHigh, d.end)
}

// describe keeps the reasons that weigh most, for and against.
func (d *Detector) describe(v *Verdict, way int, points *features) {
	var places [maxReasons]int
	var weights [maxReasons]float64
	n := 0
	for i := range points {
		weight := math.Abs(d.relative(way, i, points))
		if d.x[i] != d.x[i] || weight <= 0.05 || n == maxReasons && weight <= weights[n-1] {
			continue
		}
		n = min(n+1, maxReasons)
		k := n - 1
		for ; k > 0 && weights[k-1] < weight; k-- {
			places[k], weights[k] = places[k-1], weights[k-1]
		}
		places[k], weights[k] = i, weight
	}
	for k, i := range places[:n] {
		r := Reason{Code: featureTable[i].code, Value: d.x[i], Points: d.relative(way, i, points)}
		if show := featureTable[i].show; show != nil {
			r.Value = show(r.Value)
		}
		v.reasons[k] = r
	}
	v.reasonCount = n
}

// relative is what a feature adds compared to the middle of its curve; a limit that is not met and
// a kill that was not seen are no reasons.
func (d *Detector) relative(way, i int, points *features) float64 {
	p := points[i]
	if p != p || featureTable[i].ways&(1<<way) == 0 {
		return 0
	}
	if f := feature(i); f == fLimit || f == fLoop {
		return p
	}
	c := &taught.curves[way][i].points
	return p - (c[0]+c[len(featureTable[i].knots)-1])/2
}
