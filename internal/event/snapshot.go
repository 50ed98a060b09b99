package event

import (
	"math"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

// The most points that a curve keeps: a minute of six hours for the object itself, three minutes for
// each of the workloads beside it.
const (
	mostPoints         = 361
	mostWorkloadPoints = 121
)

// snapshot is what is seen when an event is opened.
func (h *hostView) snapshot(v *view, e Event) Snapshot {
	s := Snapshot{Verdict: e.Verdict, Suspects: []Workload{}, Top: []Workload{}}
	if series := v.finding.Series; series != nil {
		s.Curve = curveOf(series.Window.Start, series.Window.Step, series.Window.Values, series.Unit, mostPoints)
		s.Floors = floorsOf(series)
	}
	f := h.finding
	if f == nil {
		return s
	}
	s.TotalBytes = whole(f.Host.TotalBytes)
	if !math.IsNaN(f.Unexplained) && len(f.Suspects) > 0 {
		bytes := whole(f.Unexplained)
		s.Unexplained = &bytes
	}
	for i, one := range h.suspectsOf() {
		s.Suspects = append(s.Suspects, Workload{one, h.curveOf(f.Suspects[i].Kind, one.Namespace, one.Name)})
	}
	for _, u := range f.Top {
		one := Suspect{Kind: u.Kind, Name: u.Name, Namespace: u.Namespace, Owner: u.Owner, Bytes: whole(u.Bytes)}
		s.Top = append(s.Top, Workload{one, h.curveOf(u.Kind, u.Namespace, u.Name)})
	}
	return s
}

// curveOf is the curve of one workload of the host; nil where its series was not kept, or where
// several have its name.
func (h *hostView) curveOf(kind leak.Kind, namespace, name string) *Curve {
	o := leak.Object{Kind: kind, Host: h.name, Name: name, Namespace: namespace}
	f := h.series[o]
	if f == nil || f.Series == nil || h.twice[o] {
		return nil
	}
	w := f.Series.Window
	c := curveOf(w.Start, w.Step, w.Values, f.Series.Unit, mostWorkloadPoints)
	return &c
}

// curveOf thins a line out to so many points; each is the lowest of its part, so that what is left
// after caches and garbage are collected stays in sight. The last point ends with the line.
func curveOf(start, step int64, values []float64, unit leak.Unit, most int) Curve {
	per := max((len(values)+most-1)/most, 1)
	n := (len(values) + per - 1) / per
	c := Curve{Step: step * int64(per), Unit: unit.String(), Values: make([]*float64, n)}
	c.Start = start + int64(len(values)-1)*step - int64(n-1)*c.Step
	points := make([]float64, n)
	for i := range points {
		end := len(values) - (n-1-i)*per
		low := math.NaN()
		for _, v := range values[max(end-per, 0):end] {
			if v < low || math.IsNaN(low) {
				low = v
			}
		}
		if points[i] = rounded(low, unit); !math.IsNaN(low) {
			c.Values[i] = &points[i]
		}
	}
	return c
}

// floorsOf is the history with the floors of the window after it; nil without either.
func floorsOf(s *leak.Series) *Curve {
	first := s.History.Start
	w := s.Window
	if len(s.History.Floors) == 0 {
		first = (w.Start + leak.FloorSeconds - 1) / leak.FloorSeconds * leak.FloorSeconds
	}
	n := int((w.End()-first)/leak.FloorSeconds) + 1
	if n < 2 || w.Step <= 0 || first <= 0 {
		return nil
	}
	floors := make([]float64, max(n, len(s.History.Floors)))
	for i := range floors {
		floors[i] = math.NaN()
	}
	copy(floors, s.History.Floors)
	for i, v := range w.Values {
		t := w.Start + int64(i)*w.Step
		k := int((t - first + leak.FloorSeconds - 1) / leak.FloorSeconds)
		if t > first-leak.FloorSeconds && k < len(floors) && !math.IsNaN(v) && !(floors[k] <= v) {
			floors[k] = v
		}
	}
	c := curveOf(first, leak.FloorSeconds, floors, s.Unit, mostPoints)
	return &c
}

// VerdictOf is the verdict of a finding as it is kept: what is no number is 0 there.
func VerdictOf(f *inspect.Finding) Verdict {
	v := &f.Verdict
	out := Verdict{
		At: f.At.UTC(), Leak: v.Leak, Cause: v.Cause, Level: v.Level, Confidence: finite(v.Confidence),
		Unit: f.Unit.String(), Value: rounded(finite(v.Value), f.Unit),
		SlopePerHour: finite(v.SlopePerHour), SlopeLow: finite(v.SlopeLow), SlopeHigh: finite(v.SlopeHigh),
		Onset: unix(v.Onset), Exhaustion: unix(v.Exhaustion.At), Earliest: unix(v.Exhaustion.Earliest), Latest: unix(v.Exhaustion.Latest),
		Reasons: []Reason{}, Wait: f.Wait,
	}
	switch {
	case f.Series != nil:
		out.Capacity = finite(f.Series.Limits.Capacity)
	case f.Unit == leak.Percent:
		out.Capacity = 100
	}
	if r := v.Restarts; r.Count > 0 {
		out.Restarts = Restarts{r.Count, unix(r.First), unix(r.Last), r.Every, rounded(finite(r.Peak), f.Unit), unix(r.Next)}
	}
	for _, r := range v.Reasons() {
		if !math.IsNaN(r.Value) && !math.IsInf(r.Value, 0) {
			out.Reasons = append(out.Reasons, Reason{r.Code, r.Value, finite(r.Points)})
		}
	}
	return out
}

// SuspectsOf is the suspects of a finding as they are kept; never nil.
func SuspectsOf(from []suspect.Suspect) []Suspect {
	out := make([]Suspect, len(from))
	for i, s := range from {
		out[i] = Suspect{
			Kind: s.Kind, Name: s.Name, Namespace: s.Namespace, Owner: s.Owner,
			Share: finite(s.Share), Growth: whole(s.GrowthBytes), Bytes: whole(s.Bytes), Count: s.Count,
		}
	}
	return out
}

func unix(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// finite is 0 for what is no number: JSON and SQL know none.
func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// rounded keeps thousandths of a percent, and whole bytes.
func rounded(v float64, unit leak.Unit) float64 {
	if unit == leak.Bytes {
		return math.Round(v)
	}
	return math.Round(v*1000) / 1000
}

func whole(bytes float64) int64 {
	const most = 1 << 62
	return int64(math.Round(min(max(finite(bytes), -most), most)))
}
