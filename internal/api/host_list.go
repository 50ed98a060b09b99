package api

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

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
		Missing: len(healthOf(h.Health).Missing),
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

func healthOf(kept json.RawMessage) inspect.Health {
	var health inspect.Health
	if len(kept) > 0 && json.Unmarshal(kept, &health) != nil {
		return inspect.Health{} // the row is of another version; the next run writes it anew
	}
	return health
}

func (a *API) listHosts(ctx context.Context, in *listHostsInput) (*pageOutput[Host], error) {
	filter := state.HostFilter{Text: in.Text, Sort: state.HostSort(in.Sort), Page: state.Page{Limit: in.Limit, Cursor: in.Cursor}}
	simple := in.Collector == "" && len(in.Label) == 0 && len(in.State) == 0 && (in.Sort == "name" || in.Sort == "value")
	next := ""
	if !simple {
		names, after, err := a.chooseHosts(ctx, in)
		if err != nil {
			return nil, err
		}
		if len(names) == 0 {
			return page([]Host{}, ""), nil
		}
		filter, next = state.HostFilter{Names: names, Page: state.Page{Limit: len(names)}}, after
	}
	rows, after, err := a.DB.Hosts(ctx, workspaceOf(ctx), filter)
	if err != nil {
		return nil, err
	}
	if simple {
		next = after
	} else {
		at := make(map[string]int, len(filter.Names))
		for i, name := range filter.Names {
			at[name] = i
		}
		slices.SortFunc(rows, func(x, y state.Host) int { return at[x.Name] - at[y.Name] })
	}
	open, err := a.DB.OpenByHost(ctx, workspaceOf(ctx), namesOf(rows))
	if err != nil {
		return nil, err
	}
	l := languageOf(ctx)
	return pageOf(rows, next, func(h state.Host) Host { return a.hostView(l, h, open) }), nil
}

func namesOf(hosts []state.Host) []string {
	names := make([]string, len(hosts))
	for i, h := range hosts {
		names[i] = h.Name
	}
	return names
}

// chooseHosts chooses and sorts by what the database has no index of: a workspace has thousands of
// hosts, not millions. The cursor is a position.
func (a *API) chooseHosts(ctx context.Context, in *listHostsInput) (names []string, next string, err error) {
	labels, err := pairs("label", in.Label)
	if err != nil {
		return nil, "", err
	}
	first := 0
	if in.Cursor != "" {
		if first, err = strconv.Atoi(in.Cursor); err != nil || first < 0 {
			return nil, "", state.ErrBadCursor
		}
	}
	if in.Collector == "" && len(labels) == 0 {
		var more bool
		names, more, err = a.DB.HostNames(ctx, workspaceOf(ctx), state.HostPlace{
			Text: in.Text, States: in.State, Sort: state.HostSort(in.Sort), First: first, Limit: in.Limit,
		})
		if more {
			next = strconv.Itoa(first + in.Limit)
		}
		return names, next, err
	}
	ranks, err := a.DB.HostRanks(ctx, workspaceOf(ctx), in.Text, state.HostColumns{
		Exhaustion: in.Sort == "exhaustion", Tags: true,
	})
	if err != nil {
		return nil, "", err
	}
	ranks = slices.DeleteFunc(ranks, func(r state.HostRank) bool { return !in.keeps(r, labels) })
	slices.SortStableFunc(ranks, hostOrders[in.Sort])
	last := min(first+in.Limit, len(ranks))
	if last < len(ranks) {
		next = strconv.Itoa(last)
	}
	for _, r := range ranks[min(first, last):last] {
		names = append(names, r.Name)
	}
	return names, next, nil
}

func (in *listHostsInput) keeps(r state.HostRank, labels map[string][]string) bool {
	if len(in.State) > 0 && !slices.Contains(in.State, rankState(r)) || in.Collector != "" && !slices.Contains(r.Collectors, in.Collector) {
		return false
	}
	for key, values := range labels {
		if !slices.Contains(values, r.Labels[key]) {
			return false
		}
	}
	return true
}

// rankState is hostState of what a list keeps apart.
func rankState(r state.HostRank) string {
	switch r.Cause {
	case "", leak.NoData, leak.TooShort:
		return noDataState
	}
	return string(cmp.Or(r.Level, leak.OK))
}

var hostOrders = map[string]func(x, y state.HostRank) int{
	"name":       func(x, y state.HostRank) int { return strings.Compare(x.Name, y.Name) },
	"level":      func(x, y state.HostRank) int { return hostUrgency(rankState(y)) - hostUrgency(rankState(x)) },
	"value":      func(x, y state.HostRank) int { return cmp.Compare(known(y.Percent), known(x.Percent)) },
	"exhaustion": func(x, y state.HostRank) int { return soon(x).Compare(soon(y)) },
	"seen":       func(x, y state.HostRank) int { return x.LastSeenAt.Compare(y.LastSeenAt) },
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

// never sorts hosts that are not known to run out of memory behind all others.
var never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

func soon(r state.HostRank) time.Time {
	at, err := time.Parse(time.RFC3339, r.Exhaustion)
	if err != nil {
		return never
	}
	return at
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
	health := healthOf(h.Health)
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
