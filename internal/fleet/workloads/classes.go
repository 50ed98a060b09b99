package workloads

import (
	"fmt"
	"math"

	"github.com/memseep/memseep/leak"
)

// Classes lists every class, in a fixed order.
func Classes() []Class {
	return []Class{
		{"plain", 0, func(m *machine) {
			m.leakSomehow(m.process(m.total*m.spread(0.001, 0.05)), m.leakHours())
			m.distract(0.35)
		}},
		{"small_leaker", 0, func(m *machine) {
			for range 1 + m.r.IntN(3) {
				big := m.process(m.total * m.between(0.06, 0.18))
				m.wander(big, m.total*m.spread(0.0005, 0.004), m.spread(10, 200))
			}
			hours := m.leakHours()
			p := m.process(m.total * m.spread(0.0005, 0.003))
			m.grow(p, m.ago(hours), min(m.total*m.spread(0.003, 0.03)/6, 0.3*m.total/hours))
			m.distract(0.3)
		}},
		{"kernel", 0, func(m *machine) {
			name := []string{"slab_unreclaimable", "page_tables", "shmem", "hugepages"}[m.r.IntN(4)]
			p := m.find(name)
			if p == nil {
				p = m.add(leak.KindKernel, name, m.total*m.spread(0.002, 0.02))
			}
			hours := m.leakHours()
			if name == "hugepages" { // taken in large pages, a handful at a time
				m.growByJumps(p, m.ago(hours), m.rate(hours), m.between(4, 20))
			} else {
				m.grow(p, m.ago(hours), m.rate(hours))
			}
			m.distract(0.35)
		}},
		{"pod", 0, func(m *machine) {
			siblings := m.deployment()
			m.leakSomehow(siblings[m.r.IntN(len(siblings))], m.leakHours())
			m.distract(0.35)
		}},
		{"hidden", 0, func(m *machine) {
			m.hidden = true
			hours := m.between(2.5, 6)
			perHour := m.rate(hours)
			m.grow(m.process(m.total*m.spread(0.002, 0.03)), m.ago(hours), perHour)
			falls := m.process(perHour*hours + m.total*m.spread(0.005, 0.05))
			from := m.ago(hours)
			for i := from; i < m.minutes; i++ {
				falls.v[i] -= perHour / 60 * float64(i-from) * 0.97
			}
			m.distract(0.2)
		}},
		{"gc_leaker", 0, func(m *machine) {
			hours := m.leakHours()
			p := m.process(m.total * m.spread(0.003, 0.05))
			l := m.grow(p, m.ago(hours), m.rate(hours))
			m.saw(p, m.between(5, 50), l.perHour*m.between(0.3, 1.5))
			for range 2 { // healthy ones beside it
				q := m.process(m.total * m.spread(0.003, 0.04))
				m.saw(q, m.between(5, 60), l.perHour*m.between(0.5, 2))
			}
			m.distract(0.25)
		}},
		{"many_small", 0, func(m *machine) { m.pileUp(); m.distract(0.3) }},
		{"two", 0, func(m *machine) {
			hours := m.leakHours()
			first := m.process(m.total * m.spread(0.001, 0.03))
			if m.chance(0.4) {
				first = m.deployment()[0]
			}
			a := m.grow(first, m.ago(hours), m.rate(hours)/2)
			hours = m.between(3, 10)
			m.grow(m.process(m.total*m.spread(0.001, 0.08)), m.ago(hours), a.perHour*m.between(0.2, 0.65))
			m.distract(0.3)
		}},
		{"beside_warm_up", 0, func(m *machine) {
			l := m.leakSomehow(m.process(m.total*m.spread(0.001, 0.04)), m.leakHours())
			for range 1 + m.r.IntN(2) {
				m.besideWarmUp(l.perHour * 6 * m.spread(0.8, 6))
			}
		}},
		{"beside_batch_peak", 0, func(m *machine) {
			l := m.leakSomehow(m.process(m.total*m.spread(0.001, 0.04)), m.leakHours())
			for range 1 + m.r.IntN(2) {
				m.besideBatch(l.perHour * 6 * m.spread(0.8, 6))
			}
		}},
		{"beside_one_time_load", 0, func(m *machine) {
			l := m.leakSomehow(m.process(m.total*m.spread(0.001, 0.04)), m.leakHours())
			for range 1 + m.r.IntN(2) {
				m.besideLoad(l.perHour * 6 * m.spread(0.8, 6))
			}
		}},
		{"beside_daily", 1.75, func(m *machine) {
			l := m.leakSomehow(m.process(m.total*m.spread(0.001, 0.04)), m.leakHours())
			m.besideDaily(l.perHour * 6 * m.spread(0.8, 4))
		}},
		{"restarting", 0, func(m *machine) { m.killLoop(); m.distract(0.3) }},
		{"container_with_processes", 0, func(m *machine) { m.container(); m.distract(0.3) }},
		{"late_onset", 0, func(m *machine) {
			hours := m.between(1, 2)
			m.grow(m.process(m.total*m.spread(0.001, 0.03)), m.ago(hours), m.total*m.spread(0.01, 0.10)/6)
			m.distract(0.25)
		}},
		{"none", 1.75, func(m *machine) {
			rise := m.total * m.spread(0.005, 0.08)
			m.besideWarmUp(rise * m.between(0.5, 1))
			m.besideBatch(rise * m.between(0.5, 1))
			m.besideDaily(rise * m.between(0.5, 1))
			m.distract(0.3)
		}},
	}
}

