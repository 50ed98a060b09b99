package dialect

import (
	"slices"
	"strings"
)

// Plan is what is to be read from one store: the selectors of the dialects that it speaks. It is
// not changed once made, and may be used by many goroutines.
type Plan struct {
	Dialects  []*Dialect
	selectors []*Selector
	byMetric  map[string][]*Selector
}

// NewPlan makes the plan of a store that speaks the dialects, in their order of precedence, and
// that holds the metric names; holds may be nil where they are not known. Where two dialects
// select the same series, the first of them does.
func NewPlan(dialects []*Dialect, holds func(metric string) bool) *Plan {
	p := &Plan{Dialects: dialects, byMetric: map[string][]*Selector{}}
	for _, d := range dialects {
		for i := range d.Selectors {
			s := d.Selectors[i]
			if holds != nil && !holds(s.Metric) || p.has(&s) {
				continue
			}
			s.dialect, s.rank = d, len(p.selectors)
			p.selectors = append(p.selectors, &s)
			p.byMetric[s.Metric] = append(p.byMetric[s.Metric], &s)
		}
	}
	return p
}

func (p *Plan) has(s *Selector) bool {
	return slices.ContainsFunc(p.byMetric[s.Metric], func(o *Selector) bool {
		return o.Role == s.Role && slices.Equal(o.Matchers, s.Matchers)
	})
}

// Selectors are those of series that are read with each host.
func (p *Plan) Selectors() []*Selector { return p.filter(false) }

// OfStore are the selectors of series that are asked for once a store and go to Joins.
func (p *Plan) OfStore() []*Selector { return p.filter(true) }

func (p *Plan) filter(ofStore bool) []*Selector {
	var out []*Selector
	for _, s := range p.selectors {
		if s.Role.OfStore() == ofStore {
			out = append(out, s)
		}
	}
	return out
}

// Match is the selector that wants the series, nil where none does. The metric's name is given
// apart from the labels, which may lack __name__.
func (p *Plan) Match(metric string, ls Labels) *Selector {
	for _, s := range p.byMetric[metric] {
		if s.matches(ls) {
			return s
		}
	}
	return nil
}

// HostOf is the label of a series that names its host, and its value as it stands there; both are
// empty where none does. Joins.Host makes the name of the host from the value.
func (s *Selector) HostOf(ls Labels) (label, value string) {
	return ls.first(s.hostLabels())
}

// HostLabelsOf are the labels that may name the host of the selector's series, in their order.
func (s *Selector) HostLabelsOf() []string { return s.hostLabels() }

// stripPort takes the scheme, the path and the port off the address that a collector was scraped
// at: "http://web-1:9100/metrics" is "web-1". What is no such address stays as it is.
func stripPort(address string) string {
	if !strings.ContainsAny(address, ":/") {
		return address
	}
	if i := strings.Index(address, "://"); i >= 0 {
		address = address[i+len("://"):]
		if i := strings.IndexByte(address, '/'); i >= 0 {
			address = address[:i]
		}
	}
	if strings.HasPrefix(address, "[") {
		if i := strings.IndexByte(address, ']'); i > 1 {
			return address[1:i]
		}
		return address
	}
	i := strings.IndexByte(address, ':')
	if i <= 0 || !isPort(address[i+1:]) {
		return address
	}
	return address[:i]
}

func isPort(s string) bool {
	if s == "" || len(s) > 5 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
