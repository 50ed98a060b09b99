package state

import (
	"context"
	"fmt"

	"github.com/memseep/memseep/leak"
)

// The orders of hosts that the database has no index of.
const (
	HostsByLevel      HostSort = "level"      // the most urgent first, then those without data
	HostsByExhaustion HostSort = "exhaustion" // who is full first, those that are not known to leak last
	HostsBySeen       HostSort = "seen"       // the longest silent first
)

// HostPlace chooses names of hosts by position; the zero value chooses none, for its limit is 0.
type HostPlace struct {
	Text   string   // in the name, in any case
	States []string // critical, error, warning, ok, no_data
	Sort   HostSort
	First  int // how many are passed over
	Limit  int
}

// hostState is how a host is: what level its leak has, fine, or without data. It reads no wide column.
var hostState = fmt.Sprintf("CASE WHEN h.cause IN ('', '%s', '%s') THEN 'no_data' WHEN h.level = '' THEN '%s' ELSE h.level END", leak.NoData, leak.TooShort, leak.OK)

var hostOrders = map[HostSort]string{
	ByName:  "",
	ByValue: "COALESCE(h.value, -1) DESC",
	HostsByLevel: fmt.Sprintf("CASE %s WHEN '%s' THEN 0 WHEN '%s' THEN 1 WHEN '%s' THEN 2 WHEN 'no_data' THEN 3 ELSE 4 END",
		hostState, leak.Critical, leak.Error, leak.Warning),
	HostsByExhaustion: fmt.Sprintf("CASE WHEN h.level NOT IN ('', '%s') THEN COALESCE(h.verdict ->> 'exhaustion', '9999') ELSE '9999' END", leak.OK),
	HostsBySeen:       "h.last_seen_at IS NOT NULL, h.last_seen_at",
}

// HostNames lists names of hosts in an order, and says whether more follow.
func (q *Queries) HostNames(ctx context.Context, workspaceID string, p HostPlace) (names []string, more bool, err error) {
	s := q.read.NewSelect().TableExpr("hosts AS h").ColumnExpr("h.name").Where("h.workspace_id = ?", workspaceID)
	if p.Text != "" {
		s.Where(`lower(h.name) LIKE ? ESCAPE '\'`, like(p.Text))
	}
	if len(p.States) > 0 {
		s.Where(hostState+" IN (?)", in(p.States))
	}
	if order := hostOrders[p.Sort]; order != "" {
		s.OrderExpr(order)
	}
	if err := s.OrderExpr(q.nameOrder("h.name")).Limit(int64(p.Limit)+1).Offset(int64(p.First)).Scan(ctx, &names); err != nil {
		return nil, false, explain(err, "list names of hosts")
	}
	if len(names) > p.Limit {
		return names[:p.Limit], true, nil
	}
	return names, false, nil
}