// leakHours draws how long ago a leak began: within the window, or a day before it.
func (m *machine) leakHours() float64 {
	if m.chance(0.5) {
		return m.between(2.2, 5.5)
	}
	return m.between(6, 30)
}

// leakSomehow makes a part leak straight, by jumps, or under noise of its own.
func (m *machine) leakSomehow(p *part, hours float64) *leaker {
	perHour := m.rate(hours)
	switch v := m.r.Float64(); {
	case v < 0.55:
		return m.grow(p, m.ago(hours), perHour)
	case v < 0.75:
		return m.growByJumps(p, m.ago(hours), perHour, m.between(3, 18))
	default:
		m.wander(p, perHour*m.between(0.1, 0.5), m.between(2, 25))
		return m.grow(p, m.ago(hours), perHour)
	}
}

func (m *machine) find(name string) *part {
	for _, p := range m.parts {
		if p.object.Name == name {
			return p
		}
	}
	return nil
}

// distract adds, each with chance p, what grows too and does not leak.
func (m *machine) distract(p float64) {
	rise := func() float64 { return m.total * m.spread(0.004, 0.06) }
	if m.chance(p) {
		m.besideWarmUp(rise())
	}
	if m.chance(p) {
		m.besideLoad(rise())
	}
	if m.chance(p) {
		m.besideBatch(rise())
	}
	if m.minutes > day+windowMinutes+180 && m.chance(p) {
		m.besideDaily(rise())
	}
}

// besideWarmUp adds a cache that has filled for three to ten time constants.
func (m *machine) besideWarmUp(height float64) {
	at := m.between(1.5, 5.8)
	p := m.process(m.total * m.spread(0.0005, 0.01))
	m.warmUp(p, m.ago(at), min(height, 0.2*m.total), at*60/m.between(3, 10))
}

// besideLoad adds a data set that is read once.
func (m *machine) besideLoad(height float64) {
	p := m.process(m.total * m.spread(0.0005, 0.01))
	at := m.between(0.6, 5.5)
	m.load(p, m.ago(at), 1+int(m.between(0, min(at*60*0.7, 90))), min(height, 0.2*m.total))
}

// besideBatch adds a job that is at its peak at the end, or takes memory still; with history it
// often ran before.
func (m *machine) besideBatch(height float64) {
	height = min(height, 0.15*m.total)
	p := m.process(m.total * m.spread(0.0002, 0.002))
	began := m.between(12, 100)
	rise := int(m.between(2, began*0.75))
	if m.chance(0.35) {
		began = m.between(10, 50)
		rise = int(began) + 1
	}
	m.job(p, m.ago(began/60), rise, 10000, height)
	if m.chance(0.6) {
		every := m.between(180, 1440)
		for at := float64(m.ago(began/60)) - every; at > 0; at -= every {
			m.job(p, int(at), rise, int(m.between(20, 100)), height*m.between(0.8, 1.2))
		}
	}
}

// besideDaily adds the morning of a service that people use by day.
func (m *machine) besideDaily(height float64) {
	p := m.process(m.total * m.spread(0.002, 0.02))
	m.daily(p, min(height, 0.2*m.total), m.between(0.5, 4), m.spread(0.5, 2.5))
}

