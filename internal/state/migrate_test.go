package state_test

import (
	"context"
	"database/sql"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/memseep/memseep/internal/state"
)

// TestRunsSurviveTheirMigration opens a database as it was before runs had triggers.
func TestRunsSurviveTheirMigration(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "state.db")
	before, err := sql.Open("sqlite", "file:"+path+"?_pragma=foreign_keys(1)")
	must(t, err)
	provider, err := goose.NewProvider(goose.DialectSQLite3, before, os.DirFS("migrations/sqlite"))
	must(t, err)
	_, err = provider.UpTo(ctx, 2)
	must(t, err)
	for _, statement := range []string{
		`INSERT INTO workspaces (id, name, created_at, version) VALUES ('w', 'w', '2026-03-01 12:00:00+00:00', 1)`,
		`INSERT INTO inspections (id, workspace_id, name, help, origin, origin_key, hosts, source_id, "window", history, thresholds, healthy_runs, no_data_runs, policy_id, schedule, time_zone, timeout, enabled, created_by, created_at, updated_at, version)
			VALUES ('i', 'w', 'i', '', 'app', '', '', '', 0, 0, '{}', 2, 3, '', '0 * * * *', '', 0, 1, '', '2026-03-01 12:00:00+00:00', '2026-03-01 12:00:00+00:00', 1)`,
		`INSERT INTO runs (id, workspace_id, inspection_id, inspection, scheduled_at, manual, made_up, status, chunks, chunks_done, hosts, failed, no_data, leaks, opened, recovered_n, error, log_seq)
			VALUES ('r', 'w', 'i', 'i', '2026-03-01 12:00:00+00:00', '', 0, 'running', 1, 0, 7, 0, 0, 0, 0, 0, '', 1)`,
		`INSERT INTO run_log (run_id, seq, at, level, text) VALUES ('r', 1, '2026-03-01 12:00:00+00:00', 'info', 'a line')`,
		`INSERT INTO chunks (run_id, "index", hosts, status, attempts, error) VALUES ('r', 0, '["a"]', 'pending', 0, '')`,
	} {
		_, err := before.ExecContext(ctx, statement)
		must(t, err)
	}
	must(t, before.Close())

	db := open(t, "sqlite:"+path)
	run, err := db.Run(ctx, "w", "r")
	must(t, err)
	if run.Hosts != 7 || run.InspectionID != "i" || len(run.Log) != 1 || run.Log[0].Text != "a line" {
		t.Errorf("the run is %+v", run)
	}
	chunks, err := db.PendingChunks(ctx, "w", "r")
	must(t, err)
	if len(chunks) != 1 || chunks[0].Hosts[0] != "a" {
		t.Errorf("its chunks are %+v", chunks)
	}
	must(t, db.AppendLog(ctx, "w", "r", []state.LogLine{{At: now, Level: "info", Text: "goes on"}}))
	must(t, db.DeleteInspection(ctx, "w", "i"))
	_, err = db.Run(ctx, "w", "r")
	wantError(t, err, state.ErrNotFound)
	log, err := db.RunLog(ctx, "w", "r", 0)
	if err == nil && len(log) > 0 {
		t.Errorf("the log of a run that is gone: %+v", log)
	}
}

// What a newer memseep has worked with is not touched by an older one, which says so.
func testNewer(t *testing.T, url string) {
	db := open(t, url)
	if _, err := db.SQL().ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)"); err != nil {
		t.Fatal(err)
	}
	again, err := state.Open(t.Context(), state.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		must(t, again.Close())
	}
	wantError(t, err, state.ErrNewer)
	if err != nil && !strings.Contains(err.Error(), "start the newer memseep again") {
		t.Errorf("%v does not say what to do", err)
	}
}

// A database beside which nothing may be written is an error, and not a wait for ever.
func TestALockThatCannotBeMadeIsToldOf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	must(t, os.Mkdir(path+".lock", 0o700))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := state.Open(ctx, state.Config{URL: "sqlite:" + path, Logger: slog.New(slog.DiscardHandler)})
	if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "lock the database") {
		t.Errorf("%v after %v", err, ctx.Err())
	}
}

// A text that is no UTF-8 is kept as what can be read of it, on both databases alike.
func init() {
	suite["texts of any bytes"] = func(t *testing.T, db *state.DB) {
		for _, name := range []string{"a\x00b", "\xff\xfe", "caf\xc3", "\u202e"} {
			id := addWorkspace(t, db, name)
			kept, err := db.Workspace(t.Context(), id)
			must(t, err)
			if want := strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", ""), "\ufffd"); kept.Name != want {
				t.Errorf("%q is kept as %q, want %q", name, kept.Name, want)
			}
			_, err = db.Workspace(t.Context(), name)
			wantError(t, err, state.ErrNotFound)
		}
	}
}

// A file that is no database is told of with what to do.
func TestAFileThatIsNoDatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.db")
	must(t, os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600))
	db, err := state.Open(t.Context(), state.Config{URL: "sqlite:" + path, Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		must(t, db.Close())
	}
	if err == nil || !strings.Contains(err.Error(), "restore a backup") {
		t.Errorf("%v", err)
	}
}
