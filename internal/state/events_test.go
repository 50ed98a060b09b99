package state_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func init() {
	suite["an event is read as it was kept"] = func(t *testing.T, db *state.DB) {
		ws := addWorkspace(t, db, "w")
		e := fullEvent(ws)
		must(t, db.InsertEvent(t.Context(), &e))
		wantAllSet(t, e)
		got, err := db.Event(t.Context(), ws, e.ID)
		must(t, err)
		same(t, e, got)

		listed, _, err := db.Events(t.Context(), ws, state.EventFilter{})
		must(t, err)
		e.Snapshot = event.Snapshot{}
		same(t, []event.Event{e}, listed)

		e.Level, e.Attributes["culprit"], e.Verdict.Exhaustion = leak.Warning, "nginx", time.Time{}
		must(t, db.UpdateEvent(t.Context(), &e))
		got, err = db.Event(t.Context(), ws, e.ID)
		must(t, err)
		e.Snapshot = fullEvent(ws).Snapshot
		same(t, e, got)
	}

	suite["one open event a fingerprint"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		first := event.Event{WorkspaceID: ws, Fingerprint: "f", Status: event.Open, OpenedAt: now, UpdatedAt: now, LastSeenAt: now}
		second := first
		must(t, db.InsertEvent(ctx, &first))
		wantError(t, db.InsertEvent(ctx, &second), state.ErrExists)
		first.Status, first.RecoveredAt = event.Recovered, now.Add(time.Hour)
		must(t, db.UpdateEvent(ctx, &first))
		second.ID = ""
		must(t, db.InsertEvent(ctx, &second))
		first.Status = event.Open
		wantError(t, db.UpdateEvent(ctx, &first), state.ErrExists)
	}

	suite["filters of events"] = testEventFilters
	suite["parts of a list of events"] = testEventParts

	suite["open events of the hosts of a chunk"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		for i := range 4 {
			e := event.Event{WorkspaceID: ws, InspectionID: "i", Fingerprint: fmt.Sprint(i), Status: event.Open, Object: leak.Object{Host: fmt.Sprint("h", i)},
				Attributes: map[string]string{"culprit": "java"}, OpenedAt: now.Add(time.Duration(i) * time.Minute), UpdatedAt: now, LastSeenAt: now}
			if i == 3 {
				e.Status, e.RecoveredAt = event.Recovered, now
			}
			must(t, db.InsertEvent(ctx, &e))
		}
		for _, c := range []struct {
			name  string
			hosts []string
			want  []string
		}{
			{"some", []string{"h2", "h0", "h3", "other"}, []string{"h0", "h2"}},
			{"all", nil, []string{"h0", "h1", "h2"}},
			{"none", []string{}, nil},
		} {
			events, err := db.OpenEvents(ctx, ws, "i", c.hosts)
			must(t, err)
			if got := hostsOf(events); !slices.Equal(got, c.want) {
				t.Errorf("%s: got %v, want %v", c.name, got, c.want)
			}
		}
		events, err := db.RecoveredEvents(ctx, ws, "i", []string{"h3", "h0"}, now)
		must(t, err)
		if got := hostsOf(events); !slices.Equal(got, []string{"h3"}) {
			t.Errorf("recovered: %v", got)
		}
		events, err = db.OpenIncidentCandidates(ctx, ws, []string{"java"}, now.Add(time.Minute))
		must(t, err)
		if got := hostsOf(events); !slices.Equal(got, []string{"h1", "h2"}) {
			t.Errorf("candidates: %v", got)
		}
	}

	suite["the history of an event"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		e := event.Event{WorkspaceID: ws, Fingerprint: "f", Status: event.Open, OpenedAt: now, UpdatedAt: now, LastSeenAt: now}
		must(t, db.InsertEvent(ctx, &e))
		entries := []event.Entry{
			{EventID: e.ID, Seq: 1, At: now, Change: event.Opened, Level: leak.Error},
			{EventID: e.ID, Seq: 2, At: now.Add(time.Hour), Change: event.Closed, Level: leak.OK, Recovery: event.ByHand, By: "ann", Note: "restarted", Duration: time.Hour},
		}
		must(t, db.AppendEntries(ctx, ws, entries))
		got, err := db.Entries(ctx, ws, e.ID)
		must(t, err)
		same(t, entries, got)
		wantError(t, db.AppendEntries(ctx, ws, entries[:1]), state.ErrExists)
		wantError(t, db.AppendEntries(ctx, "other", []event.Entry{{EventID: e.ID}}), state.ErrNotFound)
	}
}

