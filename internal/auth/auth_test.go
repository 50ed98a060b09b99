package auth_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/state"
)

// desk is an Auth over an empty database after its first start, with a clock that tests move.
type desk struct {
	*auth.Auth
	db    *state.DB
	now   time.Time
	first auth.First
}

const adminPassword = "correct horse battery"

func newDesk(t *testing.T) *desk {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	db, err := state.Open(t.Context(), state.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "state.db"), Logger: quiet})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	d := &desk{db: db, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	d.Auth = auth.New(db, func() time.Time { return d.now }, quiet)
	d.first, err = d.EnsureFirst(t.Context(), auth.Environment{AdminPassword: adminPassword, IngestKey: "in:ingest-secret", AdminKey: "adm:admin-secret"})
	must(t, err)
	return d
}

// person adds somebody with a role in the first workspace, and signs in.
func (d *desk) person(t *testing.T, name string, role state.Role) (*http.Cookie, *auth.Identity) {
	t.Helper()
	hash, err := auth.HashPassword(adminPassword)
	must(t, err)
	u := state.User{Name: name, PasswordHash: hash, CreatedAt: d.now}
	must(t, d.db.AddUser(t.Context(), &u))
	if role != "" {
		must(t, d.db.SetMember(t.Context(), state.Member{WorkspaceID: d.first.WorkspaceID, UserID: u.ID, Role: role}))
	}
	return d.signIn(t, name)
}

func (d *desk) signIn(t *testing.T, name string) (*http.Cookie, *auth.Identity) {
	t.Helper()
	cookie, id, err := d.SignIn(t.Context(), name, adminPassword, "192.0.2.1", "browser")
	must(t, err)
	return cookie, id
}

func request(method, target string, change func(*http.Request)) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	if change != nil {
		change(r)
	}
	return r
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

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
