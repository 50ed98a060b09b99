package api

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// noDataState is the state of a host that could not be judged.
const noDataState = "no_data"

// hostVerdict is what the last run said of a host; nil where none has.
func hostVerdict(h state.Host) *event.Verdict {
	var v event.Verdict
	if len(h.Verdict) == 0 || json.Unmarshal(h.Verdict, &v) != nil {
		return nil
	}
	return &v
}

func hostState(v *event.Verdict) string {
	switch {
	case v == nil, v.Cause == leak.NoData, v.Cause == leak.TooShort:
		return noDataState
	case v.Leak:
		return string(v.Level)
	}
	return string(leak.OK)
}

func (a *API) hostView(l language, h state.Host, open map[string]int) Host {
	v := hostVerdict(h)
	out := Host{
		Name: h.Name, Labels: h.Labels, Collectors: h.Collectors, TotalBytes: int64(h.TotalBytes), State: hostState(v),
		Spark: sparkOf(h.Spark), OpenEvents: open[h.Name], InspectedAt: h.InspectedAt, LastSeenAt: h.LastSeenAt,
		Missing: len(healthOf(h).Missing),
	}
	if out.Labels == nil {
		out.Labels = map[string]string{}
	}
	if out.Collectors == nil {
		out.Collectors = []string{}
	}
	if !math.IsNaN(h.Value) {
		out.UsedPercent = &h.Value
	}
	if v != nil {
		told := l.verdict(*v)
		out.Verdict = &told
		if v.Leak {
			out.LeftSeconds = left(a.Clock(), v.Exhaustion)
		}
	}
	return out
}

func healthOf(h state.Host) inspect.Health {
	var health inspect.Health
	if len(h.Health) > 0 && json.Unmarshal(h.Health, &health) != nil {
		return inspect.Health{} // the row is of another version; the next run writes it anew
	}
	return health
}

// openByHost counts open events.
func (a *API) openByHost(ctx context.Context) (map[string]int, error) {
	open, err := every(func(p state.Page) ([]event.Event, string, error) {
		return a.DB.Events(ctx, workspaceOf(ctx), state.EventFilter{Status: event.Open, Page: p})
	})
	counts := map[string]int{}
	for _, e := range open {
		counts[e.Object.Host]++
	}
	return counts, err
}

func (a *API) listHosts(ctx context.Context, in *listHostsInput) (*pageOutput[Host], error) {
	open, err := a.openByHost(ctx)
	if err != nil {
		return nil, err
	}
	l := languageOf(ctx)
	view := func(h state.Host) Host { return a.hostView(l, h, open) }
	simple := in.Collector == "" && len(in.Label) == 0 && len(in.State) == 0 && (in.Sort == "name" || in.Sort == "value")
	if simple {
		rows, next, err := a.DB.Hosts(ctx, workspaceOf(ctx), state.HostFilter{
			Text: in.Text, Sort: state.HostSort(in.Sort), Page: state.Page{Limit: in.Limit, Cursor: in.Cursor},
		})
		return pageOf(rows, next, view), err
	}
	return a.listHostsInMemory(ctx, in, view)
}

// listHostsInMemory chooses and sorts by what the database keeps inside of documents: a workspace
// has thousands of hosts, not millions. The cursor is a position.
func (a *API) listHostsInMemory(ctx context.Context, in *listHostsInput, view func(state.Host) Host) (*pageOutput[Host], error) {
	labels, err := pairs("label", in.Label)
	if err != nil {
		return nil, err
	}
	first := 0
	if in.Cursor != "" {
		if first, err = strconv.Atoi(in.Cursor); err != nil || first < 0 {
			return nil, state.ErrBadCursor
		}
	}
	rows, err := every(func(p state.Page) ([]state.Host, string, error) {
		return a.DB.Hosts(ctx, workspaceOf(ctx), state.HostFilter{Text: in.Text, Page: p})
	})
	if err != nil {
		return nil, err
	}
	var kept []Host
	for _, r := range rows {
		if h := view(r); in.keeps(h, labels) {
			kept = append(kept, h)
		}
	}
	slices.SortStableFunc(kept, hostOrders[in.Sort])
	last := min(first+in.Limit, len(kept))
	next := ""
	if last < len(kept) {
		next = strconv.Itoa(last)
	}
	return page(kept[min(first, last):last], next), nil
}

