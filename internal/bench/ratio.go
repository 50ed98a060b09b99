package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// ratio is what something of ours costs, divided by what it is compared with.
type ratio struct {
	name        string
	value, goal float64
	atLeast     bool // whether the goal is the least, not the most
}

func (r ratio) String() string {
	than := "<="
	if r.atLeast {
		than = ">="
	}
	return fmt.Sprintf("ratio %s %.2f goal %s%g", r.name, r.value, than, r.goal)
}

// ratio notes a figure that shall not be above its goal.
func (b *bench) ratio(name string, value, goal float64) { b.note(ratio{name, value, goal, false}) }

// atLeast notes one that shall not be below.
func (b *bench) atLeast(name string, value, goal float64) { b.note(ratio{name, value, goal, true}) }

func (b *bench) note(r ratio) {
	b.ratios = append(b.ratios, r)
	fmt.Println("  " + r.String())
}

// compare runs two things in turns, so that both meet the machine in the same states, and returns
// the median time of each. The first turn warms up and does not count.
func compare(ctx context.Context, turns int, ours, theirs func() error) (ourTime, theirTime time.Duration, err error) {
	var a, b []time.Duration
	for turn := range turns + 1 {
		for _, side := range []struct {
			run   func() error
			times *[]time.Duration
		}{{ours, &a}, {theirs, &b}} {
			if err := ctx.Err(); err != nil {
				return 0, 0, err
			}
			start := time.Now()
			if err := side.run(); err != nil {
				return 0, 0, err
			}
			if turn > 0 {
				*side.times = append(*side.times, time.Since(start))
			}
		}
	}
	return median(a), median(b), nil
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// quotient is of two times.
func quotient(a, b time.Duration) float64 { return float64(a) / float64(b) }

// micros is a time divided by how often something was done, in microseconds.
func micros(d time.Duration, times int) float64 {
	return d.Seconds() * 1e6 / float64(times)
}
