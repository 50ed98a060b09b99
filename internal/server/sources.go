package server

import (
	"context"
	"errors"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/prometheus"
)

func duration(d config.Duration) time.Duration { return time.Duration(d) }

// inspectedSource is the source of a run: the floors that it had to compute are kept.
func (p *parts) inspectedSource(ctx context.Context, i state.Inspection) (inspect.Source, error) {
	s, err := p.floored(ctx, i)
	if err != nil {
		return nil, err
	}
	return keepsFloors{s, p}, nil
}

// keepsFloors writes floors once all hosts of a run, or of its chunk, are read.
type keepsFloors struct {
	store.Source
	parts *parts
}

// Read reads, then keeps what it had to compute. Floors that cannot be kept are computed again by
// the next run, so that this one goes on.
func (k keepsFloors) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	if err := k.Source.Read(ctx, q, each); err != nil {
		return err
	}
	if err := k.WriteFloors(ctx); err != nil {
		k.parts.o.Logger.WarnContext(ctx, "floors were not kept", "error", err)
	}
	return nil
}

// Query asks the source for metrics of any kind; errors.ErrUnsupported where it has none.
func (k keepsFloors) Query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error {
	asked, answers := k.Source.(interface {
		Query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error
	})
	if !answers {
		return errors.ErrUnsupported
	}
	return asked.Query(ctx, q, each)
}

// source is what the API reads from; it keeps nothing.
func (p *parts) source(ctx context.Context, i state.Inspection) (inspect.Source, error) {
	return p.floored(ctx, i)
}

// floored is where an inspection reads from: its workspace's own store, or an address outside whose
// floors the own store keeps.
func (p *parts) floored(ctx context.Context, i state.Inspection) (store.Source, error) {
	m, err := p.spaces.Workspace(ctx, i.WorkspaceID)
	if err != nil {
		return nil, err
	}
	if i.SourceID == "" {
		return m.Source(), nil
	}
	s, err := p.db.Source(ctx, i.WorkspaceID, i.SourceID)
	if err != nil {
		return nil, err
	}
	outside, err := p.opened(s)
	if err != nil {
		return nil, err
	}
	return store.WithFloors(outside, s.ID, m), nil
}

// openedSource is a client of an address outside, as it was when it was opened: it has found out
// how its server is asked best.
type openedSource struct {
	version int64
	client  *prometheus.Source
}

// opened keeps one client a source until the source changes.
func (p *parts) opened(s state.Source) (*prometheus.Source, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if have, ok := p.sources[s.ID]; ok && have.version == s.Version {
		return have.client, nil
	}
	c, err := p.client(s)
	if err != nil {
		return nil, err
	}
	p.sources[s.ID] = openedSource{version: s.Version, client: c}
	return c, nil
}

// outside opens a source that need not be kept yet.
func (p *parts) outside(s state.Source) (inspect.Source, error) { return p.client(s) }

func (p *parts) reachable() api.Reachable {
	return api.Reachable{Private: p.o.Config.Server.AllowPrivate}
}

func (p *parts) client(s state.Source) (*prometheus.Source, error) {
	secrets, err := api.Unseal(p.sealer, s)
	if err != nil {
		return nil, err
	}
	c := prometheus.Config{
		URL: s.URL, Headers: map[string]string{}, CAFile: s.CAFile, Insecure: s.Insecure,
		Timeout: duration(p.o.Config.Source.Timeout), Control: p.reachable().Dialed,
	}
	for name, value := range s.Headers {
		c.Headers[name] = value
	}
	if secrets != nil {
		c.BearerToken = secrets.Bearer
		for name, value := range secrets.Headers {
			c.Headers[name] = value
		}
		if secrets.User != "" || secrets.Password != "" {
			c.Headers["Authorization"] = basic(secrets.User, secrets.Password)
		}
	}
	return prometheus.New(c)
}
