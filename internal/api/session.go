package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/state"
)

// Session is who is signed in, and what they may do.
type Session struct {
	User       *SessionUser       `json:"user,omitempty" doc:"The person; absent where a key asks."`
	Key        *SessionKey        `json:"key,omitempty" doc:"The key; absent where a person asks."`
	Workspace  string             `json:"workspace" doc:"The workspace that this request was about."`
	Role       string             `json:"role" enum:"owner,editor,viewer," doc:"Role in that workspace; empty for a key."`
	Workspaces []SessionWorkspace `json:"workspaces" doc:"Those that X-Workspace may name."`
	CSRF       string             `json:"csrf,omitempty" doc:"Value that X-CSRF-Token has to have on each request that changes something, where a cookie signs in."`
}

// SessionUser is the person who is signed in.
type SessionUser struct {
	ID            string `json:"id"`
	Name          string `json:"name" example:"admin"`
	Email         string `json:"email,omitempty"`
	Administrator bool   `json:"administrator" doc:"Of the instance."`
	Language      string `json:"language,omitempty" enum:"en,zh," doc:"Empty: that of the browser."`
}

// SessionKey is the key that asks.
type SessionKey struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Scopes []string `json:"scopes"`
}

// SessionWorkspace is a workspace that a person may enter.
type SessionWorkspace struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role" enum:"owner,editor,viewer"`
}

type signInInput struct {
	FromRequest
	Body struct {
		Name     string `json:"name" minLength:"1" maxLength:"200" example:"admin"`
		Password string `json:"password" minLength:"1" maxLength:"1000"`
	}
}

type signInOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      Session
}

type signOutOutput struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

type passwordInput struct {
	FromRequest
	Body struct {
		Old string `json:"old" minLength:"1" maxLength:"1000" doc:"The password so far."`
		New string `json:"new" minLength:"10" maxLength:"1000" doc:"The password from now on. All other sessions end."`
	}
}

type profileInput struct {
	Body struct {
		Email    string `json:"email,omitempty" format:"email" maxLength:"300"`
		Language string `json:"language,omitempty" enum:"en,zh," doc:"Empty: that of the browser."`
	}
}

func (a *API) sessionRoutes() {
	handle(a, route{
		method: http.MethodPost, path: "/session", id: "sign-in", access: anybody, tag: "Session",
		summary:     "Sign in",
		description: "Answers a cookie for the web app. Programs use a key instead. After several wrong passwords the address and the name have to wait: 429 with Retry-After.",
		audit:       "session.sign_in", errors: []int{http.StatusUnauthorized, http.StatusTooManyRequests},
	}, a.signIn)
	handle(a, route{
		method: http.MethodGet, path: "/session", id: "get-session", access: signedIn, tag: "Session",
		summary: "Who is signed in, with the workspaces they may enter",
	}, a.getSession)
	handle(a, route{
		method: http.MethodDelete, path: "/session", id: "sign-out", access: signedIn, tag: "Session",
		summary: "Sign out", status: http.StatusNoContent, audit: "session.sign_out",
	}, a.signOut)
	handle(a, route{
		method: http.MethodPut, path: "/session/password", id: "change-password", access: signedIn, tag: "Session",
		summary: "Change one's own password", audit: "session.password", errors: []int{http.StatusTooManyRequests},
		description: "All sessions of the person end. The answer has the cookie and csrf of a new one.",
	}, a.changePassword)
	handle(a, route{
		method: http.MethodPut, path: "/session/profile", id: "change-profile", access: signedIn, tag: "Session",
		summary: "Change one's own language and address", audit: "session.profile",
	}, a.changeProfile)
}

func (a *API) signIn(ctx context.Context, in *signInInput) (*signInOutput, error) {
	if err := a.Auth.CheckSite(in.request); err != nil {
		return nil, err // else it could sign somebody in as another, who then sees what they enter
	}
	name := strings.ToLower(strings.TrimSpace(in.Body.Name))
	noteActor(ctx, "user:"+name)
	cookie, id, err := a.Auth.SignIn(ctx, name, in.Body.Password, a.addressOf(in.request), in.request.UserAgent())
	if errors.Is(err, auth.ErrBadCredentials) {
		return nil, problem(http.StatusUnauthorized, "the name or the password is wrong")
	}
	if err != nil {
		return nil, err
	}
	cookie.Secure = a.Auth.Secure(in.request)
	session, err := a.sessionOf(ctx, id)
	if err != nil {
		return nil, err
	}
	return &signInOutput{SetCookie: *cookie, Body: session}, nil
}

