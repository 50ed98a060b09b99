package main

import (
	"fmt"
	"math"
	"sort"

	"github.com/memseep/memseep/leak"
)

const (
	// healthyWeight is what a false alarm costs against a leak that is missed.
	healthyWeight = 0.35
	// recordedWeight is what an alarm on a recorded healthy machine costs: there are few of them.
	recordedWeight = 18.0
	// shrink pulls the rise between two knots towards nothing (ridge), an example's worth.
	shrink = 8e-6
)

// ways is the number of additive models that are joined.
const ways = 2

// taught is a fitted model: for each way and feature the points at the knots, and where it is
// unknown.
type taught struct {
	base    [ways]float64
	points  [ways][][]float64
	unknown [ways][]float64
}

// layout says which columns of a row belong to a feature in one way.
type layout struct {
	first []int // column of the first segment of each feature; the last of each is "unknown"
	cols  int   // with the base, the last
}

func newLayout(way int) layout {
	n := len(leak.FeatureCodes())
	l := layout{first: make([]int, n+1)}
	for f := range n {
		l.first[f+1] = l.first[f]
		if leak.FeatureWays(f)&(1<<way) != 0 {
			_, knots := leak.FeatureCurve(f)
			l.first[f+1] += len(knots)
		}
	}
	l.cols = l.first[n] + 1
	return l
}

func (l layout) row(x []float64) []float32 {
	row := make([]float32, l.cols)
	row[l.cols-1] = 1
	for f := range x {
		if l.first[f] < l.first[f+1] {
			segments(row[l.first[f]:l.first[f+1]], f, x[f])
		}
	}
	return row
}

// fit finds the curves that make the examples likeliest, each rising (or falling) only in the
// direction of its feature. A series is healthy if neither way calls it a leak, so that the
// likelihood is that of a noisy or of two logistic regressions on the segments between knots with
// weights that may not be negative; it is climbed by projected gradients with momentum (Nesterov).
func fit(examples []example, rounds int) taught {
	total := 0.0
	for _, e := range examples {
		total += e.weight
	}
	var all [ways]climb
	for way := range all {
		all[way] = newClimb(way, examples, total)
	}
	t := 1.0
	for range rounds {
		gradient(&all, examples, total)
		next := (1 + math.Sqrt(1+4*t*t)) / 2
		for way := range all {
			all[way].advance((t - 1) / next)
		}
		t = next
	}
	var w [ways][]float64
	var lay [ways]layout
	for way := range all {
		w[way], lay[way] = all[way].w, all[way].lay
	}
	return curves(w, lay)
}

// climb is the search for the weights of one way.
type climb struct {
	lay     layout
	rows    [][]float32 // of the examples
	w, look []float64   // the weights, and where the gradient is looked at
	g       []float64   // the gradient of the loss there
	free    []bool      // columns of either sign
	step    float64
}

func newClimb(way int, examples []example, total float64) climb {
	c := climb{lay: newLayout(way)}
	for _, e := range examples {
		c.rows = append(c.rows, c.lay.row(e.x))
	}
	cols := c.lay.cols
	c.w, c.look, c.g, c.free = make([]float64, cols), make([]float64, cols), make([]float64, cols), make([]bool, cols)
	base := cols - 1
	c.w[base], c.look[base], c.free[base] = -1, -1, true
	for f, b := range c.lay.first[1:] {
		if c.lay.first[f] < b {
			c.free[b-1] = true // where the feature is unknown
		}
	}
	c.step = 1 / (bound(c.rows, examples, total) + shrink)
	return c
}

// gradient is that of the loss of all examples, in all ways at once.
func gradient(all *[ways]climb, examples []example, total float64) {
	for way := range all {
		c := &all[way]
		for j := range c.g {
			c.g[j] = shrink * c.look[j]
		}
	}
	for i, e := range examples {
		var q [ways]float64
		healthy := 1.0
		for way := range all {
			z := 0.0
			for j, b := range all[way].rows[i] {
				z += float64(b) * all[way].look[j]
			}
			q[way] = 1 / (1 + math.Exp(z))
			healthy *= q[way]
		}
		for way := range all {
			d := 1 - q[way] // of −log(healthy)
			if e.leak {
				d *= -healthy / max(1-healthy, 1e-9)
			}
			d *= e.weight / total
			for j, b := range all[way].rows[i] {
				all[way].g[j] += d * float64(b)
			}
		}
	}
}

