package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/state"
)

const (
	keyPrefix   = "msk_"
	tokenPrefix = "tkn_"
)

// mostCredentials bounds what is looked up and remembered of whoever asks: ours have less than 100 bytes.
const mostCredentials = 1024

// ParseKey splits ID:SECRET.
func ParseKey(text string) (id, secret string, err error) {
	text = strings.TrimSpace(text)
	id, secret, ok := strings.Cut(text, ":")
	if !ok || id == "" || secret == "" {
		return "", "", errors.New("a key has to be written as ID:SECRET")
	}
	if len(text) > mostCredentials {
		return "", "", fmt.Errorf("a key must not have more than %d bytes", mostCredentials)
	}
	return id, secret, nil
}

// NewKey makes a key of a workspace; a zero expires is never. Its secret, and the token that stands
// for both in DataKit's configuration, are told here alone: hashes of them are kept.
func (a *Auth) NewKey(ctx context.Context, workspaceID, name string, scopes []state.Scope, expires time.Time, by string) (id, secret, token string, err error) {
	if len(scopes) == 0 {
		return "", "", "", errors.New("a key needs a scope: ingest, read, write or admin")
	}
	id, secret, token = keyPrefix+randomText(12), randomText(43), tokenPrefix+randomText(32)
	err = a.db.AddKey(ctx, &state.Key{
		ID: id, WorkspaceID: workspaceID, Name: name, SecretHash: fingerprint(secret), Token: fingerprint(token),
		Scopes: scopes, CreatedBy: by, CreatedAt: a.clock(), ExpiresAt: expires,
	})
	return id, secret, token, err
}

// RevokeKey ends a key: here at once, in other replicas within ten seconds.
func (a *Auth) RevokeKey(ctx context.Context, workspaceID, id string) error {
	err := a.db.RevokeKey(ctx, workspaceID, id, a.clock())
	a.keys.forget()
	return err
}

// KeyOf is the key that an id and its secret stand for, where it is neither revoked nor expired; else
// ErrBadCredentials.
func (a *Auth) KeyOf(ctx context.Context, id, secret string) (state.Key, error) {
	if id == "" || secret == "" {
		return state.Key{}, ErrBadCredentials
	}
	key, err := a.verify(ctx, id+":"+secret)
	if err == nil {
		a.used.key(key.ID, a.clock())
	}
	return key, err
}

// verify is the key that ID:SECRET or a token stand for.
func (a *Auth) verify(ctx context.Context, credentials string) (state.Key, error) {
	name, given := credentials, ""
	read := func() (state.Key, error) { return a.db.KeyByToken(ctx, fingerprint(credentials)) }
	if !strings.HasPrefix(credentials, tokenPrefix) {
		id, secret, err := ParseKey(credentials)
		if err != nil {
			return state.Key{}, ErrBadCredentials
		}
		name, given = id, secret
		read = func() (state.Key, error) { return a.db.Key(ctx, id) }
	} else {
		name = fingerprint(credentials) // no secret as it is in the cache, and none that is long
	}
	key, err := a.keys.get(name, a.clock(), read)
	switch {
	case errors.Is(err, state.ErrNotFound):
		return state.Key{}, ErrBadCredentials
	case err != nil:
		return state.Key{}, fmt.Errorf("check a key: %w", err)
	}
	if given != "" && subtle.ConstantTimeCompare([]byte(fingerprint(given)), []byte(key.SecretHash)) != 1 {
		return state.Key{}, ErrBadCredentials
	}
	if !key.RevokedAt.IsZero() || !key.ExpiresAt.IsZero() && !a.clock().Before(key.ExpiresAt) {
		return state.Key{}, ErrBadCredentials
	}
	return key, nil
}
