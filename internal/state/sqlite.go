package state

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// busyTimeout is how long a connection waits for a lock of another process.
const busyTimeout = 10 * time.Second

// openSQLite opens a file with one writer, so that writes queue in this process instead of failing
// on each other's locks, and a pool of readers, which in WAL mode wait for nobody.
//
// synchronous is FULL: each commit is on the disk before it is answered, so that neither kill -9
// nor a loss of power takes a kept event back, as long as the disk does what fsync asks. NORMAL
// would survive kill -9 alike, and lose the last commits with the power.
func openSQLite(ctx context.Context, path string) (*DB, error) {
	if path == "" || path == ":memory:" {
		return nil, errors.New(`"sqlite:" has to be followed by the path of a file`)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the directory of the database: %w", err)
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite would make it readable by all
	if err != nil {
		return nil, fmt.Errorf("make the database: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("make the database: %w", err)
	}
	writer, err := connectSQLite(path, "&_txlock=immediate", 1)
	if err != nil {
		return nil, err
	}
	if err := turnOnWAL(ctx, path, writer); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), writer.Close())
	}
	readers, err := connectSQLite(path, "&_pragma=query_only(1)", max(4, runtime.GOMAXPROCS(0)))
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	return &DB{dialect: SQLite, path: path, writer: writer, readers: readers}, nil
}

// turnOnWAL connects before a reader comes, one process at a time: SQLite does not wait for another one
// that turns WAL on too, whatever its busy_timeout.
func turnOnWAL(ctx context.Context, path string, writer *bun.DB) (err error) {
	unlock, err := lockFile(ctx, path+".lock")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return writer.PingContext(ctx)
}

func connectSQLite(path, more string, connections int) (*bun.DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the database: %w", err)
	}
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: path}).String() + "?_timezone=UTC" +
		fmt.Sprintf("&_pragma=busy_timeout(%d)", busyTimeout.Milliseconds()) +
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
		"&_pragma=cache_size(-16000)&_pragma=temp_store(MEMORY)" + more
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return bun.NewDB(db, sqliteDialect{sqlitedialect.New()}), nil
}

// sqliteDialect writes values as literals.go says.
type sqliteDialect struct{ *sqlitedialect.Dialect }

func (sqliteDialect) AppendTime(b []byte, t time.Time) []byte { return appendTime(b, t) }

func (d sqliteDialect) AppendString(b []byte, s string) []byte {
	return d.Dialect.AppendString(b, textOf(s))
}

func sqliteBusy(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

func sqliteUnique(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

func sqliteForeign(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}

// advised says what to do about a database that cannot be opened, where that is known.
func advised(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("make room on its disk, or name another directory by --data: %w", err)
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the file is damaged, or none of memseep's: restore a backup, or name another directory by --data: %w", err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR:
		return fmt.Errorf("the file and its directory have to be ones that memseep's user can write: %w", err)
	}
	return err
}
