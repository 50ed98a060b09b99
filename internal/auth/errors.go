package auth

import (
	"fmt"
	"net/http"
	"time"
)

// Errors that callers tell apart, by errors.Is. Each has the HTTP status that answers it.
var (
	ErrNoCredentials  error = refusal{http.StatusUnauthorized, "no credentials"}
	ErrBadCredentials error = refusal{http.StatusUnauthorized, "wrong credentials"} // which part is wrong is not told
	ErrForbidden      error = refusal{http.StatusForbidden, "not allowed"}
	ErrTooMany        error = refusal{http.StatusTooManyRequests, "too many attempts"} // a *Wait says until when
)

type refusal struct {
	status int
	text   string
}

func (r refusal) Error() string { return r.text }

// Status is the HTTP status that answers it.
func (r refusal) Status() int { return r.status }

// unavailable is that it cannot be told who asks, which is not the caller's doing: what was sent may be
// sent again.
type unavailable struct{ error }

func (u unavailable) Unwrap() error { return u.error }

// Status is 503.
func (unavailable) Status() int { return http.StatusServiceUnavailable }

// Wait refuses an attempt to sign in for now.
type Wait struct {
	After time.Duration // until the next attempt is looked at, in whole seconds
}

func (w *Wait) Error() string {
	return fmt.Sprintf("too many attempts to sign in: try again in %s", w.After)
}

// Status is 429.
func (w *Wait) Status() int { return http.StatusTooManyRequests }

// Unwrap makes it an ErrTooMany.
func (w *Wait) Unwrap() error { return ErrTooMany }
