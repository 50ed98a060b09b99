package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// useLog gathers when keys were used and people seen, to the minute, so that a request costs no
// write.
type useLog struct {
	mu    sync.Mutex
	keys  map[string]time.Time
	users map[string]time.Time
	wrote map[string]time.Time // last written, by key and user
}

func (u *useLog) key(id string, at time.Time)  { u.note(&u.keys, id, at) }
func (u *useLog) user(id string, at time.Time) { u.note(&u.users, id, at) }

func (u *useLog) note(in *map[string]time.Time, id string, at time.Time) {
	at = at.Truncate(time.Minute)
	u.mu.Lock()
	defer u.mu.Unlock()
	if !at.After(u.wrote[id]) {
		return
	}
	if *in == nil {
		*in = map[string]time.Time{}
	}
	(*in)[id] = at
}

func (u *useLog) take() (keys, users map[string]time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	keys, users = u.keys, u.users
	u.keys, u.users, u.wrote = nil, nil, map[string]time.Time{}
	for _, of := range []map[string]time.Time{keys, users} {
		for id, at := range of {
			u.wrote[id] = at
		}
	}
	return keys, users
}

// Flush writes down when keys were last used and people last seen.
func (a *Auth) Flush(ctx context.Context) error {
	keys, users := a.used.take()
	if len(keys)+len(users) == 0 {
		return nil
	}
	err := a.db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		for id, at := range keys {
			if err := tx.TouchKey(ctx, id, at); err != nil {
				return err
			}
		}
		for id, at := range users {
			if err := tx.TouchUser(ctx, id, at); err != nil && !errors.Is(err, state.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write down what was used: %w", err)
	}
	return nil
}
