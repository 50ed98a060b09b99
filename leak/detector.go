package leak

// Detector holds the scratch memory of one worker: Detect allocates nothing once it is warm.
// A Detector must not be used by two goroutines at once; the zero value is ready.
type Detector struct {
	Thresholds Thresholds // levels; the zero value means DefaultThresholds

	env       envelope
	coarse    [hourFloors / 3]float64 // lowest of three hours
	x         features
	shape     shape
	end       int64 // of the window
	at, val   [mostPlaces]float64
	pairs     [windowFloors * (windowFloors - 1) / 2]float64
	pairCount int
	scratch   [fineFloors]float64
}
