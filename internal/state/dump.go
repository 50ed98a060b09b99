package state

import (
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/uptrace/bun"
)

// tables are all that a dump holds, each after those that it refers to: one line a table.
var tables = []table{
	tableOf[setting]("settings"),
	tableOf[Workspace]("workspaces"),
	tableOf[User]("users"),
	tableOf[Member]("members"),
	tableOf[Session]("sessions"),
	tableOf[Key]("keys"),
	tableOf[Source]("sources"),
	tableOf[Inspection]("inspections"),
	tableOf[ScriptSet]("script_sets"),
	tableOf[Script]("scripts"),
	tableOf[ScriptVersion]("script_versions"),
	tableOf[Trigger]("triggers"),
	tableOf[Variable]("variables"),
	tableOf[ScriptValue]("script_values"),
	tableOf[PackageSource]("package_sources"),
	tableOf[runRow]("runs"),
	tableOf[LogLine]("run_log"),
	tableOf[Chunk]("chunks"),
	tableOf[eventRow]("events"),
	tableOf[eventBody]("event_bodies"),
	tableOf[eventSnapshot]("event_snapshots"),
	tableOf[eventLabel]("event_labels"),
	tableOf[entryRow]("event_entries"),
	tableOf[hostRow]("hosts"),
	tableOf[Audit]("audit"),
	tableOf[Policy]("policies"),
	tableOf[Target]("targets"),
	tableOf[Silence]("silences"),
	tableOf[silencedEvent]("silenced_events"),
	tableOf[Batch]("batches"),
	tableOf[batchEvent]("batch_events"),
	tableOf[Told]("told"),
	tableOf[Notice]("notices"),
	tableOf[noticeEvent]("notice_events"),
}

// dumpFormat is what the first line of a dump says.
const dumpFormat = "memseep state 1"

// restoreBatch is how many rows are inserted at once.
const restoreBatch = 200

// dumpLine is a line of a dump: its head, the name of a table, a row of it, or the end, without
// which the dump was cut off.
type dumpLine struct {
	Format string          `json:"format,omitempty"`
	At     time.Time       `json:"at,omitzero"`
	Table  string          `json:"table,omitempty"`
	Row    json.RawMessage `json:"row,omitempty"`
	End    bool            `json:"end,omitempty"`
}

// Dump writes all records, of one moment, as gzipped JSON lines that Restore reads into an empty
// database of either kind. The jobs of the queue are not in it: what is due is claimed anew by
// whoever starts on the restored database.
func (db *DB) Dump(ctx context.Context, w io.Writer) error {
	zipped := gzip.NewWriter(w)
	out := json.NewEncoder(zipped)
	options := &sql.TxOptions{}
	if db.dialect == Postgres {
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	err := db.readers.RunInTx(ctx, options, func(ctx context.Context, tx bun.Tx) error {
		if err := out.Encode(dumpLine{Format: dumpFormat, At: time.Now().UTC()}); err != nil {
			return err
		}
		for _, t := range tables {
			if err := out.Encode(dumpLine{Table: t.name}); err != nil {
				return err
			}
			if err := t.dump(ctx, tx, out); err != nil {
				return fmt.Errorf("table %s: %w", t.name, err)
			}
		}
		return out.Encode(dumpLine{End: true})
	})
	if err = errors.Join(err, zipped.Close()); err != nil {
		return fmt.Errorf("dump the state: %w", err)
	}
	return nil
}

// Restore reads a dump into this database, which has to be empty: all of it or nothing.
func (db *DB) Restore(ctx context.Context, r io.Reader) error {
	zipped, err := gzip.NewReader(r)
	if err != nil {
		return fmt.Errorf("restore the state: this is no dump of it: %w", err)
	}
	err = db.writer.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		for _, t := range tables {
			n, err := tx.NewSelect().Table(t.name).Count(ctx)
			if err != nil {
				return err
			}
			if n > 0 {
				return fmt.Errorf("the database has to be empty, and its table %s is not", t.name)
			}
		}
		return (&restoring{tx: tx, in: json.NewDecoder(zipped)}).run(ctx)
	})
	if err != nil {
		return fmt.Errorf("restore the state: %w", err)
	}
	return nil
}

// restoring is a dump that is being read, with the rows of a table that are not inserted yet.
type restoring struct {
	tx    bun.Tx
	in    *json.Decoder
	table *table
	rows  []json.RawMessage
}

func (r *restoring) run(ctx context.Context) error {
	for n := 1; ; n++ {
		var line dumpLine
		err := r.in.Decode(&line)
		switch {
		case err != nil:
			return fmt.Errorf("line %d: the dump is cut off or damaged: %w", n, err)
		case n == 1 && line.Format != dumpFormat:
			return fmt.Errorf("this dump is of format %q, and %q can be read", line.Format, dumpFormat)
		case line.Table != "":
			err = r.begin(ctx, line.Table)
		case line.Row != nil:
			err = r.add(ctx, line.Row)
		case line.End:
			return r.flush(ctx)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
}

func (r *restoring) begin(ctx context.Context, name string) error {
	if err := r.flush(ctx); err != nil {
		return err
	}
	for i := range tables {
		if tables[i].name == name {
			r.table = &tables[i]
			return nil
		}
	}
	return fmt.Errorf("there is no table %q: the dump is of a newer version", name)
}

func (r *restoring) add(ctx context.Context, row json.RawMessage) error {
	if r.table == nil {
		return errors.New("a row before the name of its table")
	}
	if r.rows = append(r.rows, row); len(r.rows) < restoreBatch {
		return nil
	}
	return r.flush(ctx)
}

func (r *restoring) flush(ctx context.Context) error {
	if len(r.rows) == 0 {
		return nil
	}
	err := r.table.insert(ctx, r.tx, r.rows)
	r.rows = r.rows[:0]
	if err != nil {
		return fmt.Errorf("table %s: %w", r.table.name, err)
	}
	return nil
}

// table is how the rows of one table are written and read.
type table struct {
	name   string
	dump   func(context.Context, bun.Tx, *json.Encoder) error
	insert func(context.Context, bun.Tx, []json.RawMessage) error
}

func tableOf[T any](name string) table {
	return table{name, dumpRows[T], insertRows[T]}
}

func dumpRows[T any](ctx context.Context, tx bun.Tx, out *json.Encoder) (err error) {
	s := tx.NewSelect().Model((*T)(nil))
	rows, err := s.Rows(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var record T
		if err := s.DB().ScanRow(ctx, rows, &record); err != nil {
			return err
		}
		row, err := json.Marshal(&record)
		if err != nil {
			return err
		}
		if err := out.Encode(dumpLine{Row: row}); err != nil {
			return err
		}
	}
	return rows.Err()
}

func insertRows[T any](ctx context.Context, tx bun.Tx, rows []json.RawMessage) error {
	records := make([]T, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal(row, &records[i]); err != nil {
			return err
		}
	}
	_, err := tx.NewInsert().Model(&records).Exec(ctx)
	return err
}

// runRow is a Run with the number of its last line of log.
type runRow struct {
	Run `bun:",extend"`

	LogSeq int64
}