func fullEvent(ws string) event.Event {
	n := 0.5
	unexplained := int64(7)
	verdict := event.Verdict{At: now, Leak: true, Cause: leak.Steady, Level: leak.Error, Confidence: 0.9, Unit: "percent", Value: 70, Capacity: 100, SlopePerHour: 1,
		SlopeLow: 0.5, SlopeHigh: 2, Onset: now.Add(-time.Hour), Exhaustion: now.Add(time.Hour), Earliest: now, Latest: now, Reasons: []event.Reason{{Code: "floor_rises", Value: 1, Points: 2}}}
	suspects := []event.Suspect{{Kind: leak.KindPod, Name: "o'brien", Namespace: "shop", Owner: "deployment/cart", Share: 0.5, Growth: 1, Bytes: 2, Count: 3}}
	return event.Event{
		WorkspaceID: ws, InspectionID: "i", Inspection: "Leaks", IncidentID: "inc", Fingerprint: "f",
		Object: leak.Object{Kind: leak.KindPod, Host: "web-1", Name: "cart-0", Namespace: "shop"}, Owner: "deployment/cart", Title: "内存泄漏 100%", Message: "**m**",
		Status: event.Open, Recovery: event.ByHand, Level: leak.Error, Cause: leak.Steady, Onset: now.Add(-time.Hour), OpenedAt: now, UpdatedAt: now, LastSeenAt: now, RecoveredAt: now,
		Verdict: verdict, Suspects: suspects,
		Snapshot: event.Snapshot{Verdict: verdict, Suspects: []event.Workload{{Suspect: suspects[0]}}, Top: []event.Workload{{Suspect: suspects[0], Curve: &event.Curve{Start: 1, Step: 60, Unit: "bytes", Values: []*float64{&n, nil}}}},
			Unexplained: &unexplained, Curve: event.Curve{Start: 1, Step: 60, Unit: "percent", Values: []*float64{nil, &n}}, TotalBytes: 9},
		Dimensions: map[string]string{"host": "web-1"}, Attributes: map[string]string{"culprit": "java"}, NoSuspects: "x", HealthyRuns: 1, NoDataRuns: 2,
		CheckedAt: now, Entries: 3, ToldExhaustion: now,
		AcknowledgedAt: now, AcknowledgedBy: "ann", Note: "n", NotLeak: "no", Silenced: true,
	}
}

func hostsOf(events []event.Event) []string {
	var hosts []string
	for _, e := range events {
		hosts = append(hosts, e.Object.Host)
	}
	return hosts
}

func testEventFilters(t *testing.T, db *state.DB) {
	ctx, ws := t.Context(), addWorkspace(t, db, "w")
	other := addWorkspace(t, db, "other")
	add := func(ws, host string, change func(*event.Event)) {
		e := event.Event{WorkspaceID: ws, InspectionID: "i1", Fingerprint: ws + host, Status: event.Open, Level: leak.Warning,
			Object: leak.Object{Kind: leak.KindHost, Host: host}, Title: "Leak on " + host, OpenedAt: now, UpdatedAt: now, LastSeenAt: now,
			Dimensions: map[string]string{"host": host}, Attributes: map[string]string{"env": "prod"}}
		change(&e)
		must(t, db.InsertEvent(ctx, &e))
	}
	add(ws, "a", func(e *event.Event) { e.Level, e.Attributes["culprit"] = leak.Critical, "java" })
	add(ws, "b", func(e *event.Event) {
		e.OpenedAt, e.Status, e.RecoveredAt = now.Add(time.Hour), event.Recovered, now.Add(2*time.Hour)
		e.Attributes["env"], e.IncidentID = "test", "inc"
	})
	add(ws, "c", func(e *event.Event) {
		e.OpenedAt, e.InspectionID, e.Object.Kind, e.Object.Name = now.Add(3*time.Hour), "i2", leak.KindProcess, "100%_Über"
		e.Attributes = nil
	})
	add(other, "d", func(*event.Event) {})

	for _, c := range []struct {
		name string
		f    state.EventFilter
		want []string
	}{
		{"all, the newest first", state.EventFilter{}, []string{"c", "b", "a"}},
		{"status", state.EventFilter{Status: event.Open}, []string{"c", "a"}},
		{"levels", state.EventFilter{Levels: []leak.Level{leak.Critical, leak.Error}}, []string{"a"}},
		{"an unknown level", state.EventFilter{Levels: []leak.Level{"x"}}, nil},
		{"kinds", state.EventFilter{Kinds: []leak.Kind{leak.KindProcess}}, []string{"c"}},
		{"host", state.EventFilter{Host: "b"}, []string{"b"}},
		{"host of another workspace", state.EventFilter{Host: "d"}, nil},
		{"inspection", state.EventFilter{InspectionID: "i2"}, []string{"c"}},
		{"culprit", state.EventFilter{Culprit: "java"}, []string{"a"}},
		{"a leaking workload is its own culprit", state.EventFilter{Culprit: "100%_Über"}, []string{"c"}},
		{"incident", state.EventFilter{IncidentID: "inc"}, []string{"b"}},
		{"text in any case", state.EventFilter{Text: "LEAK on A"}, []string{"a"}},
		{"text that looks like a pattern", state.EventFilter{Text: "0%_ÜB"}, []string{"c"}},
		{"text that is no pattern", state.EventFilter{Text: "L%k"}, nil},
		{"attribute", state.EventFilter{Attributes: map[string][]string{"env": {"prod"}}}, []string{"a"}},
		{"attribute, any of its values", state.EventFilter{Attributes: map[string][]string{"env": {"prod", "test"}}}, []string{"b", "a"}},
		{"dimension", state.EventFilter{Attributes: map[string][]string{"host": {"c"}}}, []string{"c"}},
		{"not an attribute", state.EventFilter{NotAttributes: map[string][]string{"env": {"prod"}}}, []string{"c", "b"}},
		{"one and not another", state.EventFilter{Attributes: map[string][]string{"env": {"prod", "test"}}, NotAttributes: map[string][]string{"host": {"b"}}}, []string{"a"}},
		{"from, inclusive", state.EventFilter{From: now.Add(time.Hour)}, []string{"c", "b"}},
		{"to, exclusive", state.EventFilter{To: now.Add(time.Hour)}, []string{"a"}},
		{"open at a time", state.EventFilter{OpenAt: now.Add(90 * time.Minute)}, []string{"b", "a"}},
		{"open when it was over", state.EventFilter{OpenAt: now.Add(2 * time.Hour)}, []string{"a"}},
		{"by level", state.EventFilter{Sort: state.ByLevel}, []string{"a", "c", "b"}},
	} {
		events, _, err := db.Events(ctx, ws, c.f)
		must(t, err)
		if got := hostsOf(events); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		counts, err := db.EventCounts(ctx, ws, c.f)
		must(t, err)
		if counts.Total != len(c.want) {
			t.Errorf("%s: counted %d, want %d", c.name, counts.Total, len(c.want))
		}
	}
	counts, err := db.EventCounts(ctx, ws, state.EventFilter{})
	must(t, err)
	same(t, state.EventCounts{
		Total:    3,
		Statuses: map[event.Status]int{event.Open: 2, event.Recovered: 1},
		Levels:   map[leak.Level]int{leak.Critical: 1, leak.Warning: 2},
		Kinds:    map[leak.Kind]int{leak.KindHost: 2, leak.KindProcess: 1},
	}, counts)
}

