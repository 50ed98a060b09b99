package state

import (
	"context"
	"encoding/json"

	"github.com/uptrace/bun"
)

// Setting reads what the instance keeps under a key.
func (q *Queries) Setting(ctx context.Context, key string) (json.RawMessage, error) {
	var s setting
	err := one(ctx, q.read.NewSelect().Model(&s).Where("key = ?", key), "read setting "+key)
	return s.Value, err
}

// SetSetting keeps a JSON value under a key.
func (q *Queries) SetSetting(ctx context.Context, key string, value json.RawMessage) error {
	_, err := q.write.NewInsert().Model(&setting{Key: key, Value: value}).
		On("CONFLICT (key) DO UPDATE").Set("value = EXCLUDED.value").Exec(ctx)
	return explain(err, "write setting "+key)
}

type setting struct {
	bun.BaseModel `bun:"table:settings,alias:st" json:"-"`

	Key   string `bun:",pk"`
	Value json.RawMessage
}
