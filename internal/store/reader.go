package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
	"github.com/prometheus/prometheus/storage"
)

// Reader gives windows and floors out of a store, as an inspection wants them: it is an
// inspect.Source. It may be used by many goroutines.
type Reader struct {
	queryable storage.ChunkQueryable
	newest    func(context.Context) (time.Time, error)
}

// Reader reads from the store; it is of use as long as the store is open.
func (s *Store) Reader() *Reader { return &Reader{queryable: s.db, newest: s.Newest} }

// NoMetricsError says that a store holds nothing that tells of memory.
type NoMetricsError struct{ From, To time.Time }

func (e *NoMetricsError) Error() string {
	var looked []string
	for _, d := range dialect.All() {
		looked = append(looked, fmt.Sprintf("%s (%s)", d.Detect[0], d.Name))
	}
	return fmt.Sprintf("the store holds no memory metrics between %s and %s; looked for %s: let a collector send some, or choose another time",
		e.From.UTC().Format(time.RFC3339), e.To.UTC().Format(time.RFC3339), strings.Join(looked, ", "))
}

// Newest is the time of the newest sample; ErrEmpty where there is none.
func (r *Reader) Newest(ctx context.Context) (time.Time, error) { return r.newest(ctx) }

// Read gives each a reading of every host asked for that the store knows, from at most q.Parallel
// goroutines. It returns a *NoMetricsError where nothing tells of memory.
func (r *Reader) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	from := dialect.NewAssembler(q).From()
	return r.read(ctx, q, from, allSamples, each)
}

// hostsSpan is what Hosts looks at: a window and the longest history.
const hostsSpan = (6 + 7*24) * time.Hour

// Hosts lists the hosts with samples in the window that ends at the time or in the week before
// it, sorted by name. It returns a *NoMetricsError where nothing tells of memory.
func (r *Reader) Hosts(ctx context.Context, at time.Time) ([]leak.Host, error) {
	var mu sync.Mutex
	var hosts []leak.Host
	q := leak.Query{At: at, Window: time.Minute, Parallel: 1}
	err := r.read(ctx, q, at.Add(-hostsSpan).UnixMilli(), oneSample, func(reading *leak.Reading) error {
		h := reading.Host
		h.Labels, h.Collectors = maps.Clone(h.Labels), slices.Clone(h.Collectors)
		mu.Lock()
		defer mu.Unlock()
		hosts = append(hosts, h)
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(hosts, func(a, b leak.Host) int { return strings.Compare(a.Name, b.Name) })
	return hosts, nil
}

// read reads the samples from a time in milliseconds up to q.At.
func (r *Reader) read(ctx context.Context, q leak.Query, from int64, depth depth, each func(*leak.Reading) error) error {
	to := q.At.UnixMilli()
	d, err := r.discover(ctx, from, to)
	if err != nil {
		return err
	}
	keys := d.keys
	if q.Hosts != nil {
		keys = d.only(q.Hosts)
	}
	s := &scan{directory: d, query: q, from: from, to: to, depth: depth, each: each, rest: keys, size: mostHosts}
	return s.run(ctx, r.queryable)
}
