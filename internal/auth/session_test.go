package auth_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/state"
)

func TestSignIn(t *testing.T) {
	d := newDesk(t)
	d.person(t, "gone", state.Viewer)
	gone, err := d.db.UserByName(t.Context(), "gone")
	must(t, err)
	gone.Disabled = true
	must(t, d.db.UpdateUser(t.Context(), &gone))
	for _, c := range []struct {
		name, user, password string
		want                 error
	}{
		{"right", "admin", adminPassword, nil},
		{"a name in another case", " Admin ", adminPassword, nil},
		{"a wrong password", "admin", "wrong", auth.ErrBadCredentials},
		{"no password", "admin", "", auth.ErrBadCredentials},
		{"an unknown name", "eve", adminPassword, auth.ErrBadCredentials},
		{"no name", "", "", auth.ErrBadCredentials},
		{"somebody disabled", "gone", adminPassword, auth.ErrBadCredentials},
	} {
		t.Run(c.name, func(t *testing.T) {
			cookie, id, err := d.SignIn(t.Context(), c.user, c.password, c.name, "")
			wantError(t, err, c.want)
			if err != nil {
				if err.Error() != auth.ErrBadCredentials.Error() {
					t.Errorf("the error tells more: %v", err)
				}
				return
			}
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || len(cookie.Value) < 43 {
				t.Errorf("cookie %+v", cookie)
			}
			if id.User.Name != "admin" || id.WorkspaceID != d.first.WorkspaceID || id.CSRF == "" {
				t.Errorf("identity %+v", id)
			}
		})
	}
}

func TestSignInIsLimited(t *testing.T) {
	for _, c := range []struct {
		name  string
		names func(i int) (name, address string)
		tries int // until there is to wait
	}{
		{"by name", func(i int) (string, string) { return "admin", string(rune('a' + i)) }, 10},
		{"by address", func(i int) (string, string) { return string(rune('a' + i)), "192.0.2.1" }, 20},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			for i := range c.tries {
				name, address := c.names(i)
				_, _, err := d.SignIn(t.Context(), name, "wrong", address, "")
				wantError(t, err, auth.ErrBadCredentials)
			}
			name, address := c.names(c.tries)
			_, _, err := d.SignIn(t.Context(), name, adminPassword, address, "")
			var wait *auth.Wait
			if !errors.As(err, &wait) || wait.After <= 0 || wait.After > time.Minute || wait.Status() != http.StatusTooManyRequests {
				t.Fatalf("got %v, want to wait", err)
			}
			wantError(t, err, auth.ErrTooMany)
			d.now = d.now.Add(wait.After)
			_, _, err = d.SignIn(t.Context(), "admin", adminPassword, address, "")
			must(t, err)
		})
	}
}

func TestSessionLife(t *testing.T) {
	d := newDesk(t)
	cookie, _ := d.signIn(t, "admin")
	r := request(http.MethodGet, "/", nil)
	r.AddCookie(cookie)
	for range 3 { // each use moves the end
		d.now = d.now.Add(29 * 24 * time.Hour)
		_, err := d.FromRequest(r)
		must(t, err)
	}
	d.now = d.now.Add(30 * 24 * time.Hour)
	_, err := d.FromRequest(r)
	wantError(t, err, auth.ErrBadCredentials)
	n, err := d.db.DeleteExpiredSessions(t.Context(), d.now)
	must(t, err)
	if n != 1 {
		t.Errorf("%d sessions have ended, want 1", n)
	}

	cookie, _ = d.signIn(t, "admin")
	r = request(http.MethodGet, "/", nil)
	r.AddCookie(cookie)
	out, err := d.SignOut(t.Context(), r)
	must(t, err)
	if out.Name != cookie.Name || out.MaxAge >= 0 {
		t.Errorf("the cookie is not deleted: %+v", out)
	}
	_, err = d.FromRequest(r)
	wantError(t, err, auth.ErrBadCredentials)
}

func TestChangePassword(t *testing.T) {
	d := newDesk(t)
	first, id := d.signIn(t, "admin")
	second, _ := d.signIn(t, "admin")
	_, err := d.ChangePassword(t.Context(), id, "wrong", "another password")
	wantError(t, err, auth.ErrBadCredentials)
	_, err = d.ChangePassword(t.Context(), id, adminPassword, "short")
	wantError(t, err, auth.ErrWeakPassword)
	third, err := d.ChangePassword(t.Context(), id, adminPassword, "another password")
	must(t, err)
	for _, c := range []struct {
		name   string
		cookie *http.Cookie
		want   error
	}{
		{"the session that changed it", first, auth.ErrBadCredentials},
		{"another session", second, auth.ErrBadCredentials},
		{"the new session", third, nil},
	} {
		r := request(http.MethodGet, "/", nil)
		r.AddCookie(c.cookie)
		if _, err := d.FromRequest(r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	_, _, err = d.SignIn(t.Context(), "admin", adminPassword, "", "")
	wantError(t, err, auth.ErrBadCredentials)
}

// A session that is left over from before the password is void, whoever changed the password.
func TestPasswordChangedElsewhere(t *testing.T) {
	d := newDesk(t)
	cookie, id := d.signIn(t, "admin")
	user := *id.User
	user.PasswordAt = d.now.Add(time.Millisecond)
	must(t, d.db.UpdateUser(t.Context(), &user))
	r := request(http.MethodGet, "/", nil)
	r.AddCookie(cookie)
	_, err := d.FromRequest(r)
	wantError(t, err, auth.ErrBadCredentials)
}

func TestChangesOfAnotherSite(t *testing.T) {
	d := newDesk(t)
	cookie, id := d.signIn(t, "admin")
	for _, c := range []struct {
		name    string
		method  string
		headers map[string]string
		want    error
	}{
		{"reading needs no token", http.MethodGet, nil, nil},
		{"a change with the token", http.MethodPost, map[string]string{"X-CSRF-Token": id.CSRF}, nil},
		{"of the app's own origin", http.MethodPost, map[string]string{"X-CSRF-Token": id.CSRF, "Sec-Fetch-Site": "same-origin"}, nil},
		{"without the token", http.MethodPost, map[string]string{"Sec-Fetch-Site": "same-origin"}, auth.ErrForbidden},
		{"with another token", http.MethodDelete, map[string]string{"X-CSRF-Token": "x"}, auth.ErrForbidden},
		{"of another site", http.MethodPost, map[string]string{"X-CSRF-Token": id.CSRF, "Sec-Fetch-Site": "cross-site"}, auth.ErrForbidden},
		{"of another origin", http.MethodPut, map[string]string{"X-CSRF-Token": id.CSRF, "Origin": "https://evil.example"}, auth.ErrForbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := request(c.method, "/api/v1/keys", nil)
			r.AddCookie(cookie)
			for name, value := range c.headers {
				r.Header.Set(name, value)
			}
			_, err := d.FromRequest(r)
			wantError(t, err, c.want)
		})
	}
}

func TestSecure(t *testing.T) {
	for _, c := range []struct {
		name  string
		trust bool
		r     *http.Request
		want  bool
	}{
		{"plain", false, request(http.MethodGet, "/", nil), false},
		{"TLS", false, request(http.MethodGet, "/", func(r *http.Request) { r.TLS = &tls.ConnectionState{} }), true},
		{"a proxy that is trusted", true, request(http.MethodGet, "/", header("X-Forwarded-Proto", "https")), true},
		{"a proxy that is not", false, request(http.MethodGet, "/", header("X-Forwarded-Proto", "https")), false},
	} {
		a := &auth.Auth{TrustProxy: c.trust}
		if got := a.Secure(c.r); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