// Parts put together are the whole list in its order, also where events of equal values are
// inserted between two parts.
func testEventParts(t *testing.T, db *state.DB) {
	ctx, ws := t.Context(), addWorkspace(t, db, "w")
	n := 0
	add := func() {
		n++
		e := event.Event{WorkspaceID: ws, Fingerprint: fmt.Sprint(n), Status: event.Open, Level: []leak.Level{leak.Critical, leak.Warning, leak.Error}[n%3],
			Object: leak.Object{Host: fmt.Sprint(n)}, OpenedAt: now.Add(time.Duration(n%4) * time.Millisecond), UpdatedAt: now, LastSeenAt: now}
		if n%2 == 0 {
			e.Verdict.Exhaustion = now.Add(time.Duration(n%5) * time.Hour)
		}
		must(t, db.InsertEvent(ctx, &e))
	}
	for range 23 {
		add()
	}
	for _, sort := range []state.EventSort{state.ByOpened, state.ByLevel, state.ByExhaustion} {
		whole, next, err := db.Events(ctx, ws, state.EventFilter{Sort: sort})
		must(t, err)
		if next != "" || len(whole) < 23 {
			t.Fatalf("by %s: %d events and then %q", sort, len(whole), next)
		}
		before := map[string]bool{}
		for _, e := range whole {
			before[e.ID] = true
		}
		var parts []event.Event
		f := state.EventFilter{Sort: sort, Page: state.Page{Limit: 4}}
		for {
			part, next, err := db.Events(ctx, ws, f)
			must(t, err)
			for _, e := range part {
				if before[e.ID] {
					parts = append(parts, e)
				}
			}
			add() // it may come in a later part or not; the others are not moved by it
			if next == "" {
				break
			}
			f.Cursor = next
		}
		same(t, hostsOf(whole), hostsOf(parts))
	}

	_, next, err := db.Events(ctx, ws, state.EventFilter{Page: state.Page{Limit: 1}})
	must(t, err)
	for _, c := range []state.EventFilter{
		{Sort: state.ByLevel, Page: state.Page{Cursor: next}},
		{Page: state.Page{Cursor: "x"}},
		{Page: state.Page{Cursor: "WzFd"}},
		{Sort: "other"},
	} {
		_, _, err := db.Events(ctx, ws, c)
		wantError(t, err, state.ErrBadCursor)
	}
}
