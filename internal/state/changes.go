package state

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/memseep/memseep/internal/event"
)

// Changes are the events that were opened or recovered at or after a time.
type Changes struct {
	Opened, Recovered int
	Latest            []event.Event // the newest change first, without snapshots
}

// Changes counts what was opened and what recovered in a workspace, and lists the latest.
func (q *Queries) Changes(ctx context.Context, workspaceID string, since time.Time, limit int) (c Changes, err error) {
	const what = "look for what changed"
	// The columns are ours, and written out so that SQLite sees which index has them.
	of := func(column, status string) *bun.SelectQuery {
		return q.read.NewSelect().TableExpr("events AS e").Where("e.workspace_id = ? AND e."+column+" >= ?"+status, workspaceID, since)
	}
	const recovered = " AND e.status = 'recovered'"
	opened, err := of("opened_at", "").Count(ctx)
	if err != nil {
		return c, explain(err, what)
	}
	over, err := of("recovered_at", recovered).Count(ctx)
	if err != nil {
		return c, explain(err, what)
	}
	c.Opened, c.Recovered = int(opened), int(over)
	for _, l := range []struct{ column, status string }{{"opened_at", " AND e.status = 'open'"}, {"recovered_at", recovered}} {
		ids := of(l.column, l.status).Column("id").OrderExpr("e." + l.column + " DESC, e.id DESC").Limit(int64(limit))
		events, err := eventsOf(ctx, q.read.NewSelect().Where("e.id IN (?)", ids), what)
		if err != nil {
			return c, err
		}
		c.Latest = append(c.Latest, events...)
	}
	at := func(e event.Event) time.Time {
		if e.Status == event.Recovered {
			return e.RecoveredAt
		}
		return e.OpenedAt
	}
	slices.SortFunc(c.Latest, func(x, y event.Event) int { return cmp.Or(at(y).Compare(at(x)), cmp.Compare(x.ID, y.ID)) })
	c.Latest = c.Latest[:min(len(c.Latest), limit)]
	return c, nil
}
