package leak

import "math"

// mostKnots bounds the curve of a feature.
const mostKnots = 7

// curve turns a feature's value into points: straight between the knots, level outside of them.
type curve struct {
	points  [mostKnots]float64 // at the knots of the feature
	unknown float64            // where the value is NaN
}

// The two ways in which a leak shows itself: within hours, or over days.
const (
	byHours = iota
	byDays
	wayCount
)

// model is an additive model for each of the two ways: the points of a way's features add up to
// the log-odds that it is a leak which shows that way. A series leaks if either way says so; the
// chance that it does not is the product of the two (noisy or).
type model struct {
	base   [wayCount]float64
	curves [wayCount][featureCount]curve
}

// score adds up the points of one way and keeps each feature's.
func (m *model) score(way int, x *features, points *features) float64 {
	z := m.base[way]
	for i := range x {
		points[i] = 0
		if featureTable[i].ways&(1<<way) == 0 {
			continue
		}
		p := m.curves[way][i].at(featureTable[i].knots, x[i])
		points[i] = p
		z += p
	}
	return z
}

// chance joins the log-odds of the ways into the probability of a leak.
func chance(z [wayCount]float64) float64 {
	healthy := 1.0
	for _, v := range z {
		healthy *= logistic(-v)
	}
	return 1 - healthy
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
