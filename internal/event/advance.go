package event

import (
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// Options is the configuration of the inspection whose findings are taken in.
type Options struct {
	WorkspaceID  string
	InspectionID string
	Inspection   string // its name
	HealthyRuns  int    // healthy verdicts in a row that end an event; below 1 is DefaultHealthyRuns
	NoDataRuns   int    // runs without data in a row that end an event; below 1 is DefaultNoDataRuns
	NewID        func() string
	// Earlier are events that recovered of late, on the same hosts: a leak that begins again is
	// linked to its own. Their ID, Fingerprint, RecoveredAt and CheckedAt are read.
	Earlier []Event
}

// How many runs end an event unless Options says otherwise.
const (
	DefaultHealthyRuns = 2
	DefaultNoDataRuns  = 3
)

// Advance takes the findings of a run in: the open events of this inspection on some hosts and all
// findings of the same hosts become transitions, one for each event that changed.
//
// The times that an event keeps are those of the windows' ends; now is when it is told. The rules:
//   - A leak has one event. A host that leaks has one, which names its workloads; a workload has its
//     own where its host does not leak and has no open event. Where a host begins to leak, the events
//     of its leaking workloads are merged into the host's. When the host recovers first, workloads
//     that leak on get their own.
//   - A leak whose finding says to wait opens no event. A host's opens where the host leaks, and it or
//     one of its workloads need not wait. What is open goes on by any leak.
//   - HealthyRuns healthy verdicts in a row end an event, or NoDataRuns runs without data; a workload
//     that is not there has no data. A verdict of too_short counts for nothing, nor does a run
//     without data interrupt healthy ones.
//   - A host that could not be read changes nothing, and neither does a window that was counted
//     before, or is older: Advance may be called twice with the same.
func Advance(open []Event, findings []inspect.Finding, now time.Time, o Options) []Transition {
	if o.HealthyRuns < 1 {
		o.HealthyRuns = DefaultHealthyRuns
	}
	if o.NoDataRuns < 1 {
		o.NoDataRuns = DefaultNoDataRuns
	}
	byHost := map[string][]Event{}
	for _, e := range open {
		if e.Status == Open && e.Object.Kind != KindCheck {
			byHost[e.Object.Host] = append(byHost[e.Object.Host], e)
		}
	}
	var out []Transition
	for _, h := range gather(findings, byHost, o) {
		if h.failed {
			continue
		}
		r := run{Options: o, now: now.UTC(), host: h, open: byHost[h.name]}
		out = append(out, r.advance()...)
	}
	return out
}

// run advances the events of one host.
type run struct {
	Options
	now  time.Time
	host *hostView
	open []Event
	out  []Transition
}

func (r *run) advance() []Transition {
	// The host's event first: whether it goes on decides what becomes of the workloads'.
	hostPrint := r.host.fingerprint
	teller, hostTells := Event{}, false
	seen := map[string]bool{}
	for _, e := range r.open {
		if e.Fingerprint == hostPrint {
			seen[hostPrint] = true
			after := r.goOn(e)
			teller, hostTells = after, after.Status == Open
		}
	}
	if !seen[hostPrint] {
		if v := r.host.views[hostPrint]; v != nil && v.state == leaks && r.host.certain() {
			teller, hostTells = r.begin(v), true
		}
	}
	for _, e := range r.open {
		if e.Fingerprint == hostPrint {
			continue
		}
		seen[e.Fingerprint] = true
		v := r.host.views[e.Fingerprint]
		if teller.Status == Open && r.host.leaks() && v != nil && v.state == leaks && e.CheckedAt.Before(r.host.at) {
			r.merge(e, teller)
			continue
		}
		r.goOn(e)
	}
	if hostTells {
		return r.out
	}
	r.host.spread()
	for _, v := range r.host.order {
		if !seen[v.fingerprint] && v.fingerprint != hostPrint && v.certain && r.host.outerOf(v) == nil {
			r.begin(v)
		}
	}
	return r.out
}

// goOn takes what this run says into an event that is open.
func (r *run) goOn(e Event) Event {
	if !e.CheckedAt.Before(r.host.at) {
		return e
	}
	t := Transition{Event: e}
	t.Event.CheckedAt = r.host.at
	v := r.host.views[e.Fingerprint]
	state := noData
	if v != nil {
		state = v.state
	}
	switch state {
	case leaks:
		t.seen(v, r.host, r.now)
	case healthy:
		t.Event.HealthyRuns++
		t.Event.NoDataRuns = 0
		if t.Event.HealthyRuns >= r.HealthyRuns {
			t.close(ByItself, r.host.at, r.now)
		}
	case noData:
		t.Event.NoDataRuns++
		if t.Event.NoDataRuns >= r.NoDataRuns {
			t.close(NoData, r.host.at, r.now)
		}
	case unknown:
		t.Event.NoDataRuns = 0
	}
	r.out = append(r.out, t)
	return t.Event
}

// begin opens an event, unless this very window had its word on an event that is closed since: then
// it returns none.
func (r *run) begin(v *view) Event {
	earlier := earlierOf(r.Earlier, v.fingerprint, r.host.at)
	if earlier != nil && !earlier.CheckedAt.Before(r.host.at) {
		return Event{}
	}
	t := r.newEvent(v)
	if earlier != nil {
		t.Event.Attributes[AttrEarlier] = earlier.ID
	}
	r.out = append(r.out, t)
	return t.Event
}

// reopening is how long after its end an event is linked to the next one of the same.
const reopening = 24 * time.Hour

// earlierOf is the newest event of the same that recovered within a day.
func earlierOf(events []Event, fingerprint string, at time.Time) *Event {
	var newest *Event
	for i := range events {
		e := &events[i]
		if e.Fingerprint == fingerprint && at.Sub(e.RecoveredAt) <= reopening &&
			(newest == nil || e.RecoveredAt.After(newest.RecoveredAt)) {
			newest = e
		}
	}
	return newest
}

// merge closes a workload's event because the host's tells of it now.
func (r *run) merge(e, into Event) {
	t := Transition{Event: e}
	t.Event.CheckedAt, t.Event.LastSeenAt = r.host.at, r.host.at
	t.Event.Attributes = with(e.Attributes, AttrMergedInto, into.ID)
	t.Event.Status, t.Event.Recovery, t.Event.RecoveredAt = Recovered, Merged, r.host.at
	t.add(MergedInto, r.now, "", into.ID)
	r.out = append(r.out, t)
}

// state is what a run says of one object.
type state int

const (
	unknown state = iota // too short a time to say
	noData
	healthy
	leaks
)

func stateOf(v *leak.Verdict) state {
	switch {
	case v.Leak:
		return leaks
	case v.Cause == leak.NoData:
		return noData
	case v.Cause == leak.TooShort:
		return unknown
	}
	return healthy
}
