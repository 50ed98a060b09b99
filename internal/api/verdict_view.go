package api

import (
	"context"
	"strings"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/leak"
)

// language is that of the sentences in an answer.
type language string

// languageKey carries the language that Accept-Language asks for.
type languageKey struct{}

// languageOf is zh where Chinese is asked for before English, en otherwise.
func languageOf(ctx context.Context) language {
	l, _ := ctx.Value(languageKey{}).(language)
	if l == "" {
		return "en"
	}
	return l
}

func acceptedLanguage(header string) language {
	for tag := range strings.SplitSeq(header, ",") {
		tag = strings.ToLower(strings.TrimSpace(tag))
		switch {
		case strings.HasPrefix(tag, "zh"):
			return "zh"
		case strings.HasPrefix(tag, "en"):
			return "en"
		}
	}
	return "en"
}

func objectView(o leak.Object) Object {
	return Object{Kind: string(o.Kind), Host: o.Host, Name: o.Name, Namespace: o.Namespace}
}

func (l language) verdict(v event.Verdict) Verdict {
	out := Verdict{
		At: v.At, Leak: v.Leak, Cause: string(v.Cause), Level: string(v.Level), Confidence: v.Confidence,
		Unit: v.Unit, Value: v.Value, Capacity: v.Capacity,
		SlopePerHour: v.SlopePerHour, SlopeLow: v.SlopeLow, SlopeHigh: v.SlopeHigh,
		Onset: v.Onset, Exhaustion: v.Exhaustion, Earliest: v.Earliest, Latest: v.Latest,
		Reasons: make([]Reason, len(v.Reasons)),
	}
	for i, r := range v.Reasons {
		text := leak.Reason{Code: r.Code, Value: r.Value, Points: r.Points}.Text(string(l))
		out.Reasons[i] = Reason{Code: r.Code, Text: text, Value: r.Value, Points: r.Points}
	}
	out.Restarts = restartsView(v.Restarts)
	if v.Wait != "" {
		out.Wait = &Wait{Code: string(v.Wait), Text: v.Wait.Text(string(l))}
	}
	return out
}

func restartsView(r event.Restarts) *Restarts {
	if r.Count == 0 {
		return nil
	}
	v := Restarts(r)
	return &v
}

func suspectView(s event.Suspect) Suspect {
	return Suspect{
		Kind: string(s.Kind), Name: s.Name, Namespace: s.Namespace, Owner: s.Owner,
		Share: s.Share, GrowthBytes: s.Growth, Bytes: s.Bytes, Count: s.Count,
	}
}

func suspectViews(list []event.Suspect) []Suspect {
	out := make([]Suspect, len(list))
	for i, s := range list {
		out[i] = suspectView(s)
	}
	return out
}

func (l language) snapshot(s event.Snapshot) Snapshot {
	out := Snapshot{
		Verdict: l.verdict(s.Verdict), Suspects: topViews(s.Suspects), Top: topViews(s.Top),
		Unexplained: s.Unexplained, TotalBytes: s.TotalBytes, Curve: curveView(s.Curve),
	}
	if s.Floors != nil {
		c := curveView(*s.Floors)
		out.Floors = &c
	}
	return out
}

func topViews(list []event.Workload) []TopWorkload {
	out := make([]TopWorkload, len(list))
	for i, w := range list {
		out[i].Suspect = suspectView(w.Suspect)
		if w.Curve != nil {
			c := curveView(*w.Curve)
			out[i].Curve = &c
		}
	}
	return out
}

func curveView(c event.Curve) Curve {
	if c.Values == nil {
		c.Values = []*float64{}
	}
	return Curve{Start: c.Start, Step: c.Step, Unit: c.Unit, Values: c.Values}
}

func (l language) notes(list []leak.Note) []string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = n.Text(string(l))
	}
	return out
}

func (l language) missing(host string, list []inspect.Missing) []Missing {
	out := make([]Missing, len(list))
	for i, m := range list {
		out[i] = Missing{Code: m.Code, Analysis: m.Analysis, Text: m.Text(host, string(l))}
	}
	return out
}

// left are the seconds from now to a time that is known and to come.
func left(now, at time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	s := max(int64(at.Sub(now).Seconds()), 0)
	return &s
}
