package leak

// Detector holds the scratch memory of one worker: Detect allocates nothing once it is warm.
// A Detector must not be used by two goroutines at once; the zero value is ready.
type Detector struct {
	Thresholds Thresholds // levels; the zero value means DefaultThresholds

	env       envelope
	x         features
	shape     shape
	end       int64 // of the window
	at, val   [mostPlaces]float64
	pairs     [windowFloors * (windowFloors - 1) / 2]float64
	pairCount int
	scratch   [fineFloors]float64
	earlier   []float64 // the window of Earlier
}
