package dialect

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/memseep/memseep/leak"
)

type objectKey struct {
	kind            leak.Kind
	namespace, name string
}

// object gathers the series that speak of one workload.
type object struct {
	key    objectKey
	pod    string // that the container is a part of
	series []*Series
	parts  []part // of the memory, once chosen
	owner  string
	single bool // the only container of its pod, which is told of instead
}

// part is what adds up to a workload: a process of a group, a container of a pod. Its series tell
// of the same, from several jobs or in pieces.
type part struct {
	name   string
	series []*Series
}

// workloads makes the series of all processes, containers, pods and kernel pools.
func (a *Assembler) workloads() {
	o := a.out
	for _, s := range a.series[:a.used] {
		if s.sel.Kind == "" || s.sel.Kind == leak.KindHost {
			continue
		}
		key, pod, ok := keyOf(s)
		if !ok {
			continue
		}
		ob := a.object(key)
		ob.pod = pod
		ob.series = append(ob.series, s)
	}
	for _, ob := range o.objects[:o.n] {
		ob.chooseMemory()
	}
	a.pods()
	live := o.objects[:o.n]
	slices.SortFunc(live, func(x, y *object) int {
		return cmp.Or(cmp.Compare(x.key.kind, y.key.kind), cmp.Compare(x.key.namespace, y.key.namespace), cmp.Compare(x.key.name, y.key.name))
	})
	for _, ob := range live {
		if len(ob.parts) > 0 && !ob.single {
			o.reading.Workloads = append(o.reading.Workloads, a.workload(ob))
		}
	}
}

// keyOf says which workload a series is of. A container in a pod is named "pod/container".
func keyOf(s *Series) (key objectKey, pod string, ok bool) {
	key.kind, key.name = s.sel.Kind, s.sel.Name
	if key.name == "" {
		_, key.name = s.labels.first(s.sel.NameLabels)
	}
	if key.name == "" {
		return key, "", false
	}
	if key.kind == leak.KindPod || key.kind == leak.KindContainer {
		_, key.namespace = s.labels.first(namespaceLabels)
	}
	if s.sel.InPod {
		if _, pod = s.labels.first(podLabels); pod != "" {
			key.name = pod + "/" + key.name
		}
	}
	return key, pod, true
}

var (
	podLabels       = []string{"pod", "pod_name", "k8s_pod_name"}
	namespaceLabels = []string{"namespace", "pod_namespace", "k8s_namespace_name"}
	pidLabels       = []string{"pid", "process_pid", "process_id"}
)

func (a *Assembler) object(key objectKey) *object {
	o := a.out
	if i, ok := o.index[key]; ok {
		return o.objects[i]
	}
	if o.n == len(o.objects) {
		o.objects = append(o.objects, &object{})
	}
	ob := o.objects[o.n]
	*ob = object{key: key, series: ob.series[:0], parts: ob.parts[:0]}
	o.index[key] = o.n
	o.n++
	return ob
}

// chooseMemory takes the best metric for the growth of the workload: Memory before WorkingSet,
// the higher precedence before the lower, but nothing that is there for less than half of the
// time of another.
func (ob *object) chooseMemory() {
	var sel *Selector
	for _, role := range []Role{Memory, WorkingSet} {
		most := 0
		for _, s := range ob.series {
			if s.sel.Role == role {
				most = max(most, s.presence())
			}
		}
		for _, s := range ob.series {
			if s.sel.Role == role && s.presence() > 0 && 2*s.presence() >= most && (sel == nil || s.sel.rank < sel.rank) {
				sel = s.sel
			}
		}
		if sel != nil {
			break
		}
	}
	if sel == nil {
		return
	}
	for _, s := range ob.series {
		if s.sel != sel {
			continue
		}
		name := ""
		if sel.PerPID {
			_, name = s.labels.first(pidLabels)
		}
		ob.addPart(name, s)
		if label, v := s.labels.first(sel.OwnerLabels); v != "" {
			ob.owner = strings.TrimSuffix(strings.TrimPrefix(label, "k8s_"), "_name") + "/" + v
		}
	}
}

