package dialect

import (
	"sort"
	"strings"
)

// Joins knows which names mean the same host, and what runs a pod. Add the series of the plan's
// OfStore selectors, then call Resolve; from then on it may be read by many goroutines. The zero
// value joins nothing but strips ports.
type Joins struct {
	identities []identity
	nodes      [][2]string // node and address, as Kubernetes pairs them

	names  map[string]string // another name → the host's
	owners map[podKey]owner
	sets   map[podKey]owner // of replica sets
}

type identity struct {
	raw, name, alias string
}

type podKey struct{ namespace, name string }

type owner struct{ kind, name string }

// Add takes one series of an Identity or Owner selector.
func (j *Joins) Add(s *Selector, ls Labels) {
	switch {
	case s.Role == Owner:
		j.addOwner(ls)
	case s.Role == Identity && s.Only:
		node, address := ls.Get(s.HostLabels[0]), ls.Get(s.HostLabels[1])
		if node != "" && address != "" && node != address {
			j.nodes = append(j.nodes, [2]string{node, address})
		}
	case s.Role == Identity:
		_, raw := s.HostOf(ls)
		for _, label := range s.HostLabels {
			alias := ls.Get(label)
			if raw != "" && alias != "" {
				j.identities = append(j.identities, identity{raw: raw, name: StripPort(raw), alias: alias})
			}
		}
	}
}

func (j *Joins) addOwner(ls Labels) {
	o := owner{kind: ls.Get("owner_kind"), name: ls.Get("owner_name")}
	if o.name == "" || o.name == "<none>" {
		return
	}
	namespace := ls.Get("namespace")
	if set := ls.Get("replicaset"); set != "" && ls.Get("pod") == "" {
		if j.sets == nil {
			j.sets = map[podKey]owner{}
		}
		j.sets[podKey{namespace, set}] = o
		return
	}
	if j.owners == nil {
		j.owners = map[podKey]owner{}
	}
	j.owners[podKey{namespace, ls.Get("pod")}] = o
}

// Resolve decides which names are one host. The name of a host is the address that it is scraped
// at, without the port; its node name and Kubernetes' name of it lead there. A node name that two
// addresses have joins nothing, and where one address has two node names (exporters behind one
// proxy, or many on one machine in a test) each is a host of its own.
func (j *Joins) Resolve() {
	j.names = map[string]string{}
	aliasesOf, namesOf := map[string]set{}, map[string]set{}
	known := set{}
	for _, id := range j.identities {
		add(aliasesOf, id.name, id.alias)
		add(namesOf, id.alias, id.name)
		known[id.name] = struct{}{}
	}
	sort.Slice(j.identities, func(a, b int) bool { return j.identities[a].raw < j.identities[b].raw })
	rawsOf := map[string]set{}
	for _, id := range j.identities {
		add(rawsOf, id.name, id.raw)
	}
	for _, id := range j.identities {
		switch {
		case len(rawsOf[id.name]) > 1 && len(aliasesOf[id.name]) > 1 && id.raw != id.name:
			j.names[id.raw] = id.alias
		case len(namesOf[id.alias]) == 1 && id.alias != id.name:
			j.names[id.alias] = id.name
		}
	}
	for _, n := range j.nodes {
		j.joinNode(n[0], n[1], known)
	}
}

// joinNode makes one host of a Kubernetes node and its address, under the name that is scraped.
func (j *Joins) joinNode(node, address string, known set) {
	_, addressKnown := known[address]
	host, nodeKnown := j.names[node]
	if _, scraped := known[node]; scraped && !nodeKnown {
		host, nodeKnown = node, true
	}
	switch {
	case addressKnown && !nodeKnown:
		j.names[node] = address
	case nodeKnown && !addressKnown:
		j.names[address] = host
	case !nodeKnown:
		j.names[address] = node
	}
}

type set map[string]struct{}

func add(m map[string]set, key, value string) {
	if m[key] == nil {
		m[key] = set{}
	}
	m[key][value] = struct{}{}
}

// Host is the name of the host that the value of a label means.
func (j *Joins) Host(value string) string {
	if j == nil || len(j.names) == 0 {
		return StripPort(value)
	}
	if host, ok := j.names[value]; ok {
		return host
	}
	name := StripPort(value)
	if host, ok := j.names[name]; ok {
		return host
	}
	return name
}

// Owner is what keeps a pod running, for example "deployment/cart"; empty where it is not known.
func (j *Joins) Owner(namespace, pod string) string {
	if j == nil {
		return ""
	}
	o, ok := j.owners[podKey{namespace, pod}]
	if !ok {
		return ""
	}
	if o.kind == "ReplicaSet" {
		if up, ok := j.sets[podKey{namespace, o.name}]; ok {
			o = up
		}
	}
	return strings.ToLower(o.kind) + "/" + o.name
}
