package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// Key lets a program in. Its secret is shown once, when it is made.
type Key struct {
	ID         string    `json:"id" doc:"The public part."`
	Name       string    `json:"name" example:"collectors"`
	Scopes     []string  `json:"scopes" enum:"ingest,read,write,admin"`
	DataKit    bool      `json:"datakit" doc:"Has a tkn_… form for DataKit too."`
	CreatedBy  string    `json:"created_by,omitempty"`
	CreatedAt  time.Time `json:"created_at"`
	ExpiresAt  time.Time `json:"expires_at,omitzero"`
	RevokedAt  time.Time `json:"revoked_at,omitzero"`
	LastUsedAt time.Time `json:"last_used_at,omitzero" doc:"To the minute."`
	State      string    `json:"state" enum:"active,expired,revoked"`
}

// NewKey is a key just made, with its secret.
type NewKey struct {
	Key    Key    `json:"key"`
	Secret string `json:"secret" doc:"Shown now and never again: ID:SECRET is what programs send."`
	Bearer string `json:"bearer" example:"ID:SECRET" doc:"Value after 'Authorization: Bearer '."`
	Token  string `json:"token,omitempty" doc:"tkn_… for DataKit's dataway address, where it was asked for."`
}

type addKeyInput struct {
	Body struct {
		Name      string    `json:"name" minLength:"1" maxLength:"200" example:"collectors"`
		Scopes    []string  `json:"scopes" minItems:"1" maxItems:"4" enum:"ingest,read,write,admin" doc:"ingest: send samples; read: what a viewer may, and the query API; write: what an editor may; admin: what an owner may."`
		ExpiresAt time.Time `json:"expires_at,omitzero" doc:"Absent: never."`
	}
}

type listKeysInput struct {
	Revoked bool `query:"revoked" doc:"Those that were revoked too."`
}

func (a *API) keyRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/keys", id: "list-keys", access: owns, tag: "Keys",
		summary: "The keys of the workspace, without their secrets",
	}, a.listKeys)
	handle(a, route{
		method: http.MethodPost, path: "/keys", id: "add-key", access: owns, tag: "Keys",
		summary: "Make a key; its secret is in the answer and never shown again", status: http.StatusCreated, audit: "key.add",
	}, a.addKey)
	handle(a, route{
		method: http.MethodDelete, path: "/keys/{id}", id: "revoke-key", access: owns, tag: "Keys",
		summary: "Revoke a key", status: http.StatusNoContent, audit: "key.revoke", errors: []int{http.StatusNotFound},
		description: "It stops working within ten seconds.",
	}, a.revokeKey)
}

func (a *API) keyView(k state.Key) Key {
	v := Key{
		ID: k.ID, Name: k.Name, Scopes: scopeNames(k.Scopes), DataKit: k.Token != "", CreatedBy: k.CreatedBy, CreatedAt: k.CreatedAt,
		ExpiresAt: k.ExpiresAt, RevokedAt: k.RevokedAt, LastUsedAt: k.LastUsedAt, State: "active",
	}
	switch {
	case !k.RevokedAt.IsZero():
		v.State = "revoked"
	case !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(a.Clock()):
		v.State = "expired"
	}
	return v
}

func scopeNames(scopes []state.Scope) []string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	return names
}

// roleOf is the role that a key's scopes amount to.
func roleOf(scopes []state.Scope) string {
	switch {
	case slices.Contains(scopes, state.ScopeAdmin):
		return string(state.Owner)
	case slices.Contains(scopes, state.ScopeWrite):
		return string(state.Editor)
	}
	return string(state.Viewer)
}

func (a *API) listKeys(ctx context.Context, in *listKeysInput) (*pageOutput[Key], error) {
	all, err := state.Every(func(p state.Page) ([]state.Key, string, error) { return a.DB.Keys(ctx, workspaceOf(ctx), p) })
	if err != nil {
		return nil, err
	}
	if !in.Revoked {
		all = slices.DeleteFunc(all, func(k state.Key) bool { return !k.RevokedAt.IsZero() })
	}
	return pageOf(all, "", a.keyView), nil
}

func (a *API) addKey(ctx context.Context, in *addKeyInput) (*bodyOutput[NewKey], error) {
	if !in.Body.ExpiresAt.IsZero() && !in.Body.ExpiresAt.After(a.Clock()) {
		return nil, invalid("body.expires_at", "this time has passed: give one that is to come, or leave it out")
	}
	var scopes []state.Scope
	for _, s := range in.Body.Scopes {
		if scope := state.Scope(s); !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	id, secret, token, err := a.Auth.NewKey(ctx, workspaceOf(ctx), in.Body.Name, scopes, in.Body.ExpiresAt, makerID(ctx))
	if err != nil {
		return nil, err
	}
	k, err := a.DB.Key(ctx, id)
	if err != nil {
		return nil, err
	}
	note(ctx, id, map[string]any{"name": k.Name, "scopes": k.Scopes})
	return body(NewKey{Key: a.keyView(k), Secret: secret, Bearer: id + ":" + secret, Token: token}), nil
}

// makerID is the person that a new key is of: whoever asks, or whose key asks.
func makerID(ctx context.Context) string {
	switch id := who(ctx); {
	case id.Key != nil:
		return id.Key.CreatedBy
	case id.User != nil:
		return id.User.ID
	}
	return ""
}

func (a *API) revokeKey(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, a.Auth.RevokeKey(ctx, workspaceOf(ctx), in.ID)
}
