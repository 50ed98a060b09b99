package dialect

import (
	"math"

	"github.com/memseep/memseep/leak"
)

// hostMemory makes the series of the host's own memory, in percent, and finds its total.
func (a *Assembler) hostMemory() {
	o := a.out
	host := a.best(func(r Role) bool { return r <= Available || r == Used })
	total := a.best(func(r Role) bool { return r == Total })
	if total == nil && host != nil && host.sel.Role == Used {
		o.reading.Host.TotalBytes = a.partsAt(host)
	} else if total != nil {
		o.reading.Host.TotalBytes = total.last()
	}
	if host == nil {
		a.describe(total)
		return
	}
	a.describe(host)
	needsTotal := host.sel.Role == Available || host.sel.Role == Used
	if needsTotal && !(o.reading.Host.TotalBytes > 0) {
		o.reading.Notes = append(o.reading.Notes, leak.Note{Code: leak.NoTotalMemory, Host: a.host, Detail: host.sel.Metric})
		return
	}
	m := &o.memory
	*m = leak.Series{Object: leak.Object{Kind: leak.KindHost, Host: a.host}, Unit: leak.Percent}
	m.Window = a.windowOf(host)
	m.History = a.historyOf(host)
	for _, s := range a.series[:a.used] { // what another job has told of the same
		if s != host && s.sel == host.sel {
			a.fill(m, s)
		}
	}
	var totalWindow []float64
	if needsTotal && total != nil {
		totalWindow = o.values.take(len(m.Window.Values))
		place(totalWindow, total.times, total.values, a.span.at, m.Window.Step)
	}
	a.toPercent(m.Window.Values, totalWindow, host, o.reading.Host.TotalBytes)
	var totalFloors []float64
	if needsTotal && total != nil && len(total.floors) == len(m.History.Floors) {
		totalFloors = total.floors
	}
	a.toPercent(m.History.Floors, totalFloors, host, o.reading.Host.TotalBytes)
	m.Limits.Capacity = 100
	m.Limits.Starts, m.Limits.StartsKnown = a.startsOf(nil, leak.KindHost)
	m.Limits.OOMKills = a.killsOf(nil, leak.KindHost)
	o.reading.Memory = m
}

// best is the series with the highest precedence among those with the roles: but one that is
// there for less than half of the time that another is there gives way to it.
func (a *Assembler) best(want func(Role) bool) *Series {
	most := 0
	for _, s := range a.series[:a.used] {
		if want(s.sel.Role) && s.sel.Kind == "" {
			most = max(most, s.presence())
		}
	}
	var best *Series
	for _, s := range a.series[:a.used] {
		if !want(s.sel.Role) || s.sel.Kind != "" || s.presence() == 0 || 2*s.presence() < most {
			continue
		}
		if best == nil || s.sel.rank < best.sel.rank ||
			s.sel.rank == best.sel.rank && s.presence() > best.presence() {
			best = s
		}
	}
	return best
}

// presence is for how long there are samples, in seconds; floors count only where there is no
// sample in the window.
func (s *Series) presence() int {
	if n := len(s.times); n > 0 {
		return 1 + int((s.times[n-1]-s.times[0])/1000)
	}
	if len(s.floors) > 0 {
		return 1
	}
	return 0
}

// last is the newest value, scaled; 0 where there is none.
func (s *Series) last() float64 {
	if n := len(s.values); n > 0 {
		return s.values[n-1] * s.sel.scale()
	}
	for i := len(s.floors) - 1; i >= 0; i-- {
		if s.floors[i] == s.floors[i] {
			return s.floors[i] * s.sel.scale()
		}
	}
	return 0
}

// partsAt adds the parts of the total up, as of their last samples.
func (a *Assembler) partsAt(used *Series) float64 {
	sum := used.last()
	for _, s := range a.series[:a.used] {
		if s.sel.Role == Part && s.sel.Metric == used.sel.Metric {
			sum += s.last()
		}
	}
	if sum == used.last() {
		return 0
	}
	return sum
}

// toPercent turns values of the role into percent of the host's memory in use, in place. Totals
// stand beside the values where the total is a series; where one is NaN, total is taken.
func (a *Assembler) toPercent(values, totals []float64, s *Series, total float64) {
	scale := s.sel.scale()
	switch s.sel.Role {
	case UsedPercent:
		if scale == 1 {
			return
		}
		for i, v := range values {
			values[i] = v * scale
		}
	case AvailablePercent:
		for i, v := range values {
			values[i] = 100 - v*scale
		}
	case UsedRatio:
		for i, v := range values {
			values[i] = 100 * v * scale
		}
	default:
		for i, v := range values {
			of := total
			if i < len(totals) && totals[i] > 0 {
				of = totals[i]
			}
			used := v * scale
			if s.sel.Role == Available {
				used = of - used
			}
			values[i] = 100 * used / of
		}
	}
}

// describe gives the host the labels of its series.
func (a *Assembler) describe(s *Series) {
	if s == nil {
		if a.used == 0 {
			return
		}
		// A host known from workloads alone has the labels that say where it was scraped.
		s = a.series[0]
		for _, name := range s.sel.hostLabels() {
			if v := s.labels.Get(name); v != "" {
				a.out.labels[name] = v
			}
		}
		return
	}
	for _, l := range s.labels {
		if l.Name != "__name__" {
			a.out.labels[l.Name] = l.Value
		}
	}
}

// windowOf aligns the samples on slots of the series' own step.
func (a *Assembler) windowOf(s *Series) leak.Window {
	d := regular(s.times)
	if d%1000 != 0 || d < minStep*1000 || d > maxStep*1000 {
		s.dropRepeated()
		return a.windowWith(s, stepOf(s.times, &a.out.counts))
	}
	w := a.emptyWindow(d / 1000)
	placeRegular(w.Values, s.values, s.times[len(s.times)-1], a.span.at, w.Step)
	return w
}

func (a *Assembler) windowWith(s *Series, step int64) leak.Window {
	w := a.emptyWindow(step)
	place(w.Values, s.times, s.values, a.span.at, step)
	return w
}

// emptyWindow has slots of no certain content.
func (a *Assembler) emptyWindow(step int64) leak.Window {
	n := max(a.span.window/(step*1000), 1)
	return leak.Window{Start: a.span.at/1000 - (n-1)*step, Step: step, Values: a.out.values.take(int(n))}
}

// historyOf copies the floors; an empty history where there is none.
func (a *Assembler) historyOf(s *Series) leak.History {
	if len(s.floors) == 0 {
		return leak.History{}
	}
	floors := a.out.values.take(len(s.floors))
	copy(floors, s.floors)
	return leak.History{Start: a.span.floor0 / 1000, Floors: floors}
}

// fill puts what s has where m has gaps; both tell of the same.
func (a *Assembler) fill(m *leak.Series, s *Series) {
	a.fillWindow(m.Window, s)
	if len(s.floors) == 0 {
		return
	}
	if len(m.History.Floors) == 0 {
		m.History = a.historyOf(s)
		return
	}
	for i, v := range m.History.Floors {
		if math.IsNaN(v) {
			m.History.Floors[i] = s.floors[i]
		}
	}
}

func (a *Assembler) fillWindow(w leak.Window, s *Series) {
	if len(s.times) == 0 {
		return
	}
	other := a.out.values.take(len(w.Values))
	place(other, s.times, s.values, a.span.at, w.Step)
	for i, v := range w.Values {
		if math.IsNaN(v) {
			w.Values[i] = other[i]
		}
	}
	a.out.values.giveBack(len(other))
}
