package event

import (
	"maps"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
)

// seen takes a run in that finds the event's object leaking, and says what a person would call
// news: the level, the workload that is named first, the time that is left.
func (t *Transition) seen(v *view, h *hostView, now time.Time) {
	e := &t.Event
	before := e.Level
	e.HealthyRuns, e.NoDataRuns = 0, 0
	e.LastSeenAt = h.at
	e.Verdict = VerdictOf(v.finding)
	e.Level, e.Cause = h.levelOf(v), e.Verdict.Cause
	if v.owner != "" {
		e.Owner = v.owner
	}
	was := e.Attributes[AttrCulprit]
	e.name(v, h)
	if e.NotLeak != "" { // a person said that it is none: its life is kept, nothing is news
		return
	}
	switch d := rankOf(e.Level) - rankOf(before); {
	case d > 0:
		t.add(LevelRose, now, "", string(before))
	case d < 0:
		t.add(LevelFell, now, "", string(before))
	}
	if is := e.Attributes[AttrCulprit]; e.Object.Kind == leak.KindHost && !sameOwner(is, was) {
		t.add(CulpritChanged, now, "", was)
	}
	if timeIsNews(e.ToldExhaustion, e.Verdict.Exhaustion, h.at) {
		t.add(TimeChanged, now, "", clockOrNone(e.ToldExhaustion))
	}
	if len(t.Entries) > 0 {
		e.UpdatedAt = h.at
		e.ToldExhaustion = e.Verdict.Exhaustion
	}
}

func clockOrNone(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// A forecast is news when the time left has halved or doubled against what was told, beyond the
// time that went by itself, and by an hour at least; and when there is one where there was none, or
// none where there was one, within newsWithin.
const (
	leastNews  = time.Hour
	newsWithin = 3 * 24 * time.Hour
)

func timeIsNews(told, is, at time.Time) bool {
	switch {
	case told.IsZero() && is.IsZero():
		return false
	case told.IsZero():
		return is.Sub(at) <= newsWithin
	case is.IsZero():
		return told.Sub(at) > 0 && told.Sub(at) <= newsWithin
	}
	a, b := max(told.Sub(at), 0), max(is.Sub(at), 0)
	short, long := min(a, b), max(a, b)
	return long-short >= leastNews && 2*short <= long && short <= 10*newsWithin
}

// close ends an event at the end of a window.
func (t *Transition) close(how Recovery, at, now time.Time) {
	e := &t.Event
	e.Status, e.Recovery, e.RecoveredAt, e.UpdatedAt = Recovered, how, at, at
	t.add(Closed, now, "", "")
}

// add appends an entry to the history.
func (t *Transition) add(c Change, at time.Time, by, note string) {
	e := &t.Event
	e.Entries++
	t.Entries = append(t.Entries, Entry{
		EventID: e.ID, Seq: e.Entries, At: at.UTC(), Change: c, Level: e.Level, Recovery: e.Recovery,
		By: by, Note: note, Duration: max(at.Sub(e.OpenedAt), 0),
	})
}

// RecoverByHand ends an event because a person says that it is over. Where it leaks on, the next run
// opens a new one. An event that is over stays as it is: there are no entries then.
func RecoverByHand(e Event, by, note string, now time.Time) Transition {
	t := Transition{Event: e}
	if e.Status == Recovered {
		return t
	}
	t.Event.Status, t.Event.Recovery = Recovered, ByHand
	t.Event.RecoveredAt, t.Event.UpdatedAt = now.UTC(), now.UTC()
	t.add(Closed, now, by, note)
	return t
}

// Acknowledge says that a person takes care of an open event; again it says who does now.
func Acknowledge(e Event, by, note string, now time.Time) Transition {
	t := Transition{Event: e}
	if e.Status == Recovered {
		return t
	}
	t.Event.AcknowledgedAt, t.Event.AcknowledgedBy = now.UTC(), by
	t.Event.UpdatedAt = now.UTC()
	if note = strings.TrimSpace(note); note != "" {
		t.Event.Note = note
	}
	t.add(Acknowledged, now, by, note)
	return t
}

// Deny says that an event is no leak, and why: it stays open, so that the same growth is not told
// again every hour, but nothing about it is news any more until it has recovered.
func Deny(e Event, by, why string, now time.Time) Transition {
	t := Transition{Event: e}
	if why = strings.TrimSpace(why); why == "" {
		why = "not a leak"
	}
	if e.NotLeak == why {
		return t
	}
	t.Event.NotLeak, t.Event.UpdatedAt = why, now.UTC()
	t.add(Denied, now, by, why)
	return t
}

// with is a copy of a map with one more entry: events share no maps.
func with(m map[string]string, key, value string) map[string]string {
	c := make(map[string]string, len(m)+1)
	maps.Copy(c, m)
	c[key] = value
	return c
}
