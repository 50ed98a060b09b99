package leak

// Thresholds turn a leak's time to exhaustion and level of use into a level. The level is the
// more urgent of what the two say.
type Thresholds struct {
	CriticalHours, ErrorHours     float64 // at most so many hours left
	CriticalPercent, ErrorPercent float64 // at least so much of the capacity in use
}

// DefaultThresholds: six hours or 95 % are critical, a day or 85 % an error.
var DefaultThresholds = Thresholds{CriticalHours: 6, ErrorHours: 24, CriticalPercent: 95, ErrorPercent: 85}

// level of a leak with that many hours left (negative where it is not known) at that share of its
// capacity in percent.
func (t Thresholds) level(hours, percent float64) Level {
	if t == (Thresholds{}) {
		t = DefaultThresholds
	}
	switch known := hours >= 0; {
	case known && hours <= t.CriticalHours, percent >= t.CriticalPercent:
		return Critical
	case known && hours <= t.ErrorHours, percent >= t.ErrorPercent:
		return Error
	}
	return Warning
}

// levelOf is the level of a leak of which the capacity is known, or 0, at the end of its window.
func (t Thresholds) levelOf(v *Verdict, capacity float64, end int64) Level {
	hours, percent := -1.0, 0.0
	if v.Exhaustion.At > 0 {
		hours = float64(v.Exhaustion.At-end) / 3600
	}
	if capacity > 0 {
		percent = 100 * v.Value / capacity
	}
	return t.level(hours, percent)
}
