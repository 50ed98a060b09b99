package suspect

import (
	"math"

	"github.com/memseep/memseep/leak"
)

// contain marks what another group holds, so that no memory is counted twice.
//
// No source says which process runs in which container, so the curves have to: a container's
// memory moves with that of the processes inside it. A process gives way to its container, and a
// container to its pod: the outer one is what is deployed, restarted and limited as one, and its
// name outlives a pid. The outer one takes over what is known of the inner one, so that a leak seen
// only there is not lost.
func (r *Ranker) contain() {
	for i := range r.groups {
		p := &r.groups[i]
		for j := range r.groups {
			h := &r.groups[j]
			if !(rank(p) > 0 && rank(h) > rank(p)) || !h.holds(p) {
				continue
			}
			p.contained = true
			h.leaks = h.leaks || p.leaks
			if p.points() > h.points() && h.growth.rate > 0 {
				h.growth.belief = min(p.points()/h.growth.rate, 1)
			}
		}
	}
}

// rank orders the kinds from the inside out; 0 is neither inside nor outside of anything.
func rank(g *group) int {
	switch g.object.Kind {
	case leak.KindProcess:
		return 1
	case leak.KindContainer:
		return 2
	case leak.KindPod:
		return 3
	}
	return 0
}

// What the curves of a part and its whole have in common.
const (
	leastTogether = 0.5  // correlation of what they change by from floor to floor
	leastAlike    = 0.99 // correlation of the floors, where their slopes are the same
	slack         = 0.15 // how far slopes, and the change of the whole for that of the part, may differ
)

// holds tells whether the memory of p is part of that of h.
//
// Either what p changes by from floor to floor is found again in h, one to one; or p is nearly all
// of h: the same slope and the same curve.
func (h *group) holds(p *group) bool {
	if !(p.growth.rate > 0) || !(h.growth.rate > 0) ||
		!(p.bytes <= h.bytes*(1+slack)) || p.growth.rate > h.growth.rate*(1+slack) {
		return false
	}
	var level, change moments
	previous := -1
	for i, x := range h.floors {
		y := p.floors[i]
		if x != x || y != y {
			continue
		}
		level.add(x-h.bytes, y-p.bytes)
		if previous >= 0 {
			change.add(x-h.floors[previous], y-p.floors[previous])
		}
		previous = i
	}
	if change.correlation() >= leastTogether && math.Abs(change.slope()-1) <= 2*slack {
		return true
	}
	return p.growth.rate >= h.growth.rate*(1-slack) && level.correlation() >= leastAlike
}

// moments are sums over pairs of a whole's value x and its part's value y.
type moments struct{ n, x, y, xx, xy, yy float64 }

func (m *moments) add(x, y float64) {
	m.n++
	m.x += x
	m.y += y
	m.xx += x * x
	m.xy += x * y
	m.yy += y * y
}

// slope is how much the whole changes for one of the part.
func (m *moments) slope() float64 {
	return (m.xy - m.x*m.y/m.n) / (m.yy - m.y*m.y/m.n)
}

// correlation is NaN where one of them never changes.
func (m *moments) correlation() float64 {
	return (m.xy - m.x*m.y/m.n) / math.Sqrt((m.xx-m.x*m.x/m.n)*(m.yy-m.y*m.y/m.n))
}
