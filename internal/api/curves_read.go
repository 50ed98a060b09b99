package api

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// The longest that a chart shows: the window, and the floors before it.
const (
	curveWindow  = 6 * time.Hour
	curveHistory = 7 * 24 * time.Hour
)

func (a *API) eventCurves(ctx context.Context, in *eventCurvesInput) (*bodyOutput[Curves], error) {
	ws := workspaceOf(ctx)
	e, err := a.DB.Event(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	inspection, err := a.DB.Inspection(ctx, ws, e.InspectionID)
	if isMissing(err) {
		inspection, err = state.Inspection{WorkspaceID: ws}, nil // it was deleted; the own store may still know
	}
	if err != nil {
		return nil, err
	}
	c, err := a.curves(ctx, inspection, e.Object, e.OpenedAt, in.CurveRange)
	if err != nil {
		return nil, err
	}
	c.mark(e.Verdict)
	return body(*c), nil
}

func (a *API) hostCurves(ctx context.Context, in *hostCurvesInput) (*bodyOutput[Curves], error) {
	ws := workspaceOf(ctx)
	h, err := a.DB.Host(ctx, ws, in.Host)
	if err != nil {
		return nil, err
	}
	inspection, err := a.inspectionOf(ctx, h.Name)
	if err != nil {
		return nil, err
	}
	object := leak.Object{Kind: leak.KindHost, Host: h.Name}
	c, err := a.curves(ctx, inspection, object, or(h.LastSeenAt, a.Clock()), in.CurveRange)
	if err != nil {
		return nil, err
	}
	if v := hostVerdict(h); v != nil && v.Leak {
		c.mark(*v)
	}
	return body(*c), nil
}

// inspectionOf is one whose source knows the host: the first that is enabled and names it.
func (a *API) inspectionOf(ctx context.Context, host string) (state.Inspection, error) {
	all, err := a.everyInspection(ctx)
	if err != nil {
		return state.Inspection{}, err
	}
	for _, i := range all {
		if i.Enabled && chosen(i.HostLines(), host) {
			return i, nil
		}
	}
	return state.Inspection{WorkspaceID: workspaceOf(ctx)}, nil
}

// curves reads the memory of an object, and of the largest workloads on its host. Ends of the
// range that were not given are six hours before otherwise, and otherwise.
func (a *API) curves(ctx context.Context, i state.Inspection, o leak.Object, otherwise time.Time, in CurveRange) (*Curves, error) {
	to := or(in.To, otherwise)
	from := or(in.From, to.Add(-curveWindow))
	if !from.Before(to) || to.Sub(from) > curveWindow+curveHistory {
		return nil, invalid("query.from", "from has to lie before to, at most 7 days and 6 hours")
	}
	src, err := a.Source(ctx, i)
	if err != nil {
		return nil, badSource(err)
	}
	c := &Curves{
		Object: objectView(o), From: from.UTC(), To: to.UTC(), Workloads: []WorkloadCurve{}, Events: []Mark{},
		Unit: leak.Percent.String(), Window: emptyCurve(leak.Percent), Floors: emptyCurve(leak.Percent),
	}
	q := leak.Query{At: to, Window: curveWindow, History: curveHistory, Hosts: []string{o.Host}, Parallel: 1}
	err = src.Read(ctx, q, func(r *leak.Reading) error {
		if r.Err != nil {
			return r.Err
		}
		c.take(r, o, in)
		return nil
	})
	if err != nil {
		return nil, badSource(err)
	}
	return c, a.addMarks(ctx, c)
}

// badSource says that the store or a source outside did not give what it was asked for.
func badSource(err error) error {
	if isMissing(err) { // a source that the workspace does not have
		return err
	}
	return problem(http.StatusBadGateway, "the samples could not be read: "+err.Error())
}

func (c *Curves) take(r *leak.Reading, o leak.Object, in CurveRange) {
	c.Total = r.Host.TotalBytes
	if o.Kind == leak.KindHost && r.Memory != nil {
		c.show(r.Memory, in.Points)
	}
	for i := range r.Workloads {
		s := &r.Workloads[i]
		if s.Object == o {
			c.show(s, in.Points)
		}
		if size := bytesOf(s, c.Total); size.end > 0 {
			c.Workloads = append(c.Workloads, WorkloadCurve{
				Object: objectView(s.Object), Owner: s.Owner, Bytes: size.end, GrowthBytes: size.growth,
				Curve: size.curve(s.Window, min(in.Points, workloadPoints)),
			})
		}
	}
	slices.SortFunc(c.Workloads, func(x, y WorkloadCurve) int { return cmp.Compare(y.Bytes, x.Bytes) })
	c.Workloads = c.Workloads[:min(len(c.Workloads), in.Workloads)]
}

// workloadPoints bounds the curves that stand beside the main one.
const workloadPoints = 360

// show takes a series as the main curve, cut to what was asked for.
func (c *Curves) show(s *leak.Series, points int) {
	c.Unit = s.Unit.String()
	if s.Limits.Capacity > 0 {
		c.Capacity = s.Limits.Capacity
	}
	c.Window = decimated(s.Window.Start, s.Window.Step, s.Window.Values, s.Unit, points).cut(c.From, c.To)
	c.Floors = decimated(s.History.Start, leak.FloorSeconds, s.History.Floors, s.Unit, points).cut(c.From, c.To)
}

// sizes is a workload in bytes at the end of its window, and how much it grew in it.
type sizes struct {
	values      []float64
	end, growth int64
}

func bytesOf(s *leak.Series, total float64) sizes {
	factor := 1.0
	if s.Unit == leak.Percent {
		factor = total / 100
	}
	z := sizes{values: make([]float64, len(s.Window.Values))}
	first, last := math.NaN(), math.NaN()
	for i, v := range s.Window.Values {
		z.values[i] = v * factor
		if !math.IsNaN(v) {
			if math.IsNaN(first) {
				first = z.values[i]
			}
			last = z.values[i]
		}
	}
	if !math.IsNaN(last) {
		z.end, z.growth = int64(last), int64(last-first)
	}
	return z
}

func (z sizes) curve(w leak.Window, points int) Curve {
	return decimated(w.Start, w.Step, z.values, leak.Bytes, points)
}

func emptyCurve(u leak.Unit) Curve { return Curve{Unit: u.String(), Values: []*float64{}, Step: 60} }

// decimated leaves at most so many values: of each run of samples the lowest and the highest, in
// the order in which they came, so that neither a floor nor a peak is lost.
func decimated(start, step int64, values []float64, u leak.Unit, points int) Curve {
	c := Curve{Start: start, Step: step, Unit: u.String()}
	if len(values) <= points {
		c.Values = make([]*float64, len(values))
		for i, v := range values {
			c.Values[i] = number(v)
		}
		return c
	}
	run := 2 * ((len(values) + points - 1) / points)
	c.Step = step * int64(run) / 2
	for i := 0; i < len(values); i += run {
		low, high := extremes(values[i:min(i+run, len(values))])
		c.Values = append(c.Values, low, high)
	}
	return c
}

// extremes are the lowest and the highest value, the earlier one first; nil without any.
func extremes(values []float64) (first, second *float64) {
	low, high := -1, -1
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if low < 0 || v < values[low] {
			low = i
		}
		if high < 0 || v > values[high] {
			high = i
		}
	}
	if low < 0 {
		return nil, nil
	}
	return number(values[min(low, high)]), number(values[max(low, high)])
}

