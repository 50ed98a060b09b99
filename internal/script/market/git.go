package market

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// splitRef takes a branch or tag off an address: …#v1.
func splitRef(address string) (repository, ref string) {
	repository, ref, _ = strings.Cut(address, "#")
	return repository, ref
}

func isURL(address string) bool { return strings.Contains(address, "://") }

// repository reads the tree of one commit: of the branch or tag that the address names, else of the
// repository's default branch.
func (m *Market) repository(address string) func(context.Context) (files, error) {
	return func(ctx context.Context) (files, error) {
		where, ref := splitRef(address)
		if isURL(where) {
			return fetchRepository(ctx, m.client(), where, ref)
		}
		folder, inside, err := m.place(where)
		if err != nil {
			return nil, err
		}
		return openRepository(filepath.Join(folder, filepath.FromSlash(inside)), ref)
	}
}

// openRepository reads a repository of this machine, with or without a work tree.
func openRepository(path, ref string) (files, error) {
	if info, err := os.Stat(filepath.Join(path, ".git")); err == nil && info.IsDir() {
		path = filepath.Join(path, ".git")
	}
	if _, err := os.Stat(filepath.Join(path, "HEAD")); err != nil {
		return nil, errors.New("it is no git repository")
	}
	s := filesystem.NewStorageWithOptions(osfs.New(path, osfs.WithBoundOS()), cache.NewObjectLRUDefault(), filesystem.Options{KeepDescriptors: false})
	for _, name := range refNames(ref) {
		r, err := storer.ResolveReference(s, name)
		if errors.Is(err, plumbing.ErrReferenceNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the repository's %s: %w", name, err)
		}
		return commitFiles(s, r.Hash())
	}
	return nil, errNoRef(ref)
}

// refNames are what a branch or tag may be called in full; the empty one is the default branch.
func refNames(ref string) []plumbing.ReferenceName {
	if ref == "" {
		return []plumbing.ReferenceName{plumbing.HEAD}
	}
	return []plumbing.ReferenceName{plumbing.NewBranchReferenceName(ref), plumbing.NewTagReferenceName(ref)}
}

func errNoRef(ref string) error {
	if ref == "" {
		return errors.New("the repository has no commit yet")
	}
	return fmt.Errorf("the repository has no branch or tag %s", ref)
}

// commitFiles is the tree of a commit, or of the commit that a tag names.
func commitFiles(s storer.EncodedObjectStorer, hash plumbing.Hash) (files, error) {
	if tag, err := object.GetTag(s, hash); err == nil {
		hash = tag.Target
	}
	commit, err := object.GetCommit(s, hash)
	if err != nil {
		return nil, fmt.Errorf("read the commit: %w", err)
	}
	t, err := commit.Tree()
	if err != nil {
		return nil, fmt.Errorf("read the commit's files: %w", err)
	}
	return gitFiles{t}, nil
}

type gitFiles struct{ tree *object.Tree }

func (gitFiles) close() error { return nil }

func (f gitFiles) list() ([]entry, error) {
	var list []entry
	if err := f.walk(f.tree, "", &list); err != nil {
		return nil, fmt.Errorf("list the repository's files: %w", err)
	}
	return list, nil
}

func (f gitFiles) walk(t *object.Tree, prefix string, list *[]entry) error {
	for _, e := range t.Entries {
		name := prefix + e.Name
		switch {
		case len(*list) > maxEntries:
			return nil
		case strings.HasPrefix(e.Name, "."):
		case e.Mode == filemode.Dir:
			if strings.Count(name, "/") > maxDepth {
				continue
			}
			sub, err := f.tree.Tree(name)
			if err != nil {
				return err
			}
			if err := f.walk(sub, name+"/", list); err != nil {
				return err
			}
		case e.Mode.IsFile() && e.Mode != filemode.Symlink:
			size, err := f.tree.Size(name)
			if err != nil {
				return err
			}
			*list = append(*list, entry{name: name, size: size, regular: true})
		default:
			*list = append(*list, entry{name: name})
		}
	}
	return nil
}

func (f gitFiles) read(name string) (content []byte, err error) {
	file, err := f.tree.File(name)
	if err != nil {
		return nil, err
	}
	r, err := file.Reader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(io.LimitReader(r, maxArchive+1))
}