func (in *listHostsInput) keeps(h Host, labels map[string][]string) bool {
	if len(in.State) > 0 && !slices.Contains(in.State, h.State) || in.Collector != "" && !slices.Contains(h.Collectors, in.Collector) {
		return false
	}
	for key, values := range labels {
		if !slices.Contains(values, h.Labels[key]) {
			return false
		}
	}
	return true
}

var hostOrders = map[string]func(x, y Host) int{
	"name":  func(x, y Host) int { return strings.Compare(x.Name, y.Name) },
	"level": func(x, y Host) int { return hostUrgency(y.State) - hostUrgency(x.State) },
	"value": func(x, y Host) int { return cmp.Compare(known(y.UsedPercent), known(x.UsedPercent)) },
	"exhaustion": func(x, y Host) int {
		return cmp.Compare(soon(x.LeftSeconds), soon(y.LeftSeconds))
	},
	"seen": func(x, y Host) int { return x.LastSeenAt.Compare(y.LastSeenAt) },
}

func hostUrgency(s string) int {
	return slices.Index([]string{string(leak.OK), noDataState, string(leak.Warning), string(leak.Error), string(leak.Critical)}, s)
}

func known(v *float64) float64 {
	if v == nil {
		return -1
	}
	return *v
}

func soon(s *int64) int64 {
	if s == nil {
		return math.MaxInt64
	}
	return *s
}

func (a *API) countHosts(ctx context.Context, _ *noInput) (*bodyOutput[HostCounts], error) {
	c, err := a.hostCounts(ctx)
	return body(c), err
}

func (a *API) hostCounts(ctx context.Context) (HostCounts, error) {
	c, err := a.DB.HostCounts(ctx, workspaceOf(ctx))
	out := HostCounts{Total: c.Total, ByState: map[string]int{}}
	judged := 0
	for level, n := range c.Levels {
		if level != leak.OK && level != "" {
			out.ByState[string(level)], judged = n, judged+n
		}
	}
	out.ByState[noDataState] = c.Causes[leak.NoData] + c.Causes[leak.TooShort] + c.Causes[""]
	out.ByState[string(leak.OK)] = max(c.Total-judged-out.ByState[noDataState], 0)
	return out, err
}

func (a *API) getHost(ctx context.Context, in *HostPath) (*bodyOutput[Host], error) {
	h, err := a.DB.Host(ctx, workspaceOf(ctx), in.Host)
	if err != nil {
		return nil, err
	}
	c, err := a.DB.EventCounts(ctx, workspaceOf(ctx), state.EventFilter{Host: h.Name, Status: event.Open})
	if err != nil {
		return nil, err
	}
	return body(a.hostView(languageOf(ctx), h, map[string]int{h.Name: c.Total})), nil
}

func (a *API) hostHealth(ctx context.Context, in *HostPath) (*bodyOutput[HostHealth], error) {
	h, err := a.DB.Host(ctx, workspaceOf(ctx), in.Host)
	if err != nil {
		return nil, err
	}
	health := healthOf(h)
	out := HostHealth{
		Host: h.Name, Collectors: h.Collectors, LastSeenAt: h.LastSeenAt, Gaps: health.Gaps,
		HistoryHours: health.HistoryHours, Workloads: health.Workloads, StepSeconds: health.StepSeconds,
		Missing: languageOf(ctx).missing(h.Name, health.Missing),
	}
	if out.Collectors == nil {
		out.Collectors = []string{}
	}
	if health.LagSeconds >= 0 && len(h.Health) > 0 {
		out.LagSeconds = &health.LagSeconds
	}
	if !h.InspectedAt.IsZero() {
		out.At = &h.InspectedAt
	}
	return body(out), nil
}
