package leak

// Cause says what kind of growth, or of harmless movement, a verdict saw.
type Cause string

// Causes of a leak, then of no leak, then of no verdict.
const (
	Steady       Cause = "steady"
	Stepping     Cause = "stepping"
	Accelerating Cause = "accelerating"
	Restarting   Cause = "restarting"
	Exhausted    Cause = "exhausted"
	Slow         Cause = "slow"

	SteadyLevel Cause = "steady_level"
	WarmUp      Cause = "warm_up"
	Step        Cause = "step"
	Daily       Cause = "daily"
	Batch       Cause = "batch"
	Released    Cause = "released"
	Restart     Cause = "restart"
	Noise       Cause = "noise"
	NoData      Cause = "no_data"
	TooShort    Cause = "too_short"
)

// Level is how urgent a leak is.
type Level string

// Levels, most urgent first.
const (
	Critical Level = "critical"
	Error    Level = "error"
	Warning  Level = "warning"
	OK       Level = "ok"
)

// maxReasons bounds the reasons of a verdict, so that a verdict needs no memory of its own.
const maxReasons = 6

// Reason is one number that speaks for or against a leak.
type Reason struct {
	Code   string  // e.g. "floor_rises"; stable, for programs
	Value  float64 // the number
	Points float64 // log-odds that it adds: above zero speaks for a leak
}

// Exhaustion is when the series meets its capacity, in unix seconds; 0 where it does not.
type Exhaustion struct {
	At, Earliest, Latest int64
}

// Verdict is what the detector says of one series.
type Verdict struct {
	Leak       bool
	Cause      Cause
	Level      Level
	Confidence float64 // 0..1: the calibrated probability that Leak is right
	Value      float64 // at the end of the window, in the series' unit; NaN without samples
	Onset      int64   // when the growth began, unix seconds; 0 where there is none
	// SlopePerHour is the growth of the floor in the series' unit an hour, between SlopeLow and
	// SlopeHigh with about 90 %.
	SlopePerHour, SlopeLow, SlopeHigh float64
	Exhaustion                        Exhaustion
	Restarts                          Restarts // where it is killed, leaks again, and is known to have started
	reasons                           [maxReasons]Reason
	reasonCount                       int
}

// Reasons returns the numbers behind the verdict, the weightiest first.
func (v *Verdict) Reasons() []Reason { return v.reasons[:v.reasonCount] }

// Overrule turns a leak into no leak on evidence from outside of its series: the cause that is then
// told, the probability that this is right, and the reason, which comes first.
func (v *Verdict) Overrule(cause Cause, confidence float64, r Reason) {
	v.Leak, v.Cause, v.Level, v.Confidence = false, cause, OK, confidence
	v.Onset, v.Exhaustion, v.Restarts = 0, Exhaustion{}, Restarts{}
	v.SlopePerHour, v.SlopeLow, v.SlopeHigh = 0, 0, 0
	v.reasonCount = min(v.reasonCount+1, maxReasons)
	copy(v.reasons[1:], v.reasons[:maxReasons-1])
	v.reasons[0] = r
}

// Restart says of a leak that it is killed and leaks again. What is killed long before it has filled
// its capacity never does: nothing is exhausted then.
func (v *Verdict) Restart(r Restarts, capacity float64) {
	v.Cause, v.Restarts = Restarting, r
	if r.Count > 0 && r.Peak < fillsFrom*capacity {
		v.Exhaustion = Exhaustion{}
	}
	if r.Every > 0 {
		v.Onset = r.First - r.Every
	}
}

// fillsFrom is the share of its capacity at which a kill may be for want of it.
const fillsFrom = 0.9

// RestartAs says of a host that it grows as its culprit does, a workload that is killed and leaks
// again: peak is the height at which the host stands then, perUnit the host's unit for one of the culprit's.
func (v *Verdict) RestartAs(culprit *Verdict, peak, perUnit, capacity float64, end int64, t Thresholds) {
	v.SlopePerHour, v.SlopeLow, v.SlopeHigh = perUnit*culprit.SlopePerHour, perUnit*culprit.SlopeLow, perUnit*culprit.SlopeHigh
	r := culprit.Restarts
	r.Peak = peak
	v.Restart(r, capacity)
	v.Level = t.levelOf(v, capacity, end)
}

// Reforecast replaces the growth of a leak by one that is known better from elsewhere, in the
// series' unit an hour, and the time to exhaustion with it: capacity in the same unit, end the time
// of the verdict in unix seconds. The interval keeps its
// relative width; the level follows the time left.
func (v *Verdict) Reforecast(slopePerHour, capacity float64, end int64, t Thresholds) {
	if !v.Leak || !(slopePerHour > 0) || !(v.SlopePerHour > 0) {
		return
	}
	ratio := slopePerHour / v.SlopePerHour
	v.SlopePerHour, v.SlopeLow, v.SlopeHigh = slopePerHour, v.SlopeLow*ratio, v.SlopeHigh*ratio
	if v.Exhaustion.At > end {
		v.Exhaustion = forecast(capacity-v.Value, v.SlopePerHour, v.SlopeLow, v.SlopeHigh, end)
		v.Level = t.levelOf(v, capacity, end)
	}
}

// forecast says when so much room is used up at a slope and at the ends of its interval.
func forecast(left, slope, low, high float64, end int64) Exhaustion {
	at := func(perHour float64) int64 {
		if hours := left / perHour; perHour > 0 && hours <= 24*3650 {
			return end + int64(hours*3600)
		}
		return 0 // beyond ten years
	}
	return Exhaustion{At: at(slope), Earliest: at(max(high, slope)), Latest: at(low)}
}
