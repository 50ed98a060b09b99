package market

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// indexFile is what an HTTP source's list is called.
const indexFile = "index.json"

// maxIndex is what an index may be long, in bytes.
const maxIndex = 1 << 20

// index is an HTTP source: a list of archives with their digests. A key signs the list.
type index struct {
	key, address string
	client       *http.Client
	cache        *archives
}

// list is an index.json.
type list struct {
	Packages []Offer `json:"packages"`
}

// where is the address of the index.
func (s *index) where() string {
	if strings.HasSuffix(s.address, ".json") {
		return s.address
	}
	return strings.TrimSuffix(s.address, "/") + "/" + indexFile
}

// offers gets the index, and the newest of each package in it.
func (s *index) offers(ctx context.Context) ([]Offer, error) {
	text, err := download(ctx, s.client, s.where(), maxIndex)
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	if s.key != "" {
		signature, err := download(ctx, s.client, s.where()+signatureSuffix, 10<<10)
		if err != nil {
			return nil, fmt.Errorf("read the signature of the index, for the source is pinned to a key: %w", err)
		}
		if err := verify(s.key, text, signature); err != nil {
			return nil, fmt.Errorf("the index: %w", err)
		}
	}
	var l list
	if err := json.Unmarshal(text, &l); err != nil {
		return nil, fmt.Errorf("read the index: it is no JSON as an index has it: %w", err)
	}
	newest := map[string]Offer{}
	for _, o := range l.Packages {
		if err := o.check(); err != nil {
			return nil, fmt.Errorf("the index: package %.100q: %w", o.Name, err)
		}
		o.Signed, o.Problem = s.key != "", ""
		if old, ok := newest[o.Name]; !ok || compare(o.Version, old.Version) > 0 {
			newest[o.Name] = o
		}
	}
	offers := make([]Offer, 0, len(newest))
	for _, o := range newest {
		offers = append(offers, o)
	}
	slices.SortFunc(offers, func(a, b Offer) int { return strings.Compare(a.Name, b.Name) })
	return offers, nil
}

func (o *Offer) check() error {
	switch {
	case !isSetName(o.Name):
		return errors.New("its name is none of a package")
	case !validVersion(o.Version):
		return fmt.Errorf("its version %.100q is not semantic, as 1.2.3", o.Version)
	case len(o.Digest) != 64 || strings.Trim(o.Digest, "0123456789abcdef") != "":
		return errors.New("its sha256 is not 64 hexadecimal digits")
	}
	return checkPath(o.File)
}

func (s *index) fetch(ctx context.Context, name string) (*Package, error) {
	offers, err := s.offers(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(offers, func(o Offer) bool { return o.Name == name })
	if i < 0 {
		return nil, errAbsent(name)
	}
	o := offers[i]
	archive, ok := s.cache.get(o.Digest)
	if !ok {
		if archive, err = s.archive(ctx, o); err != nil {
			return nil, err
		}
	}
	p, err := openArchive(archive, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.File, err)
	}
	s.cache.put(o.Digest, archive)
	return p, nil
}

// archive gets an archive that has the digest of the index.
func (s *index) archive(ctx context.Context, o Offer) ([]byte, error) {
	base, err := url.Parse(s.where())
	if err != nil {
		return nil, fmt.Errorf("read the index's address: %w", err)
	}
	archive, err := download(ctx, s.client, base.ResolveReference(&url.URL{Path: o.File}).String(), maxArchive)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", o.File, err)
	}
	if got := digestOf(archive); got != o.Digest {
		return nil, fmt.Errorf("%s has the digest %s, and the index names %s: it is damaged, or another one than the index means", o.File, got, o.Digest)
	}
	return archive, nil
}

func openArchive(archive []byte, o Offer) (*Package, error) {
	files, err := unpack(archive)
	if err != nil {
		return nil, err
	}
	p, err := read(files)
	if err != nil {
		return nil, err
	}
	if p.Name != o.Name || p.Version != o.Version {
		return nil, fmt.Errorf("it holds %s %s, and the index says %s %s", p.Name, p.Version, o.Name, o.Version)
	}
	p.Digest, p.Signed = o.Digest, o.Signed
	return p, nil
}
