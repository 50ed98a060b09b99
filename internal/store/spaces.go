package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
)

// Directory is the embedded metrics of all workspaces: DIR/workspaces/ID/samples and /derived.
type Directory struct {
	dir     string
	options DirectoryOptions

	mu     sync.Mutex // guards what follows
	spaces map[string]*space
	closed bool
}

// DirectoryOptions says how the metrics of workspaces are kept.
type DirectoryOptions struct {
	EmbeddedOptions
	// For gives a workspace options of its own; nil gives all the same.
	For func(workspace string, all EmbeddedOptions) EmbeddedOptions
}

// space is one workspace that is open, or that somebody is opening: mu is held meanwhile.
type space struct {
	mu       sync.Mutex
	embedded *Embedded
}

const workspacesFolder = "workspaces"

var (
	_ Spaces  = (*Directory)(nil)
	_ Metrics = (*Embedded)(nil)
)

// OpenDirectory makes the directory where it does not exist; workspaces are opened when they are
// asked for. The caller closes it.
func OpenDirectory(dir string, o DirectoryOptions) (*Directory, error) {
	if err := os.MkdirAll(filepath.Join(dir, workspacesFolder), 0o750); err != nil {
		return nil, fmt.Errorf("make the directory of metrics: %w", err)
	}
	return &Directory{dir: dir, options: o, spaces: map[string]*space{}}, nil
}

var workspaceID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// ErrWorkspaceID says that what should name a workspace cannot.
var ErrWorkspaceID = errors.New("a workspace is named by 1 to 64 letters, digits, - and _")

// Workspace opens the metrics of a workspace, or gives those that are open.
func (d *Directory) Workspace(ctx context.Context, id string) (Metrics, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, err := d.space(id)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.embedded == nil {
		o := d.options.EmbeddedOptions
		if d.options.For != nil {
			o = d.options.For(id, o)
		}
		if s.embedded, err = OpenEmbedded(d.path(id), o); err != nil {
			return nil, err
		}
	}
	return s.embedded, nil
}

func (d *Directory) space(id string) (*space, error) {
	if !workspaceID.MatchString(id) {
		return nil, fmt.Errorf("workspace %q: %w", id, ErrWorkspaceID)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, errClosed
	}
	s := d.spaces[id]
	if s == nil {
		s = &space{}
		d.spaces[id] = s
	}
	return s, nil
}

func (d *Directory) path(id string) string { return filepath.Join(d.dir, workspacesFolder, id) }

// Delete closes the metrics of a workspace, after those that use them now, and removes them.
func (d *Directory) Delete(ctx context.Context, id string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s, err := d.space(id)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.embedded != nil {
		if err := s.embedded.Close(); err != nil {
			return err
		}
		s.embedded = nil
	}
	if err := os.RemoveAll(d.path(id)); err != nil {
		return fmt.Errorf("delete the metrics of workspace %s: %w", id, err)
	}
	return nil
}

// Close closes all workspaces, after those that use them now.
func (d *Directory) Close() error {
	d.mu.Lock()
	d.closed = true
	spaces := d.spaces
	d.spaces = map[string]*space{}
	d.mu.Unlock()
	var errs []error
	for _, s := range spaces {
		s.mu.Lock()
		if s.embedded != nil {
			errs = append(errs, s.embedded.Close())
			s.embedded = nil
		}
		s.mu.Unlock()
	}
	return errors.Join(errs...)
}
