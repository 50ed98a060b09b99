package market

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// place finds an address among the folders that sources may lie in: the folder, and the path in it.
// A relative address is one of the first folder.
func (m *Market) place(address string) (folder, inside string, err error) {
	if address == "" {
		return "", "", errors.New("the address is empty")
	}
	for _, folder := range m.Folders {
		folder, err = filepath.Abs(folder)
		if err != nil {
			return "", "", err
		}
		inside = address
		if filepath.IsAbs(address) {
			if inside, err = filepath.Rel(folder, filepath.Clean(address)); err != nil {
				continue
			}
		}
		if filepath.IsLocal(inside) {
			return folder, filepath.ToSlash(filepath.Clean(inside)), nil
		}
	}
	return "", "", fmt.Errorf("%s may not be read: sources on the server's machine lie in %s", address, strings.Join(m.Folders, " or "))
}

// folder reads a directory of this machine. No link leads out of the folders that are allowed.
func (m *Market) folder(address string) func(context.Context) (files, error) {
	return func(context.Context) (files, error) {
		at, inside, err := m.place(address)
		if err != nil {
			return nil, err
		}
		root, err := os.OpenRoot(at)
		if err != nil {
			return nil, fmt.Errorf("open the folder: %w", err)
		}
		if inside == "." {
			return folderFiles{root}, nil
		}
		sub, err := root.OpenRoot(inside)
		if err = errors.Join(err, root.Close()); err != nil {
			return nil, fmt.Errorf("open the folder: %w", err)
		}
		return folderFiles{sub}, nil
	}
}

type folderFiles struct{ root *os.Root }

func (f folderFiles) close() error { return f.root.Close() }

func (f folderFiles) list() ([]entry, error) {
	var list []entry
	err := fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case strings.HasPrefix(d.Name(), ".") && d.IsDir(), d.IsDir() && strings.Count(name, "/") > maxDepth:
			return fs.SkipDir
		case d.IsDir(), strings.HasPrefix(d.Name(), "."):
			return nil
		case len(list) > maxEntries:
			return fs.SkipAll
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		list = append(list, entry{name: filepath.ToSlash(name), size: info.Size(), regular: info.Mode().IsRegular()})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the folder: %w", err)
	}
	return list, nil
}

func (f folderFiles) read(name string) (content []byte, err error) {
	file, err := f.root.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return io.ReadAll(io.LimitReader(file, maxArchive+1))
}
