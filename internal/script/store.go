package script

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
)

// Store keeps what scripts put into DFF.STORE and DFF.CACHE; where is "store" or "cache".
type Store interface {
	// Get returns nil where there is no value, or where it has expired.
	Get(ctx context.Context, where, scope, key string) (json.RawMessage, error)
	// Set keeps a value; expires of 0 is never.
	Set(ctx context.Context, where, scope, key string, value json.RawMessage, expires time.Duration) error
	Delete(ctx context.Context, where, scope, key string) error
}

// storeCalls are the calls of a sandbox that a Store answers.
func storeCalls(s Store, where string) map[string]sandbox.Call {
	with := func(do func(ctx context.Context, k modules.Kept) (any, error)) sandbox.Call {
		return func(ctx context.Context, args json.RawMessage) (any, error) {
			var k modules.Kept
			if err := json.Unmarshal(args, &k); err != nil {
				return nil, err
			}
			return do(ctx, k)
		}
	}
	return map[string]sandbox.Call{
		where + ".get": with(func(ctx context.Context, k modules.Kept) (any, error) {
			v, err := s.Get(ctx, where, k.Scope, k.Key)
			if v == nil {
				return nil, err
			}
			return v, err
		}),
		where + ".set": with(func(ctx context.Context, k modules.Kept) (any, error) {
			return nil, s.Set(ctx, where, k.Scope, k.Key, k.Value, time.Duration(k.Expire)*time.Second)
		}),
		where + ".delete": with(func(ctx context.Context, k modules.Kept) (any, error) {
			return nil, s.Delete(ctx, where, k.Scope, k.Key)
		}),
	}
}

// Memory is a Store that lasts as long as the process. Its zero value is empty.
type Memory struct {
	mu     sync.Mutex
	values map[[3]string]entry
	bytes  int
}

type entry struct {
	value   json.RawMessage
	expires time.Time // zero is never
}

// mostKept bounds what a Memory keeps, in bytes.
const mostKept = 16 << 20

// Get returns a value that was set.
func (m *Memory) Get(_ context.Context, where, scope, key string) (json.RawMessage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.values[[3]string{where, scope, key}]
	if !ok || !e.expires.IsZero() && time.Now().After(e.expires) {
		return nil, nil
	}
	return e.value, nil
}

// Set keeps a value.
func (m *Memory) Set(_ context.Context, where, scope, key string, value json.RawMessage, expires time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := [3]string{where, scope, key}
	grown := m.bytes - len(m.values[at].value) + len(value)
	if _, there := m.values[at]; !there {
		grown += len(key)
	}
	if grown > mostKept {
		return fmt.Errorf("%s: more than %d MB are kept: delete what is done with", where, mostKept>>20)
	}
	if m.values == nil {
		m.values = map[[3]string]entry{}
	}
	e := entry{value: value}
	if expires > 0 {
		e.expires = time.Now().Add(expires)
	}
	m.values[at], m.bytes = e, grown
	return nil
}

// Delete forgets a value.
func (m *Memory) Delete(_ context.Context, where, scope, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := [3]string{where, scope, key}
	if e, there := m.values[at]; there {
		m.bytes -= len(e.value) + len(key)
	}
	delete(m.values, at)
	return nil
}
