package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
	"github.com/memseep/memseep/source/prometheus"
)

// WithFloors reads from a source outside, and keeps its floors in the metrics of a workspace, so
// that a week is asked for once and not every hour. The name tells the floors of several sources
// apart; it is not empty.
func WithFloors(source inner, name string, m Metrics) Source {
	k, ok := m.(interface {
		keeper(source string) floorKeeper
	})
	if !ok {
		return unkept{source}
	}
	return newFloored(source, k.keeper(name))
}

// inner is what windows and floors are read from where none are kept: an inspect.Source.
type inner interface {
	Hosts(ctx context.Context, at time.Time) ([]leak.Host, error)
	Newest(ctx context.Context) (time.Time, error)
	Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error
}

// unkept is a source whose floors nobody keeps.
type unkept struct{ inner }

func (unkept) WriteFloors(context.Context) error { return nil }

// floorKeeper is where the floors of one source are kept.
type floorKeeper interface {
	// read gives those of some hosts that lie on the grid; a host without any is left out.
	read(ctx context.Context, hosts []string, g grid) (map[string]*kept, error)
	// atOnce is for how many hosts read should be asked.
	atOnce() int
	write(ctx context.Context, hosts []freshFloors) error
}

// floored answers the history of a query with floors that are kept, and asks the inner source for
// the rest. A floor is kept once no sample can come late for it: six hours before the newest.
type floored struct {
	inner
	keeper floorKeeper

	mu     sync.Mutex // guards what follows
	fresh  []freshFloors
	values int
}

const (
	// recentHistory is what is read anew each time: the floors of the hours since the last run.
	recentHistory = 2 * time.Hour
	// mostFresh bounds the values that wait to be written; what is beyond is computed again.
	mostFresh = 8 << 20
)

func newFloored(source inner, k floorKeeper) *floored { return &floored{inner: source, keeper: k} }

// grid are the floors that a query asks for: their times, in seconds.
type grid struct {
	first int64
	n     int
	end   int64 // time of the query: starts are asked for up to it

	window int64 // seconds of the window
}

func gridOf(q leak.Query) grid {
	first, last, _ := dialect.NewAssembler(q).Floors()
	return grid{first: first / 1000, n: int((last-first)/1000/leak.FloorSeconds) + 1, end: q.At.Unix(), window: int64(q.Window / time.Second)}
}

func (g grid) time(slot int) int64 { return g.first + int64(slot)*leak.FloorSeconds }

// slot is the index of a time on the grid.
func (g grid) slot(t int64) (int, bool) {
	d := t - g.first
	return int(d / leak.FloorSeconds), d >= 0 && d%leak.FloorSeconds == 0 && d/leak.FloorSeconds < int64(g.n)
}

// Read gives each a reading of every host asked for that the source knows.
func (s *floored) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	g := gridOf(q)
	if q.History <= 0 || g.n <= 0 {
		return s.inner.Read(ctx, q, each)
	}
	newest, err := s.inner.Newest(ctx)
	if err != nil {
		return err
	}
	final := min(q.At.Unix(), newest.Unix()) - int64(DefaultOutOfOrder/time.Second)
	if q.Hosts == nil {
		if q.Hosts, err = s.names(ctx, q); err != nil {
			return err
		}
	}
	p := &flooredRead{floored: s, query: q, grid: g, final: final, each: each}
	for hosts := range slices.Chunk(q.Hosts, s.keeper.atOnce()) {
		if err := p.read(ctx, hosts); err != nil {
			return err
		}
	}
	return nil
}

// names lists what may be hosts: every host is among them.
func (s *floored) names(ctx context.Context, q leak.Query) ([]string, error) {
	if r, ok := s.inner.(interface {
		names(context.Context, leak.Query) ([]string, error)
	}); ok {
		return r.names(ctx, q)
	}
	hosts, err := s.Hosts(ctx, q.At)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(hosts))
	for i := range hosts {
		names[i] = hosts[i].Name
	}
	return names, nil
}

// WriteFloors keeps what was computed since the last call.
func (s *floored) WriteFloors(ctx context.Context) error {
	s.mu.Lock()
	fresh := s.fresh
	s.fresh, s.values = nil, 0
	s.mu.Unlock()
	if len(fresh) == 0 {
		return nil
	}
	return s.keeper.write(ctx, fresh)
}

// remember takes what a reading has that is not kept.
func (s *floored) remember(f freshFloors) {
	n := f.count()
	if n == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values+n > mostFresh {
		return
	}
	s.fresh, s.values = append(s.fresh, f), s.values+n
}

// flooredRead is one Read.
type flooredRead struct {
	*floored
	query leak.Query
	grid  grid
	final int64 // time of the last floor that nothing changes any more
	each  func(*leak.Reading) error

	scratch sync.Pool // of *mergeBuffer
}

// read reads some hosts: those of which floors are kept with the history of the last hours; where
// more is missing, or the source has nothing of that time, from where it is; and the new ones with
// all of it.
func (p *flooredRead) read(ctx context.Context, hosts []string) error {
	known, err := p.keeper.read(ctx, hosts, p.grid)
	if err != nil {
		return err
	}
	var behind, rest []string
	for _, h := range hosts {
		if known[h] != nil {
			behind = append(behind, h)
		} else {
			rest = append(rest, h)
		}
	}
	recent := max(p.grid.first, p.grid.time(p.grid.n)-int64(recentHistory/time.Second))
	if behind, err = p.pass(ctx, behind, known, recent); err != nil {
		return err
	}
	if from := p.missing(behind, known); from < recent {
		if behind, err = p.pass(ctx, behind, known, from); err != nil {
			return err
		}
	}
	_, err = p.pass(ctx, append(rest, behind...), known, p.grid.first)
	return err
}

// missing is the time of the first floor that is not kept of all the hosts.
func (p *flooredRead) missing(hosts []string, known map[string]*kept) int64 {
	first := p.grid.time(p.grid.n)
	for _, h := range hosts {
		first = min(first, known[h].missing(p.grid))
	}
	return first
}

// pass reads hosts with the floors from a time on, and returns those that it could not give: of
// which more is missing, or that the source does not have in that time.
func (p *flooredRead) pass(ctx context.Context, hosts []string, known map[string]*kept, from int64) ([]string, error) {
	if len(hosts) == 0 {
		return nil, nil
	}
	q := p.query
	q.Hosts = hosts
	q.History = q.At.Add(-q.Window).Sub(time.Unix(from, 0))
	var mu sync.Mutex
	given := make(map[string]bool, len(hosts))
	err := p.inner.Read(ctx, q, func(r *leak.Reading) error {
		if r.Err == nil {
			k := known[r.Host.Name]
			if from > p.grid.first && k.missing(p.grid) < from {
				return nil
			}
			b, _ := p.scratch.Get().(*mergeBuffer)
			if b == nil {
				b = &mergeBuffer{}
			}
			defer p.scratch.Put(b)
			p.remember(b.merge(r, k, p.grid, from, p.final))
		}
		mu.Lock()
		given[r.Host.Name] = true
		mu.Unlock()
		return p.each(r)
	})
	if err != nil && !(from > p.grid.first && holdsNothing(err)) {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(hosts), func(h string) bool { return given[h] }), nil
}

// holdsNothing tells that a span of time is without metrics of memory, which a longer one may have.
func holdsNothing(err error) bool {
	var own *NoMetricsError
	var outside *prometheus.NoMetricsError
	return errors.As(err, &own) || errors.As(err, &outside)
}
