// Package auth says who asks and what they may do: keys of programs, people with their sessions,
// and the sealing of credentials that are kept. In go requests; out come identities.
// Read this file, then request.go.
package auth

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/memseep/memseep/internal/state"
)

// Auth knows who asks. It is safe for concurrent use.
type Auth struct {
	db     *state.DB
	clock  func() time.Time
	logger *slog.Logger

	// TrustProxy takes the scheme from X-Forwarded-Proto: set it where a proxy writes that header.
	// It has to be set before the first request.
	TrustProxy bool
	// AtFirst adds to what the first start makes, in its transaction: all of it is there, or nothing.
	AtFirst func(ctx context.Context, tx *state.Tx, workspaceID string) error

	keys    keyCache
	used    useLog
	cross   *http.CrossOriginProtection
	byName  *limiter
	byAddr  *limiter
	hashing *semaphore.Weighted // a hash takes 19 MiB
	unknown string              // hash that the password of an unknown name is compared with
}

// New is an Auth over the state. A nil clock is time.Now.
func New(db *state.DB, clock func() time.Time, logger *slog.Logger) *Auth {
	if clock == nil {
		clock = time.Now
	}
	if logger == nil {
		logger = slog.Default()
	}
	unknown, err := HashPassword(randomText(20))
	if err != nil {
		panic(err) // of a system without random numbers alone
	}
	return &Auth{
		db: db, clock: clock, logger: logger, unknown: unknown,
		cross:  http.NewCrossOriginProtection(),
		byName: newLimiter(10*time.Second, 10), byAddr: newLimiter(3*time.Second, 20),
		hashing: semaphore.NewWeighted(4),
	}
}

const (
	// flushEvery is how often it is written down when keys and people were last seen.
	flushEvery = 30 * time.Second
	// auditLife is how long the audit log knows what was done: as long as floors and verdicts are kept.
	auditLife = 366 * 24 * time.Hour
)

// Run writes down, until the context ends, when keys were used and people seen, and deletes ended
// sessions and what is too old of the audit log.
func (a *Auth) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-tick.C:
			a.tend(ctx, n%120 == 0)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			a.tend(last, false)
			return
		}
	}
}

func (a *Auth) tend(ctx context.Context, all bool) {
	if err := a.Flush(ctx); err != nil {
		a.logger.WarnContext(ctx, "it was not written down when keys were last used", "error", err)
	}
	if !all {
		return
	}
	if _, err := a.db.DeleteExpiredSessions(ctx, a.clock()); err != nil {
		a.logger.WarnContext(ctx, "ended sessions were not deleted", "error", err)
	}
	if _, err := a.db.TrimAudit(ctx, a.clock().Add(-auditLife)); err != nil {
		a.logger.WarnContext(ctx, "the audit log was not trimmed", "error", err)
	}
}

// Identity is who asks, and in which workspace.
type Identity struct {
	User        *state.User // nil where a key asks
	Key         *state.Key  // nil where a person asks
	WorkspaceID string      // empty where a person has none
	Role        state.Role  // of a person in the workspace
	Scopes      []state.Scope
	CSRF        string // what X-CSRF-Token has to be on each change that a cookie signs
}

// May is nil where the identity has the scope in its workspace, or one that holds it.
func (id *Identity) May(scope state.Scope) error {
	if id.WorkspaceID != "" && slices.ContainsFunc(id.Scopes, func(have state.Scope) bool { return holds(have, scope) }) {
		return nil
	}
	switch {
	case id.Key != nil:
		return fmt.Errorf("%w: the key %s has no scope %q: make one that has it", ErrForbidden, id.Key.ID, scope)
	case id.WorkspaceID == "":
		return fmt.Errorf("%w: you belong to no workspace: ask an administrator for one", ErrForbidden)
	}
	return fmt.Errorf("%w: you are %v here, and this needs %v: ask an owner of the workspace", ErrForbidden, person[id.Role], person[least[scope]])
}

// least is the lowest role that has a scope.
var least = map[state.Scope]state.Role{state.ScopeRead: state.Viewer, state.ScopeWrite: state.Editor, state.ScopeAdmin: state.Owner}

// person is somebody of a role, within a sentence.
var person = map[state.Role]string{state.Viewer: "a viewer", state.Editor: "an editor", state.Owner: "an owner"}

// holds tells whether one scope includes another: admin all, write what read may.
func holds(have, wanted state.Scope) bool {
	switch have {
	case wanted, state.ScopeAdmin:
		return true
	case state.ScopeWrite:
		return wanted == state.ScopeRead
	}
	return false
}

// ScopesOf is what a role may do.
func ScopesOf(role state.Role) []state.Scope {
	switch role {
	case state.Owner:
		return []state.Scope{state.ScopeAdmin}
	case state.Editor:
		return []state.Scope{state.ScopeWrite}
	case state.Viewer:
		return []state.Scope{state.ScopeRead}
	}
	return nil
}
