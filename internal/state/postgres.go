package state

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// poolSize is how many connections a replica holds, where the address has no pool_max_conns.
const poolSize = 16

func openPostgres(ctx context.Context, address string) (*DB, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("read the address of PostgreSQL: %w", err)
	}
	if u, err := url.Parse(address); err == nil && !u.Query().Has("pool_max_conns") {
		config.MaxConns = poolSize
	}
	// Values stand in the text of bun's queries: a cache of prepared statements would only fill up.
	config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	db := bun.NewDB(stdlib.OpenDBFromPool(pool), postgresDialect{pgdialect.New()})
	return &DB{dialect: Postgres, writer: db, readers: db, pool: pool}, nil
}

// postgresDialect writes values as literals.go says.
type postgresDialect struct{ *pgdialect.Dialect }

func (postgresDialect) AppendTime(b []byte, t time.Time) []byte { return appendTime(b, t) }

func (d postgresDialect) AppendString(b []byte, s string) []byte {
	return d.Dialect.AppendString(b, textOf(s))
}

func postgresTookBack(err error) bool {
	code := postgresCode(err)
	return code == "40001" || code == "40P01" || code == "55P03" // serialization, deadlock, lock
}

func postgresUnique(err error) bool  { return postgresCode(err) == "23505" }
func postgresForeign(err error) bool { return postgresCode(err) == "23503" }

// postgresCode is the SQLSTATE of an error, empty where it has none.
func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
