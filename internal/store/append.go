package store

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"unicode/utf8"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/tsdb/chunks"
)

// Append keeps samples of collectors.
func (e *Embedded) Append(ctx context.Context, series []Series) (Result, error) {
	now := e.options.Clock()
	bounds := bounds{
		newest: now.Add(e.options.Ahead).UnixMilli(),
		oldest: now.Add(-e.options.Retention).UnixMilli(),
	}
	var r Result
	err := e.write(ctx, func() (err error) {
		r, err = e.samples.append(ctx, series, bounds)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	e.counts.add(r)
	return r, nil
}

// AppendDerived keeps floors and verdicts. A sample that is there already stays as it is, and one
// that is older than what may be filled in, 8 days, is left out.
func (e *Embedded) AppendDerived(ctx context.Context, series []Series) error {
	return e.write(ctx, func() error {
		_, err := e.derived.append(ctx, series, anyTime)
		return err
	})
}

// bounds are the times in milliseconds that are taken at all.
type bounds struct{ oldest, newest int64 }

var anyTime = bounds{oldest: -1 << 63, newest: 1<<63 - 1}

// write runs what appends to a TSDB, if there is room, and learns from how it fails.
func (e *Embedded) write(ctx context.Context, appendTo func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := e.disk.check(); err != nil {
		return err
	}
	if e.damaged.Load() {
		if err := e.reopen(); err != nil {
			return err
		}
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.samples == nil {
		return errClosed
	}
	if e.damaged.Load() {
		return fmt.Errorf("%w: a write has just failed", ErrUnavailable)
	}
	err := appendTo()
	if err == nil {
		return nil
	}
	e.damaged.Store(true)
	if isDiskFull(err) {
		e.disk.filled()
		return fmt.Errorf("%w (%v)", ErrDiskFull, err)
	}
	return fmt.Errorf("%w: append: %w", ErrUnavailable, err)
}

// reopen replays the log: a series whose record could not be written is forgotten by it, so that
// it gets one with its next sample. Without that its samples would be lost with the process.
func (e *Embedded) reopen() error {
	// Waiting here would hold up whoever wants to read next, for as long as the longest query.
	if !e.mu.TryLock() {
		return fmt.Errorf("%w: it is opened anew after a failed write", ErrUnavailable)
	}
	defer e.mu.Unlock()
	if e.closed {
		return errClosed
	}
	if !e.damaged.Load() {
		return nil // somebody else has done it
	}
	if err := e.close(); err != nil && e.options.Logger != nil {
		e.options.Logger.Warn("close the metrics after a failed write", "error", err)
	}
	if err := e.open(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	e.disk.repaired()
	return nil
}

// append writes one transaction.
func (s *Store) append(ctx context.Context, series []Series, b bounds) (r Result, err error) {
	s.compactions.appending.RLock()
	defer s.compactions.appending.RUnlock()
	app := s.db.AppenderV2(ctx)
	queued := 0
	for i := range series {
		var ref storage.SeriesRef
		for _, sample := range series[i].Samples {
			if sample.T > b.newest {
				r.TooNew++
				continue
			}
			if sample.T < b.oldest {
				r.tooOld(sample.T)
				continue
			}
			got, err := app.Append(ref, series[i].Labels, 0, sample.T, sample.V, nil, nil, storage.AOptions{})
			if err == nil {
				ref = got
				queued++
				continue
			}
			if err := r.refuse(err, sample.T); err != nil {
				return Result{}, errors.Join(err, app.Rollback())
			}
		}
	}
	kept, err := s.commit(app)
	if err != nil {
		return Result{}, err
	}
	r.Stored, r.Duplicate = kept, queued-kept
	return r, nil
}

// commit makes what was appended last, and tells how many samples were new.
func (s *Store) commit(app storage.AppenderV2) (kept int, err error) {
	// The TSDB tells only in a counter how many of a transaction were there already, so that one
	// is committed after the other. Its log takes them one by one anyway.
	s.committing.Lock()
	defer s.committing.Unlock()
	before := s.appended.value()
	if err := app.Commit(); err != nil {
		return 0, err
	}
	return int(s.appended.value() - before), nil
}

// refuse counts a sample that the TSDB did not take; an error is one of the whole store.
func (r *Result) refuse(err error, t int64) error {
	switch {
	case errors.Is(err, storage.ErrTooOldSample), errors.Is(err, storage.ErrOutOfBounds), errors.Is(err, storage.ErrOutOfOrderSample):
		r.tooOld(t)
	case errors.Is(err, errLimited):
		r.Limited++
	case errors.Is(err, storage.ErrDuplicateSampleForTimestamp), errors.Is(err, tsdb.ErrInvalidSample), errors.Is(err, errInvalidLabels):
		r.Invalid++
	default:
		return err
	}
	return nil
}

func (r *Result) tooOld(t int64) {
	if r.TooOld++; r.Oldest == 0 || t < r.Oldest {
		r.Oldest = t
	}
}

var (
	errLimited       = errors.New("more series than the workspace may have")
	errInvalidLabels = errors.New("labels are invalid")
)

// seriesLimit is asked by the TSDB before it makes a series: only then labels are looked at.
type seriesLimit struct {
	most int
	head atomic.Pointer[tsdb.Head] // nil while the log is replayed: what was taken stays
}

func (l *seriesLimit) begin(h *tsdb.Head) { l.head.Store(h) }

// PreCreation refuses a series that is one too many, or whose labels nobody could ask for.
func (l *seriesLimit) PreCreation(ls labels.Labels) error {
	if h := l.head.Load(); h != nil && l.most > 0 && h.NumSeries() >= uint64(l.most) {
		return errLimited
	}
	named, last, valid := false, "", true
	ls.Range(func(x labels.Label) {
		named = named || x.Name == model.MetricNameLabel && x.Value != ""
		valid = valid && x.Name > last && utf8.ValidString(x.Name) && utf8.ValidString(x.Value)
		last = x.Name
	})
	if !named || !valid {
		return errInvalidLabels
	}
	return nil
}

// PostCreation has nothing to do.
func (l *seriesLimit) PostCreation(labels.Labels) {}

// PostDeletion has nothing to do: the head counts its series.
func (l *seriesLimit) PostDeletion(map[chunks.HeadSeriesRef]labels.Labels) {}
