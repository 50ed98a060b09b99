// Package store keeps the metrics of workspaces: in two Prometheus TSDBs of a directory, or in a
// VictoriaMetrics. In go samples of collectors, floors and verdicts; out come windows and histories
// for an inspection (Source) and answers to the Prometheus query API (Handler).
// Read metrics.go first, then embedded.go and append.go, floors.go, remote.go; reader.go is the hot path.
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// Options says how a store keeps its samples. The zero value keeps 30 days.
type Options struct {
	Retention  time.Duration // 0 is DefaultRetention
	OutOfOrder time.Duration // how late a sample may come; 0 is DefaultOutOfOrder, negative is not at all
	Logger     *slog.Logger  // nil logs nothing

	maxBytes  int64                        // of blocks; 0 is no bound
	block     time.Duration                // of the shortest block; 0 is 2 h
	stripes   int                          // of the table of series; 0 is the TSDB's default
	lifecycle tsdb.SeriesLifecycleCallback // is asked before a series is made; nil lets all in
	room      func() bool                  // whether the disk has room for upkeep; nil is always
	broken    func(error)                  // is told that upkeep has failed so that the store has to be opened anew
}

// What Options leaves out.
const (
	DefaultRetention  = 30 * 24 * time.Hour
	DefaultOutOfOrder = 6 * time.Hour
)

// The bounds of one query, those of Prometheus.
const (
	queryTimeout  = 2 * time.Minute
	querySamples  = 50_000_000
	lookbackDelta = 5 * time.Minute
)

// ErrEmpty says that a store holds no sample.
var ErrEmpty error = emptyError{}

type emptyError struct{}

func (emptyError) Error() string { return "the store holds no samples yet" }

// NoSamples tells a run that there is nothing to inspect yet, which is no failure.
func (emptyError) NoSamples() bool { return true }

// Store is an open store. Its methods may be called by many goroutines.
type Store struct {
	db       *tsdb.DB
	stats    *tsdb.DBStats
	engine   *promql.Engine
	parser   parser.Parser
	registry *prometheus.Registry
	logger   *slog.Logger
	opened   time.Time
	options  Options

	compactions compactions
	committing  sync.Mutex // one transaction at a time: see commit
	appended    appendedCounter
}

// Open opens the store in the directory, which is made where it does not exist. Only one process
// may have a store open. The caller closes it.
func Open(dir string, o Options) (*Store, error) {
	if o.Retention <= 0 {
		o.Retention = DefaultRetention
	}
	if o.OutOfOrder == 0 {
		o.OutOfOrder = DefaultOutOfOrder
	}
	if o.Logger == nil {
		o.Logger = promslog.NewNopLogger()
	}
	s := &Store{
		stats:    tsdb.NewDBStats(),
		parser:   parser.NewParser(parser.Options{}),
		registry: prometheus.NewRegistry(),
		logger:   o.Logger,
		opened:   time.Now(),
		options:  o,
	}
	var err error
	s.compactions.init()
	s.compactions.room, s.compactions.broken = o.room, o.broken
	t := o.tsdb()
	t.NewCompactorFunc = s.compactions.compactor
	if s.db, err = tsdb.Open(dir, o.Logger, s.appended.watch(s.registry), t, s.stats); err != nil {
		return nil, fmt.Errorf("open the metrics store in %s: %w", dir, err)
	}
	s.compactions.start(s.db, o.Logger)
	s.engine = promql.NewEngine(promql.EngineOpts{
		Logger:               o.Logger,
		Reg:                  s.registry,
		MaxSamples:           querySamples,
		Timeout:              queryTimeout,
		LookbackDelta:        lookbackDelta,
		EnableAtModifier:     true,
		EnableNegativeOffset: true,
		Parser:               s.parser,
	})
	return s, nil
}

// tsdb are the options of the TSDB: blocks of 2 h that grow to a tenth of the retention.
func (o Options) tsdb() *tsdb.Options {
	t := tsdb.DefaultOptions()
	t.RetentionDuration = o.Retention.Milliseconds()
	t.OutOfOrderTimeWindow = max(o.OutOfOrder, 0).Milliseconds()
	t.MaxBytes = o.maxBytes
	t.BlockReloadInterval = math.MaxInt64 // what the TSDB would do then is upkeep's
	t.SeriesLifecycleCallback = o.lifecycle
	if o.block > 0 {
		t.MinBlockDuration = o.block.Milliseconds()
	}
	if o.stripes > 0 {
		t.StripeSize = o.stripes
	}
	t.MaxBlockDuration = max(min(o.Retention/10, 31*24*time.Hour).Milliseconds(), t.MinBlockDuration)
	return t
}

// Appender starts a transaction: append samples to it, then Commit or Rollback. Samples older
// than the out-of-order window are refused with storage.ErrTooOldSample.
func (s *Store) Appender(ctx context.Context) storage.AppenderV2 { return s.db.AppenderV2(ctx) }

// Querier reads samples between two times, in milliseconds and inclusive. The caller closes it.
func (s *Store) Querier(from, to int64) (storage.Querier, error) {
	q, err := s.db.Querier(from, to)
	if err != nil {
		return nil, fmt.Errorf("open the metrics store for reading: %w", err)
	}
	return q, nil
}

// Newest is the time of the newest sample; ErrEmpty where there is none.
func (s *Store) Newest(context.Context) (time.Time, error) {
	_, newest := s.span()
	if newest.IsZero() {
		return time.Time{}, ErrEmpty
	}
	return newest, nil
}

// span is the times of the oldest and the newest sample; zero where there is none.
func (s *Store) span() (oldest, newest time.Time) {
	from, to, found := s.db.Head().MinTime(), s.db.Head().MaxTime(), s.db.Head().NumSeries() > 0
	for _, b := range s.db.Blocks() {
		m := b.Meta()
		last := m.MaxTime - 1 // a block's end is exclusive
		if !found {
			from, to, found = m.MinTime, last, true
		}
		from, to = min(from, m.MinTime), max(to, last)
	}
	if !found {
		return time.Time{}, time.Time{}
	}
	return time.UnixMilli(from), time.UnixMilli(to)
}

// Close writes what is left to disk and ends the store's goroutines.
func (s *Store) Close() error {
	s.compactions.stop()
	err := errors.Join(s.engine.Close(), s.closeTSDB())
	if err != nil {
		return fmt.Errorf("close the metrics store: %w", err)
	}
	return nil
}

// closeTSDB makes an error of the panic of a TSDB that cannot write its chunks. Its log has them all.
func (s *Store) closeTSDB() (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("write chunks: %v", p)
		}
	}()
	return s.db.Close()
}
