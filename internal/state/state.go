// Package state keeps what is not a metric: people, keys, inspections, runs, events, in SQLite or
// PostgreSQL behind one set of queries. In go records and the filters of lists; out come records.
// Read this file, then records.go, then the file of the record you look for.
package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/uptrace/bun"
)

// The dialects of a DB.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Config says where the state lies.
type Config struct {
	URL    string       // "sqlite:PATH", or "postgres://…" as libpq takes it
	Logger *slog.Logger // of migrations and retries; nil is slog.Default()
}

// DB is an open database. Its own queries read from a pool of readers where the dialect has one,
// and each of its writes is a transaction of its own. It is safe for concurrent use.
type DB struct {
	*Queries
	dialect string
	path    string // of the file on SQLite
	logger  *slog.Logger
	writer  *bun.DB
	readers *bun.DB       // the writer on PostgreSQL
	pool    *pgxpool.Pool // nil on SQLite
}

// Open opens the database, makes it where it is new, and brings its tables up to date. Two
// processes that open one database at once wait for each other there.
func Open(ctx context.Context, c Config) (*DB, error) {
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	var db *DB
	var err error
	switch path, isFile := strings.CutPrefix(c.URL, "sqlite:"); {
	case isFile:
		db, err = openSQLite(ctx, path)
	case strings.HasPrefix(c.URL, "postgres://"), strings.HasPrefix(c.URL, "postgresql://"):
		db, err = openPostgres(ctx, c.URL)
	default:
		return nil, errors.New(`open the state: its address has to be "sqlite:PATH" or "postgres://user:password@host/database"`)
	}
	if err != nil {
		return nil, fmt.Errorf("open the state: %w", advised(err))
	}
	db.logger = c.Logger
	db.Queries = &Queries{read: db.readers, write: db.writer, dialect: db.dialect}
	if err := db.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("bring the tables of the state up to date: %w", advised(err)), db.Close())
	}
	return db, nil
}

// Close waits for queries in flight and closes all connections.
func (db *DB) Close() error {
	err := db.writer.Close()
	if db.readers != db.writer {
		err = errors.Join(err, db.readers.Close())
	}
	if db.pool != nil {
		db.pool.Close()
	}
	return err
}

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	if err := db.readers.NewRaw("SELECT 1").Scan(ctx, &one); err != nil {
		return fmt.Errorf("ask the state: %w", err)
	}
	return nil
}

// SQL is the writer, for the job queue.
func (db *DB) SQL() *sql.DB { return db.writer.DB }

// Pool is PostgreSQL's pool, for the job queue's listener; nil on SQLite.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Dialect is SQLite or Postgres.
func (db *DB) Dialect() string { return db.dialect }

// Tx is one transaction: its reads see its writes.
type Tx struct {
	*Queries
	tx bun.Tx
}

// SQL is the transaction as database/sql has it, for the job queue.
func (tx *Tx) SQL() *sql.Tx { return tx.tx.Tx }

// How often a transaction that the database took back is tried, and the pause before the second.
const (
	txAttempts = 5
	txPause    = 20 * time.Millisecond
)

// InTx runs f in one transaction: kept where f returns nil, taken back otherwise. f is run again
// where the database took the transaction back because of another one (a deadlock, a failed
// serialization, a lock): it must not change anything but through tx, or only so that doing it
// twice is doing it once. Within f everything has to go through tx: SQLite has one writer, so that
// a write through the DB would wait for f for ever.
func (db *DB) InTx(ctx context.Context, f func(ctx context.Context, tx *Tx) error) error {
	pause := txPause
	for attempt := 1; ; attempt++ {
		err := db.writer.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
			return f(ctx, &Tx{Queries: &Queries{read: tx, write: tx, dialect: db.dialect}, tx: tx})
		})
		if err == nil || attempt == txAttempts || !takenBack(err) {
			return err
		}
		db.logger.Debug("a transaction is tried again", "attempt", attempt, "error", err)
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		}
	}
}

// takenBack tells whether nothing of the transaction was kept because of another one.
func takenBack(err error) bool { return postgresTookBack(err) || sqliteBusy(err) }
