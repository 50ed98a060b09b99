package api

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/memseep/memseep/internal/state"
)

// deed is what an audit entry says besides who, when and what: a handler may fill it in.
type deed struct {
	actor, workspace, subject string
	detail                    any
}

type deedKey struct{}

// note lets the audit entry of this request say what the change was about.
func note(ctx context.Context, subject string, detail any) {
	if d, ok := ctx.Value(deedKey{}).(*deed); ok {
		d.subject, d.detail = subject, detail
	}
}

// noteActor names who did it where the request came without credentials.
func noteActor(ctx context.Context, name string) {
	if d, ok := ctx.Value(deedKey{}).(*deed); ok {
		d.actor = name
	}
}

// record is the middleware that writes an audit entry for each request that changes something,
// also for one that failed.
func (a *API) record(r route) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		if r.audit == "" {
			next(c)
			return
		}
		request, _ := humago.Unwrap(c)
		d := &deed{actor: actor(c.Context()), workspace: workspaceOf(c.Context()), subject: pathSubject(c)}
		next(huma.WithValue(c, deedKey{}, d))
		if who(c.Context()) == nil && !attempted(c.Status()) {
			return
		}
		entry := state.Audit{
			WorkspaceID: d.workspace,
			At:          a.Clock(),
			Actor:       d.actor,
			Address:     a.addressOf(request),
			Action:      r.audit,
			Subject:     d.subject,
			Status:      c.Status(),
		}
		if r.access == administer {
			entry.WorkspaceID = "" // it concerns the instance
		}
		if d.detail != nil {
			if text, err := json.Marshal(d.detail); err == nil {
				entry.Detail = text
			}
		}
		ctx := context.WithoutCancel(c.Context()) // what was done is kept though the client has gone
		if err := a.DB.AddAudit(ctx, &entry); err != nil {
			a.Logger.ErrorContext(ctx, "audit entry not kept", "action", r.audit, "subject", d.subject, "error", err)
		}
	}
}

// attempted tells whether somebody without credentials got as far as to be let in or not. What was refused
// before is not kept: strangers could fill the disk with it.
func attempted(status int) bool {
	return status < http.StatusBadRequest || status == http.StatusUnauthorized
}

func pathSubject(c huma.Context) string {
	for _, name := range []string{"id", "user", "host"} {
		if v := c.Param(name); v != "" {
			return v
		}
	}
	return ""
}

// address is the client's: where a trusted proxy is in front, the last one that it did not add
// itself; without proxies the connection's.
func (a *API) address(forwarded, remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	hops := strings.Split(forwarded, ",")
	for i := len(hops) - 1; i >= 0 && a.trusted(host); i-- {
		hop := strings.TrimSpace(hops[i])
		if net.ParseIP(hop) == nil {
			break
		}
		host = hop
	}
	return host
}

func (a *API) trusted(host string) bool {
	ip := net.ParseIP(host)
	for _, n := range a.Proxies {
		if ip != nil && n.Contains(ip) {
			return true
		}
	}
	return false
}

// addressOf reads all headers of the name as one: some proxies add a header of their own to a client's.
func (a *API) addressOf(r *http.Request) string {
	return a.address(strings.Join(r.Header.Values("X-Forwarded-For"), ","), r.RemoteAddr)
}
