package market

import (
	"context"
	"fmt"

	"github.com/memseep/memseep/internal/state"
)

// Kinds of a source.
const (
	Builtin = "builtin" // the binary's own, which is always there; also its identifier
	Folder  = "folder"  // on this machine
	Git     = "git"     // over HTTP, or on this machine
	HTTP    = "http"    // an index with digests
)

// Offer is a package as a source lists it.
type Offer struct {
	Name          string   `json:"name"`
	Version       string   `json:"version"`
	Title         string   `json:"title"`
	TitleZH       string   `json:"title_zh,omitempty"`
	Description   string   `json:"description,omitempty"`
	DescriptionZH string   `json:"description_zh,omitempty"`
	Requires      []string `json:"requires,omitempty"`
	Digest        string   `json:"sha256,omitempty"` // of the archive; of the files where there is none
	File          string   `json:"file,omitempty"`   // of the archive, from the index
	Signed        bool     `json:"signed,omitempty"` // by the key that the source is pinned to
	Problem       string   `json:"problem,omitempty"`
}

// source is where packages are read from, anew at each call.
type source interface {
	// offers lists the newest of each package. One that cannot be used has a problem.
	offers(ctx context.Context) ([]Offer, error)
	// fetch reads one that can be trusted: its digest, and its signature where a key is asked for.
	fetch(ctx context.Context, name string) (*Package, error)
}

// open opens a source. Nothing is read yet.
func (m *Market) open(s state.PackageSource) (source, error) {
	switch s.Kind {
	case Builtin:
		return builtin, nil
	case Folder:
		return &tree{key: s.PublicKey, look: m.folder(s.Address)}, nil
	case Git:
		return &tree{key: s.PublicKey, look: m.repository(s.Address)}, nil
	case HTTP:
		return &index{key: s.PublicKey, address: s.Address, client: m.client(), cache: &m.cache}, nil
	}
	return nil, fmt.Errorf("there is no kind %q of a source: it is %s, %s or %s", s.Kind, Folder, Git, HTTP)
}

// CheckSource refuses a source that could never be read.
func (m *Market) CheckSource(s state.PackageSource) error {
	if s.PublicKey != "" {
		if err := checkKey(s.PublicKey); err != nil {
			return &FieldError{"public_key", err.Error()}
		}
	}
	if err := m.checkAddress(s); err != nil {
		return &FieldError{"address", err.Error()}
	}
	return nil
}

func (m *Market) checkAddress(s state.PackageSource) error {
	switch s.Kind {
	case Git:
		address, _ := splitRef(s.Address)
		if !isURL(address) {
			_, _, err := m.place(address)
			return err
		}
		return m.CheckURL(address)
	case HTTP:
		return m.CheckURL(s.Address)
	}
	_, _, err := m.place(s.Address)
	return err
}

// FieldError says which field of a source, or which value, cannot be accepted.
type FieldError struct{ Field, Message string }

func (e *FieldError) Error() string { return e.Message }
