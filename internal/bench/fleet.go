package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// The made fleet: the same at every run.
const (
	seed       = 20260301
	totalBytes = 16 << 30
	window     = 6 * time.Hour
	week       = 7 * 24 * time.Hour
)

// at is the time of the inspections: somewhere between two full hours, as is usual.
var at = time.Date(2026, 3, 1, 16, 34, 0, 0, time.UTC)

func hostName(i int) string { return fmt.Sprintf("host-%06d", i) }

// used fills the percents of memory that a host uses, a minute each, the last at the end. The end
// is the same whatever the length. One host of a hundred leaks.
func used(i int, out []float64) {
	r := rand.New(rand.NewPCG(seed, uint64(i)))
	level := 25 + 40*r.Float64()
	slope := 0.0
	if i%100 == 7 {
		slope = 0.01 + 0.05*r.Float64() // percent a minute
	}
	walk := 0.0
	for ago := range out {
		walk = 0.95*walk + 0.3*r.NormFloat64()
		v := level + walk + 0.1*r.NormFloat64() - slope*float64(min(ago, 6*60))
		out[len(out)-1-ago] = min(max(v, 1), 100)
	}
}

// availableBytes is MemAvailable for a use in percent, in whole KiB as the kernel tells it.
func availableBytes(percent float64) float64 {
	return float64(int64(totalBytes*(1-percent/100)) >> 10 << 10)
}
