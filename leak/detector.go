package leak

// Detector holds the scratch memory of one worker: Detect allocates nothing once it is warm.
// A Detector must not be used by two goroutines at once; the zero value is ready.
type Detector struct {
	Thresholds Thresholds // levels; the zero value means DefaultThresholds
}

// Thresholds turn a leak's time to exhaustion and level of use into a level. The level is the
// more urgent of what the two say.
type Thresholds struct {
	CriticalHours, ErrorHours     float64 // at most so many hours left
	CriticalPercent, ErrorPercent float64 // at least so much of the capacity in use
}

// DefaultThresholds: six hours or 95 % are critical, a day or 85 % an error.
var DefaultThresholds = Thresholds{CriticalHours: 6, ErrorHours: 24, CriticalPercent: 95, ErrorPercent: 85}

// Detect judges one series.
func (d *Detector) Detect(w Window, h History, l Limits) Verdict { return Verdict{} }