// advance makes a step down the gradient, and looks ahead by the momentum.
func (c *climb) advance(momentum float64) {
	for j := range c.w {
		v := c.look[j] - c.g[j]*c.step
		if !c.free[j] {
			v = max(v, 0)
		}
		c.look[j] = v + momentum*(v-c.w[j])
		c.w[j] = v
	}
}

// segments writes how much of each segment between two knots lies below x; sign −1 counts from
// the other end, so that every weight is a gain of points.
func segments(row []float32, f int, x float64) {
	sign, knots := leak.FeatureCurve(f)
	last := len(row) - 1
	if math.IsNaN(x) {
		row[last] = 1
		return
	}
	for j := range last {
		share := (x - knots[j]) / (knots[j+1] - knots[j])
		share = min(max(share, 0), 1)
		if sign < 0 {
			share = 1 - share
		}
		row[j] = float32(share)
	}
}

// bound is an upper bound of the loss' second derivative in any direction.
func bound(rows [][]float32, examples []example, total float64) float64 {
	cols := len(rows[0])
	v, next := make([]float64, cols), make([]float64, cols)
	for j := range v {
		v[j] = 1
	}
	size := 1.0
	for range 30 {
		clear(next)
		for i, row := range rows {
			dot := 0.0
			for j, b := range row {
				dot += float64(b) * v[j]
			}
			dot *= examples[i].weight / total / 4
			for j, b := range row {
				next[j] += dot * float64(b)
			}
		}
		size = 0
		for _, x := range next {
			size += x * x
		}
		size = math.Sqrt(size)
		for j := range v {
			v[j] = next[j] / size
		}
	}
	return size * 1.05
}

func curves(w [ways][]float64, lay [ways]layout) taught {
	var m taught
	for way := range ways {
		m.base[way] = w[way][lay[way].cols-1]
		for f := range lay[way].first[1:] {
			a, b := lay[way].first[f], lay[way].first[f+1]
			sign, knots := leak.FeatureCurve(f)
			points, unknown := make([]float64, len(knots)), 0.0
			if a < b {
				unknown = w[way][b-1]
				accumulate(points, w[way][a:b-1], sign)
			}
			m.points[way] = append(m.points[way], points)
			m.unknown[way] = append(m.unknown[way], unknown)
		}
	}
	return m
}

// accumulate turns gains between knots into points at the knots.
func accumulate(points, gains []float64, sign float64) {
	if sign > 0 {
		for j, g := range gains {
			points[j+1] = points[j] + g
		}
		return
	}
	for j := len(gains) - 1; j >= 0; j-- {
		points[j] = points[j+1] + gains[j]
	}
}

// score is the log-odds of a leak.
func (m taught) score(x []float64) float64 {
	healthy := 1.0
	for way := range ways {
		z := m.base[way]
		for f, v := range x {
			z += m.of(way, f, v)
		}
		healthy /= 1 + math.Exp(z)
	}
	return math.Log(max(1-healthy, 1e-12) / max(healthy, 1e-12))
}

func (m taught) of(way, f int, v float64) float64 {
	_, knots := leak.FeatureCurve(f)
	p := m.points[way][f]
	if math.IsNaN(v) {
		return m.unknown[way][f]
	}
	i := sort.SearchFloat64s(knots, v)
	switch {
	case i == 0:
		return p[0]
	case i == len(knots):
		return p[len(p)-1]
	}
	return p[i-1] + (v-knots[i-1])/(knots[i]-knots[i-1])*(p[i]-p[i-1])
}

// report prints how many of each kind are judged right, and F1 over all.
func report(title string, examples []example, m taught) {
	right, all := map[string]int{}, map[string]int{}
	var tp, fp, fn float64
	for _, e := range examples {
		says := m.score(e.x) > 0
		all[e.kind]++
		switch {
		case says == e.leak:
			right[e.kind]++
			if says {
				tp++
			}
		case says:
			fp++
		default:
			fn++
		}
	}
	fmt.Printf("\n%s: F1 %.3f\n", title, 2*tp/max(2*tp+fp+fn, 1))
	for _, k := range sortedKeys(all) {
		if right[k] < all[k] {
			fmt.Printf("  %-32s %4d of %4d\n", k, right[k], all[k])
		}
	}
}

func sortedKeys(m map[string]int) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
