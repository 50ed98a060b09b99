package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/internal/store"
)

// problem is an answer of RFC 9457: detail says what was wrong and what to do.
func problem(status int, detail string) *huma.ErrorModel {
	return &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: detail}
}

func problemf(status int, format string, args ...any) *huma.ErrorModel {
	return problem(status, fmt.Sprintf(format, args...))
}

// invalid says that a field of the body cannot be accepted.
func invalid(field, message string) *huma.ErrorModel {
	p := problem(http.StatusUnprocessableEntity, message)
	p.Errors = []*huma.ErrorDetail{{Location: field, Message: message}}
	return p
}

// problemOf turns what a handler returned into an answer. What is not known to be the caller's
// doing is logged, and told without its text.
func (a *API) problemOf(ctx context.Context, err error) error {
	var told huma.StatusError
	switch {
	case errors.As(err, &told):
		return told
	case errors.Is(err, state.ErrNotFound):
		return problemf(http.StatusNotFound, "%v: check the identifier; of another workspace nothing is seen (X-Workspace names it)", err)
	case errors.Is(err, state.ErrConflict):
		return problemf(http.StatusPreconditionFailed, "%v: read it again and repeat the change", err)
	case errors.Is(err, state.ErrExists):
		return problemf(http.StatusConflict, "%v: take another name, or change the one that is there", err)
	case errors.Is(err, state.ErrBadCursor):
		return problemf(http.StatusUnprocessableEntity, "cursor: %v: leave it out to begin at the first page", err)
	case errors.Is(err, auth.ErrTooMany):
		return tooMany(err)
	case errors.Is(err, auth.ErrWeakPassword):
		return problem(http.StatusUnprocessableEntity, err.Error())
	case errors.Is(err, auth.ErrForbidden), errors.Is(err, auth.ErrBadCredentials), errors.Is(err, auth.ErrNoCredentials):
		return refusal(err)
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, store.ErrDiskFull):
		return problem(http.StatusServiceUnavailable, err.Error())
	case errors.Is(err, context.DeadlineExceeded):
		return problem(http.StatusGatewayTimeout, "it took too long: ask for fewer hosts or a shorter time, or try again later")
	case ctx.Err() != nil:
		return problem(statusClientGone, "the client has gone")
	}
	a.Logger.ErrorContext(ctx, "request failed", "error", err)
	return problem(http.StatusInternalServerError, "this failed inside the server: its log says why")
}

// tooMany says when to try again, by the header that RFC 9110 has for it.
func tooMany(err error) error {
	p := problem(http.StatusTooManyRequests, err.Error())
	var wait *auth.Wait
	if !errors.As(err, &wait) {
		return p
	}
	return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {strconv.Itoa(int(wait.After.Seconds()))}})
}

func isMissing(err error) bool { return errors.Is(err, state.ErrNotFound) }

// statusClientGone is nginx's status for a client that closed the connection; nobody reads it.
const statusClientGone = 499

func (a *API) writeProblem(w http.ResponseWriter, r *http.Request, p *huma.ErrorModel) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(languageOf(r.Context()).problem(p)); err != nil {
		a.Logger.DebugContext(r.Context(), "answer not sent", "error", err)
	}
}

func (a *API) writeHumaProblem(c huma.Context, p *huma.ErrorModel) {
	if p.Status == http.StatusUnauthorized {
		c.SetHeader("WWW-Authenticate", `Bearer realm="memseep"`)
	}
	c.SetHeader("Content-Type", "application/problem+json")
	c.SetHeader("Cache-Control", "no-store")
	c.SetStatus(p.Status)
	if err := json.NewEncoder(c.BodyWriter()).Encode(languageOf(c.Context()).problem(p)); err != nil {
		a.Logger.DebugContext(c.Context(), "answer not sent", "error", err)
	}
}
