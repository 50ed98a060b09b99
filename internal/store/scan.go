package store

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"golang.org/x/sync/errgroup"
)

// Series are chosen for a batch of hosts at once, since a selection costs as much as decoding
// several series. A batch holds its series but not their samples.
const (
	mostHosts   = 128  // in a batch; the TSDB looks up to 256 values up directly, and scans for more
	mostValues  = 200  // of one label in a batch
	batchSeries = 4096 // that a batch should have
)

// depth is how many samples of a series are read.
type depth int

const (
	allSamples depth = iota
	oneSample        // one of the newest chunk, as of the end: enough to tell that the host is there
)

// scan is one Read: what its workers share.
type scan struct {
	directory *directory
	query     leak.Query
	from, to  int64 // milliseconds
	depth     depth
	each      func(*leak.Reading) error

	mu   sync.Mutex // guards what follows
	rest []key
	size int // hosts of the next batch
}

// run reads all hosts with query.Parallel workers and waits for them.
func (s *scan) run(ctx context.Context, queryable storage.ChunkQueryable) error {
	g, groupCtx := errgroup.WithContext(ctx)
	for range max(s.query.Parallel, 1) {
		g.Go(func() (err error) {
			querier, err := queryable.ChunkQuerier(s.from, s.to)
			if err != nil {
				return fmt.Errorf("open the metrics store for reading: %w", err)
			}
			defer func() { err = errors.Join(err, querier.Close()) }()
			w := &worker{scan: s, querier: querier, assembler: dialect.NewAssembler(s.query)}
			for keys := s.next(); len(keys) > 0; keys = s.next() {
				if err := w.read(groupCtx, keys); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return err
	}
	return nil
}

// next takes the keys of some hosts off what is left.
func (s *scan) next() []key {
	s.mu.Lock()
	defer s.mu.Unlock()
	hosts, end := 0, 0
	perPass := make([]int, len(s.directory.passes))
	for end < len(s.rest) {
		last := end
		for last < len(s.rest) && s.rest[last].host == s.rest[end].host {
			perPass[s.rest[last].pass]++
			last++
		}
		if hosts > 0 && (hosts == s.size || tooMany(perPass)) {
			break
		}
		hosts, end = hosts+1, last
	}
	keys := s.rest[:end]
	s.rest = s.rest[end:]
	return keys
}

func tooMany(counts []int) bool {
	for _, n := range counts {
		if n > mostValues {
			return true
		}
	}
	return false
}

// learn adapts the size of batches to the series that the hosts of the last one had.
func (s *scan) learn(hosts, series int) {
	size := mostHosts
	if series > hosts {
		size = min(max(1, batchSeries*hosts/series), mostHosts)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.size = size
}

// worker is the memory that one batch of hosts after the other is read with.
type worker struct {
	*scan
	querier   storage.ChunkQuerier
	assembler *dialect.Assembler

	hosts   []batchHost
	used    int
	byValue map[string]int // value of the pass' label → index of the host
	values  []string
	labels  dialect.Labels // of all series of the batch
	chunks  chunks.Iterator
	samples chunkenc.Iterator
	block   chunkBlock
}

// batchHost is one host of a batch with its series.
type batchHost struct {
	name   string
	series []chosen
}

type chosen struct {
	selector *dialect.Selector
	labels   dialect.Labels
	series   storage.ChunkSeries
}

// read gives the readings of all hosts that the keys name.
func (w *worker) read(ctx context.Context, keys []key) error {
	w.begin(keys)
	for i := range w.directory.passes {
		if err := w.choose(ctx, i, keys); err != nil {
			return err
		}
	}
	series := 0
	for i := range w.hosts[:w.used] {
		series += len(w.hosts[i].series)
	}
	w.learn(w.used, series)
	for i := range w.hosts[:w.used] {
		h := &w.hosts[i]
		if len(h.series) == 0 {
			continue // the name is of something else than a host with memory
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.each(w.reading(h)); err != nil {
			return err
		}
	}
	return nil
}

func (w *worker) begin(keys []key) {
	w.used, w.labels = 0, w.labels[:0]
	for i, k := range keys {
		if i > 0 && k.host == keys[i-1].host {
			continue
		}
		if w.used == len(w.hosts) {
			w.hosts = append(w.hosts, batchHost{})
		}
		h := &w.hosts[w.used]
		clear(h.series) // lets go of the chunks
		h.name, h.series = k.host, h.series[:0]
		w.used++
	}
}

// choose adds the series of one pass to their hosts.
func (w *worker) choose(ctx context.Context, i int, keys []key) error {
	if w.byValue == nil {
		w.byValue = map[string]int{}
	}
	clear(w.byValue)
	w.values = w.values[:0]
	host := -1
	for n, k := range keys {
		if n == 0 || k.host != keys[n-1].host {
			host++
		}
		if k.pass == i {
			w.values = append(w.values, k.value)
			w.byValue[k.value] = host
		}
	}
	if len(w.values) == 0 {
		return nil
	}
	p := &w.directory.passes[i]
	named, err := matchAny(p.label, w.values)
	if err != nil {
		return err
	}
	hints := &storage.SelectHints{Start: w.from, End: w.to, DisableTrimming: true}
	set := w.querier.Select(ctx, false, hints, p.metrics, named)
	for set.Next() {
		w.add(p.label, set.At())
	}
	if err := set.Err(); err != nil {
		return fmt.Errorf("choose the series of %s to %s: %w", keys[0].host, keys[len(keys)-1].host, err)
	}
	return nil
}

// add gives the series to its host, if it is one that is wanted and the label is the one that
// names the host.
func (w *worker) add(label string, series storage.ChunkSeries) {
	mark := len(w.labels)
	ls := series.Labels()
	w.labels = appendLabels(w.labels, ls)
	own := w.labels[mark:len(w.labels):len(w.labels)]
	selector := w.directory.plan.Match(ls.Get(model.MetricNameLabel), own)
	if selector != nil {
		if named, value := selector.HostOf(own); named == label {
			h := &w.hosts[w.byValue[value]]
			h.series = append(h.series, chosen{selector, own, series})
			return
		}
	}
	w.labels = w.labels[:mark]
}

// reading decodes the samples of a host.
func (w *worker) reading(h *batchHost) *leak.Reading {
	w.assembler.Begin(h.name, w.directory.joins)
	for _, c := range h.series {
		s := w.assembler.Add(c.selector, c.labels)
		w.chunks = c.series.Iterator(w.chunks)
		if err := w.decode(s); err != nil {
			return &leak.Reading{
				Host: leak.Host{Name: h.name},
				Err:  fmt.Errorf("read host %s: decode %s: %w", h.name, c.selector.Metric, err),
			}
		}
	}
	return w.assembler.Reading()
}

func (w *worker) decode(s *dialect.Series) error {
	var newest chunks.Meta
	for w.chunks.Next() {
		c := w.chunks.At()
		if w.depth == oneSample {
			newest = c
			continue
		}
		if xor, ok := c.Chunk.(*chunkenc.XORChunk); ok && w.block.decode(xor.Bytes()) {
			s.AppendBlock(w.block.times, w.block.values)
			continue
		}
		if err := w.iterate(s, c); err != nil {
			return err
		}
	}
	if newest.Chunk != nil {
		w.samples = newest.Chunk.Iterator(w.samples)
		if w.samples.Next() == chunkenc.ValFloat {
			_, v := w.samples.At()
			s.Append(w.to, v)
		}
	}
	return w.chunks.Err()
}

// iterate appends the floats of a chunk that is of another encoding, not whole, or still written
// to; histograms are no memory.
func (w *worker) iterate(s *dialect.Series, c chunks.Meta) error {
	w.samples = c.Chunk.Iterator(w.samples)
	for kind := w.samples.Next(); kind != chunkenc.ValNone; kind = w.samples.Next() {
		if kind == chunkenc.ValFloat {
			s.Append(w.samples.At())
		}
	}
	return w.samples.Err()
}
