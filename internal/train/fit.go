package main

import (
	"fmt"
	"math"
	"sort"

	"github.com/memseep/memseep/leak"
)

const (
	// healthyWeight is what a false alarm costs against a leak that is missed.
	healthyWeight = 0.5
	// shrink pulls the rise between two knots towards nothing (ridge), an example's worth.
	shrink = 2e-4
)

// taught is a fitted model: for each feature the points at its knots, and where it is unknown.
type taught struct {
	base    float64
	points  [][]float64
	unknown []float64
}

// fit finds the curves that make the examples likeliest, each rising (or falling) only in the
// direction of its feature: logistic regression on the segments between knots with weights that
// may not be negative, by accelerated projected gradients (Beck and Teboulle 2009).
func fit(examples []example, rounds int) taught {
	n := len(leak.FeatureCodes())
	first := make([]int, n+1) // column of the first segment of each feature
	for f := range n {
		_, knots := leak.FeatureCurve(f)
		first[f+1] = first[f] + len(knots) // segments, and one column for unknown
	}
	cols := first[n] + 1 // the base
	rows := make([][]float32, len(examples))
	total := 0.0
	for i, e := range examples {
		rows[i] = make([]float32, cols)
		rows[i][cols-1] = 1
		for f := range n {
			segments(rows[i][first[f]:first[f+1]], f, e.x[f])
		}
		total += e.weight
	}
	free := make([]bool, cols) // columns of either sign
	free[cols-1] = true
	for f := range n {
		free[first[f+1]-1] = true
	}
	w, look, grad := make([]float64, cols), make([]float64, cols), make([]float64, cols)
	curvature := bound(rows, examples, total)
	t := 1.0
	for range rounds {
		for j := range grad {
			grad[j] = shrink * look[j]
		}
		for i, e := range examples {
			z := 0.0
			for j, b := range rows[i] {
				z += float64(b) * look[j]
			}
			y := 0.0
			if e.leak {
				y = 1
			}
			g := (1/(1+math.Exp(-z)) - y) * e.weight / total
			for j, b := range rows[i] {
				grad[j] += g * float64(b)
			}
		}
		next := (1 + math.Sqrt(1+4*t*t)) / 2
		for j := range w {
			v := look[j] - grad[j]/(curvature+shrink)
			if !free[j] {
				v = max(v, 0)
			}
			look[j] = v + (t-1)/next*(v-w[j])
			w[j] = v
		}
		t = next
	}
	return curves(w, first, n)
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

func curves(w []float64, first []int, n int) taught {
	m := taught{base: w[len(w)-1]}
	for f := range n {
		sign, knots := leak.FeatureCurve(f)
		gains := w[first[f] : first[f+1]-1]
		points := make([]float64, len(knots))
		if sign > 0 {
			for j, g := range gains {
				points[j+1] = points[j] + g
			}
		} else {
			for j := len(gains) - 1; j >= 0; j-- {
				points[j] = points[j+1] + gains[j]
			}
		}
		m.points = append(m.points, points)
		m.unknown = append(m.unknown, w[first[f+1]-1])
	}
	return m
}

func (m taught) score(x []float64) float64 {
	z := m.base
	for f, v := range x {
		z += m.of(f, v)
	}
	return z
}

func (m taught) of(f int, v float64) float64 {
	_, knots := leak.FeatureCurve(f)
	p := m.points[f]
	if math.IsNaN(v) {
		return m.unknown[f]
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
