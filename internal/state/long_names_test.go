package state_test

import (
	"database/sql"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// longName is a name of 10,000 characters that cannot be packed to fewer than an index takes.
func longName(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, seed))
	name := make([]rune, 10_000)
	for i := range name {
		name[i] = rune('一' + r.IntN(20_000))
	}
	return string(name)
}

// Names of any length are kept whole and found again; what differs only at their ends is told apart.
func init() {
	suite["names of any length"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		i := addInspection(t, db, ws, "i")
		begins, culprit, key := longName(1), longName(2), longName(3)
		a, b, short := begins+"a", begins+"b", `short\x`
		inserted := func(host, name string, status event.Status) event.Event {
			e := event.Event{
				WorkspaceID: ws, InspectionID: i.ID, Fingerprint: state.NewID(), Status: status, Level: leak.Error,
				Object:     leak.Object{Kind: leak.KindProcess, Host: host, Name: name, Namespace: longName(4)},
				Dimensions: map[string]string{"host": host}, Attributes: map[string]string{key: culprit + name, "zone": longName(5)},
				OpenedAt: now, UpdatedAt: now, LastSeenAt: now,
			}
			if status == event.Recovered {
				e.RecoveredAt = now
			}
			must(t, db.InsertEvent(ctx, &e))
			return e
		}
		first, over := inserted(a, culprit+"1", event.Open), inserted(a, culprit+"1", event.Recovered)
		other, third := inserted(b, culprit+"2", event.Open), inserted(short, "java", event.Open)
		must(t, db.UpdateEvent(ctx, &first))
		wants := func(what string, events []event.Event, err error, want ...event.Event) {
			t.Helper()
			must(t, err)
			got, wanted := idsOf(events), idsOf(want)
			slices.Sort(got)
			slices.Sort(wanted)
			if !slices.Equal(got, wanted) {
				t.Errorf("%s: found %q, want %q", what, got, wanted)
			}
		}
		listed := func(what string, f state.EventFilter, want ...event.Event) {
			t.Helper()
			found, _, err := db.Events(ctx, ws, f)
			wants(what, found, err, want...)
		}
		kept, err := db.Event(ctx, ws, first.ID)
		must(t, err)
		if kept.Object != first.Object {
			t.Error("the object is kept as another")
		}
		found, err := db.OpenEvents(ctx, ws, i.ID, []string{a, short})
		wants("open on two hosts", found, err, first, third)
		found, err = db.RecoveredEvents(ctx, ws, i.ID, []string{a, b}, now.Add(-time.Hour))
		wants("recovered on two hosts", found, err, over)
		found, err = db.OpenIncidentCandidates(ctx, ws, []string{culprit + "2", "java"}, now.Add(-time.Hour))
		wants("with two culprits", found, err, other, third)
		listed("of a host", state.EventFilter{Host: a}, first, over)
		listed("of what its name begins with", state.EventFilter{Host: begins})
		listed("of a culprit", state.EventFilter{Culprit: culprit + "1", Status: event.Open}, first)
		listed("with an attribute", state.EventFilter{Attributes: map[string][]string{key: {culprit + culprit + "2"}}}, other)
		listed("with another at that key's beginning", state.EventFilter{Attributes: map[string][]string{key + "x": {culprit + culprit + "2"}}})
		listed("without an attribute", state.EventFilter{NotAttributes: map[string][]string{"host": {a, b}}}, third)
		listed("with a text", state.EventFilter{Text: b[len(b)-40:]}, other)

		for range 2 { // new, then over what was known
			must(t, db.UpsertHosts(ctx, ws, []state.Host{{Name: b, Value: 2, TotalBytes: 1}, {Name: short, Value: 3}, {Name: a, Value: 1}}))
		}
		var names []string
		for f := (state.HostFilter{Page: state.Page{Limit: 1}}); ; {
			hosts, next, err := db.Hosts(ctx, ws, f)
			must(t, err)
			names = append(names, hosts[0].Name)
			if f.Cursor = next; next == "" {
				break
			}
		}
		if !slices.Equal(names, []string{short, a, b}) {
			t.Errorf("%d hosts a part at a time, want 3 by name", len(names))
		}
		h, err := db.Host(ctx, ws, b)
		must(t, err)
		if h.Value != 2 {
			t.Errorf("host b has %g, want 2", h.Value)
		}
		open, err := db.OpenByHost(ctx, ws, []string{a, b})
		must(t, err)
		same(t, map[string]int{a: 1, b: 1}, open)
	}
}

// What a database knows of hosts is found again when its indexes are made anew.
func testLongNamesMigration(t *testing.T, url string) {
	ctx := t.Context()
	before, err := sql.Open("pgx", url)
	must(t, err)
	provider, err := goose.NewProvider(goose.DialectPostgres, before, os.DirFS("migrations/postgres"))
	must(t, err)
	_, err = provider.UpTo(ctx, 6)
	must(t, err)
	for _, statement := range []string{
		`INSERT INTO workspaces (id, name, created_at, version) VALUES ('w', 'w', now(), 1)`,
		`INSERT INTO hosts (workspace_id, name, total_bytes, level, cause) SELECT 'w', 'h' || n, 1, '', '' FROM generate_series(1, 3) AS n`,
		`INSERT INTO events (id, workspace_id, inspection_id, inspection, incident_id, fingerprint, kind, host, name, namespace, owner, culprit, title, search,
				status, recovery, level, urgency, cause, opened_at, updated_at, last_seen_at, exhausts_at, no_suspects, healthy_runs, no_data_runs, entries,
				acknowledged_by, note, not_leak, silenced, version)
			SELECT 'e' || n, 'w', 'i', '', '', n, 'host', 'h' || n, '', '', '', 'java', '', '', 'open', '', 'error', 2, '', now(), now(), now(), now(), '', 0, 0, 0, '', '', '', false, 1
			FROM generate_series(1, 3) AS n`,
		`INSERT INTO event_bodies (event_id, verdict) SELECT id, '{}' FROM events`,
	} {
		_, err := before.ExecContext(ctx, statement)
		must(t, err)
	}
	must(t, before.Close())

	db := open(t, url)
	must(t, db.UpsertHosts(ctx, "w", []state.Host{{Name: "h2", Value: 7}, {Name: longName(1), Value: 8}}))
	hosts, _, err := db.Hosts(ctx, "w", state.HostFilter{})
	must(t, err)
	if len(hosts) != 4 || hosts[1].Name != "h2" || hosts[1].Value != 7 {
		t.Errorf("%d hosts, the second has %g", len(hosts), hosts[1].Value)
	}
	found, err := db.OpenEvents(ctx, "w", "i", []string{"h1", "h3"})
	must(t, err)
	if got := idsOf(found); !slices.Equal(got, []string{"e1", "e3"}) {
		t.Errorf("on two hosts stand %q", got)
	}
}

func idsOf(events []event.Event) []string {
	ids := make([]string, len(events))
	for i := range events {
		ids[i] = events[i].ID
	}
	return ids
}
