package suspect

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/memseep/memseep/leak"
)

// Input is one host as it was read and judged.
type Input struct {
	Host       *leak.Series // the host's own memory; nil where it is not known
	TotalBytes float64      // of the host's memory; 0 where it is not known
	// Workloads are in bytes, or in percent of TotalBytes. Their windows end with the host's; the
	// last six hours of them count.
	Workloads []leak.Series
	// Verdicts holds the detector's word on each workload, in the same order. It may be empty: the
	// series alone then decide.
	Verdicts    []leak.Verdict
	HostVerdict leak.Verdict
}

// most is how many suspects, and how many of the largest, are told.
const most = 10

// A workload is a suspect when it adds at least leastShare of the growth that goes on and the
// belief that its growth does go on is at least leastBelief; and always when its own verdict is
// that it leaks.
const (
	leastShare  = 0.02
	leastBelief = 0.03
)

// Ranker holds the scratch memory of one worker: Rank allocates its result and nothing else once
// the Ranker is warm. It must not be used by two goroutines at once; the zero value is ready.
type Ranker struct {
	groups []group
	order  []int // indices of workloads, those of one name beside each other
	sum    sum
	curve  curve
	pairs  []float64
	chosen []*group
	inside []*group
}

// group is one workload, or all instances of one name.
type group struct {
	object    leak.Object
	owner     string // of the first instance
	count     int
	leaks     bool    // by its own verdict
	bytes     float64 // at the end; NaN where it has no sample in the last hour
	change    float64 // level at the end of the window less that at its start
	growth    growth
	floors    [floors]float64
	bends     [floors]float64
	contained bool // its memory is that of another group that is told
}

func (g *group) points() float64 { return g.growth.points() }

// Rank orders the workloads by what each adds to the growth that goes on.
//
// Top is as of the end of the window: the time of the inspection that found the anomaly. Equal
// inputs give equal results; ties go by name.
func (r *Ranker) Rank(in Input) Result {
	end := windowEnd(in)
	r.fill(in, end)
	r.contain()
	res := Result{Top: r.top(), Unexplained: math.NaN()}
	goesOn := 0.0 // bytes an hour
	for i := range r.groups {
		g := &r.groups[i]
		if g.contained {
			continue
		}
		goesOn += g.points()
		if g.growth.belief >= 0.5 {
			res.GrowthPerHour += g.growth.rate
		}
	}
	if in.Host != nil && in.TotalBytes > 0 {
		host, change := r.measureHost(in, end)
		goesOn = max(goesOn, host.points())
		res.Unexplained = r.unexplained(change)
	}
	res.Suspects = r.suspects(goesOn)
	return res
}

func windowEnd(in Input) int64 {
	if in.Host != nil {
		return in.Host.Window.End()
	}
	end := int64(math.MinInt64)
	for i := range in.Workloads {
		end = max(end, in.Workloads[i].Window.End())
	}
	return end
}

// fill makes a group of each name and measures it.
func (r *Ranker) fill(in Input, end int64) {
	r.order = r.order[:0]
	for i := range in.Workloads {
		r.order = append(r.order, i)
	}
	slices.SortStableFunc(r.order, func(a, b int) int {
		return compareObjects(in.Workloads[a].Object, in.Workloads[b].Object)
	})
	r.groups = r.groups[:0]
	for from := 0; from < len(r.order); {
		to := from + 1
		for to < len(r.order) && compareObjects(in.Workloads[r.order[from]].Object, in.Workloads[r.order[to]].Object) == 0 {
			to++
		}
		r.addGroup(in, r.order[from:to], end)
		from = to
	}
}

func compareObjects(a, b leak.Object) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(string(a.Kind), string(b.Kind)),
		strings.Compare(a.Namespace, b.Namespace))
}

func (r *Ranker) addGroup(in Input, members []int, end int64) {
	first := &in.Workloads[members[0]]
	unit := 1.0
	if first.Unit == leak.Percent {
		unit = in.TotalBytes / 100
	}
	r.groups = append(r.groups, group{object: first.Object, owner: first.Owner, count: len(members)})
	g := &r.groups[len(r.groups)-1]
	looping := false
	for _, m := range members {
		looping = looping || m < len(in.Verdicts) && in.Verdicts[m].Cause == leak.Restarting
	}
	c := &r.curve
	if len(members) == 1 {
		c.fill(first, end, unit, looping)
	} else {
		r.sum.fill(in.Workloads, members, end)
		c.fill(&r.sum.series, end, unit, false)
	}
	g.bytes, g.floors, g.bends = c.last, c.floor, bends(&c.floor)
	g.change = orNone(c.final) - orNone(c.first)
	g.growth = r.measure(c)
	g.hear(in, members, unit, end)
}

// orNone is the size of what does not run: it had, or has, no memory.
func orNone(bytes float64) float64 {
	if bytes != bytes {
		return 0
	}
	return bytes
}

// measureHost returns the host's own growth, and its change over the window in bytes.
func (r *Ranker) measureHost(in Input, end int64) (growth, float64) {
	unit := 1.0
	if in.Host.Unit == leak.Percent {
		unit = in.TotalBytes / 100
	}
	c := &r.curve
	c.fill(in.Host, end, unit, false)
	return r.measure(c), c.final - c.first
}

// unexplained is the host's change less that of every workload, never below zero; NaN where the
// host's is not known.
func (r *Ranker) unexplained(change float64) float64 {
	for i := range r.groups {
		if g := &r.groups[i]; !g.contained {
			change -= g.change
		}
	}
	return max(change, 0)
}

// suspects chooses and orders who is told; goesOn is the growth that all shares are of.
func (r *Ranker) suspects(goesOn float64) []Suspect {
	r.chosen = r.chosen[:0]
	for i := range r.groups {
		g := &r.groups[i]
		believed := g.growth.belief >= leastBelief && g.points() >= leastShare*goesOn
		if !g.contained && (g.leaks || believed) {
			r.chosen = append(r.chosen, g)
		}
	}
	if len(r.chosen) == 0 {
		return nil
	}
	slices.SortFunc(r.chosen, func(a, b *group) int {
		return cmp.Or(cmp.Compare(b.points(), a.points()), compareObjects(a.object, b.object))
	})
	r.chosen = r.chosen[:min(len(r.chosen), most)]
	out := make([]Suspect, len(r.chosen))
	for i, g := range r.chosen {
		out[i] = Suspect{
			Kind: g.object.Kind, Name: g.object.Name, Namespace: g.object.Namespace, Owner: g.owner,
			GrowthBytes: g.points() * g.growth.hours, Bytes: orNone(g.bytes), Count: g.count,
		}
		if goesOn > 0 {
			out[i].Share = g.points() / goesOn
		}
	}
	return out
}

// top are the ten largest at the end of the window.
func (r *Ranker) top() []Usage {
	r.chosen = r.chosen[:0]
	for i := range r.groups {
		if b := r.groups[i].bytes; b == b {
			r.chosen = append(r.chosen, &r.groups[i])
		}
	}
	slices.SortFunc(r.chosen, func(a, b *group) int {
		return cmp.Or(cmp.Compare(b.bytes, a.bytes), compareObjects(a.object, b.object))
	})
	r.chosen = r.chosen[:min(len(r.chosen), most)]
	if len(r.chosen) == 0 {
		return nil
	}
	out := make([]Usage, len(r.chosen))
	for i, g := range r.chosen {
		out[i] = Usage{Kind: g.object.Kind, Name: g.object.Name, Namespace: g.object.Namespace, Owner: g.owner, Bytes: g.bytes}
	}
	return out
}
