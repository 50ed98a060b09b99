package state

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
	"github.com/uptrace/bun"
)

// Errors that callers tell apart, by errors.Is.
var (
	ErrNotFound  = errors.New("not found")                           // also where another workspace has it
	ErrConflict  = errors.New("changed by somebody else in between") // the version is not the newest
	ErrExists    = errors.New("exists already")                      // a name or another unique thing is taken
	ErrTooMuch   = errors.New("more than may be kept")               // of what scripts keep
	ErrNewer     = errors.New("a newer memseep has worked with this state")
	ErrBadCursor = errors.New("the cursor is not one of such a list's") // of another list, sort or program
)

// Queries are all reads and writes, of a DB or of a Tx.
type Queries struct {
	read, write bun.IDB
	dialect     string
}

// NewID makes an identifier: ones made later sort after.
func NewID() string { return ulid.Make().String() }

// Page is a part of a list.
type Page struct {
	Limit  int    // at most; 0 is 100, and no more than 1000
	Cursor string // what the list returned for its next part; empty is the first
}

func (p Page) limit() int {
	switch {
	case p.Limit <= 0:
		return 100
	case p.Limit > 1000:
		return 1000
	}
	return p.Limit
}

// pageByID reads one part of a list whose cursor is the record's identifier.
func pageByID[T any](ctx context.Context, q *bun.SelectQuery, p Page, newestFirst bool, id func(*T) string) ([]T, string, error) {
	column, order, beyond := "?TableAlias.id", "ASC", ">"
	if newestFirst {
		order, beyond = "DESC", "<"
	}
	if p.Cursor != "" {
		var after []string
		if err := decodeCursor(p.Cursor, &after); err != nil || len(after) != 1 {
			return nil, "", ErrBadCursor
		}
		q = q.Where(column+" "+beyond+" ?", after[0])
	}
	rows := []T{}
	if err := q.Model(&rows).OrderExpr(column + " " + order).Limit(int64(p.limit()) + 1).Scan(ctx); err != nil {
		return nil, "", err
	}
	if len(rows) <= p.limit() {
		return rows, "", nil
	}
	rows = rows[:p.limit()]
	return rows, encodeCursor([]string{id(&rows[len(rows)-1])}), nil
}

// Every reads all parts of a list that is short by nature.
func Every[T any](list func(Page) ([]T, string, error)) ([]T, error) {
	var all []T
	for p := (Page{Limit: 1000}); ; {
		rows, next, err := list(p)
		if err != nil {
			return nil, err
		}
		if all = append(all, rows...); next == "" {
			return all, nil
		}
		p.Cursor = next
	}
}

func encodeCursor(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and numbers alone
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodeCursor(s string, v any) error {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return ErrBadCursor
	}
	if err := json.Unmarshal(b, v); err != nil {
		return ErrBadCursor
	}
	return nil
}

// one reads one record, or says that it is not there.
func one(ctx context.Context, q *bun.SelectQuery, what string) error {
	return explain(noRows(q.Limit(1).Scan(ctx)), what)
}

// add inserts records, a pointer to one or to a slice.
func (q *Queries) add(ctx context.Context, model any, what string) error {
	_, err := q.write.NewInsert().Model(model).Exec(ctx)
	return explain(err, what)
}

// explain names what was done, and turns the databases' errors into ours.
func explain(err error, what string) error {
	switch {
	case err == nil:
		return nil
	case sqliteUnique(err), postgresUnique(err):
		return fmt.Errorf("%s: %w", what, ErrExists)
	case sqliteForeign(err), postgresForeign(err): // what it belongs to is not there
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return fmt.Errorf("%s: %w", what, err)
}

// executor is an insert, update or delete of bun.
type executor interface {
	Exec(ctx context.Context, dest ...any) (sql.Result, error)
}

// change runs an update or a delete that has to meet a row.
func change(ctx context.Context, q executor, what string) error {
	n, err := count(ctx, q, what)
	if err == nil && n == 0 {
		return fmt.Errorf("%s: %w", what, ErrNotFound)
	}
	return err
}

// count runs an update or a delete, and says how many rows it met.
func count(ctx context.Context, q executor, what string) (int64, error) {
	result, err := q.Exec(ctx)
	if err != nil {
		return 0, explain(err, what)
	}
	n, err := result.RowsAffected()
	return n, explain(err, what)
}

// scope narrows a query to what a caller may see.
type scope = func(bun.QueryBuilder) bun.QueryBuilder

func inWorkspace(id string) scope {
	return func(q bun.QueryBuilder) bun.QueryBuilder { return q.Where("?TableAlias.workspace_id = ?", id) }
}

func inInstance(q bun.QueryBuilder) bun.QueryBuilder { return q }

// update writes a record whose version is still the one that it was read with; version goes up
// where it was written. Who made it and when are not written again.
func (q *Queries) update(ctx context.Context, record any, version *int64, within scope, what string, keep ...string) error {
	read := *version
	*version++
	n, err := count(ctx, q.write.NewUpdate().Model(record).ExcludeColumn(keep...).WherePK().
		ApplyQueryBuilder(within).Where("?TableAlias.version = ?", read), what)
	if err == nil && n == 1 {
		return nil
	}
	*version = read
	if err != nil {
		return err
	}
	there, err := q.write.NewSelect().Model(record).WherePK().ApplyQueryBuilder(within).Exists(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", what, err)
	case there:
		return fmt.Errorf("%s: %w", what, ErrConflict)
	}
	return fmt.Errorf("%s: %w", what, ErrNotFound)
}

// inTx runs f in the transaction that q stands in, or in one of its own.
func (q *Queries) inTx(ctx context.Context, f func(ctx context.Context, q *Queries) error) error {
	if _, already := q.write.(bun.Tx); already {
		return f(ctx, q)
	}
	return q.write.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		return f(ctx, &Queries{read: tx, write: tx, dialect: q.dialect})
	})
}

// in is a list of values for "IN (?)".
func in[T any](values []T) bun.ListValues { return bun.List(values) }

// noRows turns that nothing was returned into ErrNotFound.
func noRows(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// stamp fills what a new record has not been given.
func stamp(id *string, at *time.Time) {
	if *id == "" {
		*id = NewID()
	}
	if at.IsZero() {
		*at = time.Now().UTC()
	}
}

// like is a pattern of LIKE, with ESCAPE '\', for a text that contains s. Both sides are in lower
// case.
func like(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(s)) + "%"
}
