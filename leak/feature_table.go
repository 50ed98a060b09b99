package leak

// featureTable gives each feature its code, the direction in which it speaks for a leak, and the
// knots of its curve. What the curves are worth at the knots is taught: curves.go.
var featureTable = [featureCount]struct {
	code  string
	ways  uint8   // 1: within hours, 2: over days, 3: both
	sign  float64 // +1: more speaks for a leak; −1: more speaks against one
	knots []float64
}{
	fTrend:       {"floor_rises", 1, +1, []float64{-0.1, 0.2, 0.4, 0.6, 0.75, 0.88, 0.97}},
	fStrength:    {"growth_over_noise", 1, +1, []float64{0, 0.8, 1.5, 2.2, 3, 4, 6}},
	fLate:        {"keeps_on", 1, +1, []float64{-0.5, 0, 0.25, 0.5, 0.8, 1.2, 2}},
	fLastHour:    {"last_hour", 1, +1, []float64{-1, 0, 0.3, 0.6, 1, 2}},
	fStepLike:    {"one_step", 1, -1, []float64{-0.3, -0.2, -0.12, -0.05, 0.05, 0.2}},
	fStraight:    {"straight_since", 1, +1, []float64{0, 0.3, 0.5, 0.7, 0.85, 0.93, 0.98}},
	fSince:       {"growth_since", 1, +1, []float64{1, 1.6, 2.2, 2.8, 3.5, 4.5}},
	fEven:        {"even_since", 1, +1, []float64{-0.5, 0, 0.2, 0.4, 0.6, 0.8}},
	fThirds:      {"thirds_since", 1, +1, []float64{-0.5, 0, 0.2, 0.4, 0.6, 0.8}},
	fGivenBack:   {"given_back", 1, -1, []float64{0.1, 0.25, 0.4, 0.6, 0.9, 1.5}},
	fHours:       {"hours_since", 1, +1, []float64{0, 0.6, 1.2, 1.8, 2.3, 2.58}},
	fBend:        {"slows_down", 1, -1, []float64{-0.6, -0.2, 0.1, 0.3, 0.6, 0.9}},
	fRecord:      {"new_height", 3, +1, []float64{-1.5, -0.5, 0, 0.4, 1, 2, 4}},
	fRepeat:      {"not_repeated", 3, +1, []float64{-1, -0.3, 0.1, 0.4, 0.7, 0.95}},
	fRise:        {"rise_without_example", 3, +1, []float64{-2, -1, -0.3, 0.2, 0.8, 1.6, 3}},
	fDays:        {"two_days_rise", 2, +1, []float64{-0.2, 0.2, 0.45, 0.65, 0.8, 0.9, 0.97}},
	fDrawdown:    {"two_days_fall", 2, -1, []float64{0.05, 0.15, 0.3, 0.5, 0.8, 1.5}},
	fWeek:        {"week_rises", 2, +1, []float64{-0.2, 0.2, 0.5, 0.7, 0.85, 0.95}},
	fWeekFall:    {"week_falls", 2, -1, []float64{0.02, 0.1, 0.25, 0.5, 1, 2}},
	fHighs:       {"new_highs", 1, +1, []float64{0, 2, 3, 4, 5, 7, 9}},
	fFallBack:    {"falls_back", 1, -1, []float64{0.05, 0.15, 0.3, 0.5, 0.8, 1.3}},
	fDay:         {"day_rises", 3, +1, []float64{0, 0.3, 0.5, 0.65, 0.8, 0.92}},
	fHalfDayBend: {"half_day_slows_down", 3, -1, []float64{-0.5, -0.1, 0.2, 0.4, 0.6, 0.85}},
	fHalfDay:     {"half_day_rises", 3, +1, []float64{0, 0.3, 0.5, 0.65, 0.8, 0.92}},
	fSeasonRise:  {"rises_over_yesterday", 2, +1, []float64{0, 0.3, 0.5, 0.7, 0.85, 0.95}},
	fSeasonLow:   {"above_yesterday", 2, +1, []float64{-2, -0.8, 0, 0.7, 1.5, 3}},
	fDaysStep:    {"two_days_one_step", 2, -1, []float64{-0.3, -0.15, -0.05, 0.05, 0.2}},
	fDaysHighs:   {"two_days_new_highs", 2, +1, []float64{0, 0.15, 0.3, 0.45, 0.6, 0.8}},
	fDrops:       {"fell_before", 3, -1, []float64{0, 1, 2, 3, 4}},
	fLimit:       {"limit_met", 2, +1, []float64{0, 0.3, 0.6, 0.85}},
	fLoop:        {"killed_and_grown_again", 1, +1, []float64{0, 1, 2, 3}},
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
