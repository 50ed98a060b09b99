package api

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// filter turns what was asked for into what the database knows.
func (f EventFilter) filter() (state.EventFilter, error) {
	out := state.EventFilter{
		Status: event.Status(f.Status), Levels: named[leak.Level](f.Level), Kinds: named[leak.Kind](f.Kind),
		Host: f.Host, InspectionID: f.InspectionID, Culprit: f.Culprit, IncidentID: f.IncidentID,
		Text: f.Text, From: f.From, To: f.To, OpenAt: f.OpenAt,
	}
	var err error
	if out.Attributes, err = pairs("attribute", f.Attributes); err != nil {
		return out, err
	}
	out.NotAttributes, err = pairs("not_attribute", f.NotAttributes)
	return out, err
}

func named[T ~string](names []string) []T {
	var out []T
	for _, n := range names {
		out = append(out, T(n))
	}
	return out
}

// pairs reads KEY:VALUE; values of one key are alternatives.
func pairs(parameter string, list []string) (map[string][]string, error) {
	out := map[string][]string{}
	for _, text := range list {
		key, value, ok := strings.Cut(text, ":")
		if !ok || key == "" {
			return nil, invalid("query."+parameter, "write it as KEY:VALUE, for example namespace:shop")
		}
		out[key] = append(out[key], value)
	}
	return out, nil
}

func (a *API) listEvents(ctx context.Context, in *listEventsInput) (*pageOutput[EventSummary], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	f.Sort, f.Page = state.EventSort(in.Sort), state.Page{Limit: in.Limit, Cursor: in.Cursor}
	rows, next, err := a.DB.Events(ctx, workspaceOf(ctx), f)
	if err != nil {
		return nil, err
	}
	l := languageOf(ctx)
	out := pageOf(rows, next, func(e event.Event) EventSummary { return a.summary(l, e) })
	if in.Trend {
		return out, a.addTrends(ctx, out.Body.Items)
	}
	return out, nil
}

// addTrends gives events on hosts the curve that the last run kept of the host, events on workloads
// that of their opening; what a script reported has none.
func (a *API) addTrends(ctx context.Context, items []EventSummary) error {
	known := map[string][]*float64{}
	for i := range items {
		o := items[i].Object
		if o.Kind == string(event.KindCheck) {
			continue
		}
		if o.Kind != string(leak.KindHost) {
			e, err := a.DB.Event(ctx, workspaceOf(ctx), items[i].ID)
			if err != nil {
				return err
			}
			items[i].Trend = thinned(e.Snapshot.Curve.Values, sparkPoints)
			continue
		}
		if _, done := known[o.Host]; !done {
			h, err := a.DB.Host(ctx, workspaceOf(ctx), o.Host)
			if err != nil && !isMissing(err) {
				return err
			}
			known[o.Host] = sparkOf(h.Spark)
		}
		items[i].Trend = known[o.Host]
	}
	return nil
}

// sparkPoints is how many values a small curve has.
const sparkPoints = 36

func sparkOf(text []byte) []*float64 {
	out := []*float64{}
	if len(text) > 0 && json.Unmarshal(text, &out) != nil {
		return []*float64{} // the row is of another version; the next run writes it anew
	}
	return out
}

// thinned leaves so many values at even distances.
func thinned(values []*float64, points int) []*float64 {
	if len(values) <= points {
		return values
	}
	out := make([]*float64, points)
	for i := range out {
		out[i] = values[i*(len(values)-1)/(points-1)]
	}
	return out
}

