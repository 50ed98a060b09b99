package auth_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/state"
)

// What strangers send for keys is not kept: a key that nobody has is forgotten, however long it is.
func TestMadeUpKeysTakeNoMemory(t *testing.T) {
	d := newDesk(t)
	before := heap()
	for i := range 2000 {
		long := fmt.Sprintf("Bearer %d%s:x", i, strings.Repeat("y", 60_000))
		_, err := d.FromRequest(request(http.MethodGet, "/", header("Authorization", long)))
		wantError(t, err, auth.ErrBadCredentials)
	}
	if grown := heap() - before; grown > 20<<20 {
		t.Errorf("2000 made-up keys of 60 kB are kept in %d MB", grown>>20)
	}
	runtime.KeepAlive(d)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Whoever asks while the state is away is told to come again, and not that the key is wrong: a collector
// would throw away what it has.
func TestAStateThatIsAwayIsNoWrongKey(t *testing.T) {
	d := newDesk(t)
	cookie, _ := d.signIn(t, "admin")
	must(t, d.db.Close())
	for name, change := range map[string]func(*http.Request){
		"a key":     header("Authorization", "Bearer adm:admin-secret"),
		"a token":   header("Authorization", "Bearer tkn_x"),
		"a session": func(r *http.Request) { r.AddCookie(cookie) },
	} {
		_, err := d.FromRequest(request(http.MethodGet, "/", change))
		var told interface{ Status() int }
		if !errors.As(err, &told) || told.Status() != http.StatusServiceUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An attacker with a network of IPv6 addresses has no more attempts than one with an address.
func TestAttemptsOfANetworkCountTogether(t *testing.T) {
	d := newDesk(t)
	var err error
	for i := range 21 {
		_, _, err = d.SignIn(t.Context(), fmt.Sprint("somebody", i), "wrong", fmt.Sprintf("2001:db8::%x:1", i+1), "")
	}
	wantError(t, err, auth.ErrTooMany)
	_, _, err = d.SignIn(t.Context(), "admin", adminPassword, "2001:db8:0:1::1", "")
	must(t, err)
}

// An address that has to wait cannot lock a person out by going on.
func TestWhoHasToWaitUsesUpNobodysAttempts(t *testing.T) {
	d := newDesk(t)
	for i := range 20 {
		_, _, err := d.SignIn(t.Context(), fmt.Sprint("somebody", i), "wrong", "192.0.2.66", "")
		wantError(t, err, auth.ErrBadCredentials)
	}
	for range 20 {
		_, _, err := d.SignIn(t.Context(), "admin", "wrong", "192.0.2.66", "")
		wantError(t, err, auth.ErrTooMany)
	}
	d.signIn(t, "admin")
}

// A password that was set while the clock was ahead does not keep its owner out until then.
func TestSignInAfterTheClockWasSetBack(t *testing.T) {
	d := newDesk(t)
	d.now = d.now.Add(-5 * 24 * time.Hour)
	cookie, _ := d.signIn(t, "admin")
	r := request(http.MethodGet, "/", nil)
	r.AddCookie(cookie)
	if id, err := d.FromRequest(r); err != nil || id.User.Name != "admin" {
		t.Errorf("signed in, and then %+v, %v", id, err)
	}
}

// A first start that is broken off leaves nothing half made: the next one is the first again.
func TestAFirstStartIsWholeOrNone(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	db, err := state.Open(t.Context(), state.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "state.db"), Logger: quiet})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	a := auth.New(db, nil, quiet)
	broken := errors.New("broken off")
	a.AtFirst = func(context.Context, *state.Tx, string) error { return broken }
	_, err = a.EnsureFirst(t.Context(), auth.Environment{})
	wantError(t, err, broken)
	made := 0
	a.AtFirst = func(_ context.Context, _ *state.Tx, workspaceID string) error { made++; return nil }
	for n := range 2 {
		first, err := a.EnsureFirst(t.Context(), auth.Environment{})
		must(t, err)
		if first.New != (n == 0) || made != 1 {
			t.Errorf("start %d: %+v, made %d times", n+1, first, made)
		}
	}
}

// The audit log forgets what is older than a year.
func TestTheAuditLogForgets(t *testing.T) {
	d := newDesk(t)
	for _, age := range []time.Duration{time.Hour, 400 * 24 * time.Hour} {
		must(t, d.db.AddAudit(t.Context(), &state.Audit{WorkspaceID: d.first.WorkspaceID, At: d.now.Add(-age), Action: "x"}))
	}
	d.Tend(t.Context())
	rows, _, err := d.db.AuditLog(t.Context(), d.first.WorkspaceID, state.AuditFilter{})
	must(t, err)
	if len(rows) != 1 || !rows[0].At.Equal(d.now.Add(-time.Hour)) {
		t.Errorf("it has %+v", rows)
	}
}
