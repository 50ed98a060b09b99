package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Snapshot copies both TSDBs as blocks into a directory that does not exist: by hard links where
// it lies on the same disk. What was acknowledged before the call is in it. A directory that has a
// snapshot is one that OpenEmbedded opens.
func (e *Embedded) Snapshot(ctx context.Context, dir string) (err error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if e.samples == nil {
		return errClosed
	}
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copy the metrics to %s: it exists already, choose another directory", dir)
	}
	// The TSDB links, which it can within one disk only.
	near, err := os.MkdirTemp(e.dir, "snapshot-")
	if err != nil {
		return fmt.Errorf("copy the metrics: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(near)) }()
	for name, s := range map[string]*Store{samplesFolder: e.samples, derivedIn: e.derived} {
		if err := s.snapshot(ctx, filepath.Join(near, name)); err != nil {
			return fmt.Errorf("copy the metrics: %w", err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return fmt.Errorf("copy the metrics: %w", err)
	}
	if err := os.Rename(near, dir); err == nil || !errors.Is(err, syscall.EXDEV) {
		return err
	}
	return copyTree(ctx, near, dir)
}

// snapshot writes blocks and head. Samples that came out of order are not in the head as it is
// copied: they are made a block first.
func (s *Store) snapshot(ctx context.Context, dir string) error {
	if err := os.Mkdir(dir, 0o750); err != nil {
		return err
	}
	if err := s.db.CompactOOOHead(ctx); err != nil {
		return err
	}
	return s.db.Snapshot(dir, s.db.Head().NumSeries() > 0)
}

// Restore copies a snapshot into a directory that does not exist or is empty: that of a workspace
// which is not open.
func Restore(ctx context.Context, snapshot, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("restore the metrics into %s: %w", dir, err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("restore the metrics into %s: it is not empty, choose another directory", dir)
	}
	if _, err := os.Stat(filepath.Join(snapshot, samplesFolder)); err != nil {
		return fmt.Errorf("restore the metrics: %s is no snapshot of a workspace: %w", snapshot, err)
	}
	return copyTree(ctx, snapshot, dir)
}

// copyTree copies a directory with what is in it, and syncs each file to the disk.
func copyTree(ctx context.Context, from, to string) error {
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		inside, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, inside)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o750)
		}
		return copyFile(path, target)
	})
	if err != nil {
		return fmt.Errorf("copy the metrics: %w", err)
	}
	return nil
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Sync()
}
