// Package market installs packages of scripts from sources: the binary's own, folders, git
// repositories and HTTP indexes.
//
// In go sources and what is installed; out come offers, and script sets written in one transaction,
// after digests and signatures were checked. Read this file first, then package.go (what a package
// is), source.go (where it comes from), install.go and deploy.go.
package market

import (
	"context"
	"fmt"
	"log/slog"
	"syscall"
	"time"

	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/state"
)

// Library keeps scripts; *library.Library is one.
type Library interface {
	// Functions are those of code; a wrong script is a *script.Problem.
	Functions(ctx context.Context, workspaceID, code, setName, scriptName string) ([]script.Function, error)
	// PutSet makes a set and its scripts exactly these, published.
	PutSet(ctx context.Context, tx *state.Tx, set *state.ScriptSet, scripts []library.File, note, by string) error
	// SetVariable writes a variable; secrets are sealed.
	SetVariable(ctx context.Context, tx *state.Tx, workspaceID, setID, name, kind string, value any, by string) error
	// AddTrigger and ChangeTrigger write a trigger of a published script, as the script fixes it.
	AddTrigger(ctx context.Context, tx *state.Tx, t *state.Trigger) error
	ChangeTrigger(ctx context.Context, tx *state.Tx, t *state.Trigger) error
}

// Options is what a market works with. All but Dialed are needed.
type Options struct {
	DB      *state.DB
	Library Library
	// Folders are the directories of this machine that folder sources, and git repositories on this
	// machine, may lie in.
	Folders []string
	// CheckURL refuses an address that may not be asked, Dialed one that a name led to.
	CheckURL func(address string) error
	Dialed   func(network, address string, c syscall.RawConn) error
	Clock    func() time.Time
	Logger   *slog.Logger
}

// Market is the sources of a server's workspaces.
type Market struct {
	Options
	cache archives
}

// New makes a market.
func New(o Options) *Market { return &Market{Options: o} }

// Refused is a change that was not made, and why.
type Refused struct {
	Code    string // edited, downgrade, requires, name, values: what stands in the way
	Message string
}

func (e *Refused) Error() string { return e.Message }

func refuse(code, format string, args ...any) error {
	return &Refused{code, fmt.Sprintf(format, args...)}
}

// SourceError is what went wrong at a source: it does not answer, or what it gave is not to be
// trusted.
type SourceError struct {
	Source string // its name
	Err    error
}

func (e *SourceError) Error() string { return "package source " + e.Source + ": " + e.Err.Error() }
func (e *SourceError) Unwrap() error { return e.Err }

// Installed is what a set remembers of the package that it was installed from.
type Installed struct {
	Manifest

	SourceID   string            `json:"source_id"`
	SourceName string            `json:"source_name"`
	Digest     string            `json:"digest"` // as its source names it
	Signed     bool              `json:"signed"` // by the key that the source was pinned to
	Files      map[string]string `json:"files"`  // SHA-256 of each script's code, by the script's name
	At         time.Time         `json:"installed_at"`
	By         string            `json:"installed_by"`

	// What is needed of the package after its source has gone.
	StartupCode string `json:"startup_code,omitempty"`
	Changelog   string `json:"changelog,omitempty"`
	ChangelogZH string `json:"changelog_zh,omitempty"`

	SetID  string `json:"-"` // where it lies
	Edited bool   `json:"-"` // its scripts are not what was installed
}
