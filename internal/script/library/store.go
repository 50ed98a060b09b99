package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// mostKept bounds what the scripts of a workspace keep, in bytes.
const mostKept = 16 << 20

// kept is DFF.STORE and DFF.CACHE of a workspace.
type kept struct {
	l         *Library
	workspace string
}

// Get returns nil where there is no value, or where it has expired.
func (k kept) Get(ctx context.Context, where, scope, key string) (json.RawMessage, error) {
	v, err := k.l.o.DB.ScriptValue(ctx, k.workspace, where, scope, key, k.l.o.Clock())
	if errors.Is(err, state.ErrNotFound) {
		return nil, nil
	}
	return v.Value, err
}

// Set keeps a value; expires of 0 is never.
func (k kept) Set(ctx context.Context, where, scope, key string, value json.RawMessage, expires time.Duration) error {
	now := k.l.o.Clock().UTC()
	v := state.ScriptValue{WorkspaceID: k.workspace, Place: where, Scope: scope, Key: key, Value: value}
	if expires > 0 {
		v.ExpiresAt = now.Add(expires)
	}
	err := k.l.o.DB.SetScriptValue(ctx, v, mostKept, now)
	if errors.Is(err, state.ErrTooMuch) {
		return fmt.Errorf("%s: the scripts of a workspace keep at most %d MB: delete what is done with", where, mostKept>>20)
	}
	return err
}

// Delete forgets a value.
func (k kept) Delete(ctx context.Context, where, scope, key string) error {
	return k.l.o.DB.DeleteScriptValue(ctx, k.workspace, where, scope, key)
}
