package file

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
)

// fleet is what CSV files hold. It is a content.
type fleet struct {
	list      []*host // sorted by name once settled
	byName    map[string]*host
	workloads map[string]*workload // by host, kind, namespace and name, with NUL between
	last      int64                // time of the newest sample; math.MinInt64 without samples
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
	return &fleet{byName: map[string]*host{}, workloads: map[string]*workload{}, last: math.MinInt64}
}

func (f *fleet) hostNamed(name []byte) *host {
	if h := f.lastHost; h != nil && h.name == string(name) {
		return h
	}
	h, ok := f.byName[string(name)]
	if !ok {
		h = &host{name: string(name)}
		f.list = append(f.list, h)
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
	f.last = max(f.last, millis)
}

// settle ends the reading of files: from then on the fleet is only read.
func (f *fleet) settle() {
	slices.SortFunc(f.list, func(a, b *host) int { return strings.Compare(a.name, b.name) })
	for _, h := range f.list {
		h.used.settle()
		h.total.settle()
		for _, w := range h.workloads {
			w.bytes.settle()
			w.limit.settle()
			w.starts.settle()
		}
	}
	f.byName, f.workloads, f.lastHost = nil, nil, nil
}

func (f *fleet) size() int     { return len(f.list) }
func (f *fleet) newest() int64 { return f.last }

func (f *fleet) find(name string) (int, bool) {
	return slices.BinarySearchFunc(f.list, name, func(h *host, name string) int { return strings.Compare(h.name, name) })
}

func (f *fleet) hosts(at time.Time) []leak.Host {
	hosts := make([]leak.Host, len(f.list))
	for i, h := range f.list {
		hosts[i] = leak.Host{Name: h.name, TotalBytes: h.totalAt(at.UnixMilli()), Collectors: collectors}
	}
	return hosts
}

func (f *fleet) reader(q leak.Query) func(i int) *leak.Reading {
	w := newWindower(q)
	return func(i int) *leak.Reading { return w.read(f.list[i]) }
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
