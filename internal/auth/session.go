package auth

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/state"
)

const (
	cookieName = "memseep_session"
	// sessionLife is how long a session lasts after it was last used.
	sessionLife = 30 * 24 * time.Hour
	// cookieLife is the longest that browsers keep a cookie; the session ends before.
	cookieLife = 400 * 24 * time.Hour
	// extendAfter spares a write with each request.
	extendAfter = time.Hour
)

// SignIn checks a name and a password and makes a session. Attempts are limited by address and by
// name: a *Wait says until when. That a name is unknown shows neither in the error nor in the time
// it takes. The cookie's Secure is the caller's to set, from Secure(r).
func (a *Auth) SignIn(ctx context.Context, name, password, address, agent string) (*http.Cookie, *Identity, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	now := a.clock()
	wait := a.byAddr.wait(network(address), now)
	if wait == 0 { // who has to wait uses up nobody's attempts
		wait = a.byName.wait(name, now)
	}
	if wait > 0 {
		return nil, nil, &Wait{After: wait.Truncate(time.Second) + time.Second}
	}
	user, err := a.db.UserByName(ctx, name)
	if err != nil && !errors.Is(err, state.ErrNotFound) {
		return nil, nil, err
	}
	if err := a.checkPassword(ctx, user, password); err != nil {
		return nil, nil, err
	}
	a.byName.forgive(name)
	id := &Identity{User: &user}
	cookie, err := a.begin(ctx, id, address, agent)
	if err != nil {
		return nil, nil, err
	}
	return cookie, id, a.enter(ctx, id, "")
}

// network is what an attacker has of addresses: of IPv6 the 64 bits behind the prefix are theirs to choose.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	return netip.PrefixFrom(ip.WithZone(""), 64).Masked().String()
}

// checkPassword takes as long for the zero user, who has no password.
func (a *Auth) checkPassword(ctx context.Context, user state.User, password string) error {
	hash := user.PasswordHash
	if hash == "" {
		hash = a.unknown
	}
	if err := a.hashing.Acquire(ctx, 1); err != nil {
		return err
	}
	defer a.hashing.Release(1)
	same, err := CheckPassword(password, hash)
	if err != nil {
		return err
	}
	if !same || user.PasswordHash == "" || user.Disabled {
		return ErrBadCredentials
	}
	return nil
}

func (a *Auth) begin(ctx context.Context, id *Identity, address, agent string) (*http.Cookie, error) {
	value, now := randomText(43), a.clock()
	id.CSRF = randomText(32)
	created := now
	if created.Before(id.User.PasswordAt) { // the clock was set back: the session is still the younger one
		created = id.User.PasswordAt
	}
	err := a.db.AddSession(ctx, &state.Session{
		TokenHash: fingerprint(value), UserID: id.User.ID, CSRF: id.CSRF, CreatedAt: created, ExpiresAt: now.Add(sessionLife),
		Address: address, Agent: strings.ToValidUTF8(agent[:min(len(agent), 300)], ""),
	})
	if err != nil {
		return nil, err
	}
	a.used.user(id.User.ID, now)
	return cookieOf(value, int(cookieLife.Seconds())), nil
}

func cookieOf(value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: cookieName, Value: value, Path: "/", MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// Secure tells whether a request came by TLS, so that the cookie may be bound to it.
func (a *Auth) Secure(r *http.Request) bool {
	return r.TLS != nil || a.TrustProxy && strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// session is the session of a cookie with its person, moved on where it is used.
func (a *Auth) session(ctx context.Context, value string) (state.Session, state.User, error) {
	s, err := a.db.Session(ctx, fingerprint(value))
	if errors.Is(err, state.ErrNotFound) {
		err = ErrBadCredentials
	}
	if err != nil {
		return s, state.User{}, err
	}
	user, err := a.db.User(ctx, s.UserID)
	if errors.Is(err, state.ErrNotFound) {
		err = ErrBadCredentials
	}
	if err != nil {
		return s, user, err
	}
	now := a.clock()
	if !now.Before(s.ExpiresAt) || user.Disabled || s.CreatedAt.Before(user.PasswordAt) {
		return s, user, ErrBadCredentials
	}
	if s.ExpiresAt.Before(now.Add(sessionLife - extendAfter)) {
		if err := a.db.ExtendSession(ctx, s.TokenHash, now.Add(sessionLife)); err != nil && !errors.Is(err, state.ErrNotFound) {
			return s, user, err
		}
	}
	return s, user, nil
}

// SignOut ends the session of a request. The cookie that it returns deletes the browser's.
func (a *Auth) SignOut(ctx context.Context, r *http.Request) (*http.Cookie, error) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		if err := a.db.DeleteSession(ctx, fingerprint(cookie.Value)); err != nil {
			return nil, err
		}
	}
	return cookieOf("", -1), nil
}

// ChangePassword replaces a person's own password. All sessions end; the cookie is of a new one, and
// id has its CSRF. The error is ErrBadCredentials where the old password is wrong, *Wait where it
// was so too often, and ErrWeakPassword where the new one is refused.
func (a *Auth) ChangePassword(ctx context.Context, id *Identity, old, replacement string) (*http.Cookie, error) {
	if id.User == nil {
		return nil, ErrForbidden
	}
	if wait := a.byName.wait(id.User.Name, a.clock()); wait > 0 {
		return nil, &Wait{After: wait.Truncate(time.Second) + time.Second}
	}
	user, err := a.db.User(ctx, id.User.ID)
	if err != nil {
		return nil, err
	}
	if err := a.checkPassword(ctx, user, old); err != nil {
		return nil, err
	}
	a.byName.forgive(user.Name)
	if err := AcceptPassword(user.Name, replacement); err != nil {
		return nil, err
	}
	if user.PasswordHash, err = HashPassword(replacement); err != nil {
		return nil, err
	}
	// A millisecond is what is kept: the new session must not look older than the password.
	user.PasswordAt = a.clock().Truncate(time.Millisecond)
	err = a.db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		changed := user
		if err := tx.UpdateUser(ctx, &changed); err != nil {
			return err
		}
		return tx.DeleteSessionsOf(ctx, user.ID)
	})
	if err != nil {
		return nil, err
	}
	id.User = &user
	return a.begin(ctx, id, "", "")
}
