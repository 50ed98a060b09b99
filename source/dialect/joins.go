package dialect

import (
	"net/netip"
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

// identity is what one series says: the address that is scraped, without its port, and the names
// that the machine there gives itself, the usual one first.
type identity struct {
	raw, name string
	aliases   []string
}

type podKey struct{ namespace, name string }

type owner struct{ kind, name string }

// Add takes one series of an Identity or Owner selector.
func (j *Joins) Add(s *Selector, ls Labels) {
	switch {
	case s.Role == Owner:
		j.addOwner(ls)
	case s.Role == Identity && s.Pair:
		node, address := ls.Get(s.HostLabels[0]), ls.Get(s.HostLabels[1])
		if node != "" && address != "" && node != address {
			j.nodes = append(j.nodes, [2]string{node, address})
		}
	case s.Role == Identity:
		_, raw := s.HostOf(ls)
		id := identity{raw: raw, name: stripPort(raw)}
		for _, label := range s.HostLabels {
			if alias := ls.Get(label); alias != "" {
				id.aliases = append(id.aliases, alias)
			}
		}
		if raw != "" && len(id.aliases) > 0 {
			j.identities = append(j.identities, id)
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

// Resolve decides which names are one host. A host is named by the address that it is scraped at,
// without the port, or where that is a bare IP address by its node name; its other names lead
// there. A node name that two addresses have joins nothing, and where one address has several
// (exporters behind one proxy, or many on one machine in a test) each is a host of its own.
func (j *Joins) Resolve() {
	j.names = map[string]string{}
	aliasesOf, namesOf := map[string]set{}, map[string]set{}
	for _, id := range j.identities {
		add(aliasesOf, id.name, id.aliases[0])
		for _, alias := range id.aliases {
			add(namesOf, alias, id.name)
		}
	}
	known := set{}
	for _, id := range j.identities {
		alias := id.aliases[0]
		unique := len(namesOf[alias]) == 1
		host := id.name
		switch {
		case len(aliasesOf[id.name]) > 1 && unique:
			host = alias
			j.lead(id.raw, host)
		case len(aliasesOf[id.name]) > 1:
			host = id.raw
			j.names[id.raw] = host
		case isBare(id.name) && unique:
			host = alias
			j.lead(id.name, host)
		}
		known[host] = struct{}{}
		for _, alias := range id.aliases {
			if len(namesOf[alias]) == 1 {
				j.lead(alias, host)
			}
		}
	}
	for _, n := range j.nodes {
		j.joinNode(n[0], n[1], known)
	}
}

func (j *Joins) lead(name, host string) {
	if name != host {
		j.names[name] = host
	}
}

// joinNode makes one host of a Kubernetes node and its address.
func (j *Joins) joinNode(node, address string, known set) {
	byNode, nodeKnown := j.resolved(node, known)
	byAddress, addressKnown := j.resolved(address, known)
	switch {
	case nodeKnown:
		if !addressKnown {
			j.lead(address, byNode)
		}
	case addressKnown && !isBare(byAddress):
		j.lead(node, byAddress)
	default:
		j.lead(address, node)
	}
}

func (j *Joins) resolved(name string, known set) (host string, ok bool) {
	if host, ok = j.names[name]; ok {
		return host, true
	}
	_, ok = known[name]
	return name, ok
}

// isBare tells whether the name is an address that says nothing to a person.
func isBare(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil || name == "localhost"
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
		return stripPort(value)
	}
	if host, ok := j.names[value]; ok {
		return host
	}
	name := stripPort(value)
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
