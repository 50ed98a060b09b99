package workloads

import (
	"math"

	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

// reading cuts the drawing into windows and histories, as a source would.
func (m *machine) reading(class string) leak.Reading {
	host := m.host()
	memory := m.series(leak.Object{Kind: leak.KindHost, Host: class}, host, 1)
	memory.Unit, memory.Limits.Capacity = leak.Percent, 100
	r := leak.Reading{Host: leak.Host{Name: class, TotalBytes: m.total}, Memory: &memory}
	for _, p := range m.parts {
		for i, x := range p.v {
			p.v[i] = math.Round(max(x, 1<<16)/4096) * 4096 // whole pages
		}
		o := p.object
		o.Host = class
		s := m.series(o, p.v, m.step)
		s.Unit, s.Limits.Capacity = leak.Bytes, m.total
		s.Limits.StartsKnown = len(p.starts) > 0
		s.Limits.OOMKills = p.kills
		for _, i := range p.starts {
			s.Limits.Starts = append(s.Limits.Starts, m.time(i))
		}
		r.Workloads = append(r.Workloads, s)
	}
	return r
}

// host is the sum of all parts in percent, with what nobody is told of.
func (m *machine) host() []float64 {
	rest := &part{v: make([]float64, m.minutes)}
	m.wander(rest, m.total*m.spread(0.0001, 0.002), m.spread(2, 60))
	for _, p := range m.parts {
		if p.inside {
			continue
		}
		for i, x := range p.v {
			if x == x {
				rest.v[i] += x
			}
		}
	}
	for i, x := range rest.v {
		x = 100 * (x + m.kernel) / m.total
		rest.v[i] = math.Round(min(max(x, 0), 100)*100) / 100
	}
	return rest.v
}

func (m *machine) series(o leak.Object, v []float64, step int) leak.Series {
	cut := len(v) - windowMinutes
	s := leak.Series{Object: o}
	for i := cut + step - 1; i < len(v); i += step {
		x := v[i]
		if m.lost > 0 && m.chance(m.lost) {
			x = math.NaN()
		}
		s.Window.Values = append(s.Window.Values, x)
	}
	s.Window.Step = int64(step) * 60
	s.Window.Start = fleet.End - int64(len(s.Window.Values)-1)*s.Window.Step
	known := false
	for i := 0; i+15 <= cut; i += 15 {
		low := math.NaN()
		for _, x := range v[i : i+15] {
			if !(low <= x) && x == x {
				low = x
			}
		}
		known = known || low == low
		s.History.Floors = append(s.History.Floors, low)
	}
	if !known {
		s.History.Floors = nil
	}
	s.History.Start = fleet.End - windowMinutes*60 - int64(len(s.History.Floors)-1)*leak.FloorSeconds
	return s
}

func (m *machine) time(i int) int64 { return fleet.End - int64(m.minutes-1-i)*60 }

func (m *machine) truth() Truth {
	if len(m.leaks) == 0 {
		return Truth{}
	}
	first := m.leaks[0]
	all, fills := 0.0, true
	for _, l := range m.leaks {
		if l.perHour > first.perHour {
			first = l
		}
		all += l.perHour
		fills = fills && !l.killed
	}
	t := Truth{
		First:            first.part.object,
		SlopePerHour:     first.perHour,
		HostSlopePerHour: 100 * all / m.total,
		Onset:            m.time(first.onset),
	}
	for _, l := range m.leaks {
		if l != first {
			t.Others = append(t.Others, l.part.object)
		}
	}
	for _, p := range first.inside {
		t.Inside = append(t.Inside, p.object)
	}
	if fills && !m.hidden {
		v := m.host()
		sum := 0.0
		for _, x := range v[len(v)-5:] {
			sum += x / 5
		}
		t.Exhaustion = fleet.End + int64((100-sum)/t.HostSlopePerHour*3600)
	}
	return t
}
