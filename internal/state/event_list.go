package state

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/leak"
)

// EventSort is an order of events.
type EventSort string

// The orders of events.
const (
	ByOpened     EventSort = "opened"     // the newest first; also where none is named
	ByLevel      EventSort = "level"      // the most urgent first, of one level the newest
	ByExhaustion EventSort = "exhaustion" // what runs out of memory soonest first
)

// EventFilter chooses events; the zero value chooses all of a workspace.
type EventFilter struct {
	Status        event.Status
	Levels        []leak.Level
	Kinds         []leak.Kind
	Host          string
	InspectionID  string
	Culprit       string // the workload that leaks
	IncidentID    string
	Text          string              // in title, object, owner or culprit, in any case
	Attributes    map[string][]string // each of these dimensions or attributes has one of its values
	NotAttributes map[string][]string // none of these has one of its values
	From, To      time.Time           // opened in [From, To)
	OpenAt        time.Time           // open at this time
	Sort          EventSort
	Page
}

// Events lists those of a workspace without their snapshots.
func (q *Queries) Events(ctx context.Context, workspaceID string, f EventFilter) ([]event.Event, string, error) {
	order, ok := eventOrders[f.Sort]
	if !ok {
		return nil, "", explain(ErrBadCursor, "list events by "+string(f.Sort))
	}
	ids, err := q.eventsWhere(ctx, workspaceID, f)
	if err != nil {
		return nil, "", err
	}
	if f.Cursor != "" {
		if err := order.after(ids, f.Cursor); err != nil {
			return nil, "", explain(err, "list events")
		}
	}
	// Bodies are joined to the rows of this part alone.
	ids.Column("id").OrderExpr(order.by).Limit(int64(f.limit()) + 1)
	var rows []eventRow
	err = withBody(q.read.NewSelect().Model(&rows)).Where("e.id IN (?)", ids).OrderExpr(order.by).Scan(ctx)
	if err != nil {
		return nil, "", explain(err, "list events")
	}
	next := ""
	if len(rows) > f.limit() {
		rows = rows[:f.limit()]
		next = order.cursor(&rows[len(rows)-1])
	}
	events := make([]event.Event, len(rows))
	for i := range rows {
		events[i] = rows[i].event()
	}
	return events, next, nil
}

// EventCounts says how many events of a filter there are of each kind; the filter's Page and Sort
// are not looked at.
type EventCounts struct {
	Total    int
	Statuses map[event.Status]int
	Levels   map[leak.Level]int
	Kinds    map[leak.Kind]int
}

// EventCounts counts the events of a filter.
func (q *Queries) EventCounts(ctx context.Context, workspaceID string, f EventFilter) (EventCounts, error) {
	c := EventCounts{Statuses: map[event.Status]int{}, Levels: map[leak.Level]int{}, Kinds: map[leak.Kind]int{}}
	s, err := q.eventsWhere(ctx, workspaceID, f)
	if err != nil {
		return c, err
	}
	var groups []struct {
		Status  event.Status
		Urgency int
		Kind    leak.Kind
		N       int
	}
	err = s.ColumnExpr("e.status, e.urgency, e.kind, count(*) AS n").
		GroupExpr("e.status, e.urgency, e.kind").Scan(ctx, &groups)
	if err != nil {
		return c, explain(err, "count events")
	}
	levels := map[int]leak.Level{}
	for level, n := range urgency {
		levels[n] = level
	}
	for _, g := range groups {
		c.Total += g.N
		c.Statuses[g.Status] += g.N
		c.Levels[levels[g.Urgency]] += g.N
		c.Kinds[g.Kind] += g.N
	}
	return c, nil
}

