package state

import (
	"context"
	"slices"
	"strings"

	"github.com/uptrace/bun"
)

// selective is how many events a label or a text may find so that it is cheaper to read all of them
// and sort than to go along an order and pass over those that do not match.
const selective = 5000

// eventsAlong is a query for the events of a workspace that begins with what finds the fewest of a
// filter's. PostgreSQL knows from its statistics which that is, but for labels; SQLite has to be
// told: left alone it goes along the order, through all events of the workspace.
func (q *Queries) eventsAlong(ctx context.Context, workspaceID string, f EventFilter) (*bun.SelectQuery, error) {
	s := q.read.NewSelect().Model((*eventRow)(nil))
	index := ""
	switch {
	case f.IncidentID != "":
		index = "events_incident"
	case f.Host != "":
		index = "events_host"
	default:
		for _, found := range q.lookups(workspaceID, f) {
			n, err := q.read.NewSelect().TableExpr("(?) AS found", found.rows().ColumnExpr("1").Limit(selective+1)).Count(ctx)
			if err != nil {
				return nil, err
			}
			if n <= selective {
				return s.Where(q.unindexed("e.workspace_id")+" = ?", workspaceID).
					Where(found.column+" IN (?)", found.rows().ColumnExpr(found.of)), nil
			}
		}
		switch {
		case f.Culprit != "":
			index = "events_culprit"
		case len(f.Kinds) == 1 && f.InspectionID == "":
			index = "events_kind"
		}
	}
	q.along(s, index)
	return s.Where("e.workspace_id = ?", workspaceID), nil
}

// along has SQLite use an index.
func (q *Queries) along(s *bun.SelectQuery, index string) {
	if q.dialect == SQLite && index != "" {
		s.ModelTableExpr("events AS e INDEXED BY " + index)
	}
}

// unindexed keeps SQLite from using an index of a column.
func (q *Queries) unindexed(column string) string {
	if q.dialect == SQLite {
		return "+" + column
	}
	return column
}

// eachByItself ends a subquery of EXISTS so that PostgreSQL asks it for the few events along the
// order, and does not first join all that a frequent label has.
func (q *Queries) eachByItself() string {
	if q.dialect == Postgres {
		return " OFFSET 0"
	}
	return ""
}

// lookup is a table besides events that finds some of them at once.
type lookup struct {
	rows   func() *bun.SelectQuery
	of     string // what in a row names the event
	column string // of events, that it names
}

func (q *Queries) lookups(workspaceID string, f EventFilter) []lookup {
	var all []lookup
	if q.dialect == SQLite && len([]rune(f.Text)) >= 3 { // as long as the trigrams that it is found by
		phrase := `"` + strings.ReplaceAll(textOf(strings.ToLower(f.Text)), `"`, `""`) + `"`
		all = append(all, lookup{of: "t.rowid", column: "e.row", rows: func() *bun.SelectQuery {
			return q.read.NewSelect().TableExpr("event_text AS t").Where("t.search MATCH ?", phrase)
		}})
	}
	for _, key := range sortedKeys(f.Attributes) {
		values := f.Attributes[key]
		all = append(all, lookup{of: "l.event_id", column: "e.id", rows: func() *bun.SelectQuery {
			return q.read.NewSelect().TableExpr("event_labels AS l").
				Where("l.workspace_id = ? AND l.key = ? AND l.value IN (?)", workspaceID, labelled(key), in(allLabelled(values)))
		}})
	}
	return all
}

func sortedKeys(m map[string][]string) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
