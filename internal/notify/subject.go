package notify

import (
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// subject is what a message is about: one event, or many with the most urgent of them.
type subject struct {
	reason    Reason
	language  string
	policy    *state.Policy // nil where it was deleted
	workspace string
	event     event.Event        // the most urgent
	members   []state.BatchEvent // all, the most urgent first; one or more
	key       string
	id        string // of the notice
	now       time.Time
	base      string // of links
	ackURL    string
	picture   string // address of the picture; empty where there is none
}

// many says that the message is about several events.
func (s *subject) many() bool { return len(s.members) > 1 }

func (s *subject) ended() bool { return s.reason == Recovered || s.reason == Withdrawn }

// sameCulprit is the workload that all events name, and on how many hosts; empty where they differ.
func (s *subject) sameCulprit() (name string, hosts int) {
	seen := map[string]bool{}
	name = s.members[0].Culprit
	for _, m := range s.members {
		seen[m.Object.Host] = true
		if m.Culprit != name {
			name = ""
		}
	}
	return name, len(seen)
}

// begun is when the first of them began.
func (s *subject) begun() time.Time {
	var first time.Time
	for _, m := range s.members {
		t := m.Onset
		if t.IsZero() {
			t = m.OpenedAt
		}
		if first.IsZero() || t.Before(first) {
			first = t
		}
	}
	return first
}

// over is when the last of them was over; zero while one is not.
func (s *subject) over() time.Time {
	var last time.Time
	for _, m := range s.members {
		if m.RecoveredAt.IsZero() {
			return time.Time{}
		}
		if m.RecoveredAt.After(last) {
			last = m.RecoveredAt
		}
	}
	return last
}

// levels counts the events of each level, the most urgent first.
func (s *subject) levels() []levelCount {
	var out []levelCount
	for _, l := range []leak.Level{leak.Critical, leak.Error, leak.Warning, event.Info} {
		n := 0
		for _, m := range s.members {
			if m.Level == l {
				n++
			}
		}
		if n > 0 {
			out = append(out, levelCount{l, n})
		}
	}
	return out
}

type levelCount struct {
	level leak.Level
	n     int
}

// memberOf is an event as a batch tells it.
func memberOf(e *event.Event) state.BatchEvent {
	culprit := e.Attributes[event.AttrCulprit]
	if culprit == "" {
		culprit = e.Object.Name
	}
	return state.BatchEvent{
		ID: e.ID, Object: e.Object, Culprit: culprit, Status: e.Status, Level: e.Level,
		OpenedAt: e.OpenedAt, Onset: e.Onset, RecoveredAt: e.RecoveredAt, ExhaustsAt: e.Verdict.Exhaustion,
		Acknowledged: !e.AcknowledgedAt.IsZero(), Denied: e.NotLeak != "", Silenced: e.Silenced,
	}
}