// deployment adds pods of one deployment, and returns them.
func (m *machine) deployment() []*part {
	owner := []string{"cart", "checkout", "search-api", "web", "mailer"}[m.r.IntN(5)]
	set := fmt.Sprintf("%s-%x", owner, 0x5c9d00000+m.r.IntN(1<<20))
	size := m.total * m.spread(0.005, 0.03)
	var pods []*part
	for range 2 + m.r.IntN(4) {
		p := m.add(leak.KindPod, fmt.Sprintf("%s-%05x", set, m.r.IntN(1<<20)), size*m.between(0.8, 1.2))
		p.object.Namespace = "shop"
		pods = append(pods, p)
	}
	return pods
}

// pileUp adds short processes of one name of which more and more stay.
func (m *machine) pileUp() {
	hours := m.between(2.5, 6)
	onset, perHour := m.ago(hours), m.total*m.spread(0.006, 0.10)/6
	name := m.name()
	each := perHour * hours / m.between(15, 50)
	sum := make([]float64, m.minutes)
	for i := range sum {
		sum[i] = math.NaN()
	}
	all := &part{object: leak.Object{Kind: leak.KindProcess, Name: name}, v: sum}
	stay := 0.0
	for at := m.ago(6) - 30; at < m.minutes-2; at += 1 + int(m.r.ExpFloat64()*6) {
		life := 5 + int(m.r.ExpFloat64()*15)
		size := each * m.between(0.6, 1.4)
		if at >= onset && stay < perHour/60*float64(at-onset) {
			stay += size
			life = m.minutes
		}
		m.instance(name, max(at, 0), life, size)
	}
	m.leaks = append(m.leaks, &leaker{part: all, onset: onset, perHour: perHour})
}

// instance adds one short-lived process.
func (m *machine) instance(name string, at, life int, size float64) {
	p := &part{object: leak.Object{Kind: leak.KindProcess, Name: name}, v: make([]float64, m.minutes), starts: []int{at}}
	for i := range p.v {
		p.v[i] = math.NaN()
		if i >= at && i < at+life {
			p.v[i] = size * min(0.5+float64(i-at)/4, 1)
		}
	}
	m.parts = append(m.parts, p)
}

// killLoop adds a process that is killed at its limit and starts again.
func (m *machine) killLoop() {
	base := m.total * m.spread(0.002, 0.02)
	p := m.process(base)
	period := m.between(45, 220)
	perHour := min(m.total*m.spread(0.01, 0.3)/6, 0.3*m.total/(period/60))
	begin := m.ago(m.between(max(3, period/60*1.7), 24))
	at := float64(begin)
	p.starts = []int{begin}
	for i := begin; i < m.minutes; i++ {
		if float64(i)-at > period*m.between(0.97, 1.03) {
			at = float64(i)
			p.starts = append(p.starts, i)
			if i >= m.minutes-windowMinutes {
				p.kills++
			}
		}
		p.v[i] += perHour / 60 * (float64(i) - at)
	}
	m.leaks = append(m.leaks, &leaker{part: p, onset: begin, perHour: perHour, killed: true})
}

// container adds a container or a pod of which the processes are told too, one or some of which
// leak; and another that is healthy.
func (m *machine) container() {
	kind := leak.KindContainer
	if m.chance(0.4) {
		kind = leak.KindPod
	}
	m.holder(kind, "frontend", []float64{0.7, 0.3}) // a healthy one
	h := m.holder(kind, "api", [][]float64{{1}, {0.9, 0.1}, {0.4, 0.3, 0.3}}[m.r.IntN(3)])
	hours := m.leakHours()
	onset, perHour := m.ago(hours), m.rate(hours)
	leaking := h.inside[:1]
	if len(h.inside) == 3 {
		leaking = h.inside
	}
	for _, p := range leaking {
		m.leaks = m.leaks[:0] // the container is the leak, its processes are the same memory
		m.grow(p, onset, perHour/float64(len(leaking)))
	}
	m.leaks = m.leaks[:0]
	l := m.grow(h.part, onset, perHour)
	l.inside = h.inside
}

// holder adds a container that holds processes with these shares of its size.
func (m *machine) holder(kind leak.Kind, name string, shares []float64) *leaker {
	size := m.total * m.spread(0.01, 0.04)
	own := m.add(kind, name, size*0.02)
	own.object.Namespace = "shop"
	l := &leaker{part: own}
	for _, s := range shares {
		p := m.process(size * s)
		p.inside = true
		for i, x := range p.v {
			own.v[i] += x
		}
		l.inside = append(l.inside, p)
	}
	return l
}
