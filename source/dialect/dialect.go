// Package dialect knows whose metric names speak of memory, and makes readings of their samples.
// In go labelled samples of one host, as any store gives them; out comes a leak.Reading: windows,
// floors, limits, and what is missing.
// Read this file first, then node_exporter.go as the model of a dialect, then assembler.go.
//
// A caller detects the dialects by the metric names that its store holds (Detect), makes a Plan of
// them, reads the series that the Plan's selectors choose, and appends their samples, one by one
// or in blocks, to the Assembler of their host.
package dialect

import (
	"strings"

	"github.com/memseep/memseep/leak"
)

// Dialect is the metric names of one collector.
type Dialect struct {
	Name string // as users know the collector
	// Detect holds metric names any of which shows that the collector writes to a store.
	Detect []string
	// HostLabels are the labels that name the host; the first that is not empty does.
	HostLabels []string
	// Selectors are the series to read. Of several for the same number the earlier is better.
	Selectors []Selector
}

// Role is what the values of a series are.
type Role uint8

// The roles of series: of the host itself, of a workload, and of the whole store.
const (
	UsedPercent      Role = iota // of the host's memory in use, 0..100
	AvailablePercent             // 100 less what is in use
	UsedRatio                    // 0..1
	Available                    // bytes that can be had without swapping
	Used                         // bytes in use
	Total                        // bytes of the host's memory
	Part                         // bytes that add up to the total, with Used

	Memory     // bytes that a workload holds: its growth is judged by them
	WorkingSet // bytes that a workload's limit is compared with; its growth where Memory is missing
	Limit      // bytes that a workload may take; 0 is no limit
	Start      // unix seconds of a start; with Kind host, of the boot
	OOMKills   // counter of kills for want of memory

	Identity // other names of a host; not read with a host's series
	Owner    // what runs a pod; not read with a host's series
)

// OfStore tells whether such series are asked for once a store, not with each host.
func (r Role) OfStore() bool { return r == Identity || r == Owner }

// floorIsMax tells whether the floor of what is derived from the role comes from its maximum.
func (r Role) floorIsMax() bool {
	return r == Available || r == AvailablePercent || r == Total || r == Limit || r == Start
}

// Selector chooses series of one metric for one role.
type Selector struct {
	Metric   string
	Matchers []Matcher // all have to match
	Role     Role
	Kind     leak.Kind // of the object that the series is about
	// NameLabels are the labels that name a workload; the first that is not empty does.
	NameLabels []string
	Name       string // the fixed name of a kernel pool
	// PerPID says that a series is one process of several with the name: they are summed.
	PerPID bool
	// InPod says that a container with a pod label is a part of that pod.
	InPod bool
	// OwnerLabels name what runs a pod, e.g. "deployment"; the first that is not empty does.
	OwnerLabels []string
	Scale       float64 // values are multiplied by it; 0 is 1
	// HostLabels replace those of the dialect; for Identity they hold the further names.
	HostLabels []string
	// Pair says that an Identity's two HostLabels are names of one host, which is none of those
	// that the series itself was scraped from.
	Pair bool

	dialect *Dialect
	rank    int // over all dialects of a plan: the lower is the better
}

// Dialect is the collector that the selector belongs to, once it is part of a Plan.
func (s *Selector) Dialect() *Dialect { return s.dialect }

// Floor is the PromQL function that makes floors of the series over 15 minutes: min_over_time, or
// max_over_time where the complement is judged.
func (s *Selector) Floor() string {
	if s.Role.floorIsMax() {
		return "max_over_time"
	}
	return "min_over_time"
}

// Labels of a host in the order of precedence.
func (s *Selector) hostLabels() []string {
	if len(s.HostLabels) > 0 && s.Role != Identity {
		return s.HostLabels
	}
	return s.dialect.HostLabels
}

// Matcher is one condition on a label, an equality or its opposite.
type Matcher struct {
	Label string
	Value string
	Not   bool
}

// Label is one label of a series.
type Label struct{ Name, Value string }

// Labels are those of one series, __name__ among them.
type Labels []Label

// Get is the value of the label, empty where there is none.
func (ls Labels) Get(name string) string {
	for i := range ls {
		if ls[i].Name == name {
			return ls[i].Value
		}
	}
	return ""
}

// first is the first of the names that has a value, with the value.
func (ls Labels) first(names []string) (name, value string) {
	for _, name = range names {
		if value = ls.Get(name); value != "" {
			return name, value
		}
	}
	return "", ""
}

// String is the selector in PromQL, without the extra conditions.
func (s *Selector) String() string { return s.PromQL("") }

// PromQL is the selector with more conditions, given as they stand between the braces.
func (s *Selector) PromQL(more string) string {
	var b strings.Builder
	b.WriteString(s.Metric)
	if len(s.Matchers) == 0 && more == "" {
		return b.String()
	}
	b.WriteByte('{')
	for i, m := range s.Matchers {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(m.Label)
		if m.Not {
			b.WriteByte('!')
		}
		b.WriteString(`="` + m.Value + `"`)
	}
	if len(s.Matchers) > 0 && more != "" {
		b.WriteByte(',')
	}
	b.WriteString(more)
	b.WriteByte('}')
	return b.String()
}

func (s *Selector) matches(ls Labels) bool {
	for _, m := range s.Matchers {
		if (ls.Get(m.Label) == m.Value) == m.Not {
			return false
		}
	}
	return true
}

func (s *Selector) scale() float64 {
	if s.Scale == 0 {
		return 1
	}
	return s.Scale
}
