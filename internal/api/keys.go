package api

import (
	"net/http"
	"time"
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
		Scopes    []string  `json:"scopes" minItems:"1" uniqueItems:"true" enum:"ingest,read,write,admin" doc:"ingest: send samples; read: what a viewer may, and the query API; write: what an editor may; admin: what an owner may."`
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
	}, unbuilt[listKeysInput, pageOutput[Key]])
	handle(a, route{
		method: http.MethodPost, path: "/keys", id: "add-key", access: owns, tag: "Keys",
		summary: "Make a key; its secret is in the answer and never shown again", status: http.StatusCreated, audit: "key.add",
	}, unbuilt[addKeyInput, bodyOutput[NewKey]])
	handle(a, route{
		method: http.MethodDelete, path: "/keys/{id}", id: "revoke-key", access: owns, tag: "Keys",
		summary: "Revoke a key", status: http.StatusNoContent, audit: "key.revoke", errors: []int{http.StatusNotFound},
		description: "It stops working within ten seconds.",
	}, unbuilt[ByID, struct{}])
}
