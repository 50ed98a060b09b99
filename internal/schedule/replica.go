package schedule

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// goneAfter is for how long a replica's lock has to be missing until it counts as gone: one that
// lost its connection takes it again within seconds.
const goneAfter = 5 * time.Second

// replica tells on PostgreSQL which processes live. Each holds an advisory lock named by its
// client's id on a connection of its own, which the system closes when the process dies: no clocks
// are compared and no rows are left behind. It belongs to the schedule's loop.
type replica struct {
	pool    *pgxpool.Pool
	id      string
	conn    *pgx.Conn            // nil until it is connected
	missing map[string]time.Time // replicas whose lock is not there, since when
}

func newReplica(pool *pgxpool.Pool, id string) *replica {
	return &replica{pool: pool, id: id, missing: map[string]time.Time{}}
}

// gone looks who lives and returns a function that tells of a client whether it does not.
func (r *replica) gone(ctx context.Context) (func(clientID string) bool, error) {
	if err := r.join(ctx); err != nil {
		return nil, err
	}
	held, err := r.held(ctx)
	if err != nil {
		r.leave(ctx)
		clear(r.missing) // where the database was away, everybody's lock is
		return nil, err
	}
	for id := range r.missing {
		if held[lockKey(id)] {
			delete(r.missing, id)
		}
	}
	return func(id string) bool {
		if id == r.id || held[lockKey(id)] {
			return false
		}
		if _, known := r.missing[id]; !known {
			r.missing[id] = time.Now()
		}
		return time.Since(r.missing[id]) >= goneAfter
	}, nil
}

// join takes this process's lock where it does not hold it.
func (r *replica) join(ctx context.Context) error {
	if r.conn != nil {
		return nil
	}
	pooled, err := r.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect to hold this replica's lock: %w", err)
	}
	r.conn = pooled.Hijack()
	// A machine that loses its power closes no connection: the database has to ask.
	_, err = r.conn.Exec(ctx, fmt.Sprintf(
		`SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SELECT pg_advisory_lock(%d)`, lockKey(r.id)))
	if err != nil {
		r.leave(ctx)
		return fmt.Errorf("take this replica's lock: %w", err)
	}
	return nil
}

func (r *replica) held(ctx context.Context) (map[int64]bool, error) {
	rows, err := r.conn.Query(ctx, `SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
		WHERE locktype = 'advisory' AND granted AND objsubid = 1
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	if err != nil {
		return nil, fmt.Errorf("read the replicas' locks: %w", err)
	}
	keys, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return nil, fmt.Errorf("read the replicas' locks: %w", err)
	}
	held := make(map[int64]bool, len(keys))
	for _, k := range keys {
		held[k] = true
	}
	return held, nil
}

// leave gives the lock back with its connection.
func (r *replica) leave(ctx context.Context) {
	if r.conn != nil {
		_ = r.conn.Close(ctx) // it is given up either way
		r.conn = nil
	}
}

// lockKey is a client's id as PostgreSQL's locks take it.
func lockKey(id string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("memseep replica " + id)) // a hash never fails
	return int64(h.Sum64())
}
