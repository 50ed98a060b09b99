package dialect

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/memseep/memseep/leak"
)

// Naming says which host any series is of, also one of a metric that no dialect knows.
type Naming struct {
	joins  *Joins
	values map[string][]string // of labels, by host
}

// namingLabels are those that may name a host. What is scraped may tell of another machine than
// its own, so that instance counts last.
var namingLabels = []string{"host_name", "k8s_node_name", "node", "kubernetes_io_hostname", "node_name", "host", "nodename", "instance"}

// NewNaming makes one without hosts; joins is nil where nothing is known.
func NewNaming(joins *Joins) *Naming {
	if joins == nil {
		joins = &Joins{}
	}
	return &Naming{joins: joins, values: map[string][]string{}}
}

// Add notes a value of a label that names the host.
func (n *Naming) Add(host, value string) {
	if !slices.Contains(n.values[host], value) {
		n.values[host] = append(n.values[host], value)
	}
}

// Host is the host that the labels of a series name; empty where it is none that is known.
func (n *Naming) Host(labels map[string]string) string {
	for _, name := range namingLabels {
		if labels[name] == "" {
			continue
		}
		if host := n.joins.Host(labels[name]); n.values[host] != nil {
			return host
		}
	}
	return ""
}

// Selectors are those of a query, in PromQL; the answer is the union of their series, of which some
// may be of another host. An error is a *leak.MetricQueryError.
func (n *Naming) Selectors(q leak.MetricQuery) ([]string, error) {
	if q.Metric == "" {
		return nil, &leak.MetricQueryError{Text: "name a metric"}
	}
	conditions := "__name__=" + quote(q.Metric)
	for _, name := range slices.Sorted(maps.Keys(q.Labels)) {
		if !labelName.MatchString(name) {
			return nil, &leak.MetricQueryError{Text: fmt.Sprintf("%q is no name of a label", name)}
		}
		conditions += "," + name + anyOf(quoteAll(q.Labels[name]))
	}
	if q.Host == "" {
		return []string{"{" + conditions + "}"}, nil
	}
	if n.values[q.Host] == nil {
		return nil, &leak.MetricQueryError{Text: "the source knows no host " + q.Host}
	}
	list := make([]string, len(namingLabels))
	for i, label := range namingLabels {
		list[i] = "{" + conditions + "," + label + anyOf(n.patterns(q.Host)) + "}"
	}
	return list, nil
}

// patterns match what may name a host: with any port, since several collectors run on one machine.
func (n *Naming) patterns(host string) []string {
	values := append([]string{host}, n.values[host]...)
	for alias, of := range n.joins.names {
		if of == host {
			values = append(values, alias)
		}
	}
	var list []string
	for _, v := range values {
		list = append(list, regexp.QuoteMeta(v), regexp.QuoteMeta(stripPort(v))+":[0-9]+")
	}
	slices.Sort(list)
	return slices.Compact(list)
}

var labelName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

func quoteAll(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = regexp.QuoteMeta(v)
	}
	return out
}

// anyOf is the rest of a matcher: one of the patterns.
func anyOf(patterns []string) string { return "=~" + quote(strings.Join(patterns, "|")) }

var quoting = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func quote(s string) string { return `"` + quoting.Replace(s) + `"` }
