package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/memseep/memseep/internal/state"
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
	Action   string    `query:"action" maxLength:"100" doc:"All that begin with it, for example inspection."`
	Subject  string    `query:"subject" maxLength:"300"`
	From     time.Time `query:"from"`
	To       time.Time `query:"to"`
	Instance bool      `query:"instance" doc:"What concerns the instance instead of the workspace; administrators alone."`
}

func (a *API) auditRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/audit", id: "list-audit", access: owns, tag: "Audit",
		summary: "Who did what, newest first",
	}, a.listAudit)
}

func (a *API) listAudit(ctx context.Context, in *listAuditInput) (*pageOutput[Audit], error) {
	ws := workspaceOf(ctx)
	if in.Instance {
		if err := a.mayAdminister(ctx, who(ctx)); err != nil {
			return nil, err
		}
		ws = ""
	}
	rows, next, err := a.DB.AuditLog(ctx, ws, state.AuditFilter{
		Actor: in.Actor, Action: in.Action, Subject: in.Subject, From: in.From, To: in.To,
		Page: state.Page{Limit: in.Limit, Cursor: in.Cursor},
	})
	return pageOf(rows, next, func(r state.Audit) Audit {
		return Audit{
			ID: r.ID, At: r.At, Actor: r.Actor, Address: r.Address, Action: r.Action, Subject: r.Subject,
			Detail: r.Detail, Status: r.Status,
		}
	}), err
}
