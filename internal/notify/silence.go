package notify

import (
	"fmt"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/notify/target"
	"github.com/memseep/memseep/internal/state"
)

// silence keeps quiet about what a silence matches that is active now. That something is over is told
// nevertheless to those who know that it began.
func silence(p *passage) (target.Words, bool) {
	p.silence = Silenced(p.silences, p.policy.ID, p.event, p.now)
	if p.silence == nil {
		return words("no silence is active for it", "没有生效的静默"), true
	}
	return words(fmt.Sprintf("silence %q keeps quiet about it", p.silence.Name), fmt.Sprintf("被静默“%s”抑制", p.silence.Name)), false
}

// Silenced is the first of the silences that keeps quiet about an event at a time; nil where none.
func Silenced(silences []state.Silence, policyID string, e *event.Event, at time.Time) *state.Silence {
	for i := range silences {
		s := &silences[i]
		if len(s.Policies) > 0 && !slices.Contains(s.Policies, policyID) {
			continue
		}
		if _, _, in := Within(s.Period, location(s.TimeZone), at); in && Matches(&s.Matcher, e) {
			return s
		}
	}
	return nil
}

// SilenceState is whether a silence is in force.
type SilenceState string

// States of a silence.
const (
	SilencePending SilenceState = "pending" // it begins later, or again
	SilenceActive  SilenceState = "active"
	SilenceExpired SilenceState = "expired"
)

// StateOf is the state of a silence at a time, when its occurrence begins, the running one or the
// next, and when the running one ends.
func StateOf(s *state.Silence, at time.Time) (is SilenceState, begins, ends time.Time) {
	zone := location(s.TimeZone)
	if begins, ends, in := Within(s.Period, zone, at); in {
		return SilenceActive, begins, ends
	}
	if next := Next(s.Period, zone, at); !next.IsZero() {
		return SilencePending, next, time.Time{}
	}
	return SilenceExpired, time.Time{}, time.Time{}
}
