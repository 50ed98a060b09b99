package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/prometheus/tsdb"
)

// EmbeddedOptions says how the metrics of a workspace are kept. The zero value is what
// `memseep serve` has by default.
type EmbeddedOptions struct {
	Retention        time.Duration // of samples; 0 is DefaultRetention
	RetentionBytes   int64         // of the blocks of samples; 0 is no bound
	DerivedRetention time.Duration // of floors and verdicts; 0 is DefaultDerivedRetention
	// Ahead is how far in the future a sample may lie; 0 is DefaultAhead.
	Ahead time.Duration
	// MaxSeries bounds the series that are written to at a time; 0 is no bound.
	MaxSeries int
	Reserve   Reserve // of the disk
	Clock     func() time.Time
	Logger    *slog.Logger // nil logs nothing
}

// What EmbeddedOptions leaves out.
const (
	DefaultDerivedRetention  = 365 * 24 * time.Hour
	DefaultAhead             = 10 * time.Minute
	derivedOutOfOrder        = 8 * 24 * time.Hour
	derivedBlock             = 24 * time.Hour // a floor comes every 15 min: 96 of them are a chunk
	derivedStripes           = 1 << 10
	samplesFolder, derivedIn = "samples", "derived"
)

// Embedded keeps the metrics of a workspace in two TSDBs of one directory: what collectors send,
// and what inspections compute.
//
// An acknowledged sample is in the write-ahead log, handed to the operating system: it survives
// the end of the process, kill -9 included. After a loss of power the last seconds before it may
// be missing, since the log is not synced to the disk with each request. Where a disk is filled up
// by others, without a Reserve, the TSDB may acknowledge a late sample that only its memory has.
type Embedded struct {
	dir     string
	options EmbeddedOptions
	disk    *disk

	// mu is held for reading by whoever uses the TSDBs, and for writing to open and close them.
	mu      sync.RWMutex
	closed  bool
	samples *Store // nil once closed, and where it could not be opened anew
	derived *Store
	handler http.Handler
	damaged atomic.Bool // a failed write left the head ahead of its log: open anew before the next one

	counts counts
}

// OpenEmbedded opens the metrics in the directory, which is made where it does not exist. Only one
// process may have them open. The caller closes them.
func OpenEmbedded(dir string, o EmbeddedOptions) (*Embedded, error) {
	if o.DerivedRetention <= 0 {
		o.DerivedRetention = DefaultDerivedRetention
	}
	if o.Ahead <= 0 {
		o.Ahead = DefaultAhead
	}
	if o.Retention <= 0 {
		o.Retention = DefaultRetention
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	e := &Embedded{dir: dir, options: o, disk: newDisk(dir, o.Reserve, o.Clock)}
	if err := e.open(); err != nil {
		return nil, err
	}
	return e, nil
}

// open opens both TSDBs; mu is held, or nobody knows of e yet.
func (e *Embedded) open() error {
	limit := &seriesLimit{most: e.options.MaxSeries}
	samples, err := Open(filepath.Join(e.dir, samplesFolder), Options{
		Retention: e.options.Retention,
		Logger:    e.options.Logger,
		maxBytes:  e.options.RetentionBytes,
		lifecycle: limit,
		room:      e.disk.roomForUpkeep,
		broken:    e.broken,
	})
	if err != nil {
		return err
	}
	derived, err := Open(filepath.Join(e.dir, derivedIn), Options{
		Retention:  e.options.DerivedRetention,
		OutOfOrder: derivedOutOfOrder,
		Logger:     e.options.Logger,
		block:      derivedBlock,
		stripes:    derivedStripes,
		lifecycle:  &seriesLimit{},
		room:       e.disk.roomForUpkeep,
		broken:     e.broken,
	})
	if err != nil {
		return errors.Join(err, samples.Close())
	}
	limit.begin(samples.db.Head())
	e.samples, e.derived = samples, derived
	e.handler = samples.handlerOver(both{samples.db, derived.db})
	e.damaged.Store(false)
	return nil
}

// broken has the TSDBs opened anew before the next write, when there is room.
func (e *Embedded) broken(error) {
	e.damaged.Store(true)
	e.disk.filled()
}

// Handler answers the Prometheus query API.
func (e *Embedded) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.mu.RLock()
		defer e.mu.RUnlock()
		if e.samples == nil {
			http.Error(w, errClosed.Error(), http.StatusServiceUnavailable)
			return
		}
		e.handler.ServeHTTP(w, r)
	})
}

var errClosed = fmt.Errorf("%w: it is not open", ErrUnavailable)

// Stats tells how much there is.
func (e *Embedded) Stats(context.Context) (Stats, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.samples == nil {
		return Stats{}, errClosed
	}
	s := Stats{
		Series:   int(e.samples.db.Head().NumSeries()),
		Bytes:    bytesOf(e.samples.db) + bytesOf(e.derived.db),
		DiskFree: e.disk.free(),
		DiskFull: e.disk.check() != nil,
	}
	s.Oldest, s.Newest = e.samples.span()
	return s, nil
}

func bytesOf(db *tsdb.DB) int64 {
	n := db.Head().Size()
	for _, b := range db.Blocks() {
		n += b.Size()
	}
	return n
}

// Close ends the use of the TSDBs, after those that use them now.
func (e *Embedded) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.closed = true
	return e.close()
}

func (e *Embedded) close() error {
	if e.samples == nil {
		return nil
	}
	err := errors.Join(e.samples.Close(), e.derived.Close())
	e.samples, e.derived, e.handler = nil, nil, nil
	return err
}
