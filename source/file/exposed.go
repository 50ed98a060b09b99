package file

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

// exposedFleet is what OpenMetrics or Prometheus texts hold, sorted by host. It is a content.
type exposedFleet struct {
	joins *dialect.Joins
	list  []exposedHost
	last  int64
}

type exposedHost struct {
	name   string
	series []chosenSeries
}

type chosenSeries struct {
	selector *dialect.Selector
	*exposedSeries
}

// newExposedFleet chooses the series by the dialects that the texts speak, and sorts them by host.
func newExposedFleet(e *exposition) *exposedFleet {
	held := map[string]bool{}
	for _, s := range e.series {
		held[s.metric] = true
	}
	holds := func(metric string) bool { return held[metric] }
	plan := dialect.NewPlan(dialect.Detect(holds), holds)
	f := &exposedFleet{joins: &dialect.Joins{}, last: math.MinInt64}
	type found struct {
		host string
		chosenSeries
	}
	var all []found
	for _, s := range e.series {
		sel := plan.Match(s.metric, s.labels)
		if sel == nil || s.samples.count == 0 {
			continue
		}
		s.samples.settle()
		if sel.Role.OfStore() {
			f.joins.Add(sel, s.labels)
			continue
		}
		if _, host := sel.HostOf(s.labels); host != "" {
			all = append(all, found{host, chosenSeries{sel, s}})
			f.last = max(f.last, s.samples.time)
		}
	}
	f.joins.Resolve()
	for i := range all {
		all[i].host = f.joins.Host(all[i].host)
	}
	slices.SortStableFunc(all, func(a, b found) int { return strings.Compare(a.host, b.host) })
	for _, s := range all {
		if n := len(f.list); n == 0 || f.list[n-1].name != s.host {
			f.list = append(f.list, exposedHost{name: s.host})
		}
		h := &f.list[len(f.list)-1]
		h.series = append(h.series, s.chosenSeries)
	}
	return f
}

func (f *exposedFleet) size() int     { return len(f.list) }
func (f *exposedFleet) newest() int64 { return f.last }

func (f *exposedFleet) find(name string) (int, bool) {
	return slices.BinarySearchFunc(f.list, name, func(h exposedHost, name string) int { return cmp.Compare(h.name, name) })
}

// detailSpan is how long before a time a host's labels and total memory are looked for.
const detailSpan = 6 * time.Hour

func (f *exposedFleet) hosts(at time.Time) []leak.Host {
	read := f.reader(leak.Query{At: at, Window: detailSpan})
	hosts := make([]leak.Host, len(f.list))
	for i := range f.list {
		h := read(i).Host
		h.Labels, h.Collectors = maps.Clone(h.Labels), slices.Clone(h.Collectors)
		hosts[i] = h
	}
	return hosts
}

func (f *exposedFleet) reader(q leak.Query) func(i int) *leak.Reading {
	a := dialect.NewAssembler(q)
	from, to := a.From(), q.At.UnixMilli()
	return func(i int) *leak.Reading {
		h := &f.list[i]
		a.Begin(h.name, f.joins)
		for _, s := range h.series {
			into := a.Add(s.selector, s.labels)
			for c := s.samples.cursor(); c.next() && c.time <= to; {
				if c.time >= from {
					into.Append(c.time, c.value)
				}
			}
		}
		return a.Reading()
	}
}