// summary is an event as lists have it.
func (a *API) summary(l language, e event.Event) EventSummary {
	v := e.Verdict
	s := EventSummary{
		ID: e.ID, InspectionID: e.InspectionID, Inspection: e.Inspection, IncidentID: e.IncidentID,
		Object: objectView(e.Object), Owner: e.Owner, Title: event.Title(e, string(l)),
		Status: string(e.Status), Recovery: string(e.Recovery), Level: string(e.Level), Cause: string(e.Cause),
		Onset: e.Onset, OpenedAt: e.OpenedAt, UpdatedAt: e.UpdatedAt, LastSeenAt: e.LastSeenAt, RecoveredAt: e.RecoveredAt,
		DurationSeconds: int64(a.duration(e).Seconds()),
		Unit:            v.Unit, Value: v.Value, SlopePerHour: v.SlopePerHour, Exhaustion: v.Exhaustion, Restarts: restartsView(v.Restarts), Confidence: v.Confidence,
		Attributes:     allAttributes(e),
		AcknowledgedAt: e.AcknowledgedAt, AcknowledgedBy: e.AcknowledgedBy, NotLeak: e.NotLeak, Silenced: e.Silenced,
	}
	if e.Status == event.Open {
		s.LeftSeconds = left(a.Clock(), v.Exhaustion)
	}
	if len(e.Suspects) > 0 {
		c := e.Suspects[0]
		s.Culprit = &Culprit{
			Kind: string(c.Kind), Name: c.Name, Namespace: c.Namespace,
			Share: min(max(c.Share, 0), 1), GrowthBytes: c.Growth, Bytes: c.Bytes,
		}
	} else if e.Object.Kind != leak.KindHost && e.Object.Kind != event.KindCheck {
		s.Culprit = &Culprit{Kind: string(e.Object.Kind), Name: e.Object.Name, Namespace: e.Object.Namespace, Share: 1}
		if v.Unit == leak.Bytes.String() && !math.IsNaN(v.Value) {
			s.Culprit.Bytes = int64(v.Value)
		}
	}
	return s
}

// allAttributes are dimensions and attributes together: filters take both alike.
func allAttributes(e event.Event) map[string]string {
	out := make(map[string]string, len(e.Dimensions)+len(e.Attributes))
	for k, v := range e.Dimensions {
		out[k] = v
	}
	for k, v := range e.Attributes {
		out[k] = v
	}
	return out
}

func (a *API) duration(e event.Event) time.Duration {
	end := e.RecoveredAt
	if end.IsZero() {
		end = a.Clock()
	}
	return max(end.Sub(e.OpenedAt), 0)
}

func (a *API) countEvents(ctx context.Context, in *countEventsInput) (*bodyOutput[EventCounts], error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	c, err := a.DB.EventCounts(ctx, workspaceOf(ctx), f)
	return body(countsView(c)), err
}

func countsView(c state.EventCounts) EventCounts {
	return EventCounts{
		Total: c.Total, Open: c.Statuses[event.Open],
		ByStatus: plain(c.Statuses), ByLevel: plain(c.Levels), ByKind: plain(c.Kinds),
	}
}

func plain[K ~string](m map[K]int) map[string]int {
	out := make(map[string]int, len(m))
	for k, n := range m {
		out[string(k)] = n
	}
	return out
}

func (a *API) relatedEvents(ctx context.Context, in *relatedInput) (*pageOutput[EventSummary], error) {
	ws := workspaceOf(ctx)
	e, err := a.DB.Event(ctx, ws, in.ID)
	if err != nil {
		return nil, err
	}
	span := time.Duration(in.Hours) * time.Hour
	f := state.EventFilter{
		From: e.OpenedAt.Add(-span), To: e.OpenedAt.Add(span),
		Page: state.Page{Limit: in.Limit, Cursor: in.Cursor},
	}
	missing := ""
	switch in.By {
	case "host":
		f.Host, missing = e.Object.Host, e.Object.Host
	case "culprit":
		f.Culprit = e.Attributes["culprit"]
		if f.Culprit == "" {
			f.Culprit = e.Object.Name
		}
		missing = f.Culprit
	case "inspection":
		f.InspectionID, missing = e.InspectionID, e.InspectionID
	case "owner":
		f.Attributes, missing = map[string][]string{"owner": {e.Owner}}, e.Owner
	case "incident":
		f.IncidentID, missing = e.IncidentID, e.IncidentID
	case "time":
		missing = "any"
	}
	if missing == "" {
		return page([]EventSummary{}, ""), nil
	}
	rows, next, err := a.DB.Events(ctx, ws, f)
	if err != nil {
		return nil, err
	}
	others := []EventSummary{}
	for _, r := range rows {
		if r.ID != e.ID {
			others = append(others, a.summary(languageOf(ctx), r))
		}
	}
	return page(others, next), nil
}
