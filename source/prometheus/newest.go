package prometheus

import (
	"context"
	"fmt"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

const (
	lookback    = 5 * time.Minute // of an instant query
	coarse      = 48 * time.Hour  // a span that is short enough to be asked sample by sample
	oldestDay   = 20 * 365        // days that are searched at most
	widestBlock = 32              // such spans that a block of Prometheus has at most
	aDay        = 24 * time.Hour  // how exactly an index knows when a series was written
)

// Newest is the time of the newest sample of a host's memory, or of a workload's where no host
// has any: now, where samples still arrive; in a store that was filled from a file it is searched
// for. It returns a *NoMetricsError where there is none.
func (s *Source) Newest(ctx context.Context) (time.Time, error) {
	now := time.Now()
	names := map[string]struct{}{}
	oldest := now.AddDate(0, 0, -oldestDay)
	if err := s.client.values(ctx, "__name__", nil, oldest, now, func(n string) { names[n] = struct{}{} }); err != nil {
		return time.Time{}, fmt.Errorf("list the metrics: %w", err)
	}
	holds := func(n string) bool { _, ok := names[n]; return ok }
	plan := dialect.NewPlan(dialect.Detect(holds), holds)
	none := &NoMetricsError{Address: s.client.shown, From: oldest, To: now}
	selectors := telling(plan)
	if len(selectors) == 0 {
		return time.Time{}, none
	}
	newest, err := s.newestIn(ctx, selectors, now, now)
	if err != nil || !newest.IsZero() {
		return newest, err
	}
	from, to, err := s.searchNewest(ctx, selectors, now)
	if err != nil {
		return time.Time{}, err
	}
	if from.IsZero() {
		return time.Time{}, none
	}
	// An index by days or by blocks may point at a span before or after the newest sample.
	for range widestBlock {
		newest, err := s.newestIn(ctx, selectors, from, to)
		if err != nil || !newest.IsZero() {
			return newest, err
		}
		from, to = from.Add(-coarse), from
	}
	return time.Time{}, none
}

// telling are the selectors whose newest sample is that of the store: those of hosts, or of
// workloads where there are none.
func telling(plan *dialect.Plan) []*dialect.Selector {
	var hosts, workloads []*dialect.Selector
	for _, sel := range plan.Selectors() {
		switch {
		case sel.Kind == "" && sel.Role != dialect.Total && sel.Role != dialect.Part:
			hosts = append(hosts, sel)
		case sel.Role == dialect.Memory && sel.Kind != leak.KindHost:
			workloads = append(workloads, sel)
		}
	}
	if len(hosts) > 0 {
		return hosts
	}
	return workloads
}

// newestIn is the time of the newest sample at some time from one to another, with the lookback
// before them; the zero time where there is none.
func (s *Source) newestIn(ctx context.Context, selectors []*dialect.Selector, from, to time.Time) (time.Time, error) {
	newest := int64(0)
	for _, sel := range selectors {
		query := fmt.Sprintf("max(timestamp(%s))", sel)
		out := &eachSample{each: func(_ dialect.Labels, _ int64, v float64) {
			if ms := int64(v*1000 + 0.5); v == v && ms > newest {
				newest = ms
			}
		}}
		err := s.client.queryRange(ctx, query, from.UnixMilli(), to.UnixMilli(), lookback.Milliseconds(), out)
		if err != nil {
			return time.Time{}, fmt.Errorf("find the newest sample: %w", err)
		}
	}
	if newest == 0 {
		return time.Time{}, nil
	}
	return time.UnixMilli(newest), nil
}

// searchNewest narrows the span in which the newest sample lies down to two days.
func (s *Source) searchNewest(ctx context.Context, selectors []*dialect.Selector, now time.Time) (from, to time.Time, err error) {
	match := make([]string, len(selectors))
	for i, sel := range selectors {
		match[i] = sel.String()
	}
	holds := func(from, to time.Time) (bool, error) {
		found := false
		err := s.client.seriesOf(ctx, match, from, to, func(dialect.Labels) { found = true })
		return found, err
	}
	to = now
	// Beyond 40 days at once VictoriaMetrics' index does not look at the time.
	for days := 1; ; days = min(2*days, 32) {
		from = to.AddDate(0, 0, -days)
		found, err := holds(from, to)
		if err != nil {
			return from, to, fmt.Errorf("find the newest sample: %w", err)
		}
		if found {
			break
		}
		if from.Before(now.AddDate(0, 0, -oldestDay)) {
			return time.Time{}, to, nil
		}
		to = from
	}
	for to.Sub(from) > coarse {
		middle := from.Add(to.Sub(from) / 2)
		found, err := holds(middle, to)
		if err != nil {
			return from, to, fmt.Errorf("find the newest sample: %w", err)
		}
		if found {
			from = middle
		} else {
			to = middle
		}
	}
	return from.Add(-aDay), to.Add(aDay), nil
}
