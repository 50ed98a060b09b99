package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/memseep/memseep/internal/state"
)

// Environment is what the first start takes from environment variables; each may be empty.
type Environment struct {
	AdminPassword string // MEMSEEP_ADMIN_PASSWORD
	IngestKey     string // MEMSEEP_INGEST_KEY, ID:SECRET
	AdminKey      string // MEMSEEP_ADMIN_KEY, ID:SECRET
}

// First is what a start finds or has made.
type First struct {
	WorkspaceID string // the first one
	UserID      string // the first administrator
	New         bool   // this is the first start
	Made        []Made // to be printed, once: it is kept nowhere
}

// Made is a secret that was made because the environment gave none.
type Made struct{ What, Secret string }

// firstSetting keeps what the first start made.
const firstSetting = "first_start"

type firstKept struct {
	WorkspaceID string `json:"workspace_id"`
	UserID      string `json:"user_id"`
}

// Names of what the first start makes.
const (
	firstWorkspace = "default"
	firstUser      = "admin"
)

// EnsureFirst makes at the first start a workspace "default", the administrator "admin", a key to
// send samples with and one for administration. At later starts it does so with the keys of the
// environment alone, where they are new or have another secret than before; the password is left as
// people have changed it. Several replicas may start at once: one of them makes it all.
func (a *Auth) EnsureFirst(ctx context.Context, env Environment) (First, error) {
	first, err := a.ensureFirst(ctx, env)
	if errors.Is(err, state.ErrExists) { // another replica was first
		first, err = a.ensureFirst(ctx, env)
	}
	if err != nil {
		return First{}, fmt.Errorf("set up the first workspace, administrator and keys: %w", err)
	}
	a.keys.forget()
	return first, nil
}

func (a *Auth) ensureFirst(ctx context.Context, env Environment) (First, error) {
	var first First
	password := env.AdminPassword
	if password == "" {
		password = randomText(20)
	}
	hash, err := HashPassword(password) // outside of the transaction: it takes its time
	if err != nil {
		return first, err
	}
	err = a.db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		first = First{}
		kept, err := tx.Setting(ctx, firstSetting)
		switch {
		case err == nil:
			err = a.again(ctx, tx, kept, &first)
		case errors.Is(err, state.ErrNotFound):
			err = a.firstStart(ctx, tx, hash, &first)
		}
		if err != nil {
			return err
		}
		if first.New && env.AdminPassword == "" {
			first.Made = append(first.Made, Made{"password of " + firstUser, password})
		}
		if err := a.ensureKey(ctx, tx, &first, env.IngestKey, "MEMSEEP_INGEST_KEY", "ingest", state.ScopeIngest); err != nil {
			return err
		}
		return a.ensureKey(ctx, tx, &first, env.AdminKey, "MEMSEEP_ADMIN_KEY", "admin", state.ScopeAdmin)
	})
	return first, err
}

func (a *Auth) firstStart(ctx context.Context, tx *state.Tx, hash string, first *First) error {
	now := a.clock()
	w := state.Workspace{Name: firstWorkspace, CreatedAt: now}
	if err := tx.AddWorkspace(ctx, &w); err != nil {
		return err
	}
	u := state.User{Name: firstUser, PasswordHash: hash, PasswordAt: now, Administrator: true, CreatedAt: now}
	if err := tx.AddUser(ctx, &u); err != nil {
		return err
	}
	if err := tx.SetMember(ctx, state.Member{WorkspaceID: w.ID, UserID: u.ID, Role: state.Owner, CreatedAt: now}); err != nil {
		return err
	}
	kept, err := json.Marshal(firstKept{w.ID, u.ID})
	if err != nil {
		return err
	}
	first.WorkspaceID, first.UserID, first.New = w.ID, u.ID, true
	if a.AtFirst != nil {
		if err := a.AtFirst(ctx, tx, w.ID); err != nil {
			return err
		}
	}
	return tx.SetSetting(ctx, firstSetting, kept)
}

// again finds what the first start made; where that workspace was deleted, the oldest there is.
func (a *Auth) again(ctx context.Context, tx *state.Tx, kept json.RawMessage, first *First) error {
	var was firstKept
	if err := json.Unmarshal(kept, &was); err != nil {
		return fmt.Errorf("read what the first start made: %w", err)
	}
	first.WorkspaceID, first.UserID = was.WorkspaceID, was.UserID
	_, err := tx.Workspace(ctx, was.WorkspaceID)
	if !errors.Is(err, state.ErrNotFound) {
		return err
	}
	oldest, _, err := tx.Workspaces(ctx, state.Page{Limit: 1})
	if err != nil {
		return err
	}
	first.WorkspaceID = ""
	if len(oldest) > 0 {
		first.WorkspaceID = oldest[0].ID
	}
	return nil
}

// ensureKey keeps a key of the environment, or makes one at the first start.
func (a *Auth) ensureKey(ctx context.Context, tx *state.Tx, first *First, text, variable, name string, scope state.Scope) error {
	if text == "" && !first.New || first.WorkspaceID == "" {
		return nil
	}
	id, secret := keyPrefix+randomText(12), randomText(43)
	if text == "" {
		first.Made = append(first.Made, Made{"key to " + map[state.Scope]string{state.ScopeIngest: "send samples with", state.ScopeAdmin: "administer with"}[scope], id + ":" + secret})
	} else {
		var err error
		if id, secret, err = ParseKey(text); err != nil {
			return fmt.Errorf("read %s: %w", variable, err)
		}
		name += " (" + variable + ")"
	}
	hash := fingerprint(secret)
	switch have, err := tx.Key(ctx, id); {
	case err == nil && have.SecretHash == hash:
		return nil // also where it was revoked: the same key does not come back
	case err != nil && !errors.Is(err, state.ErrNotFound):
		return err
	}
	return tx.SetKey(ctx, &state.Key{
		ID: id, WorkspaceID: first.WorkspaceID, Name: name, SecretHash: hash, Scopes: []state.Scope{scope},
		CreatedBy: first.UserID, CreatedAt: a.clock(),
	})
}
