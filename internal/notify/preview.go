package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// Test sends a message about an event that did not happen, and returns the other side's real answer.
// It is not kept as a notice. The error is a *target.Error where the target did not take it.
func (n *Notify) Test(ctx context.Context, t state.Target) (target.Answer, error) {
	kind, to, err := n.open(&t)
	if err != nil {
		return target.Answer{}, err
	}
	e := example(n.now())
	m := n.message(&e, Test, t.Language, t.Templates, nil, "")
	if n.o.BaseURL != "" { // there is no such event to look at
		m.URL, m.SilenceURL = n.o.BaseURL+"/events", n.o.BaseURL+"/silences/new"
	}
	if kind.Pictures {
		m.Picture = Picture(&e)
	}
	if kind.Charts {
		m.Chart = chartOf(&e, t.Language, time.UTC)
	}
	if kind.Each { // it is over there by itself
		m.EndsAt = n.now().Add(10 * time.Minute)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	answer, err := to.Send(ctx, m)
	if err != nil || !kind.Resolves {
		return answer, err
	}
	m.Recovered, m.EndsAt = true, n.now() // it does not stay open there
	return to.Send(ctx, m)
}

// Preview renders what would be told of an event with these templates, with its picture. A template
// that fails is an error, which says where.
func (n *Notify) Preview(ctx context.Context, workspaceID, eventID, language string, templates state.Templates) (target.Message, error) {
	e, err := n.o.DB.Event(ctx, workspaceID, eventID)
	if err != nil {
		return target.Message{}, err
	}
	w, err := n.o.DB.Workspace(ctx, workspaceID)
	if err != nil {
		return target.Message{}, err
	}
	ps, err := readPolicies(ctx, n.o.DB.Queries, workspaceID, []*event.Event{&e})
	if err != nil {
		return target.Message{}, err
	}
	reason := Opened
	if e.Status == event.Recovered {
		reason = Recovered
	}
	m := n.message(&e, reason, language, state.Templates{}, ps.of(&e), w.Name)
	if err := own(&m, templates); err != nil {
		return target.Message{}, fmt.Errorf("the template: %w", err)
	}
	m.Picture = Picture(&e)
	return m, nil
}

// message is that about one event alone.
func (n *Notify) message(e *event.Event, reason Reason, language string, templates state.Templates, p *state.Policy, workspace string) target.Message {
	s := subject{
		reason: reason, language: language, policy: p, workspace: workspace, event: legible(*e), members: legibleMembers([]state.BatchEvent{memberOf(e)}),
		key: e.ID, id: state.NewID(), now: n.now(), base: n.o.BaseURL, ackURL: n.ackURL(Ack{Workspace: e.WorkspaceID, Key: e.ID}), picture: n.pictureURL(e),
	}
	return render(&s, templates)
}

// example is an event as they are, for a test message.
func example(now time.Time) event.Event {
	now = now.Truncate(time.Minute)
	e := event.Event{
		ID: "example-" + state.NewID(), Inspection: "Memory leaks", Object: leak.Object{Kind: leak.KindHost, Host: "web-1.example"},
		Status: event.Open, Level: leak.Warning, Cause: leak.Steady, Onset: now.Add(-4 * time.Hour), OpenedAt: now, UpdatedAt: now,
		Verdict: event.Verdict{
			At: now, Leak: true, Cause: leak.Steady, Level: leak.Warning, Confidence: 0.97, Unit: leak.Percent.String(), Value: 71.2, Capacity: 100,
			SlopePerHour: 4.1, Onset: now.Add(-4 * time.Hour), Exhaustion: now.Add(7 * time.Hour), Earliest: now.Add(6 * time.Hour), Latest: now.Add(9 * time.Hour),
			Reasons: []event.Reason{{Code: "growth_over_noise", Value: 9, Points: 2}},
		},
		Suspects:   []event.Suspect{{Kind: leak.KindProcess, Name: "java", Owner: "deployment/cart", Share: 0.82, Growth: 2_300_000_000, Bytes: 6_100_000_000}},
		Dimensions: map[string]string{"host": "web-1.example", "kind": "host"},
		Attributes: map[string]string{event.AttrCulprit: "deployment/cart"},
	}
	curve := event.Curve{Start: now.Add(-6 * time.Hour).Unix(), Step: 60, Unit: leak.Percent.String()}
	for i := range 361 {
		v := 54.8 + 0.6*float64(i%7)/7 + 4.1/60*float64(max(i-120, 0))
		curve.Values = append(curve.Values, &v)
	}
	e.Snapshot = event.Snapshot{Verdict: e.Verdict, Curve: curve}
	return e
}
