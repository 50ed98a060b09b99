package store

import (
	"context"
	"time"

	"github.com/memseep/memseep/leak"
)

// Source reads from the samples of the workspace.
func (e *Embedded) Source() Source { return &embeddedSource{e} }

// embeddedSource holds the TSDBs open while it reads.
type embeddedSource struct{ embedded *Embedded }

func (s *embeddedSource) Hosts(ctx context.Context, at time.Time) (hosts []leak.Host, err error) {
	err = s.with(func(r *Reader) error {
		hosts, err = r.Hosts(ctx, at)
		return err
	})
	return hosts, err
}

func (s *embeddedSource) Newest(ctx context.Context) (newest time.Time, err error) {
	err = s.with(func(r *Reader) error {
		newest, err = r.Newest(ctx)
		return err
	})
	return newest, err
}

func (s *embeddedSource) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	return s.with(func(r *Reader) error { return r.Read(ctx, q, each) })
}

func (s *embeddedSource) WriteFloors(context.Context) error { return nil }

func (s *embeddedSource) with(read func(*Reader) error) error {
	s.embedded.mu.RLock()
	defer s.embedded.mu.RUnlock()
	if s.embedded.samples == nil {
		return errClosed
	}
	return read(s.embedded.samples.Reader())
}
