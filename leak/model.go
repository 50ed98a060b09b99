package leak

import "math"

// mostKnots bounds the curve of a feature.
const mostKnots = 7

// curve turns a feature's value into points: straight between the knots, level outside of them.
type curve struct {
	points  [mostKnots]float64 // at the knots of the feature
	unknown float64            // where the value is NaN
}

// model is an additive model: the points of all features add up to the log-odds of a leak.
type model struct {
	base   float64
	curves [featureCount]curve
}

// score adds up the points and keeps each feature's.
func (m *model) score(x *features, points *features) float64 {
	z := m.base
	for i := range x {
		p := m.curves[i].at(featureTable[i].knots, x[i])
		points[i] = p
		z += p
	}
	return z
}

func (c *curve) at(knots []float64, x float64) float64 {
	if x != x {
		return c.unknown
	}
	last := len(knots) - 1
	if x <= knots[0] {
		return c.points[0]
	}
	for i := 1; i <= last; i++ {
		if x < knots[i] {
			w := (x - knots[i-1]) / (knots[i] - knots[i-1])
			return c.points[i-1] + w*(c.points[i]-c.points[i-1])
		}
	}
	return c.points[last]
}

func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
