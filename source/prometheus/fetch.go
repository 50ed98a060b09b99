package prometheus

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
	"github.com/prometheus/prometheus/prompb"
)

// window reads raw samples, or their steps, from one time to another, both inclusive.
func (b *batch) window(ctx context.Context, from, to int64) error {
	if b.access == RemoteRead {
		return b.remoteRead(ctx, from, to)
	}
	for _, selector := range b.selectors() {
		var err error
		out := &router{batch: b}
		if b.access == Range {
			query := fmt.Sprintf("%s[%dms]", selector, to-from+1)
			err = b.client.query(ctx, query, time.UnixMilli(to), out)
		} else {
			step := stepsEvery.Milliseconds()
			first := to - (to-from)/step*step
			err = b.client.queryRange(ctx, fmt.Sprintf("last_over_time(%s[%s])", selector, openStep), first, to, step, out)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// stepsEvery is the step of values that the server samples again.
const stepsEvery = time.Minute

func (b *batch) remoteRead(ctx context.Context, from, to int64) error {
	var queries []*prompb.Query
	for _, c := range b.directory.chains {
		for level := range c.labels {
			hosts := b.hostMatchers(c, level)
			if hosts == nil {
				continue
			}
			for _, g := range c.groups {
				queries = append(queries, &prompb.Query{
					StartTimestampMs: from, EndTimestampMs: to,
					Matchers: append(g.remoteMatchers(), hosts...),
				})
			}
		}
	}
	body, err := remoteReadBody(queries)
	if err != nil {
		return err
	}
	return b.client.do(ctx, request{path: "/api/v1/read", body: body, header: remoteReadHeader}, func(h http.Header, body io.Reader) error {
		return b.packed.decode(h, body, &router{batch: b})
	})
}

func (g *group) remoteMatchers() []*prompb.LabelMatcher {
	var metrics []string
	for _, s := range g.selectors {
		metrics = append(metrics, s.Metric)
	}
	slices.Sort(metrics)
	out := []*prompb.LabelMatcher{oneOf("__name__", slices.Compact(metrics))}
	for _, m := range g.selectors[0].Matchers {
		kind := prompb.LabelMatcher_EQ
		if m.Not {
			kind = prompb.LabelMatcher_NEQ
		}
		out = append(out, &prompb.LabelMatcher{Type: kind, Name: m.Label, Value: m.Value})
	}
	return out
}

func (b *batch) hostMatchers(c *chain, level int) []*prompb.LabelMatcher {
	var values []string
	for _, h := range b.hosts {
		for _, k := range h.keys {
			if k.chain == c && k.level == level {
				values = append(values, k.value)
			}
		}
	}
	if len(values) == 0 {
		return nil
	}
	var out []*prompb.LabelMatcher
	for _, label := range c.labels[:level] {
		out = append(out, &prompb.LabelMatcher{Type: prompb.LabelMatcher_EQ, Name: label})
	}
	slices.Sort(values)
	return append(out, oneOf(c.labels[level], slices.Compact(values)))
}

func oneOf(label string, values []string) *prompb.LabelMatcher {
	if len(values) == 1 {
		return &prompb.LabelMatcher{Type: prompb.LabelMatcher_EQ, Name: label, Value: values[0]}
	}
	escaped := make([]string, len(values))
	for i, v := range values {
		escaped[i] = regexp.QuoteMeta(v)
	}
	return &prompb.LabelMatcher{Type: prompb.LabelMatcher_RE, Name: label, Value: strings.Join(escaped, "|")}
}

// floors asks for those of each selector at the times from first to last, in milliseconds.
func (b *batch) floors(ctx context.Context, first, last int64) error {
	for _, c := range b.directory.chains {
		for _, conditions := range b.hostConditions(c) {
			for _, g := range c.groups {
				for _, sel := range g.selectors {
					if !b.wantsFloors(sel) {
						continue
					}
					err := b.client.queryRange(ctx, floorQuery(sel, conditions), first, last, leak.FloorSeconds*1000, &floorRouter{batch: b, sel: sel})
					if err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// wantsFloors leaves out what is of use in the window alone.
func (b *batch) wantsFloors(sel *dialect.Selector) bool {
	switch sel.Role {
	case dialect.Limit, dialect.OOMKills, dialect.Part:
		return false
	case dialect.WorkingSet: // it stands in where the memory itself is not told
		for _, other := range b.directory.plan.Selectors() {
			if other.Role == dialect.Memory && other.Kind == sel.Kind && other.Dialect() == sel.Dialect() {
				return false
			}
		}
	}
	return true
}

// openInterval is (t − 15 min, t], and openStep (t − 1 min, t]: Prometheus before 3.0 counts a
// sample at the very beginning of a range too, so that the ranges are a millisecond shorter.
const (
	openInterval = "899999ms"
	openStep     = "59999ms"
)

// floorQuery makes floors of one selector. Processes by pid are summed first, minute by minute:
// the sum of their floors would count those that came one after the other twice.
func floorQuery(sel *dialect.Selector, conditions string) string {
	series := sel.PromQL(conditions)
	if !sel.PerPID {
		return fmt.Sprintf("%s(%s[%s])", sel.Floor(), series, openInterval)
	}
	by := slices.Concat(sel.HostLabelsOf(), sel.NameLabels)
	return fmt.Sprintf("%s(sum by (%s) (%s)[%s:1m])", sel.Floor(), strings.Join(by, ","), series, openInterval)
}

// router is a sink that gives samples to the assembler of their host.
type router struct {
	*batch
	undo   rollback
	series *dialect.Series
	last   dialect.Labels // of the series, for its further chunks
}

func (r *router) start() {
	r.undo.restore(r.assemblers[:len(r.hosts)])
	r.series = nil
}

// rollback remembers how many series there were before an answer, to forget what one that broke
// off has left behind.
type rollback struct{ counts []int }

func (r *rollback) restore(assemblers []*dialect.Assembler) {
	if r.counts == nil {
		for _, a := range assemblers {
			r.counts = append(r.counts, a.SeriesCount())
		}
		return
	}
	for i, a := range assemblers {
		a.Truncate(r.counts[i])
	}
}

func (r *router) begin(ls dialect.Labels) {
	if r.series != nil && slices.Equal(r.last, ls) {
		return
	}
	r.last = append(r.last[:0], ls...)
	r.series = r.add(r.directory.plan.Match(ls.Get("__name__"), ls), ls)
}

func (r *router) sample(millis int64, v float64) {
	if r.series != nil {
		r.series.Append(millis, v)
	}
}

// floorRouter is the same for floors, whose metric is known and not in the labels.
type floorRouter struct {
	*batch
	undo   rollback
	sel    *dialect.Selector
	series *dialect.Series
}

func (r *floorRouter) start() { r.undo.restore(r.assemblers[:len(r.hosts)]) }

func (r *floorRouter) begin(ls dialect.Labels) { r.series = r.add(r.sel, ls) }

func (r *floorRouter) sample(millis int64, v float64) {
	if r.series != nil {
		r.series.AppendFloor(millis, v)
	}
}
