package store

import (
	"errors"

	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// both are the samples of collectors and what inspections computed, as one to read.
type both struct{ samples, derived *tsdb.DB }

var _ storage.SampleAndChunkQueryable = both{}

// Querier reads from both.
func (b both) Querier(from, to int64) (storage.Querier, error) {
	first, err := b.samples.Querier(from, to)
	if err != nil {
		return nil, err
	}
	second, err := b.derived.Querier(from, to)
	if err != nil {
		return nil, errors.Join(err, first.Close())
	}
	return storage.NewMergeQuerier([]storage.Querier{first, second}, nil, storage.ChainedSeriesMerge), nil
}

// ChunkQuerier reads chunks from both.
func (b both) ChunkQuerier(from, to int64) (storage.ChunkQuerier, error) {
	first, err := b.samples.ChunkQuerier(from, to)
	if err != nil {
		return nil, err
	}
	second, err := b.derived.ChunkQuerier(from, to)
	if err != nil {
		return nil, errors.Join(err, first.Close())
	}
	merge := storage.NewCompactingChunkSeriesMerger(storage.ChainedSeriesMerge)
	return storage.NewMergeChunkQuerier([]storage.ChunkQuerier{first, second}, nil, merge), nil
}
