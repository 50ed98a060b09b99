package api

import (
	"net/http"
	"time"
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
	Forwarded string `header:"User-Agent" hidden:"true"`
	Body      struct {
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
	}, unbuilt[signInInput, signInOutput])
	handle(a, route{
		method: http.MethodGet, path: "/session", id: "get-session", access: signedIn, tag: "Session",
		summary: "Who is signed in, with the workspaces they may enter",
	}, unbuilt[noInput, bodyOutput[Session]])
	handle(a, route{
		method: http.MethodDelete, path: "/session", id: "sign-out", access: signedIn, tag: "Session",
		summary: "Sign out", status: http.StatusNoContent, audit: "session.sign_out",
	}, unbuilt[noInput, signOutOutput])
	handle(a, route{
		method: http.MethodPut, path: "/session/password", id: "change-password", access: signedIn, tag: "Session",
		summary: "Change one's own password", status: http.StatusNoContent, audit: "session.password",
		description: "All sessions of the person end but this one.",
	}, unbuilt[passwordInput, signOutOutput])
	handle(a, route{
		method: http.MethodPut, path: "/session/profile", id: "change-profile", access: signedIn, tag: "Session",
		summary: "Change one's own language and address", audit: "session.profile",
	}, unbuilt[profileInput, bodyOutput[Session]])
}

var _ = time.Second
