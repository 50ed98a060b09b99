package event

import (
	"cmp"
	"slices"
	"time"

	"github.com/memseep/memseep/leak"
)

// What makes leaks one incident: the same workload, on so many hosts, begun within so long of each
// other. A faulty release reaches the hosts of a fleet like that.
const (
	incidentSpan  = time.Hour
	incidentHosts = 3
)

// Incidents ties leaks of one workload that begin together on several hosts into one incident, named
// by the id of its first event. opened are events of the newest run, openBefore the others that are
// open in the workspace; both as they are kept. An event whose onset lies within incidentSpan of one
// of an incident's joins it, and so does one incident another. What a person denied belongs to none.
func Incidents(opened, openBefore []Event, now time.Time) []Transition {
	touched := map[string]bool{}
	byWorkload := map[string][]Event{}
	for _, e := range opened {
		touched[incidentKey(&e)] = true
	}
	known := map[string]bool{}
	for _, e := range append(slices.Clone(opened), openBefore...) {
		key := incidentKey(&e)
		if key == "" || !touched[key] || known[e.ID] || e.Status != Open || e.NotLeak != "" {
			continue
		}
		known[e.ID] = true
		byWorkload[key] = append(byWorkload[key], e)
	}
	var out []Transition
	for _, events := range byWorkload {
		slices.SortFunc(events, func(a, b Event) int {
			return cmp.Or(begun(&a).Compare(begun(&b)), cmp.Compare(a.ID, b.ID))
		})
		for len(events) > 0 {
			n := chained(events)
			out = append(out, tie(events[:n], now)...)
			events = events[n:]
		}
	}
	slices.SortFunc(out, func(a, b Transition) int { return cmp.Compare(a.Event.ID, b.Event.ID) })
	return out
}

// incidentKey is the workload that an event names; empty where it names none.
func incidentKey(e *Event) string {
	o, owner := e.Object, e.Owner
	if o.Kind == KindCheck {
		return "" // what scripts report is no workload
	}
	if o.Kind == leak.KindHost {
		c := culprit(e)
		if c == nil {
			return ""
		}
		o, owner = leak.Object{Kind: c.Kind, Name: c.Name, Namespace: c.Namespace}, c.Owner
	}
	return string(o.Kind) + "\x00" + o.Namespace + "\x00" + stableName(o, owner)
}

func begun(e *Event) time.Time {
	if e.Onset.IsZero() {
		return e.OpenedAt
	}
	return e.Onset
}

// chained is how many of the events, sorted by onset, follow the first without a longer pause.
func chained(events []Event) int {
	n := 1
	for n < len(events) && begun(&events[n]).Sub(begun(&events[n-1])) <= incidentSpan {
		n++
	}
	return n
}

// tie makes one incident of events that follow each other: where so many hosts begin within the
// span, or one of them is in an incident already.
func tie(events []Event, now time.Time) []Transition {
	id := ""
	for i := range events {
		if is := events[i].IncidentID; is != "" && (id == "" || is < id) {
			id = is
		}
	}
	if id == "" && !together(events) {
		return nil
	}
	id = cmp.Or(id, events[0].ID)
	var out []Transition
	for _, e := range events {
		if e.IncidentID == id {
			continue
		}
		t := Transition{Event: e}
		t.Event.IncidentID = id
		t.add(JoinedIncident, now, "", id)
		out = append(out, t)
	}
	return out
}

// together says that leaks begin on enough hosts within some span.
func together(events []Event) bool {
	for first := range events {
		hosts := map[string]bool{}
		for _, e := range events[first:] {
			if begun(&e).Sub(begun(&events[first])) > incidentSpan {
				break
			}
			hosts[e.Object.Host] = true
		}
		if len(hosts) >= incidentHosts {
			return true
		}
	}
	return false
}
