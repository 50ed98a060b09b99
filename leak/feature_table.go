package leak

import "math"

// featureTable gives each feature its code, the direction in which it speaks for a leak, and the
// knots of its curve. What the curves are worth at the knots is taught: curves.go.
var featureTable = [featureCount]struct {
	code  string
	ways  uint8   // 1: within hours, 2: over days, 3: both
	sign  float64 // +1: more speaks for a leak; −1: more speaks against one
	knots []float64
	show  func(float64) float64 // the number that a person is told; nil where it is the feature itself
}{
	fStrength:    {"growth_over_noise", 1, +1, []float64{0, 0.8, 1.5, 2.2, 3, 4, 6}, unlogged},
	fLate:        {"keeps_on", 1, +1, []float64{-0.5, 0, 0.25, 0.5, 0.8, 1.2, 2}, nil},
	fLastHour:    {"last_hour", 1, +1, []float64{-1, 0, 0.3, 0.6, 1, 2}, nil},
	fStepLike:    {"one_step", 1, -1, []float64{-0.3, -0.2, -0.12, -0.05, 0.05, 0.2}, nil},
	fStraight:    {"straight_since", 1, +1, []float64{0, 0.3, 0.5, 0.7, 0.85, 0.93, 0.98}, nil},
	fEven:        {"even_since", 1, +1, []float64{-0.5, 0, 0.2, 0.4, 0.6, 0.8}, nil},
	fThirds:      {"thirds_since", 1, +1, []float64{-0.5, 0, 0.2, 0.4, 0.6, 0.8}, nil},
	fHours:       {"hours_since", 1, +1, []float64{0, 0.6, 1.2, 1.8, 2.3, 2.58}, math.Exp2},
	fBend:        {"slows_down", 1, -1, []float64{-0.6, -0.2, 0.1, 0.3, 0.6, 0.9}, nil},
	fRecord:      {"new_height", 1, +1, []float64{-1.5, -0.5, 0, 0.4, 1, 2, 4}, nil},
	fRepeat:      {"not_repeated", 1, +1, []float64{-1, -0.3, 0.1, 0.4, 0.7, 0.95}, nil},
	fRise:        {"rise_without_example", 1, +1, []float64{-2, -1, -0.3, 0.2, 0.8, 1.6, 3}, math.Exp2},
	fDays:        {"two_days_rise", 2, +1, []float64{-0.2, 0.2, 0.45, 0.65, 0.8, 0.9, 0.97}, nil},
	fWeek:        {"week_rises", 2, +1, []float64{-0.2, 0.2, 0.5, 0.7, 0.85, 0.95}, nil},
	fDay:         {"day_rises", 1, +1, []float64{0, 0.3, 0.5, 0.65, 0.8, 0.92}, nil},
	fHalfDayBend: {"half_day_slows_down", 2, -1, []float64{-0.5, -0.1, 0.2, 0.4, 0.6, 0.85}, nil},
	fHalfDay:     {"half_day_rises", 1, +1, []float64{0, 0.3, 0.5, 0.65, 0.8, 0.92}, nil},
	fSeasonRise:  {"rises_over_yesterday", 2, +1, []float64{0, 0.3, 0.5, 0.7, 0.85, 0.95}, nil},
	fSeasonLow:   {"above_yesterday", 2, +1, []float64{-2, -0.8, 0, 0.7, 1.5, 3}, nil},
	fDaysStep:    {"two_days_one_step", 2, -1, []float64{-0.3, -0.15, -0.05, 0.05, 0.2}, nil},
	fDaysHighs:   {"two_days_new_highs", 2, +1, []float64{0, 0.15, 0.3, 0.45, 0.6, 0.8}, nil},
	fDrops:       {"fell_before", 1, -1, []float64{0, 1, 2, 3, 4}, unlogged},
	fLimit:       {"limit_met", 2, +1, []float64{0, 0.3, 0.6, 0.85}, nil},
	fLoop:        {"killed_and_grown_again", 1, +1, []float64{0, 1, 2, 3}, nil},
}

// unlogged undoes signedLog2.
func unlogged(x float64) float64 {
	return math.Copysign(math.Exp2(math.Abs(x))-1, x)
}

// FeatureCodes lists the codes of the features in the order of Measure's numbers.
func FeatureCodes() []string {
	codes := make([]string, featureCount)
	for i := range codes {
		codes[i] = featureTable[i].code
	}
	return codes
}

// FeatureWays tells in which additive models feature i counts: bit 0 within hours, bit 1 over days.
func FeatureWays(i int) uint8 { return featureTable[i].ways }

// FeatureCurve returns the direction (+1 or −1) and the knots of feature i's curve.
func FeatureCurve(i int) (sign float64, knots []float64) {
	return featureTable[i].sign, featureTable[i].knots
}

// Measure appends the features of one series to into: what the model sees of it. NaN is unknown.
func (d *Detector) Measure(into []float64, w Window, h History, l Limits) []float64 {
	d.end = w.End()
	d.env.fill(w, h)
	d.measure(l)
	return append(into, d.x[:]...)
}
