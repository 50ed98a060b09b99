package state

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations
var migrations embed.FS

// migrate brings our tables and the job queue's up to date, one process at a time.
func (db *DB) migrate(ctx context.Context) (err error) {
	unlock, err := db.lockMigrations(ctx)
	if err != nil {
		return fmt.Errorf("wait for another process's migration: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := db.migrateOwn(ctx); err != nil {
		return err
	}
	return db.migrateJobs(ctx)
}

func (db *DB) migrateOwn(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations/"+db.dialect)
	if err != nil {
		return fmt.Errorf("find the migrations: %w", err)
	}
	dialect := goose.DialectSQLite3
	if db.dialect == Postgres {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, db.SQL(), files, goose.WithSlog(db.logger))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	kept, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read how far the tables are: %w", err)
	}
	if kept > known {
		return fmt.Errorf("%w: it has tables of version %d, and this memseep knows %d: start the newer memseep again, or restore a backup of before", ErrNewer, kept, known)
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, m := range done {
		db.logger.Info("migrated the state", "migration", m.Source.Version, "took", m.Duration)
	}
	return nil
}

func (db *DB) migrateJobs(ctx context.Context) error {
	var driver riverdriver.Driver[*sql.Tx] = riversqlite.New(db.SQL())
	if db.dialect == Postgres {
		driver = riverdatabasesql.New(db.SQL())
	}
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: db.logger})
	if err != nil {
		return fmt.Errorf("read the migrations of the job queue: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	return nil
}

// migrationLock names the advisory lock; any number that no other program uses on this database.
const migrationLock = 6_240_571_193

// lockMigrations waits until no other process migrates this database: by an advisory lock on
// PostgreSQL, by a file lock beside the database on SQLite. Both end with their process.
func (db *DB) lockMigrations(ctx context.Context) (unlock func() error, err error) {
	if db.dialect == SQLite {
		return lockFile(ctx, db.path+".lock")
	}
	conn, err := db.SQL().Conn(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() error {
		// The lock is given back also where the migration was cancelled.
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
		return errors.Join(err, conn.Close())
	}, nil
}