func (ob *object) addPart(name string, s *Series) {
	for i := range ob.parts {
		if ob.parts[i].name == name {
			ob.parts[i].series = append(ob.parts[i].series, s)
			return
		}
	}
	if len(ob.parts) < cap(ob.parts) {
		ob.parts = ob.parts[:len(ob.parts)+1]
	} else {
		ob.parts = append(ob.parts, part{})
	}
	p := &ob.parts[len(ob.parts)-1]
	p.name, p.series = name, append(p.series[:0], s)
}

// pods makes a pod of the containers that say they are in one, where nothing tells of the pod
// itself. The container of a pod with a single one is left out: it is the pod.
func (a *Assembler) pods() {
	o := a.out
	containers := o.n
	for i := range containers {
		ob := o.objects[i]
		if ob.pod == "" || len(ob.parts) == 0 {
			continue
		}
		key := objectKey{leak.KindPod, ob.key.namespace, ob.pod}
		at, exists := o.index[key]
		if exists && at < containers && len(o.objects[at].parts) > 0 && o.objects[at].pod == "" {
			ob.single = a.containersOf(ob, containers) == 1
			o.objects[at].owner = cmp.Or(o.objects[at].owner, ob.owner)
			continue
		}
		pod := a.object(key)
		pod.pod = ob.pod // marks that it was made of containers
		pod.series = append(pod.series, ob.series...)
		for _, p := range ob.parts {
			for _, s := range p.series {
				pod.addPart(ob.key.name+p.name, s)
			}
		}
		pod.owner = cmp.Or(pod.owner, ob.owner)
		ob.single = a.containersOf(ob, containers) == 1
	}
}

// containersOf counts the containers in the pod of a container.
func (a *Assembler) containersOf(c *object, containers int) int {
	n := 0
	for _, ob := range a.out.objects[:containers] {
		if ob.key.kind == leak.KindContainer && ob.pod == c.pod && ob.key.namespace == c.key.namespace && len(ob.parts) > 0 {
			n++
		}
	}
	return n
}

// workload makes the series of one object.
func (a *Assembler) workload(ob *object) leak.Series {
	m := leak.Series{
		Object: leak.Object{Kind: ob.key.kind, Host: a.host, Name: ob.key.name, Namespace: ob.key.namespace},
		Unit:   leak.Bytes,
	}
	if len(ob.parts) == 1 {
		a.onePart(&m, &ob.parts[0])
	} else {
		a.sumParts(&m, ob.parts)
	}
	if scale := ob.parts[0].series[0].sel.scale(); scale != 1 {
		multiply(m.Window.Values, scale)
		multiply(m.History.Floors, scale)
	}
	m.Limits.Capacity = a.capacityOf(ob, lastOf(m.Window.Values))
	if !ob.isPool() {
		m.Limits.Starts, m.Limits.StartsKnown = a.startsOf(ob.series, ob.key.kind)
	}
	m.Limits.OOMKills = a.killsOf(ob.series, ob.key.kind)
	m.Owner = ob.owner
	if m.Owner == "" && (ob.pod != "" || ob.key.kind == leak.KindPod) {
		m.Owner = a.joins.Owner(ob.key.namespace, cmp.Or(ob.pod, ob.key.name))
	}
	return m
}

// isPool tells whether a group has several processes at a time, one of which may start at any
// moment: then a start is no restart of the whole.
func (ob *object) isPool() bool {
	if ob.key.kind != leak.KindProcess || len(ob.parts) < 2 {
		return false
	}
	first, last, lived := int64(math.MaxInt64), int64(math.MinInt64), int64(0)
	for i := range ob.parts {
		s := ob.parts[i].series[0]
		if n := len(s.times); n > 0 {
			first, last = min(first, s.times[0]), max(last, s.times[n-1])
			lived += s.times[n-1] - s.times[0]
		}
	}
	return last > first && lived > (last-first)*5/4
}