// eventsWhere is a query for the events of a filter, without order and part.
func (q *Queries) eventsWhere(ctx context.Context, workspaceID string, f EventFilter) (*bun.SelectQuery, error) {
	s, err := q.eventsAlong(ctx, workspaceID, f)
	if err != nil {
		return nil, explain(err, "look for events")
	}
	for _, equal := range []struct{ column, value string }{
		{"e.status", string(f.Status)}, {"e.inspection_id", f.InspectionID}, {"e.incident_id", f.IncidentID},
	} {
		if equal.value != "" {
			s.Where(equal.column+" = ?", equal.value)
		}
	}
	if f.Host != "" {
		q.named(s, "e.host", f.Host)
	}
	if f.Culprit != "" {
		q.named(s, "e.culprit", f.Culprit)
	}
	if len(f.Levels) > 0 {
		var wanted []int
		for _, level := range f.Levels {
			if n, known := urgency[level]; known {
				wanted = append(wanted, n)
			}
		}
		s.Where("e.urgency IN (?)", in(wanted))
	}
	if len(f.Kinds) > 0 {
		s.Where("e.kind IN (?)", in(f.Kinds))
	}
	if f.Text != "" {
		s.Where(`e.search LIKE ? ESCAPE '\'`, like(f.Text))
	}
	if !f.From.IsZero() {
		s.Where("e.opened_at >= ?", f.From)
	}
	if !f.To.IsZero() {
		s.Where("e.opened_at < ?", f.To)
	}
	if !f.OpenAt.IsZero() {
		s.Where("e.opened_at <= ? AND (e.recovered_at IS NULL OR e.recovered_at > ?)", f.OpenAt, f.OpenAt)
	}
	for key, values := range f.NotAttributes {
		s.Where("NOT EXISTS (SELECT 1 FROM event_labels AS l WHERE l.event_id = e.id AND l.key = ? AND l.value IN (?))", labelled(key), in(allLabelled(values)))
	}
	for key, values := range f.Attributes {
		s.Where("EXISTS (SELECT 1 FROM event_labels AS l WHERE l.event_id = e.id AND l.key = ? AND l.value IN (?)"+q.eachByItself()+")", labelled(key), in(allLabelled(values)))
	}
	return s, nil
}

// eventOrder is an order with what its cursor holds. Each ends with the identifier, so that no two
// events are alike and a part begins behind the last event of the one before, whatever was
// inserted in between.
type eventOrder struct {
	name   EventSort
	by     string
	beyond string // true for what comes after the values of a cursor
	values func(*eventRow) []any
}

var eventOrders = map[EventSort]eventOrder{"": byOpened, ByOpened: byOpened, ByLevel: byLevel, ByExhaustion: byExhaustion}

var (
	byOpened = eventOrder{
		name:   ByOpened,
		by:     "e.opened_at DESC, e.id DESC",
		beyond: "(e.opened_at, e.id) < (?, ?)",
		values: func(r *eventRow) []any { return []any{r.OpenedAt, r.ID} },
	}
	byLevel = eventOrder{
		name:   ByLevel,
		by:     "e.urgency DESC, e.opened_at DESC, e.id DESC",
		beyond: "(e.urgency, e.opened_at, e.id) < (?, ?, ?)",
		values: func(r *eventRow) []any { return []any{r.Urgency, r.OpenedAt, r.ID} },
	}
	byExhaustion = eventOrder{
		name:   ByExhaustion,
		by:     "e.exhausts_at ASC, e.id ASC",
		beyond: "(e.exhausts_at, e.id) > (?, ?)",
		values: func(r *eventRow) []any { return []any{r.ExhaustsAt, r.ID} },
	}
)

func (o eventOrder) cursor(last *eventRow) string {
	return encodeCursor(append([]any{o.name}, o.values(last)...))
}

// after goes on behind the event that a cursor names, where the cursor is one of this order.
func (o eventOrder) after(s *bun.SelectQuery, cursor string) error {
	var given []any
	if err := decodeCursor(cursor, &given); err != nil {
		return err
	}
	values := o.values(&eventRow{})
	if len(given) != len(values)+1 || given[0] != string(o.name) {
		return ErrBadCursor
	}
	for i, v := range given[1:] {
		switch values[i].(type) {
		case time.Time:
			text, _ := v.(string)
			t, err := time.Parse(time.RFC3339Nano, text)
			if err != nil {
				return ErrBadCursor
			}
			values[i] = t
		case int:
			n, ok := v.(float64)
			if !ok || n != float64(int8(n)) {
				return ErrBadCursor
			}
			values[i] = int(n)
		case string:
			id, ok := v.(string)
			if !ok {
				return ErrBadCursor
			}
			values[i] = id
		}
	}
	s.Where(o.beyond, values...)
	return nil
}
