package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/source/dialect"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

// directory is what a store holds in a span of time: which hosts, and by which labels their
// series are chosen.
type directory struct {
	plan   *dialect.Plan
	joins  *dialect.Joins
	passes []pass
	keys   []key // sorted by host: those of one host lie together
}

// pass is all metrics whose series may name their host by one label. The series of a host are
// those of all passes.
type pass struct {
	label   string
	metrics *labels.Matcher
}

// key is one value of one pass' label that names a host. A host may have several, as behind
// different ports of one address. It is small, since a store has one for every host.
type key struct {
	host  string
	value string
	pass  int
}

// discover finds the hosts between two times, in milliseconds. Some of them may have no series of
// memory: what a label names shows only when its series are chosen.
func (r *Reader) discover(ctx context.Context, from, to int64) (d *directory, err error) {
	querier, err := r.queryable.ChunkQuerier(from, to)
	if err != nil {
		return nil, fmt.Errorf("open the metrics store for reading: %w", err)
	}
	defer func() { err = errors.Join(err, querier.Close()) }()
	names, _, err := querier.LabelValues(ctx, model.MetricNameLabel, nil)
	if err != nil {
		return nil, fmt.Errorf("list the metrics: %w", err)
	}
	holds := func(name string) bool { _, ok := slices.BinarySearch(names, name); return ok }
	dialects := dialect.Detect(holds)
	if len(dialects) == 0 {
		return nil, &NoMetricsError{From: time.UnixMilli(from), To: time.UnixMilli(to)}
	}
	d = &directory{plan: dialect.NewPlan(dialects, holds), joins: &dialect.Joins{}}
	if err := d.readJoins(ctx, querier, from, to); err != nil {
		return nil, err
	}
	if err := d.makePasses(); err != nil {
		return nil, err
	}
	return d, d.readKeys(ctx, querier)
}

// readJoins reads which names are one host, and what runs the pods.
func (d *directory) readJoins(ctx context.Context, querier storage.ChunkQuerier, from, to int64) error {
	hints := &storage.SelectHints{Start: from, End: to, Func: "series", DisableTrimming: true}
	for _, selector := range d.plan.OfStore() {
		matchers, err := matchersOf(selector)
		if err != nil {
			return err
		}
		set := querier.Select(ctx, false, hints, matchers...)
		for set.Next() {
			d.joins.Add(selector, appendLabels(nil, set.At().Labels()))
		}
		if err := set.Err(); err != nil {
			return fmt.Errorf("read the names of hosts: %w", err)
		}
	}
	d.joins.Resolve()
	return nil
}

func matchersOf(s *dialect.Selector) ([]*labels.Matcher, error) {
	metric, err := matchAny(model.MetricNameLabel, []string{s.Metric})
	if err != nil {
		return nil, err
	}
	out := []*labels.Matcher{metric}
	for _, m := range s.Matchers {
		kind := labels.MatchEqual
		if m.Not {
			kind = labels.MatchNotEqual
		}
		matcher, err := labels.NewMatcher(kind, m.Label, m.Value)
		if err != nil {
			return nil, fmt.Errorf("choose series by %s: %w", m.Label, err)
		}
		out = append(out, matcher)
	}
	return out, nil
}

// matchAny matches a label that has one of the values, none of which is empty.
func matchAny(label string, values []string) (*labels.Matcher, error) {
	kind, pattern := labels.MatchEqual, values[0]
	if len(values) > 1 {
		var b strings.Builder
		for i, v := range values {
			if i > 0 {
				b.WriteByte('|')
			}
			b.WriteString(regexp.QuoteMeta(v))
		}
		kind, pattern = labels.MatchRegexp, b.String()
	}
	m, err := labels.NewMatcher(kind, label, pattern)
	if err != nil {
		return nil, fmt.Errorf("choose series by %s: %w", label, err)
	}
	return m, nil
}

func (d *directory) makePasses() error {
	metrics := map[string][]string{}
	for _, s := range d.plan.Selectors() {
		for _, label := range s.HostLabelsOf() {
			metrics[label] = append(metrics[label], s.Metric)
		}
	}
	for label, names := range metrics {
		slices.Sort(names)
		m, err := matchAny(model.MetricNameLabel, slices.Compact(names))
		if err != nil {
			return err
		}
		d.passes = append(d.passes, pass{label: label, metrics: m})
	}
	slices.SortFunc(d.passes, func(a, b pass) int { return strings.Compare(a.label, b.label) })
	return nil
}

// readKeys lists the values of the labels that name hosts.
func (d *directory) readKeys(ctx context.Context, querier storage.ChunkQuerier) error {
	for i, p := range d.passes {
		values, _, err := querier.LabelValues(ctx, p.label, nil)
		if err != nil {
			return fmt.Errorf("list the values of %s: %w", p.label, err)
		}
		d.keys = slices.Grow(d.keys, len(values))
		for _, v := range values {
			if v == "" {
				continue
			}
			v = strings.Clone(v) // that of the index is gone once the querier is closed
			d.keys = append(d.keys, key{host: d.joins.Host(v), value: v, pass: i})
		}
	}
	slices.SortFunc(d.keys, func(a, b key) int {
		return cmp.Or(strings.Compare(a.host, b.host), cmp.Compare(a.pass, b.pass), strings.Compare(a.value, b.value))
	})
	return nil
}

// only are the keys of the hosts with the names.
func (d *directory) only(names []string) []key {
	names = slices.Clone(names)
	slices.Sort(names)
	var found []key
	for _, name := range slices.Compact(names) {
		i, _ := slices.BinarySearchFunc(d.keys, name, func(k key, name string) int { return strings.Compare(k.host, name) })
		for ; i < len(d.keys) && d.keys[i].host == name; i++ {
			found = append(found, d.keys[i])
		}
	}
	return found
}

// appendLabels appends the labels of a series; their strings are those of the series.
func appendLabels(dst dialect.Labels, ls labels.Labels) dialect.Labels {
	ls.Range(func(l labels.Label) { dst = append(dst, dialect.Label{Name: l.Name, Value: l.Value}) })
	return dst
}
