package api

import (
	"encoding/json"
	"net/http"
	"time"
)

// Audit is one thing that somebody did.
type Audit struct {
	ID      string          `json:"id"`
	At      time.Time       `json:"at"`
	Actor   string          `json:"actor" example:"user:admin" doc:"user:NAME, key:ID or system."`
	Address string          `json:"address,omitempty"`
	Action  string          `json:"action" example:"inspection.update"`
	Subject string          `json:"subject,omitempty" doc:"What it was done to."`
	Detail  json.RawMessage `json:"detail,omitempty"`
	Status  int             `json:"status" doc:"Of the answer."`
}

type listAuditInput struct {
	Paging
	Actor    string    `query:"actor" maxLength:"300"`
	Action   string    `query:"action" maxLength:"100" doc:"Exactly, or with a dot at the end all that begin with it."`
	Subject  string    `query:"subject" maxLength:"300"`
	From     time.Time `query:"from"`
	To       time.Time `query:"to"`
	Instance bool      `query:"instance" doc:"What concerns the instance instead of the workspace; administrators alone."`
}

func (a *API) auditRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/audit", id: "list-audit", access: owns, tag: "Audit",
		summary: "Who did what, newest first",
	}, unbuilt[listAuditInput, pageOutput[Audit]])
}
