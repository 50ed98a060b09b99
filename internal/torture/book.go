package torture

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/api"
)

// Book remembers what the server has told of its state, and finds what is not as it has to be.
type Book struct {
	fleet   Fleet
	timeout time.Duration   // of the inspections
	strict  map[string]bool // inspections whose events nobody recovers by hand: one a leak, for ever

	events map[string]api.Event
	runs   map[string]api.Run
}

// NewBook is an empty one, for inspections with a timeout.
func NewBook(f Fleet, timeout time.Duration, strict ...string) *Book {
	b := &Book{fleet: f, timeout: timeout, strict: map[string]bool{}, events: map[string]api.Event{}, runs: map[string]api.Run{}}
	for _, id := range strict {
		b.strict[id] = true
	}
	return b
}

// Check reads events and runs, compares them with what was told before, and remembers them.
func (b *Book) Check(ctx context.Context, s *Server) error {
	if err := b.checkEvents(ctx, s); err != nil {
		return err
	}
	return b.checkRuns(ctx, s)
}

// Remember notes an event whose change was acknowledged.
func (b *Book) Remember(e api.Event) { b.events[e.ID] = e }

// Open are the open events of an inspection, by their ids.
func (b *Book) Open(inspectionID string) []string {
	var out []string
	for id, e := range b.events {
		if e.InspectionID == inspectionID && e.Status == "open" {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

// object is what an event is about: what its fingerprint is made of.
type object struct {
	inspection string
	api.Object
	owner string
}

func (b *Book) checkEvents(ctx context.Context, s *Server) error {
	list, err := s.Client.Events(ctx, url.Values{"limit": {"1000"}}, 0)
	if err != nil {
		return fmt.Errorf("read the events: %w", err)
	}
	there, open, ever := map[string]bool{}, map[object]string{}, map[object]string{}
	for _, e := range list {
		if there[e.ID] {
			return fmt.Errorf("doubled: event %s stands twice in the list", e.ID)
		}
		there[e.ID] = true
		about := object{e.InspectionID, e.Object, e.Owner}
		if other := open[about]; e.Status == "open" && other != "" {
			return fmt.Errorf("doubled: events %s and %s of %+v are both open", e.ID, other, about)
		}
		if other := ever[about]; b.strict[e.InspectionID] && other != "" {
			return fmt.Errorf("doubled: events %s and %s are of one leak, %+v", e.ID, other, about)
		}
		if ever[about] = e.ID; e.Status == "open" {
			open[about] = e.ID
		}
		if err := b.checkEvent(ctx, s, e); err != nil {
			return err
		}
	}
	for id, e := range b.events {
		if !there[id] {
			return fmt.Errorf("lost: event %s (%s) was told of and is not there", id, e.Title)
		}
	}
	return nil
}

// checkEvent reads an event that may have changed.
func (b *Book) checkEvent(ctx context.Context, s *Server, e api.EventSummary) error {
	before, known := b.events[e.ID]
	if known && before.Status == "recovered" && e.Status == "recovered" {
		return nil // an ended event is checked once
	}
	if known && before.Status == "recovered" {
		return fmt.Errorf("lost: event %s had recovered and is %s", e.ID, e.Status)
	}
	now, err := s.Client.Event(ctx, e.ID)
	if err != nil {
		return fmt.Errorf("read event %s: %w", e.ID, err)
	}
	if err := b.checkHistory(before.History, now); err != nil {
		return fmt.Errorf("event %s of %s: %w", e.ID, e.Object.Host, err)
	}
	b.events[e.ID] = now
	return nil
}

func (b *Book) checkHistory(before []api.Entry, e api.Event) error {
	if named := e.Culprit != nil && e.Culprit.Name == "java"; named == b.fleet.Lean || len(e.Snapshot.Curve.Values) == 0 {
		return fmt.Errorf("the culprit is %+v and the snapshot has %d values", e.Culprit, len(e.Snapshot.Curve.Values))
	}
	if len(e.History) < len(before) {
		return fmt.Errorf("lost: the history had %d entries and has %d", len(before), len(e.History))
	}
	for i, entry := range e.History {
		if entry.Seq != i+1 {
			return fmt.Errorf("the history has a hole: entry %d stands at place %d", entry.Seq, i+1)
		}
		if i < len(before) && entry != before[i] {
			return fmt.Errorf("entry %d of the history was %+v and is %+v", i+1, before[i], entry)
		}
		if (entry.Change == "opened") != (i == 0) {
			return fmt.Errorf("entry %d of the history is %q", i+1, entry.Change)
		}
	}
	if len(e.History) == 0 {
		return fmt.Errorf("lost: the history is empty")
	}
	if last := e.History[len(e.History)-1].Change; (last == "recovered") != (e.Status == "recovered") {
		return fmt.Errorf("the event is %s and its history ends with %q", e.Status, last)
	}
	return nil
}

// runGrace is how much longer than its timeout a run may be seen unfinished: the longest wait for a
// worker, and the time until the schedule looks.
const runGrace = 75 * time.Second

func (b *Book) checkRuns(ctx context.Context, s *Server) error {
	var page api.Page[api.Run]
	if err := s.Client.Call(ctx, "GET", "/runs?limit=1000", nil, &page); err != nil {
		return fmt.Errorf("read the runs: %w", err)
	}
	scheduled := map[string]string{}
	for _, r := range page.Items {
		if key := r.InspectionID + r.ScheduledAt.String(); r.Manual == "" {
			if other := scheduled[key]; other != "" {
				return fmt.Errorf("doubled: runs %s and %s are both those of %s", r.ID, other, r.ScheduledAt)
			}
			scheduled[key] = r.ID
		}
		if err := b.checkRun(r); err != nil {
			return fmt.Errorf("run %s, due at %s: %w", r.ID, r.ScheduledAt.Format(time.RFC3339), err)
		}
		b.runs[r.ID] = r
	}
	return nil
}

func (b *Book) checkRun(r api.Run) error {
	before, known := b.runs[r.ID]
	switch {
	case r.Hosts > b.fleet.Hosts:
		return fmt.Errorf("%d hosts were counted, of %d: a chunk counted twice", r.Hosts, b.fleet.Hosts)
	case r.Status == "success" && (r.Hosts != b.fleet.Hosts || r.Failed+r.NoData > 0):
		return fmt.Errorf("a success with %d hosts of %d, %d failed, %d without data", r.Hosts, b.fleet.Hosts, r.Failed, r.NoData)
	case known && Ended(before) && (!Ended(r) || r.Status != before.Status || !r.EndedAt.Equal(before.EndedAt)):
		return fmt.Errorf("it had ended as %s and is %s", before.Status, r.Status)
	case known && r.Hosts < before.Hosts:
		return fmt.Errorf("lost: %d hosts were done, and now %d", before.Hosts, r.Hosts)
	}
	begun := r.StartedAt
	if begun.IsZero() {
		begun = r.ScheduledAt
	}
	if took := time.Since(begun); !Ended(r) && took > b.timeout+runGrace {
		return fmt.Errorf("stuck: %s for %s, its timeout is %s", r.Status, took.Round(time.Second), b.timeout)
	}
	return nil
}

// Ended tells whether a run has.
func Ended(r api.Run) bool { return r.Status != "pending" && r.Status != "running" }

// Runs counts the runs that were seen, by status.
func (b *Book) Runs() map[string]int {
	out := map[string]int{}
	for _, r := range b.runs {
		out[r.Status]++
	}
	return out
}

// Unfinished is how many runs have not ended.
func (b *Book) Unfinished() int {
	n := 0
	for _, r := range b.runs {
		if !Ended(r) {
			n++
		}
	}
	return n
}
