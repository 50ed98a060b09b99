package state

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/uptrace/bun"

	"github.com/memseep/memseep/leak"
)

// HostSort is an order of hosts.
type HostSort string

// The orders of hosts.
const (
	ByName  HostSort = "name"  // also where none is named
	ByValue HostSort = "value" // the fullest first, those without a value last
)

// HostFilter chooses hosts; the zero value chooses all of a workspace.
type HostFilter struct {
	Text   string // in the name, in any case
	Levels []leak.Level
	Causes []leak.Cause
	Names  []string // exactly these
	Sort   HostSort
	Page
}

// Hosts lists the machines of a workspace.
func (q *Queries) Hosts(ctx context.Context, workspaceID string, f HostFilter) ([]Host, string, error) {
	var rows []hostRow
	s := q.read.NewSelect().Model(&rows).Where("h.workspace_id = ?", workspaceID)
	if f.Text != "" {
		s.Where(`lower(h.name) LIKE ? ESCAPE '\'`, like(f.Text))
	}
	if len(f.Levels) > 0 {
		s.Where("h.level IN (?)", in(f.Levels))
	}
	if len(f.Causes) > 0 {
		s.Where("h.cause IN (?)", in(f.Causes))
	}
	if len(f.Names) > 0 {
		q.named(s, "h.name", f.Names...)
	}
	if f.Sort == ByValue {
		s.OrderExpr("COALESCE(h.value, -1) DESC")
	}
	if err := f.afterCursor(q, s); err != nil {
		return nil, "", explain(err, "list hosts")
	}
	if err := s.OrderExpr(q.nameOrder("h.name")).Limit(int64(f.limit()) + 1).Scan(ctx); err != nil {
		return nil, "", explain(err, "list hosts")
	}
	next := ""
	if len(rows) > f.limit() {
		rows = rows[:f.limit()]
		next = f.cursor(&rows[len(rows)-1])
	}
	hosts := make([]Host, len(rows))
	for i := range rows {
		hosts[i] = rows[i].host()
	}
	return hosts, next, nil
}

// hostCursor is where a list of hosts goes on.
type hostCursor struct {
	Sort  HostSort
	Value float64
	Name  string
}

func (f HostFilter) cursor(last *hostRow) string {
	c := hostCursor{Sort: f.Sort, Value: -1, Name: last.Name}
	if last.Percent != nil {
		c.Value = *last.Percent
	}
	return encodeCursor(c)
}

func (f HostFilter) afterCursor(q *Queries, s *bun.SelectQuery) error {
	if f.Cursor == "" {
		return nil
	}
	var c hostCursor
	if err := decodeCursor(f.Cursor, &c); err != nil || c.Sort != f.Sort {
		return ErrBadCursor
	}
	if f.Sort == ByValue {
		s.Where("COALESCE(h.value, -1) < ? OR (COALESCE(h.value, -1) = ? AND h.name > ?)", c.Value, c.Value, c.Name)
	} else {
		q.afterName(s, "h.name", c.Name)
	}
	return nil
}

// Host reads one.
func (q *Queries) Host(ctx context.Context, workspaceID, name string) (Host, error) {
	var r hostRow
	s := q.read.NewSelect().Model(&r).Where("h.workspace_id = ?", workspaceID)
	q.named(s, "h.name", name)
	err := one(ctx, s, "read host "+name)
	return r.host(), err
}

// HostCounts says how many hosts of a workspace have which level, and which cause.
type HostCounts struct {
	Total  int
	Levels map[leak.Level]int
	Causes map[leak.Cause]int
}

// HostCounts counts the hosts of a workspace.
func (q *Queries) HostCounts(ctx context.Context, workspaceID string) (HostCounts, error) {
	c := HostCounts{Levels: map[leak.Level]int{}, Causes: map[leak.Cause]int{}}
	var groups []struct {
		Level leak.Level
		Cause leak.Cause
		N     int
	}
	err := q.read.NewSelect().Model((*hostRow)(nil)).ColumnExpr("h.level, h.cause, count(*) AS n").
		Where("h.workspace_id = ?", workspaceID).GroupExpr("h.level, h.cause").Scan(ctx, &groups)
	for _, g := range groups {
		c.Total += g.N
		c.Levels[g.Level] += g.N
		c.Causes[g.Cause] += g.N
	}
	return c, explain(err, "count hosts")
}

// UpsertHosts keeps machines as a run saw them, over what was known of them before.
func (q *Queries) UpsertHosts(ctx context.Context, workspaceID string, hosts []Host) error {
	if len(hosts) == 0 {
		return nil
	}
	rows := make([]hostRow, len(hosts))
	for i := range hosts {
		hosts[i].WorkspaceID = workspaceID
		if err := rows[i].from(hosts[i]); err != nil {
			return err
		}
	}
	u := q.write.NewInsert().Model(&rows).On("CONFLICT (" + q.hostKey() + ") DO UPDATE")
	for _, column := range []string{
		"labels", "collectors", "total_bytes", "value", "level", "cause", "verdict", "health",
		"inspected_at", "last_seen_at", "spark",
	} {
		u.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}
	_, err := count(ctx, u, "keep hosts")
	return err
}

// DeleteHostsUnseen forgets the hosts of a workspace whose newest sample is older than a time.
func (q *Queries) DeleteHostsUnseen(ctx context.Context, workspaceID string, since time.Time) (int64, error) {
	return count(ctx, q.write.NewDelete().Model((*hostRow)(nil)).
		Where("h.workspace_id = ? AND h.last_seen_at < ?", workspaceID, since), "forget hosts")
}

// hostRow is a Host with what is filtered by taken out of its verdict, and null for NaN.
type hostRow struct {
	Host `bun:",extend"`

	Percent *float64 `bun:"value"`
	Level   leak.Level
	Cause   leak.Cause
}

func (r *hostRow) host() Host {
	h := r.Host
	h.Value = math.NaN()
	if r.Percent != nil {
		h.Value = *r.Percent
	}
	return h
}

func (r *hostRow) from(h Host) error {
	r.Host = h
	if !math.IsNaN(h.Value) && !math.IsInf(h.Value, 0) {
		r.Percent = &h.Value
	}
	var v struct {
		Level leak.Level `json:"level"`
		Cause leak.Cause `json:"cause"`
	}
	if len(h.Verdict) > 0 {
		if err := json.Unmarshal(h.Verdict, &v); err != nil {
			return fmt.Errorf("keep host %s: read its verdict: %w", h.Name, err)
		}
	}
	r.Level, r.Cause = v.Level, v.Cause
	return nil
}
