package suspect

import (
	"cmp"
	"math"
	"slices"

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
	for outer := 2; outer <= 3; outer++ {
		for i := range r.groups {
			if h := &r.groups[i]; rank(h) == outer && h.growth.rate > 0 {
				r.containIn(h)
			}
		}
	}
}

// containIn finds what h holds. Those whose bends are found again in h are inside for sure. What
// then is left of its growth comes from those with the same curve, the fastest first, if together
// they make up for it: of several that leak inside, the noise of one hides that of another.
func (r *Ranker) containIn(h *group) {
	r.inside = r.inside[:0]
	left := h.growth.rate
	for i := range r.groups {
		p := &r.groups[i]
		if p.contained || rank(p) == 0 || rank(p) >= rank(h) {
			continue
		}
		switch h.holds(p) {
		case surely:
			h.take(p)
			left -= p.growth.rate
		case maybe:
			r.inside = append(r.inside, p)
		}
	}
	slices.SortFunc(r.inside, func(a, b *group) int {
		return cmp.Or(cmp.Compare(b.growth.rate, a.growth.rate), compareObjects(a.object, b.object))
	})
	most := slack * h.growth.rate
	taken := r.inside[:0]
	for _, p := range r.inside {
		if p.growth.rate <= left+most {
			left -= p.growth.rate
			taken = append(taken, p)
		}
	}
	if math.Abs(left) > most {
		return
	}
	for _, p := range taken {
		h.take(p)
	}
}

// take makes p a part of h.
func (h *group) take(p *group) {
	p.contained = true
	h.leaks = h.leaks || p.leaks
	if p.points() > h.points() {
		h.growth.belief = min(p.points()/h.growth.rate, 1)
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
	together = 0.5  // correlation of their bends
	hint     = 0.25 // the same where their curves are alike
	alike    = 0.99 // correlation of the floors themselves
	slack    = 0.15 // how far the growth of all parts may differ from that of the whole, as a share
)

type holding int

const (
	no holding = iota
	maybe
	surely
)

// holds tells whether the memory of p is part of that of h: surely where the bends of p are found
// again in h, one to one; maybe where only the curves are alike, as all that leaks at one rate is.
func (h *group) holds(p *group) holding {
	if !(p.growth.rate > 0) || !(p.bytes <= h.bytes*(1+slack)) || p.growth.rate > h.growth.rate*(1+slack) {
		return no
	}
	var level, bend moments
	for i, x := range h.floors {
		if y := p.floors[i]; x == x && y == y {
			level.add(x-h.bytes, y-p.bytes)
		}
	}
	for i := range h.bends {
		if x, y := h.bends[i], p.bends[i]; x == x && y == y {
			bend.add(x, y)
		}
	}
	same := level.correlation() >= alike
	if c := bend.correlation(); math.Abs(bend.slope()-1) <= 0.5 && (c >= together || same && c >= hint) {
		return surely
	}
	if same {
		return maybe
	}
	return no
}

// bends are the second differences of the floors: what is left of a curve without its growth. Those
// beyond three times their median are cut there, so that the onset does not outweigh the rest.
func bends(floor *[floors]float64) (b [floors]float64) {
	var size [floors]float64
	n := 0
	b[0], b[floors-1] = math.NaN(), math.NaN()
	for i := 1; i < floors-1; i++ {
		b[i] = floor[i-1] - 2*floor[i] + floor[i+1]
		if b[i] == b[i] {
			size[n] = math.Abs(b[i])
			n++
		}
	}
	if n == 0 {
		return b
	}
	slices.Sort(size[:n])
	most := 3 * size[n/2]
	for i, x := range b {
		b[i] = min(max(x, -most), most)
	}
	return b
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
