package prometheus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
	"golang.org/x/sync/errgroup"
)

const (
	firstBatch   = 32      // hosts, before it is known how many series they have
	leastBatch   = 512     // hosts, but for series: a request costs a server as much as some hundred hosts
	batchSeries  = 256     // series that a batch should have: about 3 MB with a week of floors
	batchBytes   = 4 << 20 // the same of an export, which is held as it is packed
	maxHostBatch = 2000    // hosts, for the length of the request
	maxFailures  = 40      // batches in a row after which a batch that fails is not tried in halves
	maxSlices    = 64      // parts that the time is cut into for a host that is too much at once
)

// reader is one Read: what its workers share.
type reader struct {
	client    *client
	access    Access
	directory *directory
	query     leak.Query
	each      func(*leak.Reading) error

	mu     sync.Mutex // guards what follows
	rest   []*entry
	size   int // hosts of the next batch
	limit  int // hosts that the server has shown to be the most
	slices int // parts of the time that single hosts have to be read in; 0 is 1
	read   int // hosts that were read
	failed int // requests for batches that failed since one did not

	askFloors bool // of servers that do not give a week of raw samples
}

// run reads all hosts with query.Parallel workers and waits for them.
func (r *reader) run(ctx context.Context, hosts []*entry) error {
	r.rest = hosts
	workers := max(r.query.Parallel, 1)
	r.size = min(r.size, len(hosts)/workers+1)
	g, groupCtx := errgroup.WithContext(ctx)
	for range workers {
		g.Go(func() error {
			b := &batch{reader: r}
			for {
				hosts := r.next()
				if len(hosts) == 0 {
					return nil
				}
				if err := b.deliver(groupCtx, hosts); err != nil {
					return err
				}
			}
		})
	}
	err := g.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (r *reader) next() []*entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	// The last batches are smaller, so that no worker waits long for another.
	fair := len(r.rest)/max(r.query.Parallel, 1) + 1
	n := min(len(r.rest), r.size, r.limit, max(fair, leastBatch))
	hosts := r.rest[:n]
	r.rest = r.rest[n:]
	return hosts
}

// learn adapts the size of batches to what the hosts of the last one had, so that the next has about
// as much as it should: series, or bytes.
func (r *reader) learn(hosts, had, should int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.read += hosts
	r.failed = 0
	r.size = min(max(1, hosts*should/max(had, 1)), maxHostBatch)
}

// lower remembers that so many hosts were too many for the server.
func (r *reader) lower(hosts int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limit = min(r.limit, max(1, hosts/2))
}

func (r *reader) sliced(n int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.slices = max(r.slices, n, 1)
	return r.slices
}

// floorsAreAsked tells whether the server shall make the floors, as it does not give raw samples of
// so long a time; it remembers that for all workers.
func (r *reader) floorsAreAsked(from bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.askFloors = r.askFloors || from
	return r.askFloors
}

// fail counts a batch that could not be read; it returns how many there were since the last that
// could, and whether there was any.
func (r *reader) fail() (failures int, anyRead bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed++
	return r.failed, r.read > 0
}

// batch is the memory of one worker, used for one batch of hosts after the other.
type batch struct {
	*reader
	assemblers []*dialect.Assembler
	hosts      []*entry
	byValue    map[string]int // value of a host label → index of the host

	native   nativeDecoder
	exported exported
	packed   remoteReadDecoder
	problems []leak.Note // of the only host
}

// deliver reads the hosts and gives their readings away. Where they cannot be read together they
// are read in halves; a host that cannot be read alone is a reading with an error.
func (b *batch) deliver(ctx context.Context, hosts []*entry) error {
	err := b.fetch(ctx, hosts)
	if err == nil {
		return b.giveAway(ctx, hosts)
	}
	var unreachable *UnreachableError
	failures, anyRead := b.fail()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case refused(err):
		return err
	case !anyRead && (errors.As(err, &unreachable) && !smaller(err) || failures >= maxFailures):
		return err
	case len(hosts) > 1 && failures < maxFailures && (smaller(err) || !errors.As(err, &unreachable)):
		if smaller(err) {
			b.lower(len(hosts))
		}
		if err := b.deliver(ctx, hosts[:len(hosts)/2]); err != nil {
			return err
		}
		return b.deliver(ctx, hosts[len(hosts)/2:])
	}
	for _, h := range hosts {
		if err := b.each(h.unread(err)); err != nil {
			return err
		}
	}
	return nil
}

// unread is the reading of a host that could not be read.
func (e *entry) unread(err error) *leak.Reading {
	return &leak.Reading{
		Host: leak.Host{Name: e.name, Labels: e.labels(), Collectors: e.collectors()},
		Err:  fmt.Errorf("read host %s: %w", e.name, err),
	}
}

