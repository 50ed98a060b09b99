package inspect

import (
	"context"
	"time"

	"github.com/memseep/memseep/leak"
)

// Source is where windows are read from. Implementations live under source/ and in the store.
type Source interface {
	// Hosts lists the hosts that the source knows around
	// the time given (the end of the window), sorted by name.
	Hosts(ctx context.Context, at time.Time) ([]leak.Host, error)

	// Newest is the time of the newest sample: what --at is by default.
	Newest(ctx context.Context) (time.Time, error)

	// Read calls each once for every host asked for, from at most q.Parallel goroutines at a
	// time, as soon as its series are read. A host that cannot be read has Reading.Err set; an
	// error is returned only where the source as a whole fails, the context ends, or each
	// returns one. The reading and its slices are reused after each returns.
	Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error
}
