package state_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func init() {
	suite["a backup holds everything"] = func(t *testing.T, db *state.DB) {
		ws := fill(t, db)
		path := filepath.Join(t.TempDir(), "backup")
		must(t, db.Backup(t.Context(), path))
		restored := restoreBackup(t, db, path)
		wantSameState(t, db, restored, ws)
		if err := db.Backup(t.Context(), path); err == nil {
			t.Error("a backup was written over another")
		}
	}

	suite["a dump is restored by SQLite too"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), fill(t, db)
		var dump bytes.Buffer
		must(t, db.Dump(ctx, &dump))
		other := open(t, "sqlite:"+filepath.Join(t.TempDir(), "other.db"))
		cut := dump.Bytes()[:dump.Len()/2]
		if err := other.Restore(ctx, bytes.NewReader(cut)); err == nil {
			t.Error("half a dump was restored")
		}
		must(t, other.Restore(ctx, bytes.NewReader(dump.Bytes())))
		wantSameState(t, db, other, ws)
		if err := other.Restore(ctx, bytes.NewReader(dump.Bytes())); err == nil || !strings.Contains(err.Error(), "empty") {
			t.Errorf("restored over what is there: %v", err)
		}
	}

	suite["a dump has every table"] = func(t *testing.T, db *state.DB) {
		var dump bytes.Buffer
		must(t, db.Dump(t.Context(), &dump))
		text := unzip(t, dump.Bytes())
		for _, name := range tableNames(t, db) {
			if !strings.Contains(text, `{"table":"`+name+`"}`) {
				t.Errorf("table %s is not in a dump: add it to the list in dump.go", name)
			}
		}
	}
}

// fill makes one record of each kind, with every field set, and returns the workspace.
func fill(t *testing.T, db *state.DB) string {
	t.Helper()
	ctx, ws := t.Context(), addWorkspace(t, db, "w")
	u := state.User{Name: "ann", PasswordHash: "hash", CreatedAt: now, PasswordAt: now}
	must(t, db.AddUser(ctx, &u))
	must(t, db.SetMember(ctx, state.Member{WorkspaceID: ws, UserID: u.ID, Role: state.Editor, CreatedAt: now}))
	must(t, db.AddSession(ctx, &state.Session{TokenHash: "h", UserID: u.ID, CSRF: "c", CreatedAt: now, ExpiresAt: now, Address: "a", Agent: "b"}))
	must(t, db.AddKey(ctx, &state.Key{ID: "k", WorkspaceID: ws, SecretHash: "s", Scopes: []state.Scope{state.ScopeRead}, CreatedAt: now}))
	must(t, db.AddSource(ctx, &state.Source{ID: "src", WorkspaceID: ws, Name: "s", Sealed: []byte{0, 200}, CreatedAt: now}))
	i := addInspection(t, db, ws, "i")
	r := state.Run{ID: "run", WorkspaceID: ws, InspectionID: i.ID, ScheduledAt: now, Status: state.RunRunning}
	must(t, db.AddRun(ctx, &r))
	must(t, db.AddChunks(ctx, ws, r.ID, []state.Chunk{{Index: 0, Hosts: []string{"a", "b"}}}))
	must(t, db.AppendLog(ctx, ws, r.ID, []state.LogLine{{At: now, Level: "info", Text: "one"}, {At: now, Level: "info", Text: "two"}}))
	e := fullEvent(ws)
	e.ID = "event"
	must(t, db.InsertEvent(ctx, &e))
	must(t, db.AppendEntries(ctx, ws, []event.Entry{{EventID: e.ID, Seq: 1, At: now, Change: event.Opened, Level: leak.Error}}))
	must(t, db.UpsertHosts(ctx, ws, []state.Host{fullHost("h"), {Name: "empty", Value: math.NaN()}}))
	must(t, db.AddAudit(ctx, &state.Audit{ID: "a", WorkspaceID: ws, At: now, Actor: "user:ann", Action: "x", Detail: []byte(`{}`), Status: 200}))
	must(t, db.SetSetting(ctx, "key", []byte(`{"a":1}`)))
	fillAlerts(t, db, ws)
	fillScripts(t, db, ws)
	return ws
}

