package dialect

import (
	"sort"

	"github.com/memseep/memseep/leak"
)

// assembly is the reading that is being made, with the buffers behind it.
type assembly struct {
	reading leak.Reading
	memory  leak.Series
	labels  map[string]string
	values  arena
	counts  [maxStep + 2]uint32

	objects []*object // reused; the first n are of this host
	n       int
	index   map[objectKey]int
	starts  []int64
}

// Reading puts together what was added since Begin. It and its slices belong to the Assembler
// until the next Begin.
func (a *Assembler) Reading() *leak.Reading {
	o := a.out
	o.values.reset()
	o.n, o.starts = 0, o.starts[:0]
	if o.labels == nil {
		o.labels = map[string]string{}
		o.index = map[objectKey]int{}
	}
	clear(o.labels)
	clear(o.index)
	r := &o.reading
	*r = leak.Reading{
		Host:      leak.Host{Name: a.host, Labels: o.labels, Collectors: r.Host.Collectors[:0]},
		Workloads: r.Workloads[:0],
		Notes:     r.Notes[:0],
	}
	for _, s := range a.series[:a.used] {
		if !s.sorted && !isAscending(s.times) {
			sort.Stable(byTime{s.times, s.values})
		}
	}
	a.collectors()
	a.hostMemory()
	a.workloads()
	a.notes()
	return r
}

// collectors lists the dialects that speak of the host, in the order of their precedence.
func (a *Assembler) collectors() {
	host := &a.out.reading.Host
	for _, s := range a.series[:a.used] {
		name := s.sel.dialect.Name
		known := false
		for _, c := range host.Collectors {
			known = known || c == name
		}
		if !known {
			host.Collectors = append(host.Collectors, name)
		}
	}
	sort.Strings(host.Collectors)
}

// notes says what is missing on the host, and what to install for it.
func (a *Assembler) notes() {
	r := &a.out.reading
	if a.used == 0 {
		return
	}
	if r.Memory == nil && len(r.Notes) == 0 {
		r.Notes = append(r.Notes, leak.Note{Code: leak.NoHostMemory, Host: a.host})
	}
	for i := range r.Workloads {
		if r.Workloads[i].Object.Kind != leak.KindKernel {
			return
		}
	}
	missing := leak.NoProcesses
	for _, c := range r.Host.Collectors {
		switch c {
		case windowsExporter.Name:
			missing = leak.NoProcessesWindows
		case telegraf.Name:
			missing = leak.NoProcessesTelegraf
		case dataKit.Name:
			missing = leak.NoProcessesDataKit
		case openTelemetry.Name:
			missing = leak.NoProcessesOpenTelemetry
		}
	}
	r.Notes = append(r.Notes, leak.Note{Code: missing, Host: a.host})
}

// arena hands out slices that live until it is reset.
type arena struct {
	chunk []float64
	used  int
}

const arenaChunk = 4 << 10

func (r *arena) reset() { r.used = 0 }

// take returns n values of no certain content. A chunk that is too small is left to the garbage
// collector and followed by one of twice the size, so that in the end one is enough.
func (r *arena) take(n int) []float64 {
	if len(r.chunk)-r.used < n {
		r.chunk = make([]float64, max(arenaChunk, 2*len(r.chunk), n))
		r.used = 0
	}
	s := r.chunk[r.used : r.used+n : r.used+n]
	r.used += n
	return s
}

// giveBack returns the n values that were taken last.
func (r *arena) giveBack(n int) { r.used -= n }
