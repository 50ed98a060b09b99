package state

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// Backup writes the state as it is at one moment to a new file, while the program goes on: of
// SQLite a database that can be put in place of its own, of PostgreSQL a Dump.
func (db *DB) Backup(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // readable by its owner alone
	if err != nil {
		return fmt.Errorf("back up the state: %w", err)
	}
	if db.dialect == SQLite {
		err = db.vacuumInto(ctx, path) // which takes an empty file
	} else {
		err = db.Dump(ctx, f)
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("back up the state to %s: %w", path, err), os.Remove(path))
	}
	return nil
}

// vacuumInto copies by a connection of its own: it holds one moment as a reader does, so that
// writers go on, but is not allowed to those that only read.
func (db *DB) vacuumInto(ctx context.Context, path string) error {
	copier, err := connectSQLite(db.path, "", 1)
	if err != nil {
		return err
	}
	_, err = copier.ExecContext(ctx, "VACUUM INTO ?", path)
	return errors.Join(err, copier.Close())
}
