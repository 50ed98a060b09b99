package store

import (
	"context"
	"slices"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

// Source reads windows from the samples of the workspace, and history from the floors that are
// kept, or from samples where they are missing.
//
// What is kept stays: a sample that comes later than six hours is refused, so that no floor that
// is kept could be another. Samples that were filled in by other ways before an inspection saw
// their time count, those filled in later do not.
func (e *Embedded) Source() Source { return newFloored(&embeddedSource{e}, e.keeper("")) }

// embeddedSource reads samples alone, and holds the TSDBs open meanwhile.
type embeddedSource struct{ embedded *Embedded }

// Hosts lists the hosts with samples in the window or in the week before it.
func (s *embeddedSource) Hosts(ctx context.Context, at time.Time) (hosts []leak.Host, err error) {
	err = s.with(func(r *Reader) error {
		hosts, err = r.Hosts(ctx, at)
		return err
	})
	return hosts, err
}

// Newest is the time of the newest sample; ErrEmpty where there is none.
func (s *embeddedSource) Newest(ctx context.Context) (newest time.Time, err error) {
	err = s.with(func(r *Reader) error {
		newest, err = r.Newest(ctx)
		return err
	})
	return newest, err
}

// Read gives each a reading of every host asked for that has samples.
func (s *embeddedSource) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	return s.with(func(r *Reader) error { return r.Read(ctx, q, each) })
}

// names are all values that could name a host in the time of the query.
func (s *embeddedSource) names(ctx context.Context, q leak.Query) (names []string, err error) {
	err = s.with(func(r *Reader) error {
		d, err := r.discover(ctx, dialect.NewAssembler(q).From(), q.At.UnixMilli())
		if err != nil {
			return err
		}
		for _, k := range d.keys {
			names = append(names, k.host)
		}
		names = slices.Compact(names) // keys are sorted by host
		return nil
	})
	return names, err
}

func (s *embeddedSource) with(read func(*Reader) error) error {
	s.embedded.mu.RLock()
	defer s.embedded.mu.RUnlock()
	if s.embedded.samples == nil {
		return errClosed
	}
	return read(s.embedded.samples.Reader())
}
