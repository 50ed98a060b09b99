// Package library keeps the scripts of workspaces, and runs them.
//
// In go drafts, variables and triggers; out come published versions, runs of a trigger with what they
// print, find and report, and files that hold all of it. Read this file, then publish.go (how a draft
// becomes what runs), trigger_run.go (a run) and register.go (how a function becomes an inspection).
package library

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/script/sandbox"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// Options is what a library works with. All but those that say so are needed.
type Options struct {
	DB *state.DB
	// Sealer hides secret variables.
	Sealer Sealer
	// Authorize says why a key may not register inspections in a workspace; nil where it may. It is
	// told to who reads the run.
	Authorize func(ctx context.Context, workspaceID, keyID, secret string) error
	// Source is where an inspection reads from.
	Source func(ctx context.Context, i state.Inspection) (inspect.Source, error)
	// Levels are a workspace's own, for inspections that have none; nil is the detector's.
	Levels func(ctx context.Context, workspaceID string) (leak.Thresholds, error)
	// Published is told of inspections that were made or changed; nil is nobody.
	Published func(workspaceID string, c schedule.Change)
	Limits    sandbox.Limits // of runs; their time is the trigger's
	Allow     []string       // servers that scripts may call, as script.ParseAllowed reads them; empty is none
	Drafts    int            // runs of drafts at a time; below 1 is 4
	Clock     func() time.Time
	Logger    *slog.Logger
}

// Sealer hides what nobody may read from the database alone.
type Sealer interface {
	Seal(text []byte) ([]byte, error)
	Open(sealed []byte) ([]byte, error)
}

// Library is safe for concurrent use.
type Library struct {
	o      Options
	drafts chan struct{} // a place for each run of a draft
}

// draftsAtATime is how many people may try a draft at once: each may take a sandbox's memory.
const draftsAtATime = 4

// New is a library over the state.
func New(o Options) *Library {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Drafts < 1 {
		o.Drafts = draftsAtATime
	}
	return &Library{o: o, drafts: make(chan struct{}, o.Drafts)}
}

// Refusal says which field of what was given cannot be taken, and what to write.
type Refusal struct {
	Field   string // as JSON names it
	Message string
}

func (r *Refusal) Error() string { return r.Message }

func refuse(field, format string, args ...any) error {
	return &Refusal{Field: field, Message: fmt.Sprintf(format, args...)}
}
