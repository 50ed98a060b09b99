package state_test

import (
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/state"
)

// suite is what both databases have to pass; each test is given an empty one.
var suite = map[string]func(t *testing.T, db *state.DB){}

func TestSQLite(t *testing.T) {
	t.Run("opened by several at once", func(t *testing.T) {
		testMigrationsAtOnce(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db"))
	})
	t.Run("of a newer memseep", func(t *testing.T) { testNewer(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db")) })
	for name, test := range suite {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, "sqlite:"+filepath.Join(t.TempDir(), "state.db")))
		})
	}
}

func TestPostgres(t *testing.T) {
	server := realserver.StartPostgres(t)
	migrated := server.URL(t)
	t.Run("opened by several at once", func(t *testing.T) { testMigrationsAtOnce(t, migrated) })
	t.Run("of a newer memseep", func(t *testing.T) { testNewer(t, server.URL(t)) })
	t.Run("with indexes of whole names", func(t *testing.T) { testLongNamesMigration(t, server.URL(t)) })
	emptyPostgres = func(t testing.TB) string { return server.Copy(t, migrated) }
	t.Run("suite", func(t *testing.T) { // ends before the server does
		for name, test := range suite {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, open(t, emptyPostgres(t)))
			})
		}
	})
}

// emptyPostgres is the address of a new database, while TestPostgres runs.
var emptyPostgres func(t testing.TB) string

func open(t testing.TB, url string) *state.DB {
	t.Helper()
	db, err := state.Open(t.Context(), state.Config{URL: url, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// now is the time of all tests.
var now = time.Date(2026, 3, 1, 12, 0, 0, int(123*time.Millisecond), time.UTC)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantError(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("got error %v, want %v", got, want)
	}
}

func addWorkspace(t testing.TB, db *state.DB, name string) string {
	t.Helper()
	w := state.Workspace{Name: name, CreatedAt: now}
	must(t, db.AddWorkspace(t.Context(), &w))
	return w.ID
}

func addInspection(t testing.TB, db *state.DB, workspaceID, name string) state.Inspection {
	t.Helper()
	i := state.Inspection{WorkspaceID: workspaceID, Name: name, Origin: state.FromApp, Enabled: true, CreatedAt: now}
	must(t, db.AddInspection(t.Context(), &i))
	return i
}