func (a *Assembler) onePart(m *leak.Series, p *part) {
	first := p.series[0]
	for _, s := range p.series { // the one that is there for longest, the others fill its gaps
		if s.presence() > first.presence() {
			first = s
		}
	}
	m.Window, m.History = a.windowOf(first), a.historyOf(first)
	for _, s := range p.series {
		if s != first {
			a.fill(m, s)
		}
	}
}

// sumParts adds parts up on one grid, that of the part that is there for longest.
func (a *Assembler) sumParts(m *leak.Series, parts []part) {
	longest := parts[0].series[0]
	for _, p := range parts {
		for _, s := range p.series {
			if len(s.times) > len(longest.times) {
				longest = s
			}
		}
	}
	m.Window = a.windowOf(longest)
	sum := m.Window.Values
	for i := range sum {
		sum[i] = math.NaN()
	}
	for i := range parts {
		one := a.windowWith(parts[i].series[0], m.Window.Step)
		for _, s := range parts[i].series[1:] {
			a.fillWindow(one, s)
		}
		carry(one.Values, int(maxStep/m.Window.Step))
		addTo(sum, one.Values)
		a.out.values.giveBack(len(one.Values))
	}
	a.sumFloors(m, parts)
}

// carry fills gaps of at most `longest` slots within the life of a part with the value before
// them, so that one missed sample is not a drop of the whole.
func carry(values []float64, longest int) {
	last := -1
	for i, v := range values {
		if math.IsNaN(v) {
			continue
		}
		if last >= 0 && i-last-1 <= longest {
			for k := last + 1; k < i; k++ {
				values[k] = values[last]
			}
		}
		last = i
	}
}

func addTo(sum, values []float64) {
	for i, v := range values {
		switch {
		case math.IsNaN(v):
		case math.IsNaN(sum[i]):
			sum[i] = v
		default:
			sum[i] += v
		}
	}
}

// sumFloors adds the floors of the parts up. A process that lived for a third of the 15 minutes
// counts a third: else a job that starts a hundred short processes one after the other would seem
// to have held all of their memory at once.
func (a *Assembler) sumFloors(m *leak.Series, parts []part) {
	n := a.span.floors
	var samples []float64 // of all processes together
	full := float64(leak.FloorSeconds / defaultStep)
	for i := range parts {
		s := parts[i].floors()
		if s == nil {
			continue
		}
		if len(m.History.Floors) == 0 {
			m.History = leak.History{Start: a.span.floor0 / 1000, Floors: appendNaN(a.out.values.take(n)[:0], n)}
			samples = a.out.values.take(n)
			clear(samples)
		}
		for k, c := range s.samples {
			if c != allSamples {
				samples[k] += float64(c)
				full = max(full, float64(c))
			}
		}
	}
	for i := range parts {
		s := parts[i].floors()
		if s == nil {
			continue
		}
		for k, v := range s.floors {
			if math.IsNaN(v) {
				continue
			}
			if len(s.samples) > 0 && s.samples[k] != allSamples {
				// Where no process lived for the whole of the interval, together they may have.
				v *= float64(s.samples[k]) / min(full, samples[k])
			}
			if math.IsNaN(m.History.Floors[k]) {
				m.History.Floors[k] = 0
			}
			m.History.Floors[k] += v
		}
	}
	if samples != nil {
		a.out.values.giveBack(n)
	}
}

// floors is the first series of the part that has some: the others tell of the same.
func (p *part) floors() *Series {
	for _, s := range p.series {
		if len(s.floors) > 0 {
			return s
		}
	}
	return nil
}

func multiply(values []float64, by float64) {
	for i := range values {
		values[i] *= by
	}
}

func lastOf(values []float64) float64 {
	for i := len(values) - 1; i >= 0; i-- {
		if !math.IsNaN(values[i]) {
			return values[i]
		}
	}
	return math.NaN()
}
