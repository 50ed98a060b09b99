package store

import (
	"cmp"
	"math"
	"slices"

	"github.com/memseep/memseep/leak"
)

// kept is what is kept of one host: which floors were computed, and the values of its objects.
type kept struct {
	computed []bool // by slot of the grid
	floors   map[floorKey][]float64
	starts   map[leak.Object][]int64 // unix seconds, ascending
}

// floorKey tells the floors of a host apart.
type floorKey struct {
	object leak.Object
	unit   leak.Unit
}

func newKept(n int) *kept {
	return &kept{computed: make([]bool, n), floors: map[floorKey][]float64{}, starts: map[leak.Object][]int64{}}
}

// of gives the floors of an object by slot of the grid, NaN at first.
func (k *kept) of(key floorKey) []float64 {
	floors := k.floors[key]
	if floors == nil {
		floors = appendNaN(nil, len(k.computed))
		k.floors[key] = floors
	}
	return floors
}

func appendNaN(dst []float64, n int) []float64 {
	for range n {
		dst = append(dst, math.NaN())
	}
	return dst
}

// missing is the time of the first floor that is not kept; that after the last where all are.
func (k *kept) missing(g grid) int64 {
	if k == nil {
		return g.first
	}
	for i, computed := range k.computed {
		if !computed {
			return g.time(i)
		}
	}
	return g.time(g.n)
}

// freshFloors are floors of one host that are not kept yet.
type freshFloors struct {
	host    string
	times   []int64 // unix seconds, ascending: those computed, also where no object has a value
	objects []freshObject
}

type freshObject struct {
	key    floorKey
	values []float64 // one a time, NaN where there was no sample
	starts []int64   // unix seconds
}

// count is about how many samples it will be.
func (f *freshFloors) count() int {
	n := len(f.times)
	for i := range f.objects {
		n += len(f.objects[i].values) + len(f.objects[i].starts)
	}
	return n
}

// mergeBuffer is the memory that one reading after the other is merged with.
type mergeBuffer struct {
	values []float64
	starts []int64
	memory leak.Series
	seen   map[floorKey]bool
}

// merge puts kept floors into a reading whose history begins at a time, and returns what it had
// that is not kept and that nothing changes any more. k may be nil.
func (b *mergeBuffer) merge(r *leak.Reading, k *kept, g grid, from, final int64) freshFloors {
	b.values, b.starts = b.values[:0], b.starts[:0]
	if b.seen == nil {
		b.seen = map[floorKey]bool{}
	}
	clear(b.seen)
	fresh := freshFloors{host: r.Host.Name, times: newTimes(k, g, from, final)}
	if r.Memory != nil {
		b.series(r.Memory, k, g, &fresh)
	}
	for i := range r.Workloads {
		b.series(&r.Workloads[i], k, g, &fresh)
	}
	if k != nil {
		b.addGone(r, k, g)
	}
	return fresh
}

// newTimes are the floors that a history from a time on adds to what is kept.
func newTimes(k *kept, g grid, from, final int64) []int64 {
	var times []int64
	for i := range g.n {
		t := g.time(i)
		if t >= from && t <= final && (k == nil || !k.computed[i]) {
			times = append(times, t)
		}
	}
	return times
}

// series gives one series of the reading its whole history.
func (b *mergeBuffer) series(s *leak.Series, k *kept, g grid, fresh *freshFloors) {
	key := floorKey{s.Object, s.Unit}
	b.seen[key] = true
	f := freshObject{key: key, starts: s.Limits.Starts}
	if k != nil {
		f.starts = without(f.starts, k.starts[s.Object])
	}
	if len(fresh.times) > 0 && len(s.History.Floors) > 0 {
		f.values = make([]float64, len(fresh.times))
		for i, t := range fresh.times {
			f.values[i] = floorAt(s.History, t)
		}
	}
	f.starts = slices.Clone(f.starts)
	if len(f.values)+len(f.starts) > 0 {
		fresh.objects = append(fresh.objects, f)
	}
	if k == nil {
		return
	}
	s.History = b.history(s.History, k, key, g)
	b.addStarts(s, k, g)
}

