package market

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// tree is a source whose packages lie in folders, or as archives, at its top. The top itself may be
// the only package.
type tree struct {
	key  string // of minisign; empty is not asked for
	look func(ctx context.Context) (files, error)
}

// files are a snapshot of a tree that can be read.
type files interface {
	list() ([]entry, error) // down to maxDepth folders; no names that begin with a dot
	read(name string) ([]byte, error)
	close() error
}

// entry is one file, slash-separated from the top.
type entry struct {
	name    string
	size    int64
	regular bool // no link or device
}

// maxEntries bounds what a tree may hold.
const maxEntries = 5000

// candidate is what may be a package.
type candidate struct {
	place   string // its folder or archive
	archive bool
	entries []entry
}

// candidates groups entries by package; files beside them are none of theirs.
func candidates(entries []entry) []candidate {
	top := func(name string) string {
		if first, _, below := strings.Cut(name, "/"); below {
			return first
		}
		return "."
	}
	if slices.ContainsFunc(entries, func(e entry) bool { return e.name == manifestFile }) {
		return []candidate{{place: ".", entries: entries}}
	}
	var list []candidate
	for _, e := range entries {
		if path.Base(e.name) == manifestFile && path.Dir(e.name) == top(e.name) {
			list = append(list, candidate{place: top(e.name)})
		}
		if top(e.name) == "." && strings.HasSuffix(e.name, ".tar.gz") {
			list = append(list, candidate{place: e.name, archive: true, entries: []entry{e}})
		}
	}
	for i := range list {
		if list[i].archive {
			continue
		}
		for _, e := range entries {
			if top(e.name) == list[i].place {
				list[i].entries = append(list[i].entries, e)
			}
		}
	}
	return list
}

func (t *tree) load(from files, c candidate) (*Package, error) {
	found, err := gather(from, c)
	if err != nil {
		return nil, err
	}
	if t.key != "" {
		if err := found.verify(t.key); err != nil {
			return nil, err
		}
	}
	p, err := read(found)
	if err == nil {
		p.Signed = t.key != ""
	}
	return p, err
}

// gather reads the files of one package.
func gather(from files, c candidate) (Files, error) {
	found := Files{}
	for _, e := range c.entries {
		limit := int64(maxFile)
		if c.archive {
			limit = maxArchive
		}
		switch {
		case !e.regular:
			return nil, fmt.Errorf("%s is a link or a device: a package has files alone", e.name)
		case e.size > limit:
			return nil, fmt.Errorf("%s is larger than %d MB", e.name, limit>>20)
		}
		content, err := from.read(e.name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", e.name, err)
		}
		if int64(len(content)) > limit {
			return nil, fmt.Errorf("%s is larger than %d MB", e.name, limit>>20)
		}
		if c.archive {
			return unpack(content)
		}
		if err := found.add(strings.TrimPrefix(e.name, c.place+"/"), content); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// packages reads all of a tree; what cannot be used is an offer with a problem.
func (t *tree) packages(ctx context.Context) (good map[string]*Package, bad []Offer, err error) {
	from, err := t.look(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, from.close()) }()
	entries, err := from.list()
	if err != nil {
		return nil, nil, err
	}
	if len(entries) > maxEntries {
		return nil, nil, fmt.Errorf("it has more than %d files: name the folder that holds packages", maxEntries)
	}
	good = map[string]*Package{}
	for _, c := range candidates(entries) {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		p, err := t.load(from, c)
		if err != nil {
			bad = append(bad, Offer{Name: nameOf(c.place), Problem: err.Error()})
			continue
		}
		if old := good[p.Name]; old == nil || compare(p.Version, old.Version) > 0 {
			good[p.Name] = p
		}
	}
	return good, bad, nil
}

// nameOf is what a package that cannot be read is called.
func nameOf(place string) string { return strings.TrimSuffix(place, ".tar.gz") }

func (t *tree) offers(ctx context.Context) ([]Offer, error) {
	good, list, err := t.packages(ctx)
	for _, p := range good {
		list = append(list, p.offer())
	}
	slices.SortFunc(list, func(a, b Offer) int { return strings.Compare(a.Name, b.Name) })
	return list, err
}

func (p *Package) offer() Offer {
	return Offer{
		Name: p.Name, Version: p.Version, Title: p.Title, TitleZH: p.TitleZH, Description: p.Description,
		DescriptionZH: p.DescriptionZH, Requires: p.Requires, Digest: p.Digest, Signed: p.Signed,
	}
}

func (t *tree) fetch(ctx context.Context, name string) (*Package, error) {
	good, bad, err := t.packages(ctx)
	if err != nil {
		return nil, err
	}
	if p := good[name]; p != nil {
		return p, nil
	}
	for _, b := range bad {
		if b.Name == name {
			return nil, errors.New(name + ": " + b.Problem)
		}
	}
	return nil, errAbsent(name)
}

// errAbsent is a package that a source does not have.
type errAbsent string

func (e errAbsent) Error() string { return "it has no package " + string(e) }
