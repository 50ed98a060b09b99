package auth

import (
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/memseep/memseep/internal/state"
)

const (
	// cacheFor is how long a key is not read again: what is revoked elsewhere stops within it.
	cacheFor = 5 * time.Second
	// cacheStale is how long a key that was read goes on while the state cannot be asked, so that
	// samples are taken during a restart of its database; nobody can revoke a key meanwhile.
	cacheStale = 10 * time.Minute
	cacheMost  = 10_000
)

// keyCache keeps keys that were read a moment ago, and names that no key has.
type keyCache struct {
	mu      sync.Mutex
	entries map[string]cached
	reads   singleflight.Group
}

type cached struct {
	key state.Key
	err error // nil or ErrNotFound
	at  time.Time
}

func (c *keyCache) get(name string, now time.Time, read func() (state.Key, error)) (state.Key, error) {
	c.mu.Lock()
	have, found := c.entries[name]
	c.mu.Unlock()
	age := now.Sub(have.at)
	if found && age >= 0 && age < cacheFor {
		return have.key, have.err
	}
	v, err, _ := c.reads.Do(name, func() (any, error) { return read() })
	key, _ := v.(state.Key)
	switch {
	case err == nil, errors.Is(err, state.ErrNotFound):
		c.put(name, cached{key, err, now})
	case found && have.err == nil && age < cacheStale:
		return have.key, nil
	}
	return key, err
}

func (c *keyCache) put(name string, entry cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil || len(c.entries) >= cacheMost {
		c.entries = map[string]cached{} // made-up names would fill it: better read again
	}
	c.entries[name] = entry
}

func (c *keyCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.entries = nil
}
