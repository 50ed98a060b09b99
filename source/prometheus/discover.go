package prometheus

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/memseep/memseep/source/dialect"
	"golang.org/x/sync/errgroup"
)

// directory is what a server holds in a span of time: which hosts, and by which labels their
// series are to be asked for.
type directory struct {
	at   time.Time
	span time.Duration
	made time.Time // by the clock

	plan   *dialect.Plan
	joins  *dialect.Joins
	chains []*chain
	hosts  []*entry // sorted by name
}

// chain is the selectors whose series name their host by the same labels, in the same order.
type chain struct {
	labels   []string
	dialects []string
	groups   []*group
}

// group is the selectors of a chain with the same matchers: one request gets them all.
type group struct {
	matchers  string // as they stand between the braces
	selectors []*dialect.Selector
}

// key says how a host is named by the series of a chain: by which of its labels, and how.
type key struct {
	chain *chain
	level int
	value string
}

func (k key) label() string { return k.chain.labels[k.level] }

type entry struct {
	name string
	keys []key
}

// only are the hosts with the names.
func (d *directory) only(names []string) []*entry {
	var found []*entry
	for _, name := range names {
		i := sort.Search(len(d.hosts), func(i int) bool { return d.hosts[i].name >= name })
		if i < len(d.hosts) && d.hosts[i].name == name && !slices.Contains(found, d.hosts[i]) {
			found = append(found, d.hosts[i])
		}
	}
	return found
}

// directoryAge is for how long a directory is not asked for again.
const directoryAge = time.Minute

// identitySpan is how far back names and owners are looked for.
const identitySpan = 6 * time.Hour

// discover finds the hosts with samples in the span before the time.
func (s *Source) discover(ctx context.Context, at time.Time, span time.Duration) (*directory, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.directory; d != nil && d.at.Equal(at) && d.span >= span && time.Since(d.made) < directoryAge {
		return d, nil
	}
	from := at.Add(-span)
	names, labels := map[string]struct{}{}, map[string]struct{}{}
	g, groupCtx := errgroup.WithContext(ctx)
	g.Go(func() error {
		return s.client.values(groupCtx, "__name__", nil, from, at, func(name string) { names[name] = struct{}{} })
	})
	g.Go(func() error {
		return s.client.labelNames(groupCtx, from, at, func(name string) { labels[name] = struct{}{} })
	})
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("list the metrics: %w", err)
	}
	holds := func(name string) bool { _, ok := names[name]; return ok }
	dialects := dialect.Detect(holds)
	if len(dialects) == 0 {
		return nil, &NoMetricsError{Address: s.client.shown, From: from, To: at}
	}
	d := &directory{at: at, span: span, made: time.Now(), plan: dialect.NewPlan(dialects, holds), joins: &dialect.Joins{}}
	d.makeChains()
	if err := d.readJoins(ctx, s.client); err != nil {
		return nil, err
	}
	if err := d.readHosts(ctx, s.client, from, labels); err != nil {
		return nil, err
	}
	if len(d.hosts) == 0 {
		return nil, &NoMetricsError{Address: s.client.shown, From: from, To: at}
	}
	s.directory = d
	return d, nil
}

func (d *directory) makeChains() {
	byLabels := map[string]*chain{}
	for _, sel := range d.plan.Selectors() {
		labels := sel.HostLabelsOf()
		id := strings.Join(labels, ",")
		c := byLabels[id]
		if c == nil {
			c = &chain{labels: labels}
			byLabels[id] = c
			d.chains = append(d.chains, c)
		}
		c.add(sel)
	}
}

func (c *chain) add(sel *dialect.Selector) {
	if name := sel.Dialect().Name; !slices.Contains(c.dialects, name) {
		c.dialects = append(c.dialects, name)
	}
	matchers := strings.TrimSuffix(strings.TrimPrefix(sel.String()[len(sel.Metric):], "{"), "}")
	for _, g := range c.groups {
		if g.matchers == matchers {
			g.selectors = append(g.selectors, sel)
			return
		}
	}
	c.groups = append(c.groups, &group{matchers: matchers, selectors: []*dialect.Selector{sel}})
}

// selector is the series selector of the group's metrics with more conditions.
func (g *group) selector(conditions string) string {
	metrics := make([]string, len(g.selectors))
	for i, s := range g.selectors {
		metrics[i] = s.Metric
	}
	slices.Sort(metrics)
	return fmt.Sprintf("{%s}", join(matchAny("__name__", slices.Compact(metrics)), g.matchers, conditions))
}

func join(conditions ...string) string {
	var out []string
	for _, c := range conditions {
		if c != "" {
			out = append(out, c)
		}
	}
	return strings.Join(out, ",")
}

// matchAny is the condition that the label has one of the values.
func matchAny(label string, values []string) string {
	if len(values) == 1 {
		return label + "=" + quote(values[0])
	}
	escaped := make([]string, len(values))
	for i, v := range values {
		escaped[i] = regexp.QuoteMeta(v)
	}
	return label + "=~" + quote(strings.Join(escaped, "|"))
}

var quoting = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func quote(s string) string { return `"` + quoting.Replace(s) + `"` }

// below is the condition that none of the labels before the level names the host.
func (c *chain) below(level int) string {
	var out []string
	for _, label := range c.labels[:level] {
		out = append(out, label+`=""`)
	}
	return strings.Join(out, ",")
}

// readJoins asks which names are one host, and what runs the pods.
func (d *directory) readJoins(ctx context.Context, c *client) error {
	for _, sel := range d.plan.OfStore() {
		err := c.seriesOf(ctx, []string{sel.String()}, d.at.Add(-identitySpan), d.at, func(ls dialect.Labels) {
			d.joins.Add(sel, ls)
		})
		if err != nil {
			return fmt.Errorf("read the names of hosts: %w", err)
		}
	}
	d.joins.Resolve()
	return nil
}

// discoverParallel is how many lists of label values are asked for at once.
const discoverParallel = 4

// readHosts lists the values of the labels that name hosts, chain by chain and level by level.
// Labels that the server does not have at all are not asked for.
func (d *directory) readHosts(ctx context.Context, c *client, from time.Time, labels map[string]struct{}) error {
	type list struct {
		chain  *chain
		level  int
		values []string
	}
	var lists []*list
	for _, ch := range d.chains {
		for level, label := range ch.labels {
			if _, ok := labels[label]; !ok {
				continue
			}
			lists = append(lists, &list{chain: ch, level: level})
		}
	}
	g, groupCtx := errgroup.WithContext(ctx)
	g.SetLimit(discoverParallel)
	for _, l := range lists {
		g.Go(func() error {
			var match []string
			for _, gr := range l.chain.groups {
				match = append(match, gr.selector(join(l.chain.below(l.level), l.chain.labels[l.level]+`!=""`)))
			}
			return c.values(groupCtx, l.chain.labels[l.level], match, from, d.at, func(v string) { l.values = append(l.values, v) })
		})
	}
	if err := g.Wait(); err != nil {
		return fmt.Errorf("list the hosts: %w", err)
	}
	byName := map[string]*entry{}
	for _, l := range lists {
		for _, v := range l.values {
			if v == "" {
				continue
			}
			name := d.joins.Host(v)
			e := byName[name]
			if e == nil {
				e = &entry{name: name}
				byName[name] = e
				d.hosts = append(d.hosts, e)
			}
			k := key{chain: l.chain, level: l.level, value: v}
			if !slices.Contains(e.keys, k) {
				e.keys = append(e.keys, k)
			}
		}
	}
	slices.SortFunc(d.hosts, func(a, b *entry) int { return strings.Compare(a.name, b.name) })
	return nil
}
