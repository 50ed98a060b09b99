package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/server"
)

// failing starts a server that cannot start, and is what it says.
func failing(t *testing.T, change func(*server.Options)) (said string, err error) {
	t.Helper()
	var out bytes.Buffer
	c := config.Default
	c.Server.Data, c.Server.Listen, c.Server.Agent = t.TempDir(), "127.0.0.1:0", false
	o := server.Options{Config: c, Stdout: &out, Logger: slog.New(slog.DiscardHandler), Ready: func(string) { t.Error("it started") }}
	change(&o)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	return out.String(), server.Run(ctx, o)
}

// Where the address is taken the first start has made an administrator all the same: the password is
// shown, since it never is again.
func TestTheFirstPasswordIsShownThoughTheAddressIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	dir, out := t.TempDir(), &bytes.Buffer{}
	_, err = failing(t, func(o *server.Options) {
		o.Config.Server.Data, o.Config.Server.Listen, o.Stdout = dir, taken.Addr().String(), out
	})
	if err == nil || !strings.Contains(err.Error(), "choose another address by --listen") {
		t.Errorf("the address is taken: %v", err)
	}
	_, password, _ := strings.Cut(out.String(), "password of admin: ")
	password, _, _ = strings.Cut(password, "\n")
	r := serve(t, dir, func(o *server.Options) { o.First = auth.Environment{} })
	if s, _ := r.signIn("admin", password); s.User == nil {
		t.Errorf("nobody can sign in with what was shown: %q", out)
	}
}

// A data directory that cannot be written says so, and does not speak of another server.
func TestADirectoryThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "lock"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := failing(t, func(o *server.Options) { o.Config.Server.Data = dir })
	if err == nil || strings.Contains(err.Error(), "another memseep") || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("it says %v", err)
	}
}

// Behind a proxy that adds a header of its own to the one that a client has made up, attempts to sign in
// are counted by the address that the proxy has seen.
func TestAttemptsAreCountedByTheAddressOfTheProxysHeader(t *testing.T) {
	r := serve(t, t.TempDir(), func(o *server.Options) { o.Config.Server.TrustedProxies = []string{"127.0.0.1"} })
	var last *http.Response
	for i := range 25 {
		body := strings.NewReader(fmt.Sprintf(`{"name":"somebody%d","password":"guess"}`, i))
		request, err := http.NewRequestWithContext(t.Context(), "POST", r.url+"/api/v1/session", body)
		if err != nil {
			t.Fatal(err)
		}
		request.Header["X-Forwarded-For"] = []string{fmt.Sprintf("198.51.100.%d", i), "203.0.113.7"}
		request.Header.Set("Content-Type", "application/json")
		if last, err = http.DefaultClient.Do(request); err != nil {
			t.Fatal(err)
		}
		_ = last.Body.Close()
	}
	if last.StatusCode != 429 {
		t.Errorf("25 guesses from one address: %d", last.StatusCode)
	}
}

// No other site can have somebody's browser sign in, as whom it likes.
func TestSignInFromAnotherSite(t *testing.T) {
	r := serve(t, t.TempDir())
	a := r.ask("POST", "/api/v1/session", "", map[string]string{"name": "admin", "password": adminPassword}, "Sec-Fetch-Site", "cross-site")
	if a.status != 403 || a.header.Get("Set-Cookie") != "" {
		t.Errorf("%d %s, cookie %q", a.status, a.body, a.header.Get("Set-Cookie"))
	}
}

// Strangers cannot fill the audit log: what was not even looked at is not in it.
func TestStrangersDoNotFillTheAuditLog(t *testing.T) {
	r := serve(t, t.TempDir())
	for range 100 {
		r.ask("POST", "/api/v1/session", "", map[string]string{"name": "admin", "password": "guess"})
		r.ask("POST", "/api/v1/session", "", "no JSON")
	}
	log := get[api.Page[api.Audit]](r, "/audit?instance=true&action=session.sign_in&limit=1000", adminKey).Items
	log = append(log, get[api.Page[api.Audit]](r, "/audit?action=session.sign_in&limit=1000", adminKey).Items...)
	if len(log) == 0 || len(log) > 20 {
		t.Errorf("of 200 requests the log has %d", len(log))
	}
}

// One person cannot open streams without end.
func TestStreamsOfOnePersonAreBounded(t *testing.T) {
	r := serve(t, t.TempDir())
	other := r.scriptKey("other", "read")
	open := func(key string) int {
		request, err := http.NewRequestWithContext(t.Context(), "GET", r.url+"/api/v1/stream", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+key)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		if response.StatusCode == 200 { // the first line is sent when it is open
			if _, err := io.ReadFull(response.Body, make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
		}
		return response.StatusCode
	}
	for range 100 {
		if status := open(adminKey); status != 200 {
			t.Fatalf("a stream: %d", status)
		}
	}
	if status := open(adminKey); status != 429 {
		t.Errorf("one more: %d", status)
	}
	if status := open(other); status != 200 {
		t.Errorf("of somebody else: %d", status)
	}
}

// A time that could be kept and never be answered, since it lies beyond the year 9999 of UTC, is refused:
// whoever lists what has it would get nothing any more.
func TestATimeThatCannotBeAnsweredIsRefused(t *testing.T) {
	r := serve(t, t.TempDir())
	const beyond = "9999-12-31T23:59:59-23:59"
	inspection := get[api.Page[api.Inspection]](r, "/inspections", adminKey).Items[0]
	for path, body := range map[string]any{
		"/keys":                object{"name": "k", "scopes": []string{"read"}, "expires_at": beyond},
		"/inspections":         object{"name": "x", "schedule": "0 * * * *", "enabled": true, "expires_at": beyond},
		"/inspections/import":  "inspections:\n- name: y\n  schedule: 0 * * * *\n  expires: " + beyond + "\n",
		"/inspections/dry-run": object{"inspection": inspection.InspectionInput, "at": beyond},
		"/scripts/import":      object{"memseep": 1, "triggers": []any{object{"script": "a__b", "function": "f", "enabled": true, "expires_at": beyond}}},
	} {
		media := "application/json"
		if _, text := body.(string); text {
			media = "application/yaml"
		}
		if a := r.ask("POST", "/api/v1"+path, adminKey, body, "Content-Type", media); a.status != 422 {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	for _, path := range []string{"/keys", "/inspections"} {
		if a := r.ask("GET", "/api/v1"+path, adminKey, nil); a.status != 200 {
			t.Errorf("the list %s afterwards: %d %s", path, a.status, a.body)
		}
	}
}

// Scopes of the wrong kind are refused like all that is wrong.
func TestScopesThatAreNone(t *testing.T) {
	r := serve(t, t.TempDir())
	for body, status := range map[string]int{
		`{"name":"k","scopes":[["read"]]}`:            422,
		`{"name":"k","scopes":[{"read":1}]}`:          422,
		`{"name":"k","scopes":["read","read"]}`:       201,
		`{"name":"k","scopes":[]}`:                    422,
		`{"name":"k","scopes":["read","everything"]}`: 422,
	} {
		if a := r.ask("POST", "/api/v1/keys", adminKey, body); a.status != status {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}
