package state

import (
	"context"
	"time"
)

// Keys lists the keys of a workspace, revoked ones too.
func (q *Queries) Keys(ctx context.Context, workspaceID string, p Page) ([]Key, string, error) {
	rows, next, err := pageByID(ctx, q.read.NewSelect().Where("workspace_id = ?", workspaceID), p, false, func(k *Key) string { return k.ID })
	return rows, next, explain(err, "list keys")
}

// Key reads one of any workspace by its public part.
func (q *Queries) Key(ctx context.Context, id string) (Key, error) {
	var k Key
	return k, one(ctx, q.read.NewSelect().Model(&k).Where("id = ?", id), "read key "+id)
}

// KeyByToken reads one of any workspace by the hash of its token.
func (q *Queries) KeyByToken(ctx context.Context, hash string) (Key, error) {
	var k Key
	if hash == "" {
		return k, explain(ErrNotFound, "read a key by its token")
	}
	return k, one(ctx, q.read.NewSelect().Model(&k).Where("token = ?", hash), "read a key by its token")
}

// AddKey inserts one.
func (q *Queries) AddKey(ctx context.Context, k *Key) error {
	stamp(&k.ID, &k.CreatedAt)
	return q.add(ctx, k, "add key "+k.ID)
}

// SetKey inserts one, or replaces what its identifier has stood for in the same workspace. One of
// another workspace is ErrExists.
func (q *Queries) SetKey(ctx context.Context, k *Key) error {
	stamp(&k.ID, &k.CreatedAt)
	n, err := count(ctx, q.write.NewInsert().Model(k).
		On("CONFLICT (id) DO UPDATE").
		Set("name = EXCLUDED.name, secret_hash = EXCLUDED.secret_hash, token = EXCLUDED.token").
		Set("scopes = EXCLUDED.scopes, expires_at = EXCLUDED.expires_at, revoked_at = NULL").
		Where("k.workspace_id = EXCLUDED.workspace_id"), "set key "+k.ID)
	if err == nil && n == 0 {
		return explain(ErrExists, "set key "+k.ID)
	}
	return err
}

// RevokeKey ends one; it stays in lists. One that is revoked stays so since the first time.
func (q *Queries) RevokeKey(ctx context.Context, workspaceID, id string, at time.Time) error {
	return change(ctx, q.write.NewUpdate().Model((*Key)(nil)).Set("revoked_at = COALESCE(revoked_at, ?)", at).
		Where("id = ? AND workspace_id = ?", id, workspaceID), "revoke key "+id)
}

// TouchKey keeps when a key was last used; an older time changes nothing.
func (q *Queries) TouchKey(ctx context.Context, id string, at time.Time) error {
	_, err := count(ctx, q.write.NewUpdate().Model((*Key)(nil)).Set("last_used_at = ?", at).
		Where("id = ? AND (last_used_at IS NULL OR last_used_at < ?)", id, at), "touch key "+id)
	return err
}
