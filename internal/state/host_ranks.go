package state

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/leak"
)

// HostRank is what hosts are chosen and sorted by, narrow so that tens of thousands are looked through
// at once.
type HostRank struct {
	Name       string
	Level      leak.Level
	Cause      leak.Cause // empty where no run has seen it
	Percent    *float64   `bun:"value"`
	LastSeenAt time.Time  `bun:",nullzero"`

	Exhaustion string            // RFC 3339 of a leak's verdict, empty where it has none; where asked for
	Labels     map[string]string // where tags are asked for
	Collectors []string          // where tags are asked for
}

// HostColumns are what a rank has besides.
type HostColumns struct{ Exhaustion, Tags bool }

// HostRanks lists all hosts of a workspace by name, or those with a text in their name.
func (q *Queries) HostRanks(ctx context.Context, workspaceID, text string, with HostColumns) ([]HostRank, error) {
	var ranks []HostRank
	s := q.read.NewSelect().TableExpr("hosts AS h").ColumnExpr("h.name, h.level, h.cause, h.value, h.last_seen_at").Where("h.workspace_id = ?", workspaceID)
	if text != "" {
		s.Where(`lower(h.name) LIKE ? ESCAPE '\'`, like(text))
	}
	if with.Exhaustion {
		s.ColumnExpr("CASE WHEN h.level NOT IN ('', ?) THEN COALESCE(h.verdict ->> 'exhaustion', '') ELSE '' END AS exhaustion", leak.OK)
	}
	if with.Tags {
		s.ColumnExpr("h.labels, h.collectors")
	}
	return ranks, explain(s.OrderExpr(q.nameOrder("h.name")).Scan(ctx, &ranks), "look through the hosts")
}

// HostGroup is how many hosts have the same collectors and lack the same.
type HostGroup struct {
	Collectors []string
	Missing    json.RawMessage // of inspect.Health; empty where no run has seen them
	Hosts      int
	Example    string // the first of them by name
}

// HostGroups counts the hosts of a workspace by what arrives of them.
func (q *Queries) HostGroups(ctx context.Context, workspaceID string) ([]HostGroup, error) {
	var rows []struct {
		Collectors string
		Missing    string
		N          int
		Example    string
	}
	err := q.read.NewSelect().TableExpr("hosts AS h").
		ColumnExpr("COALESCE(CAST(h.collectors AS TEXT), '') AS collectors, COALESCE(h.health ->> 'missing', '') AS missing, count(*) AS n, min(h.name) AS example").
		Where("h.workspace_id = ?", workspaceID).GroupExpr("1, 2").OrderExpr("example").Scan(ctx, &rows)
	if err != nil {
		return nil, explain(err, "count what arrives of hosts")
	}
	groups := make([]HostGroup, len(rows))
	for i, r := range rows {
		groups[i] = HostGroup{Missing: json.RawMessage(r.Missing), Hosts: r.N, Example: r.Example}
		if r.Collectors == "" {
			continue
		}
		if err := json.Unmarshal([]byte(r.Collectors), &groups[i].Collectors); err != nil {
			return nil, fmt.Errorf("read the collectors of host %s: %w", r.Example, err)
		}
	}
	return groups, nil
}

// OpenByHost counts the open events of each of these hosts that has any.
func (q *Queries) OpenByHost(ctx context.Context, workspaceID string, hosts []string) (map[string]int, error) {
	counts := map[string]int{}
	if len(hosts) == 0 {
		return counts, nil
	}
	var rows []struct {
		Host string
		N    int
	}
	s := q.read.NewSelect().TableExpr("events AS e").ColumnExpr("e.host, count(*) AS n").
		Where("e.workspace_id = ? AND e.status = ?", workspaceID, event.Open)
	q.named(s, "e.host", hosts...)
	err := s.GroupExpr("e.host").Scan(ctx, &rows)
	for _, r := range rows {
		counts[r.Host] = r.N
	}
	return counts, explain(err, "count the open events of hosts")
}

// LeakPace is the memory in bytes an hour that open events say is lost. A host and its workload
// have one event, so that nothing counts twice.
func (q *Queries) LeakPace(ctx context.Context, workspaceID string) (float64, error) {
	var pace float64
	err := q.read.NewSelect().
		ColumnExpr("CAST(COALESCE(SUM(p.slope * CASE WHEN p.unit = ? THEN COALESCE(p.total_bytes, 0) / 100 ELSE 1 END), 0) AS DOUBLE PRECISION)", leak.Percent.String()).
		TableExpr("(?) AS p", q.read.NewSelect().TableExpr("events AS e").
			ColumnExpr("CAST(b.verdict ->> 'slope_per_hour' AS DOUBLE PRECISION) AS slope, b.verdict ->> 'unit' AS unit, h.total_bytes").
			Join("JOIN event_bodies AS b ON b.event_id = e.id").
			Join("LEFT JOIN hosts AS h ON h.workspace_id = e.workspace_id AND h.name = e.host").
			Where("e.workspace_id = ? AND e.status = ?", workspaceID, event.Open)).
		Where("p.slope > 0").Scan(ctx, &pace)
	return pace, explain(err, "add up what leaks")
}
