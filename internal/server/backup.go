package server

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/internal/store"
)

// A backup is a folder: the state's, and a workspace's metrics in each folder of metrics. The key
// that credentials are sealed with is not in it: it is kept apart, as credentials would be readable
// by whoever has the backup.
const (
	backupState   = "state"
	backupMetrics = "workspaces"
)

// backup writes a copy of all that is kept as a tar, while everything goes on. Metrics that another
// server keeps are left to its own backups.
func (p *parts) backup(ctx context.Context, w io.Writer) (err error) {
	dir, err := os.MkdirTemp(p.o.Config.Server.Data, "backup-")
	if err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := copyAll(ctx, dir, p.db, p.spaces); err != nil {
		return err
	}
	t := tar.NewWriter(w)
	if err := t.AddFS(os.DirFS(dir)); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return t.Close()
}

// copyAll copies the state first: what it names of metrics is then in them.
func copyAll(ctx context.Context, dir string, db *state.DB, spaces store.Spaces) error {
	if err := db.Backup(ctx, filepath.Join(dir, backupState)); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, backupMetrics), 0o700); err != nil {
		return fmt.Errorf("back up: %w", err)
	}
	for page := (state.Page{Limit: 1000}); ; {
		rows, next, err := db.Workspaces(ctx, page)
		if err != nil {
			return err
		}
		for _, w := range rows {
			m, err := spaces.Workspace(ctx, w.ID)
			if err != nil {
				return err
			}
			err = m.Snapshot(ctx, filepath.Join(dir, backupMetrics, w.ID))
			if err != nil && !errors.Is(err, store.ErrElsewhere) {
				return fmt.Errorf("back up the metrics of workspace %s: %w", w.Name, err)
			}
		}
		if page.Cursor = next; next == "" {
			return nil
		}
	}
}

// Backup copies the data of a server that does not run into a folder that does not exist.
func Backup(ctx context.Context, o Options, to string) (err error) {
	if err := os.Mkdir(to, 0o700); err != nil {
		return fmt.Errorf("make the folder of the backup: %w", err)
	}
	o.Logger = slog.New(quiet{o.Logger.Handler()})
	p := &parts{o: o}
	defer func() { err = errors.Join(err, p.close()) }()
	for _, step := range []func(context.Context) error{p.openState, p.openStore} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return copyAll(ctx, to, p.db, p.spaces)
}

// Unpack writes a backup that came as a tar into a folder that does not exist.
func Unpack(r io.Reader, to string) error {
	if err := os.Mkdir(to, 0o700); err != nil {
		return fmt.Errorf("make the folder of the backup: %w", err)
	}
	root, err := os.OpenRoot(to) // nothing of the tar is written outside
	if err != nil {
		return fmt.Errorf("open the folder of the backup: %w", err)
	}
	defer func() { _ = root.Close() }()
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the backup: it ended early, and is not whole: %w", err)
		}
		if err := unpackOne(root, t, h); err != nil {
			return fmt.Errorf("write the backup: %w", err)
		}
	}
}

func unpackOne(root *os.Root, t *tar.Reader, h *tar.Header) error {
	name := filepath.FromSlash(h.Name)
	if h.Typeflag == tar.TypeDir {
		return root.MkdirAll(name, 0o700)
	}
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, t)
	return errors.Join(err, f.Sync(), f.Close())
}

// Restore puts a backup into a data directory that holds nothing yet, or a state that is empty. The
// server of that data must not run.
func Restore(ctx context.Context, o Options, from string) error {
	s := o.Config.Server
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return fmt.Errorf("make the data directory: %w", err)
	}
	if err := restoreState(ctx, o, filepath.Join(from, backupState)); err != nil {
		return err
	}
	spaces, err := os.ReadDir(filepath.Join(from, backupMetrics))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the backup: %w", err)
	}
	for _, w := range spaces {
		to := filepath.Join(metricsDir(s), "workspaces", w.Name())
		if err := store.Restore(ctx, filepath.Join(from, backupMetrics, w.Name()), to); err != nil {
			return err
		}
	}
	return nil
}

func restoreState(ctx context.Context, o Options, from string) (err error) {
	backup, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("read the backup: is this the folder that `memseep backup --to` wrote? %w", err)
	}
	defer func() { _ = backup.Close() }()
	if o.Config.Server.State.URL == "" {
		to, err := os.OpenFile(filepath.Join(o.Config.Server.Data, stateFile), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("restore the state: the data directory has to be empty: %w", err)
		}
		_, err = io.Copy(to, backup)
		return errors.Join(err, to.Sync(), to.Close())
	}
	db, err := state.Open(ctx, state.Config{URL: o.Config.Server.State.URL, Logger: o.Logger})
	if err != nil {
		return err
	}
	return errors.Join(db.Restore(ctx, backup), db.Close())
}
