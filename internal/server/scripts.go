package server

import (
	"context"
	"errors"
	"fmt"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/library"
	"github.com/memseep/memseep/internal/state"
)

// openScripts makes what keeps and runs scripts.
func (p *parts) openScripts() error {
	allow := p.o.Config.Server.Scripts.Allow
	if _, err := script.ParseAllowed(allow); err != nil {
		return fmt.Errorf("server.scripts.allow: %w", err)
	}
	p.scripts = library.New(library.Options{
		DB: p.db, Sealer: p.hidden, Authorize: p.mayRegister, Source: p.source, Levels: p.levels, Published: p.hub.Publish, Allow: allow,
		Clock: p.o.Clock, Logger: p.o.Logger.With("part", "scripts"),
	})
	return nil
}

// mayRegister wants of a script's account a key that may change what the workspace inspects.
func (p *parts) mayRegister(ctx context.Context, workspaceID, keyID, secret string) error {
	const instead = "make a key with the scope write on the page Keys, and enter it as the variables account_api_key_id and account_api_key"
	key, err := p.auth.KeyOf(ctx, keyID, secret)
	switch {
	case errors.Is(err, auth.ErrBadCredentials):
		return fmt.Errorf("the key %s is wrong, expired or revoked, so the function cannot register as an inspection: %s", keyID, instead)
	case err != nil:
		return err
	case key.WorkspaceID != workspaceID:
		return fmt.Errorf("the key %s is of another workspace, so the function cannot register as an inspection: %s", keyID, instead)
	}
	if (&auth.Identity{Key: &key, WorkspaceID: key.WorkspaceID, Scopes: key.Scopes}).May(state.ScopeWrite) != nil {
		return fmt.Errorf("the key %s has no scope write, so the function cannot register as an inspection: %s", keyID, instead)
	}
	return nil
}
