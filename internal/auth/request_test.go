package auth_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/state"
)

func TestKeysInRequests(t *testing.T) {
	d := newDesk(t)
	id, secret, token, err := d.NewKey(t.Context(), d.first.WorkspaceID, "reader", []state.Scope{state.ScopeRead}, d.now.Add(time.Hour), d.first.UserID)
	must(t, err)
	for _, c := range []struct {
		name   string
		target string
		change func(*http.Request)
		want   error
	}{
		{"bearer", "/", header("Authorization", "Bearer "+id+":"+secret), nil},
		{"a scheme in lower case", "/", header("Authorization", "bearer "+id+":"+secret), nil},
		{"as line protocol's clients send it", "/", header("Authorization", "Token "+id+":"+secret), nil},
		{"basic", "/", func(r *http.Request) { r.SetBasicAuth(id, secret) }, nil},
		{"in the query", "/?token=" + id + ":" + secret, nil, nil},
		{"as DataKit sends it", "/v1/write/metric?token=" + token, nil, nil},
		{"its own workspace named", "/", func(r *http.Request) {
			r.SetBasicAuth(id, secret)
			r.Header.Set("X-Workspace", d.first.WorkspaceID)
		}, nil},
		{"another workspace named", "/", func(r *http.Request) {
			r.SetBasicAuth(id, secret)
			r.Header.Set("X-Workspace", "other")
		}, auth.ErrForbidden},
		{"nothing", "/", nil, auth.ErrNoCredentials},
		{"an empty cookie", "/", header("Cookie", "memseep_session="), auth.ErrNoCredentials},
		{"a cookie of no session", "/", header("Cookie", "memseep_session=x"), auth.ErrBadCredentials},
		{"a wrong secret", "/", header("Authorization", "Bearer "+id+":"+secret+"x"), auth.ErrBadCredentials},
		{"no secret", "/", header("Authorization", "Bearer "+id), auth.ErrBadCredentials},
		{"an empty secret", "/", header("Authorization", "Bearer "+id+":"), auth.ErrBadCredentials},
		{"an unknown key", "/", header("Authorization", "Bearer msk_x:"+secret), auth.ErrBadCredentials},
		{"an unknown token", "/?token=tkn_x", nil, auth.ErrBadCredentials},
		{"the hash instead of the secret", "/?token=tkn_", nil, auth.ErrBadCredentials},
		{"another scheme", "/", header("Authorization", "Digest x"), auth.ErrBadCredentials},
		{"broken basic", "/", header("Authorization", "Basic x"), auth.ErrBadCredentials},
		{"a wrong key beside a good token", "/?token=" + token, header("Authorization", "Bearer a:b"), auth.ErrBadCredentials},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := d.FromRequest(request(http.MethodPost, c.target, c.change))
			wantError(t, err, c.want)
			if err == nil && (got.Key == nil || got.Key.ID != id || got.WorkspaceID != d.first.WorkspaceID || got.User != nil) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// A key stops where it was revoked, at once here and within ten seconds elsewhere, and where it
// expires.
func TestKeysEnd(t *testing.T) {
	d := newDesk(t)
	elsewhere := auth.New(d.db, func() time.Time { return d.now }, nil)
	id, secret, _, err := d.NewKey(t.Context(), d.first.WorkspaceID, "k", []state.Scope{state.ScopeIngest}, d.now.Add(time.Hour), "")
	must(t, err)
	r := request(http.MethodPost, "/", header("Authorization", "Bearer "+id+":"+secret))
	_, err = elsewhere.FromRequest(r)
	must(t, err)
	must(t, d.RevokeKey(t.Context(), d.first.WorkspaceID, id))
	_, err = d.FromRequest(r)
	wantError(t, err, auth.ErrBadCredentials)
	d.now = d.now.Add(10 * time.Second)
	_, err = elsewhere.FromRequest(r)
	wantError(t, err, auth.ErrBadCredentials)
	wantError(t, d.RevokeKey(t.Context(), "other", id), state.ErrNotFound)

	id, secret, _, err = d.NewKey(t.Context(), d.first.WorkspaceID, "k", []state.Scope{state.ScopeIngest}, d.now.Add(time.Second), "")
	must(t, err)
	r = request(http.MethodPost, "/", header("Authorization", "Bearer "+id+":"+secret))
	_, err = d.FromRequest(r)
	must(t, err)
	d.now = d.now.Add(time.Second)
	_, err = d.FromRequest(r)
	wantError(t, err, auth.ErrBadCredentials)
}

// While the database is away, keys that were read before go on for a while, and others are not
// called wrong.
func TestKeysWithoutDatabase(t *testing.T) {
	d := newDesk(t)
	known := request(http.MethodPost, "/", header("Authorization", "Bearer in:ingest-secret"))
	_, err := d.FromRequest(known)
	must(t, err)
	must(t, d.db.Close())
	d.now = d.now.Add(time.Minute)
	if _, err := d.FromRequest(known); err != nil {
		t.Errorf("a key that was read before: %v", err)
	}
	_, err = d.FromRequest(request(http.MethodPost, "/", header("Authorization", "Bearer adm:admin-secret")))
	var told interface{ Status() int }
	if !errors.As(err, &told) || told.Status() != http.StatusServiceUnavailable {
		t.Errorf("a key that was not read before: %v", err)
	}
	d.now = d.now.Add(time.Hour)
	if _, err := d.FromRequest(known); err == nil {
		t.Error("a key goes on for ever without the database")
	}
}

func TestLastUsed(t *testing.T) {
	d := newDesk(t)
	r := request(http.MethodPost, "/", header("Authorization", "Bearer in:ingest-secret"))
	d.now = d.now.Add(90 * time.Second)
	_, err := d.FromRequest(r)
	must(t, err)
	must(t, d.Flush(t.Context()))
	k, err := d.db.Key(t.Context(), "in")
	must(t, err)
	if want := d.now.Truncate(time.Minute); !k.LastUsedAt.Equal(want) {
		t.Errorf("last used at %s, want %s", k.LastUsedAt, want)
	}
}

func TestWorkspaceOfAPerson(t *testing.T) {
	d := newDesk(t)
	other := state.Workspace{Name: "other", CreatedAt: d.now}
	must(t, d.db.AddWorkspace(t.Context(), &other))
	admin, _ := d.signIn(t, "admin")
	viewer, _ := d.person(t, "vera", state.Viewer)
	nobody, _ := d.person(t, "nobody", "")
	for _, c := range []struct {
		name      string
		cookie    *http.Cookie
		workspace string
		want      string
		role      state.Role
		err       error
	}{
		{"a viewer's own", viewer, "", d.first.WorkspaceID, state.Viewer, nil},
		{"a viewer's own, named", viewer, d.first.WorkspaceID, d.first.WorkspaceID, state.Viewer, nil},
		{"another of a viewer", viewer, other.ID, "", "", auth.ErrForbidden},
		{"an administrator's own", admin, "", d.first.WorkspaceID, state.Owner, nil},
		{"another of an administrator", admin, other.ID, other.ID, state.Owner, nil},
		{"one that is not there", admin, "x", "", "", auth.ErrForbidden},
		{"somebody without any", nobody, "", "", "", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := request(http.MethodGet, "/", header("X-Workspace", c.workspace))
			r.AddCookie(c.cookie)
			id, err := d.FromRequest(r)
			wantError(t, err, c.err)
			if err == nil && (id.WorkspaceID != c.want || id.Role != c.role) {
				t.Errorf("in %q as %q, want %q as %q", id.WorkspaceID, id.Role, c.want, c.role)
			}
		})
	}
}

func TestMay(t *testing.T) {
	in := func(scopes ...state.Scope) *auth.Identity {
		return &auth.Identity{Key: &state.Key{}, WorkspaceID: "w", Scopes: scopes}
	}
	all := []state.Scope{state.ScopeIngest, state.ScopeRead, state.ScopeWrite, state.ScopeAdmin}
	for _, c := range []struct {
		name string
		id   *auth.Identity
		may  []state.Scope
	}{
		{"ingest", in(state.ScopeIngest), all[:1]},
		{"read", in(state.ScopeRead), all[1:2]},
		{"write", in(state.ScopeWrite), all[1:3]},
		{"admin", in(state.ScopeAdmin), all},
		{"ingest and read", in(state.ScopeIngest, state.ScopeRead), all[:2]},
		{"none", in(), nil},
		{"owner", in(auth.ScopesOf(state.Owner)...), all},
		{"viewer", in(auth.ScopesOf(state.Viewer)...), all[1:2]},
		{"an unknown role", in(auth.ScopesOf("x")...), nil},
		{"without a workspace", &auth.Identity{User: &state.User{}, Scopes: all}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var may []state.Scope
			for _, scope := range all {
				err := c.id.May(scope)
				if err == nil {
					may = append(may, scope)
				} else {
					wantError(t, err, auth.ErrForbidden)
				}
			}
			if len(may) != len(c.may) {
				t.Errorf("may %v, want %v", may, c.may)
			}
		})
	}
}

func FuzzParseKey(f *testing.F) {
	for _, seed := range []string{"Bearer a:b", "Basic YTpi", "Token x", "", "Bearer ", "Basic \x00", "bearer tkn_:"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if id, secret, err := auth.ParseKey(text); err == nil && (id == "" || secret == "") {
			t.Errorf("%q is a key without a part", text)
		}
	})
}