func (a *API) getSession(ctx context.Context, _ *noInput) (*bodyOutput[Session], error) {
	s, err := a.sessionOf(ctx, who(ctx))
	return body(s), err
}

func (a *API) sessionOf(ctx context.Context, id *auth.Identity) (Session, error) {
	s := Session{Workspace: id.WorkspaceID, Role: string(id.Role), CSRF: id.CSRF, Workspaces: []SessionWorkspace{}}
	if id.Key != nil {
		s.Key = &SessionKey{ID: id.Key.ID, Name: id.Key.Name, Scopes: scopeNames(id.Key.Scopes)}
		w, err := a.DB.Workspace(ctx, id.WorkspaceID)
		s.Role = ""
		s.Workspaces = append(s.Workspaces, SessionWorkspace{ID: w.ID, Name: w.Name, Role: roleOf(id.Key.Scopes)})
		return s, err
	}
	u := id.User
	s.User = &SessionUser{ID: u.ID, Name: u.Name, Email: u.Email, Administrator: u.Administrator, Language: u.Language}
	var err error
	s.Workspaces, err = a.workspacesOf(ctx, u)
	return s, err
}

// workspacesOf are those that a person may enter: an administrator all, as an owner.
func (a *API) workspacesOf(ctx context.Context, u *state.User) ([]SessionWorkspace, error) {
	members, err := a.DB.MembershipsOf(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	all, err := a.everyWorkspace(ctx)
	if err != nil {
		return nil, err
	}
	out := []SessionWorkspace{}
	for _, w := range all {
		i := slices.IndexFunc(members, func(m state.Member) bool { return m.WorkspaceID == w.ID })
		switch {
		case u.Administrator:
			out = append(out, SessionWorkspace{ID: w.ID, Name: w.Name, Role: string(state.Owner)})
		case i >= 0:
			out = append(out, SessionWorkspace{ID: w.ID, Name: w.Name, Role: string(members[i].Role)})
		}
	}
	return out, nil
}

func (a *API) signOut(ctx context.Context, in *FromRequest) (*signOutOutput, error) {
	if who(ctx).Key != nil {
		return nil, errKeyHasNoSession
	}
	cookie, err := a.Auth.SignOut(ctx, in.request)
	if err != nil {
		return nil, err
	}
	return &signOutOutput{SetCookie: *cookie}, nil
}

var errKeyHasNoSession = problem(http.StatusForbidden, "a key is not signed in: revoke it instead, or sign in as a person")

func (a *API) changePassword(ctx context.Context, in *passwordInput) (*signInOutput, error) {
	id := who(ctx)
	if id.User == nil || id.Key != nil {
		return nil, errKeyHasNoSession
	}
	cookie, err := a.Auth.ChangePassword(ctx, id, in.Body.Old, in.Body.New)
	if errors.Is(err, auth.ErrBadCredentials) {
		return nil, invalid("body.old", "the old password is wrong")
	}
	if err != nil {
		return nil, err
	}
	cookie.Secure = a.Auth.Secure(in.request)
	s, err := a.sessionOf(ctx, id)
	return &signInOutput{SetCookie: *cookie, Body: s}, err
}

func (a *API) changeProfile(ctx context.Context, in *profileInput) (*bodyOutput[Session], error) {
	id := who(ctx)
	if id.User == nil || id.Key != nil {
		return nil, errKeyHasNoSession
	}
	u, err := a.DB.User(ctx, id.User.ID)
	if err != nil {
		return nil, err
	}
	u.Email, u.Language = in.Body.Email, in.Body.Language
	if err := a.DB.UpdateUser(ctx, &u); err != nil {
		return nil, err
	}
	id.User = &u
	return a.getSession(ctx, nil)
}
