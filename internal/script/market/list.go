package market

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/memseep/memseep/internal/state"
)

// InstalledSource stands for packages that are installed and that no source offers any more.
const InstalledSource = "installed"

// Listed is a package that a source offers, beside what is installed of it.
type Listed struct {
	Offer
	SourceID   string
	SourceName string
	Installed  *Installed // nil where it is not
	NewVersion bool       // the offer is newer than what is installed
	Older      bool       // the offer is older than what is installed
	Changed    bool       // the same version of the same source, with another digest
}

// own is the binary's source, as a record.
func own(workspaceID string) state.PackageSource {
	return state.PackageSource{ID: Builtin, WorkspaceID: workspaceID, Name: "memseep", Kind: Builtin}
}

// Sources lists a workspace's sources, the binary's own first.
func (m *Market) Sources(ctx context.Context, workspaceID string) ([]state.PackageSource, error) {
	list := []state.PackageSource{own(workspaceID)}
	offers, err := builtin.offers(ctx)
	if err != nil {
		return nil, err
	}
	if list[0].Packages, err = json.Marshal(offers); err != nil {
		return nil, err
	}
	list[0].CheckedAt = m.Clock()
	for p := (state.Page{Limit: 1000}); ; {
		rows, next, err := m.DB.PackageSources(ctx, workspaceID, p)
		if err != nil {
			return nil, err
		}
		if list = append(list, rows...); next == "" {
			return list, nil
		}
		p.Cursor = next
	}
}

// Source reads one.
func (m *Market) Source(ctx context.Context, workspaceID, id string) (state.PackageSource, error) {
	if id == Builtin {
		return own(workspaceID), nil
	}
	return m.DB.PackageSource(ctx, workspaceID, id)
}

// Offers are what a source had when it was looked at last.
func Offers(s state.PackageSource) ([]Offer, error) {
	var offers []Offer
	if len(s.Packages) == 0 {
		return offers, nil
	}
	if err := json.Unmarshal(s.Packages, &offers); err != nil {
		return nil, fmt.Errorf("read the packages of source %s: %w", s.Name, err)
	}
	return offers, nil
}

// List is what the sources had when they were looked at last, and what is installed.
func (m *Market) List(ctx context.Context, workspaceID string) ([]Listed, error) {
	sources, err := m.Sources(ctx, workspaceID)
	if err != nil {
		return nil, err
	}
	installed, err := m.installed(ctx, m.DB.Queries, workspaceID)
	if err != nil {
		return nil, err
	}
	var list []Listed
	offered := map[string]bool{}
	for _, s := range sources {
		offers, err := Offers(s)
		if err != nil {
			return nil, err
		}
		for _, o := range offers {
			offered[o.Name] = true
			list = append(list, listed(s, o, installed))
		}
	}
	for i := range installed {
		if in := &installed[i]; !offered[in.Name] {
			list = append(list, Listed{Offer: in.offer(), SourceID: InstalledSource, SourceName: in.SourceName, Installed: in})
		}
	}
	return list, nil
}

func listed(s state.PackageSource, o Offer, installed []Installed) Listed {
	l := Listed{Offer: o, SourceID: s.ID, SourceName: s.Name}
	i := slices.IndexFunc(installed, func(in Installed) bool { return in.Name == o.Name })
	if i < 0 || o.Problem != "" {
		return l
	}
	l.Installed = &installed[i]
	order := compare(o.Version, l.Installed.Version)
	l.NewVersion, l.Older = order > 0, order < 0
	l.Changed = order == 0 && l.Installed.SourceID == s.ID && l.Installed.Digest != o.Digest
	return l
}

func (in *Installed) offer() Offer {
	return Offer{
		Name: in.Name, Version: in.Version, Title: in.Title, TitleZH: in.TitleZH, Description: in.Description,
		DescriptionZH: in.DescriptionZH, Requires: in.Requires, Digest: in.Digest, Signed: in.Signed,
	}
}

// lookTimeout bounds one look at a source.
const lookTimeout = 90 * time.Second

// Check looks at all sources anew, and keeps what it saw. A source that cannot be read keeps what it
// had, with the error.
func (m *Market) Check(ctx context.Context, workspaceID string) error {
	sources, err := m.Sources(ctx, workspaceID)
	if err != nil {
		return err
	}
	var wait sync.WaitGroup
	errs := make([]error, len(sources))
	for i, s := range sources {
		if s.Kind == Builtin {
			continue
		}
		wait.Go(func() { errs[i] = m.Look(ctx, &s) })
	}
	wait.Wait()
	return errors.Join(errs...)
}

// Look reads one source and keeps what it saw. The error is of keeping it: what went wrong at the
// source is in its record.
func (m *Market) Look(ctx context.Context, s *state.PackageSource) error {
	look, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	var offers []Offer
	from, err := m.open(*s)
	if err == nil {
		offers, err = from.offers(look)
	}
	if ctx.Err() != nil {
		return ctx.Err() // whoever asked has gone: that says nothing of the source
	}
	s.CheckedAt, s.Error = m.Clock(), ""
	if err != nil {
		s.Error = err.Error()
	} else if s.Packages, err = json.Marshal(offers); err != nil {
		return err
	}
	return m.DB.SetPackages(ctx, s)
}

// get fetches a package that can be trusted.
func (m *Market) get(ctx context.Context, workspaceID, sourceID, name string) (*Package, state.PackageSource, error) {
	s, err := m.Source(ctx, workspaceID, sourceID)
	if err != nil {
		return nil, s, err
	}
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	from, err := m.open(s)
	if err != nil {
		return nil, s, &SourceError{s.Name, err}
	}
	p, err := from.fetch(ctx, name)
	var absent errAbsent
	switch {
	case errors.As(err, &absent):
		return nil, s, fmt.Errorf("package source %s: %w: %w", s.Name, err, state.ErrNotFound)
	case err != nil:
		return nil, s, &SourceError{s.Name, err}
	}
	return p, s, nil
}
