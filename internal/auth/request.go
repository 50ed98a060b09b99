package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/memseep/memseep/internal/state"
)

// FromRequest says who sends a request. A key comes as Authorization: Bearer ID:SECRET, Token
// ID:SECRET as line protocol's clients send it, Basic of id and secret, or ?token=ID:SECRET or
// ?token=tkn_…; a person by the cookie of the session, and X-Workspace names the workspace, by
// default the first that the person belongs to. A change that a cookie signs needs the session's
// X-CSRF-Token and has to come from the app's own origin.
//
// The error is ErrNoCredentials, ErrBadCredentials, ErrForbidden, or one with the status 503 that the
// state could not be asked.
func (a *Auth) FromRequest(r *http.Request) (*Identity, error) {
	id, err := a.identify(r)
	var refused refusal
	if err != nil && !errors.As(err, &refused) {
		err = unavailable{err}
	}
	return id, err
}

func (a *Auth) identify(r *http.Request) (*Identity, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		credentials, err := fromHeader(r, header)
		if err != nil {
			return nil, err
		}
		return a.byKey(r, credentials)
	}
	if token := r.URL.Query().Get("token"); token != "" {
		return a.byKey(r, token)
	}
	cookie, err := r.Cookie(cookieName)
	if err != nil || cookie.Value == "" {
		return nil, ErrNoCredentials
	}
	return a.bySession(r, cookie.Value)
}

// fromHeader is ID:SECRET as any of the schemes carries it.
func fromHeader(r *http.Request, header string) (string, error) {
	scheme, rest, _ := strings.Cut(header, " ")
	switch strings.ToLower(scheme) {
	case "bearer", "token":
		return strings.TrimSpace(rest), nil
	case "basic":
		id, secret, ok := r.BasicAuth()
		if !ok {
			return "", ErrBadCredentials
		}
		if strings.HasPrefix(secret, tokenPrefix) {
			return secret, nil
		}
		return id + ":" + secret, nil
	}
	return "", ErrBadCredentials
}

func (a *Auth) byKey(r *http.Request, credentials string) (*Identity, error) {
	key, err := a.verify(r.Context(), credentials)
	if err != nil {
		return nil, err
	}
	if wanted := r.Header.Get("X-Workspace"); wanted != "" && wanted != key.WorkspaceID {
		return nil, fmt.Errorf("%w: the key %s is of another workspace than X-Workspace names", ErrForbidden, key.ID)
	}
	a.used.key(key.ID, a.clock())
	return &Identity{Key: &key, WorkspaceID: key.WorkspaceID, Scopes: key.Scopes}, nil
}

func (a *Auth) bySession(r *http.Request, value string) (*Identity, error) {
	ctx := r.Context()
	session, user, err := a.session(ctx, value)
	if err != nil {
		return nil, err
	}
	if err := a.checkOrigin(r, session.CSRF); err != nil {
		return nil, err
	}
	id := &Identity{User: &user, CSRF: session.CSRF}
	if err := a.enter(ctx, id, r.Header.Get("X-Workspace")); err != nil {
		return nil, err
	}
	a.used.user(user.ID, a.clock())
	return id, nil
}

// checkOrigin refuses a change that another site had the browser send: such a site can have the
// cookie sent, and can neither read the token nor send the headers of the app's own origin.
func (a *Auth) checkOrigin(r *http.Request, csrf string) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	if err := a.CheckSite(r); err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-CSRF-Token")), []byte(csrf)) != 1 {
		return fmt.Errorf("%w: the header X-CSRF-Token is missing or wrong: send csrf of GET /api/v1/session with each request that changes something", ErrForbidden)
	}
	return nil
}

// CheckSite refuses a change that another site had the browser send.
func (a *Auth) CheckSite(r *http.Request) error {
	if err := a.cross.Check(r); err != nil {
		return fmt.Errorf("%w: the request comes from another site than the app's", ErrForbidden)
	}
	return nil
}

// enter puts a person into a workspace, with the role there.
func (a *Auth) enter(ctx context.Context, id *Identity, wanted string) error {
	members, err := a.db.MembershipsOf(ctx, id.User.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if wanted == "" || wanted == m.WorkspaceID {
			id.WorkspaceID, id.Role = m.WorkspaceID, m.Role
			break
		}
	}
	if id.User.Administrator {
		if err := a.enterAsAdministrator(ctx, id, wanted); err != nil {
			return err
		}
	}
	if wanted != "" && id.WorkspaceID == "" {
		return fmt.Errorf("%w: you do not belong to the workspace that X-Workspace names", ErrForbidden)
	}
	id.Scopes = ScopesOf(id.Role)
	return nil
}

func (a *Auth) enterAsAdministrator(ctx context.Context, id *Identity, wanted string) error {
	id.Role = state.Owner
	if id.WorkspaceID != "" {
		return nil
	}
	if wanted != "" {
		w, err := a.db.Workspace(ctx, wanted)
		if errors.Is(err, state.ErrNotFound) {
			return fmt.Errorf("%w: there is no workspace %q", ErrForbidden, wanted)
		}
		id.WorkspaceID = w.ID
		return err
	}
	first, _, err := a.db.Workspaces(ctx, state.Page{Limit: 1})
	if len(first) > 0 {
		id.WorkspaceID = first[0].ID
	}
	return err
}