// wantSameState compares what fill has made.
func wantSameState(t *testing.T, a, b *state.DB, ws string) {
	t.Helper()
	ctx := t.Context()
	both(t, a, b, func(db *state.DB) (any, error) { return db.Workspace(ctx, ws) })
	both(t, a, b, func(db *state.DB) (any, error) { return db.UserByName(ctx, "ann") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Members(ctx, ws) })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Session(ctx, "h") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Key(ctx, "k") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Source(ctx, ws, "src") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Run(ctx, ws, "run") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Chunk(ctx, ws, "run", 0) })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Event(ctx, ws, "event") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Entries(ctx, ws, "event") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Host(ctx, ws, "h") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Setting(ctx, "key") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Policy(ctx, ws, "policy") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Target(ctx, ws, "target") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Silence(ctx, ws, "silence") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Notice(ctx, ws, "notice") })
	both(t, a, b, func(db *state.DB) (any, error) { return db.Told(ctx, ws, []string{"event"}) })
	both(t, a, b, func(db *state.DB) (any, error) { return readScripts(t, db, ws), nil })
	both(t, a, b, func(db *state.DB) (any, error) {
		rows, _, err := db.Inspections(ctx, ws, state.InspectionFilter{})
		return rows, err
	})
	both(t, a, b, func(db *state.DB) (any, error) {
		rows, _, err := db.AuditLog(ctx, ws, state.AuditFilter{})
		return rows, err
	})
	for name, f := range map[string]state.EventFilter{
		"text":      {Text: "泄漏 100"},
		"attribute": {Attributes: map[string][]string{"culprit": {"java"}}},
	} {
		events, _, err := b.Events(ctx, ws, f)
		must(t, err)
		if len(events) != 1 {
			t.Errorf("%d events are found by %s", len(events), name)
		}
	}
	more := []state.LogLine{{At: now, Level: "info", Text: "three"}}
	must(t, b.AppendLog(ctx, ws, "run", more))
	if more[0].Seq != 3 {
		t.Errorf("the log goes on at %d", more[0].Seq)
	}
}

func both(t *testing.T, a, b *state.DB, read func(*state.DB) (any, error)) {
	t.Helper()
	want, err := read(a)
	must(t, err)
	got, err := read(b)
	must(t, err)
	same(t, want, got)
}

// restoreBackup opens a backup as its kind of database is restored.
func restoreBackup(t *testing.T, of *state.DB, path string) *state.DB {
	t.Helper()
	if of.Dialect() == state.SQLite {
		return open(t, "sqlite:"+path)
	}
	db := open(t, emptyPostgres(t))
	must(t, db.Restore(t.Context(), openFile(t, path)))
	return db
}

// tableNames are all tables but those of goose, of the job queue, and of the search for text.
func tableNames(t *testing.T, db *state.DB) []string {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if db.Dialect() == state.Postgres {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	rows, err := db.SQL().QueryContext(t.Context(), query)
	must(t, err)
	defer func() { must(t, rows.Close()) }()
	var names []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		names = append(names, name)
	}
	must(t, rows.Err())
	return slices.DeleteFunc(names, func(name string) bool {
		return strings.HasPrefix(name, "goose_") || strings.HasPrefix(name, "river_") ||
			strings.HasPrefix(name, "sqlite_") || strings.HasPrefix(name, "event_text")
	})
}

func unzip(t *testing.T, b []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(b))
	must(t, err)
	text, err := io.ReadAll(r)
	must(t, err)
	return string(text)
}

func openFile(t *testing.T, path string) io.Reader {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	t.Cleanup(func() { _ = f.Close() })
	return f
}
