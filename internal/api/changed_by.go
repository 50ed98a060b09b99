package api

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/memseep/memseep/internal/state"
)

// lookedBack is how many lines of the audit log are read for who changed something: beside changes, it has
// what was refused and what changes nothing.
const lookedBack = 50

// changedBy says in the refusal of a change to an old version who changed it.
func (a *API) changedBy(ctx context.Context, r route, err error) error {
	var refused huma.StatusError
	d, recorded := ctx.Value(deedKey{}).(*deed)
	if !recorded || d.subject == "" || !errors.As(err, &refused) || refused.GetStatus() != http.StatusPreconditionFailed {
		return err
	}
	workspace := d.workspace
	if r.access == administer {
		workspace = ""
	}
	kind, _, _ := strings.Cut(r.audit, ".")
	log, _, failed := a.DB.AuditLog(ctx, workspace, state.AuditFilter{Action: kind + ".", Subject: d.subject, Page: state.Page{Limit: lookedBack}})
	if failed != nil {
		a.Logger.WarnContext(ctx, "who changed it is not known", "subject", d.subject, "error", failed)
		return err
	}
	for _, entry := range log {
		verb := strings.TrimPrefix(entry.Action, kind+".")
		if entry.Status < http.StatusMultipleChoices && verb != "run" && verb != "test" {
			return problemf(http.StatusPreconditionFailed, "it was changed since it was read, last by %s: read it again and repeat the change", actorName(entry.Actor))
		}
	}
	return err
}

// actorName is how an actor is called where a person reads it: a person by the name alone.
func actorName(actor string) string { return strings.TrimPrefix(actor, "user:") }