// floorAt is the floor at a time; NaN where the history has none.
func floorAt(h leak.History, t int64) float64 {
	d := t - h.Start
	if d < 0 || d%leak.FloorSeconds != 0 || d/leak.FloorSeconds >= int64(len(h.Floors)) {
		return math.NaN()
	}
	return h.Floors[d/leak.FloorSeconds]
}

// history is what is kept, and what was read where nothing is kept; empty where there is no floor.
func (b *mergeBuffer) history(read leak.History, k *kept, key floorKey, g grid) leak.History {
	mark, some := len(b.values), false
	floors := k.floors[key]
	for i := range g.n {
		v := math.NaN()
		switch {
		case !k.computed[i]:
			v = floorAt(read, g.time(i))
		case floors != nil:
			v = floors[i]
		}
		some = some || v == v
		b.values = append(b.values, v)
	}
	if !some {
		b.values = b.values[:mark]
		return leak.History{}
	}
	return leak.History{Start: g.first, Floors: b.values[mark:len(b.values):len(b.values)]}
}

// addStarts adds the starts that are kept to those that were read.
func (b *mergeBuffer) addStarts(s *leak.Series, k *kept, g grid) {
	more := without(k.starts[s.Object], s.Limits.Starts)
	if len(more) == 0 {
		return
	}
	mark := len(b.starts)
	for _, t := range more {
		if t >= g.first && t <= g.end {
			b.starts = append(b.starts, t)
		}
	}
	b.starts = append(b.starts, s.Limits.Starts...)
	s.Limits.Starts = b.starts[mark:len(b.starts):len(b.starts)]
	slices.Sort(s.Limits.Starts)
	s.Limits.StartsKnown = true
}

// sameStart is how far apart, in seconds, two tellings of one start may be.
const sameStart = 2

// without are the starts that the others do not tell of.
func without(starts, others []int64) []int64 {
	var left []int64
	for _, t := range starts {
		told := slices.ContainsFunc(others, func(o int64) bool { return t-o <= sameStart && o-t <= sameStart })
		if !told {
			left = append(left, t)
		}
	}
	return left
}

// addGone adds the objects that had samples before the window only, and long enough ago not to
// be in what was read: they are in the source, with a history and no samples now.
func (b *mergeBuffer) addGone(r *leak.Reading, k *kept, g grid) {
	found := false
	for key := range k.floors {
		if b.seen[key] {
			continue
		}
		h := b.history(leak.History{}, k, key, g)
		if len(h.Floors) == 0 {
			continue
		}
		s := leak.Series{Object: key.object, Unit: key.unit, Window: b.emptyWindow(g), History: h}
		if key.object.Kind != leak.KindHost {
			s.Limits.Capacity = r.Host.TotalBytes
		}
		b.addStarts(&s, k, g)
		switch {
		case key.object.Kind != leak.KindHost:
			r.Workloads = append(r.Workloads, s)
			found = true
		case r.Memory == nil:
			s.Limits.Capacity = 100
			b.memory = s
			r.Memory = &b.memory
		}
	}
	if found {
		slices.SortFunc(r.Workloads, func(x, y leak.Series) int {
			return cmp.Or(cmp.Compare(x.Object.Kind, y.Object.Kind), cmp.Compare(x.Object.Namespace, y.Object.Namespace), cmp.Compare(x.Object.Name, y.Object.Name))
		})
	}
}

// emptyStep is the step of a window without samples, in seconds.
const emptyStep = 60

func (b *mergeBuffer) emptyWindow(g grid) leak.Window {
	n := max(g.window/emptyStep, 1)
	mark := len(b.values)
	b.values = appendNaN(b.values, int(n))
	return leak.Window{Start: g.end - (n-1)*emptyStep, Step: emptyStep, Values: b.values[mark:len(b.values):len(b.values)]}
}