// number is nil for a gap.
func number(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// cut leaves the values that lie between two times.
func (c Curve) cut(from, to time.Time) Curve {
	if c.Step <= 0 || len(c.Values) == 0 {
		return c
	}
	first := max((from.Unix()-c.Start+c.Step-1)/c.Step, 0)
	last := min((to.Unix()-c.Start)/c.Step+1, int64(len(c.Values)))
	if first >= last {
		c.Values = []*float64{}
		return c
	}
	c.Start, c.Values = c.Start+first*c.Step, c.Values[first:last]
	return c
}

// mark draws what a verdict says of the growth.
func (c *Curves) mark(v event.Verdict) {
	c.Onset = v.Onset
	if v.Unit != c.Unit || v.At.IsZero() {
		return
	}
	since := v.Onset
	if v.Restarts.Count > 0 { // a line through its kills would say what nobody has seen
		since = v.Restarts.Last
	}
	if !since.IsZero() {
		grown := v.SlopePerHour * v.At.Sub(since).Hours()
		c.Fit = &Line{From: since, To: v.At, FromValue: v.Value - grown, ToValue: v.Value}
	}
	c.Forecast = &Band{
		From: v.At, Value: v.Value, PerHour: v.SlopePerHour, LowHour: v.SlopeLow, HighHour: v.SlopeHigh,
		At: v.Exhaustion, Earliest: v.Earliest, Latest: v.Latest, Killed: v.Restarts.Next,
	}
}

// addMarks names the events of the object that touch the time shown.
func (a *API) addMarks(ctx context.Context, c *Curves) error {
	rows, _, err := a.DB.Events(ctx, workspaceOf(ctx), state.EventFilter{Host: c.Object.Host, To: c.To.Add(time.Second), Page: state.Page{Limit: 100}})
	if err != nil {
		return err
	}
	l := languageOf(ctx)
	for _, e := range rows {
		if e.RecoveredAt.IsZero() || e.RecoveredAt.After(c.From) {
			c.Events = append(c.Events, Mark{
				ID: e.ID, Title: event.Title(e, string(l)), Level: string(e.Level), OpenedAt: e.OpenedAt, RecoveredAt: e.RecoveredAt,
			})
		}
	}
	return nil
}