// giveAway gives the readings away, one by one until the context ends.
func (b *batch) giveAway(ctx context.Context, hosts []*entry) error {
	if b.access == Native {
		return b.giveExported(ctx, hosts)
	}
	series := 0
	for i := range hosts {
		series += b.assemblers[i].SeriesCount()
	}
	b.learn(len(hosts), series, batchSeries)
	for i := range hosts {
		if err := ctx.Err(); err != nil {
			return err
		}
		reading := b.assemblers[i].Reading()
		reading.Notes = append(reading.Notes, b.problems...)
		if err := b.each(reading); err != nil {
			return err
		}
	}
	return nil
}

// fetch reads the samples of all hosts into the assemblers. What is too much for a single host is
// read in ever shorter pieces of time.
func (b *batch) fetch(ctx context.Context, hosts []*entry) error {
	b.problems = b.problems[:0]
	for parts := b.sliced(1); ; parts = b.sliced(parts * 2) {
		err := b.fetchSliced(ctx, hosts, parts)
		if err == nil || len(hosts) > 1 || !smaller(err) || parts >= maxSlices || b.access == Native {
			return err
		}
	}
}

func (b *batch) fetchSliced(ctx context.Context, hosts []*entry, parts int) error {
	b.begin(hosts)
	a := b.assemblers[0]
	at := b.query.At.UnixMilli()
	if b.access == Native {
		return b.export(ctx, a.From(), at)
	}
	if b.access == RemoteRead && !b.floorsAreAsked(false) {
		// A week of raw chunks costs the server a twentieth of min_over_time over them, and both
		// together a quarter.
		err := b.window(ctx, a.From(), at)
		if err == nil || len(hosts) > 1 || !smaller(err) {
			return err
		}
		b.floorsAreAsked(true)
		b.begin(hosts)
	}
	for _, piece := range cut(a.WindowFrom()+1, at, parts, time.Millisecond.Milliseconds()) {
		if err := b.window(ctx, piece[0], piece[1]); err != nil {
			return err
		}
	}
	first, last, ok := a.Floors()
	if !ok {
		return nil
	}
	for _, piece := range cut(first, last, parts, leak.FloorSeconds*1000) {
		err := b.floors(ctx, piece[0], piece[1])
		if err != nil && len(hosts) == 1 && ctx.Err() == nil && !refused(err) && (!smaller(err) || parts >= maxSlices) {
			// The window alone says something too.
			b.problems = append(b.problems, leak.Note{Code: leak.HistoryUnread, Host: hosts[0].name, Detail: err.Error()})
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// cut divides the time from first to last, both inclusive, into parts that begin at multiples of
// the unit after first.
func cut(first, last int64, parts int, unit int64) [][2]int64 {
	length := max(unit, ((last-first)/unit/int64(parts)+1)*unit)
	var pieces [][2]int64
	for from := first; from <= last; from += length {
		pieces = append(pieces, [2]int64{from, min(from+length-unit, last)})
	}
	return pieces
}

// begin makes the assemblers ready for the hosts.
func (b *batch) begin(hosts []*entry) {
	if b.byValue == nil {
		b.byValue = map[string]int{}
		b.assemblers = append(b.assemblers, dialect.NewAssembler(b.query))
	}
	clear(b.byValue)
	b.hosts = hosts
	for i, h := range hosts {
		for _, k := range h.keys {
			b.byValue[k.value] = i
		}
	}
	if b.access == Native {
		return // its blocks are assembled one host after the other
	}
	for i, h := range hosts {
		if i == len(b.assemblers) {
			b.assemblers = append(b.assemblers, b.assemblers[0].Sibling())
		}
		b.assemblers[i].Begin(h.name, b.directory.joins)
	}
}

// add starts a series in the assembler of its host; nil where nobody asked for it.
func (b *batch) add(sel *dialect.Selector, ls dialect.Labels) *dialect.Series {
	i, ok := b.hostOf(sel, ls)
	if !ok {
		return nil
	}
	return b.assemblers[i].Add(sel, ls)
}

// hostOf is the place of the host that a series is of; false where nobody asked for it.
func (b *batch) hostOf(sel *dialect.Selector, ls dialect.Labels) (int, bool) {
	if sel == nil {
		return 0, false
	}
	_, value := sel.HostOf(ls)
	i, ok := b.byValue[value]
	return i, ok
}

// hostConditions are, for each level at which the hosts of the batch are named in a chain, the
// conditions that select them.
func (b *batch) hostConditions(c *chain) []string {
	var out []string
	for level, label := range c.labels {
		var values []string
		for _, h := range b.hosts {
			for _, k := range h.keys {
				if k.chain == c && k.level == level {
					values = append(values, k.value)
				}
			}
		}
		if len(values) > 0 {
			slices.Sort(values)
			out = append(out, join(c.below(level), matchAny(label, slices.Compact(values))))
		}
	}
	return out
}

// selectors are the series selectors of all that the batch wants.
func (b *batch) selectors() []string {
	var out []string
	for _, c := range b.directory.chains {
		for _, conditions := range b.hostConditions(c) {
			for _, g := range c.groups {
				out = append(out, g.selector(conditions))
			}
		}
	}
	return out
}
