package state

import (
	"context"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"
)

// ScriptValue is what a script has kept by DFF.STORE or DFF.CACHE.
type ScriptValue struct {
	bun.BaseModel `bun:"table:script_values,alias:sk" json:"-"`

	WorkspaceID string `bun:",pk"`
	Place       string `bun:",pk"` // store or cache
	Scope       string `bun:",pk"`
	Key         string `bun:",pk"`
	Value       json.RawMessage
	Bytes       int64     // of key and value
	ExpiresAt   time.Time `bun:",nullzero"` // zero is never
}

// ScriptValue reads one that has not expired.
func (q *Queries) ScriptValue(ctx context.Context, workspaceID, place, scope, key string, now time.Time) (ScriptValue, error) {
	var v ScriptValue
	return v, one(ctx, q.read.NewSelect().Model(&v).
		Where("workspace_id = ? AND place = ? AND scope = ? AND key = ?", workspaceID, place, scope, key).
		Where("(expires_at IS NULL OR expires_at > ?)", now), "read what scripts keep")
}

// SetScriptValue keeps one, in place of what the key had. Where a workspace's values would be more
// than limit bytes it is ErrTooMuch, after what has expired was deleted.
func (q *Queries) SetScriptValue(ctx context.Context, v ScriptValue, limit int64, now time.Time) error {
	const what = "keep a value of a script"
	v.Bytes = int64(len(v.Key) + len(v.Value))
	return q.inTx(ctx, func(ctx context.Context, q *Queries) error {
		if _, err := count(ctx, q.write.NewDelete().Model((*ScriptValue)(nil)).
			Where("workspace_id = ? AND expires_at <= ?", v.WorkspaceID, now), what); err != nil {
			return err
		}
		var others int64
		err := q.write.NewSelect().Model((*ScriptValue)(nil)).ColumnExpr("coalesce(sum(bytes), 0)").
			Where("workspace_id = ? AND NOT (place = ? AND scope = ? AND key = ?)", v.WorkspaceID, v.Place, v.Scope, v.Key).Scan(ctx, &others)
		if err != nil {
			return explain(err, what)
		}
		if others+v.Bytes > limit {
			return explain(ErrTooMuch, what)
		}
		_, err = q.write.NewInsert().Model(&v).On("CONFLICT (workspace_id, place, scope, key) DO UPDATE").
			Set("value = EXCLUDED.value").Set("bytes = EXCLUDED.bytes").Set("expires_at = EXCLUDED.expires_at").Exec(ctx)
		return explain(err, what)
	})
}

// DeleteScriptValue deletes one; it is no error where it is not there.
func (q *Queries) DeleteScriptValue(ctx context.Context, workspaceID, place, scope, key string) error {
	_, err := count(ctx, q.write.NewDelete().Model((*ScriptValue)(nil)).
		Where("workspace_id = ? AND place = ? AND scope = ? AND key = ?", workspaceID, place, scope, key), "delete what scripts keep")
	return err
}
