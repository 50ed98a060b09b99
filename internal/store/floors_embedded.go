package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
)

// embeddedFloors keeps the floors of one source in the derived TSDB.
type embeddedFloors struct {
	embedded *Embedded
	source   string
}

func (e *Embedded) keeper(source string) floorKeeper { return &embeddedFloors{e, source} }

// embeddedAtOnce bounds the kept floors in memory to about 30 MB with 20 workloads a host.
const embeddedAtOnce = 256

func (*embeddedFloors) atOnce() int { return embeddedAtOnce }

func (f *embeddedFloors) write(ctx context.Context, hosts []freshFloors) error {
	var series []Series
	for i := range hosts {
		series = hosts[i].seriesOf(series, f.source)
	}
	return f.embedded.AppendDerived(ctx, series)
}

func (f *embeddedFloors) read(ctx context.Context, hosts []string, g grid) (known map[string]*kept, err error) {
	f.embedded.mu.RLock()
	defer f.embedded.mu.RUnlock()
	if f.embedded.derived == nil {
		return nil, errClosed
	}
	from, to := g.first*1000, g.end*1000
	querier, err := f.embedded.derived.db.ChunkQuerier(from, to)
	if err != nil {
		return nil, fmt.Errorf("read kept floors: %w", err)
	}
	defer func() { err = errors.Join(err, querier.Close()) }()
	matchers, err := f.matchers(hosts)
	if err != nil {
		return nil, err
	}
	hints := &storage.SelectHints{Start: from, End: to, DisableTrimming: true}
	set := querier.Select(ctx, false, hints, matchers...)
	r := newKeptReader(g)
	var d chunkDecoder
	for set.Next() {
		s := set.At()
		ls := s.Labels()
		take := r.series(ls.Get)
		if take == nil {
			continue
		}
		if err := d.decode(s, take); err != nil {
			return nil, fmt.Errorf("read kept floors: %w", err)
		}
	}
	if err := set.Err(); err != nil {
		return nil, fmt.Errorf("read kept floors: %w", err)
	}
	return r.hosts, nil
}

func (f *embeddedFloors) matchers(hosts []string) ([]*labels.Matcher, error) {
	metric, err := labels.NewMatcher(labels.MatchRegexp, model.MetricNameLabel, floorMetricsPattern)
	if err != nil {
		return nil, err
	}
	source, err := labels.NewMatcher(labels.MatchEqual, sourceLabel, f.source)
	if err != nil {
		return nil, err
	}
	host, err := matchAny("host", hosts)
	if err != nil {
		return nil, err
	}
	return []*labels.Matcher{metric, host, source}, nil
}

// chunkDecoder is the memory that one series after the other is decoded with.
type chunkDecoder struct {
	chunks  chunks.Iterator
	samples chunkenc.Iterator
	block   chunkBlock
}

// decode gives the floats of a series; where chunks overlap their samples come in each's order.
func (d *chunkDecoder) decode(s storage.ChunkSeries, take func(t int64, v float64)) error {
	d.chunks = s.Iterator(d.chunks)
	for d.chunks.Next() {
		c := d.chunks.At()
		if xor, ok := c.Chunk.(*chunkenc.XORChunk); ok && d.block.decode(xor.Bytes()) {
			for i, t := range d.block.times {
				take(t, d.block.values[i])
			}
			continue
		}
		d.samples = c.Chunk.Iterator(d.samples)
		for kind := d.samples.Next(); kind != chunkenc.ValNone; kind = d.samples.Next() {
			if kind == chunkenc.ValFloat {
				take(d.samples.At())
			}
		}
		if err := d.samples.Err(); err != nil {
			return err
		}
	}
	return d.chunks.Err()
}
