package file

import (
	"math"
	"slices"
	"strings"

	"github.com/memseep/memseep/leak"
)

// fleet is what the CSV files hold.
type fleet struct {
	hosts     []*host // sorted by name once settled
	byName    map[string]*host
	workloads map[string]*workload // by host, kind, namespace and name, with NUL between
	newest    int64                // milliseconds; math.MinInt64 without samples
	lastHost  *host                // rows of one host mostly follow each other
}

// host is one machine with its workloads, in the order that they were met.
type host struct {
	name      string
	measured  bool    // rows of its own memory were seen, if only gaps
	used      samples // percent
	total     samples // bytes
	workloads []*workload
}

type workload struct {
	object leak.Object
	bytes  samples
	limit  samples
	starts samples // the start time in milliseconds that each row tells
}

func newFleet() *fleet {
	return &fleet{byName: map[string]*host{}, workloads: map[string]*workload{}, newest: math.MinInt64}
}

func (f *fleet) hostNamed(name []byte) *host {
	if h := f.lastHost; h != nil && h.name == string(name) {
		return h
	}
	h, ok := f.byName[string(name)]
	if !ok {
		h = &host{name: string(name)}
		f.hosts = append(f.hosts, h)
		f.byName[h.name] = h
	}
	f.lastHost = h
	return h
}

func (f *fleet) workloadOf(key []byte, h *host, kind leak.Kind, namespace, name []byte) *workload {
	w, ok := f.workloads[string(key)]
	if !ok {
		w = &workload{object: leak.Object{Kind: kind, Host: h.name, Name: string(name), Namespace: string(namespace)}}
		h.workloads = append(h.workloads, w)
		f.workloads[string(key)] = w
	}
	return w
}

func (f *fleet) take(s *samples, millis int64, n number) {
	s.append(millis, n)
	f.newest = max(f.newest, millis)
}

// settle ends the reading of files: from then on the fleet is only read.
func (f *fleet) settle() {
	slices.SortFunc(f.hosts, func(a, b *host) int { return strings.Compare(a.name, b.name) })
	for _, h := range f.hosts {
		h.used.settle()
		h.total.settle()
		for _, w := range h.workloads {
			w.bytes.settle()
			w.limit.settle()
			w.starts.settle()
		}
	}
	f.workloads, f.lastHost = nil, nil
}

// totalAt is the memory of the host in bytes as told last before the time, or else first after
// it; 0 where no row tells it.
func (h *host) totalAt(millis int64) float64 { return valueAt(&h.total, millis) }

func valueAt(s *samples, millis int64) float64 {
	v := 0.0
	for c := s.cursor(); c.next(); {
		if c.time > millis && v != 0 {
			break
		}
		v = c.value
		if c.time > millis {
			break
		}
	}
	return v
}
