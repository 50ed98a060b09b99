package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/state"
)

// guarded are the folders in which every path wants credentials, also one that leads nowhere.
var guarded = []string{"/api", "/prometheus", "/otlp", "/v1", "/write", "/debug"}

func isGuarded(path string) bool {
	for _, folder := range guarded {
		if rest, ok := strings.CutPrefix(path, folder); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

// isSignIn tells the one guarded request that comes without credentials.
func isSignIn(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == prefix+"/session"
}

type identityKey struct{}

// who is the identity that a request came with; nil for sign-in alone.
func who(ctx context.Context) *auth.Identity {
	id, _ := ctx.Value(identityKey{}).(*auth.Identity)
	return id
}

// gate lets guarded requests pass with valid credentials alone, before anything else is looked at.
func (a *API) gate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, prefix) {
			r.Header.Set("Accept", "application/json") // there is nothing to choose from
		}
		if !isGuarded(r.URL.Path) || isSignIn(r) {
			next.ServeHTTP(w, r)
			return
		}
		if ws := r.URL.Query().Get("workspace"); ws != "" && r.Header.Get("X-Workspace") == "" {
			r.Header.Set("X-Workspace", ws)
		}
		id, err := a.Auth.FromRequest(r)
		if err != nil {
			a.refuse(w, r, err)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodyCeiling)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), identityKey{}, id)))
	})
}

// bodyCeiling bounds bodies for which no route states a limit of its own, as of long queries.
const bodyCeiling = 16 << 20

// refuse answers a request that lacks credentials or may not do what it asks for.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := refusal(err)
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="memseep"`)
	}
	a.writeProblem(w, r, p)
}

func refusal(err error) *huma.ErrorModel {
	switch {
	case errors.Is(err, auth.ErrNoCredentials):
		return problem(http.StatusUnauthorized, "credentials are missing: send a key as 'Authorization: Bearer ID:SECRET', or sign in")
	case errors.Is(err, auth.ErrBadCredentials):
		return problem(http.StatusUnauthorized, "the credentials are wrong, expired or revoked: check ID:SECRET of the key, or sign in again")
	case errors.Is(err, auth.ErrForbidden):
		return problem(http.StatusForbidden, "these credentials may not do this: "+forbiddenReason(err))
	}
	return problem(http.StatusServiceUnavailable, "the credentials could not be checked for now: try again")
}

func forbiddenReason(err error) string {
	text := strings.TrimPrefix(err.Error(), auth.ErrForbidden.Error())
	if text = strings.TrimLeft(text, ": "); text == "" {
		return "ask an owner of the workspace for a higher role, or for a key with more scopes"
	}
	return text
}

// admit is the middleware that holds an operation to its access.
func (a *API) admit(r route) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		if r.access != anybody {
			if err := a.mayCall(c.Context(), r.access); err != nil {
				a.writeHumaProblem(c, refusal(err))
				return
			}
		}
		next(c)
	}
}

func (a *API) mayCall(ctx context.Context, need access) error {
	id := who(ctx)
	if id == nil {
		return auth.ErrNoCredentials
	}
	switch need {
	case reads:
		return id.May(state.ScopeRead)
	case edits:
		return id.May(state.ScopeWrite)
	case owns:
		return id.May(state.ScopeAdmin)
	case administer:
		return a.mayAdminister(ctx, id)
	}
	return nil
}

// mayAdminister wants an administrator of the instance, or a key of one with the scope admin.
func (a *API) mayAdminister(ctx context.Context, id *auth.Identity) error {
	user := id.User
	if id.Key != nil {
		if err := id.May(state.ScopeAdmin); err != nil {
			return err
		}
		maker, err := a.DB.User(ctx, id.Key.CreatedBy)
		if err != nil && !errors.Is(err, state.ErrNotFound) {
			return err
		}
		user = &maker
	}
	if user == nil || !user.Administrator || user.Disabled {
		return fmt.Errorf("%w: this is for administrators of the instance: ask one of them", auth.ErrForbidden)
	}
	return nil
}

// actor names who asks, for records of what was done.
func actor(ctx context.Context) string {
	switch id := who(ctx); {
	case id == nil:
		return "nobody"
	case id.Key != nil:
		return "key:" + id.Key.ID
	case id.User != nil:
		return "user:" + id.User.Name
	}
	return "system"
}

// workspaceOf is the workspace that the request is about.
func workspaceOf(ctx context.Context) string {
	if id := who(ctx); id != nil {
		return id.WorkspaceID
	}
	return ""
}
