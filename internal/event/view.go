package event

import (
	"slices"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

// hostView is what one run says of a host and its workloads.
type hostView struct {
	name        string
	at          time.Time
	failed      bool
	fingerprint string
	finding     *inspect.Finding // the host's own; nil where there is none
	views       map[string]*view // by fingerprint
	order       []*view          // as they came
	series      map[leak.Object]*inspect.Finding
	twice       map[leak.Object]bool
}

// view is what one run says of what has one event: pods of one deployment are one.
type view struct {
	fingerprint string
	owner       string
	state       state
	finding     *inspect.Finding // of several the one that leaks most urgently
	certain     bool             // one of them need not wait
}

// gather puts the findings of each host together, hosts in the order in which they come. Most hosts
// have no leak and no open event: they are left out, before a fingerprint of all they run is made.
func gather(findings []inspect.Finding, open map[string][]Event, o Options) []*hostView {
	matters := map[string]bool{}
	for i := range findings {
		if f := &findings[i]; f.Verdict.Leak || len(open[f.Object.Host]) > 0 {
			matters[f.Object.Host] = true
		}
	}
	var hosts []*hostView
	byName := map[string]*hostView{}
	for i := range findings {
		f := &findings[i]
		if !matters[f.Object.Host] {
			continue
		}
		h := byName[f.Object.Host]
		if h == nil {
			h = &hostView{
				name: f.Object.Host, at: f.At.UTC(), views: map[string]*view{},
				fingerprint: Fingerprint(o.WorkspaceID, o.InspectionID, leak.Object{Kind: leak.KindHost, Host: f.Object.Host}, ""),
				series:      map[leak.Object]*inspect.Finding{}, twice: map[leak.Object]bool{},
			}
			byName[h.name] = h
			hosts = append(hosts, h)
		}
		h.take(f, o)
	}
	return hosts
}

func (h *hostView) take(f *inspect.Finding, o Options) {
	h.failed = h.failed || f.Err != nil
	if f.Object.Kind == leak.KindHost {
		h.finding = f
	}
	if h.series[f.Object] != nil {
		h.twice[f.Object] = true
	}
	h.series[f.Object] = f
	fingerprint := Fingerprint(o.WorkspaceID, o.InspectionID, f.Object, f.Owner)
	s := stateOf(&f.Verdict)
	v := h.views[fingerprint]
	certain := s == leaks && f.Wait == ""
	switch {
	case v == nil:
		v = &view{fingerprint: fingerprint, owner: OwnerOf(f.Object, f.Owner), state: s, finding: f}
		h.views[fingerprint] = v
		h.order = append(h.order, v)
	case s > v.state, s == v.state && s == leaks && moreUrgent(&f.Verdict, &v.finding.Verdict):
		v.state, v.finding = s, f
	}
	v.certain = v.certain || certain
}

// rankOf is how urgent a level is; higher is more.
func rankOf(l leak.Level) int {
	return slices.Index([]leak.Level{leak.OK, Info, leak.Warning, leak.Error, leak.Critical}, l)
}

func moreUrgent(a, b *leak.Verdict) bool {
	if d := rankOf(a.Level) - rankOf(b.Level); d != 0 {
		return d > 0
	}
	return a.Confidence > b.Confidence
}

func (h *hostView) leaks() bool {
	v := h.views[h.fingerprint]
	return v != nil && v.state == leaks
}

// levelOf is the level of an event about v: a host whose container is about to meet its limit is as
// urgent as the container, since the container has no event of its own then.
func (h *hostView) levelOf(v *view) leak.Level {
	level := v.finding.Verdict.Level
	if v.fingerprint != h.fingerprint {
		return level
	}
	for _, w := range h.order {
		if w.state == leaks && rankOf(w.finding.Verdict.Level) > rankOf(level) {
			level = w.finding.Verdict.Level
		}
	}
	return level
}

// suspectsOf is who grew, with what the own verdict of each says where it leaks.
func (h *hostView) suspectsOf() []Suspect {
	out := SuspectsOf(h.suspects())
	for i := range out {
		s := &out[i]
		f := h.series[leak.Object{Kind: s.Kind, Host: h.name, Name: s.Name, Namespace: s.Namespace}]
		if f != nil && f.Verdict.Leak {
			s.Level, s.Exhaustion = f.Verdict.Level, unix(f.Verdict.Exhaustion.At)
		}
	}
	return out
}

func (h *hostView) suspects() []suspect.Suspect {
	if h.finding == nil {
		return nil
	}
	return h.finding.Suspects
}

// outerOf is the container or pod that leaks by its own verdict and whose memory v's leak is; nil
// where there is none. The ranking leaves out what is inside another that it names, so a leaking
// workload is missing from it for that reason alone, unless it is full.
func (h *hostView) outerOf(v *view) *view {
	suspects := h.suspects()
	if v.finding.Object.Kind == leak.KindKernel || len(suspects) == 0 || len(suspects) >= 10 || h.names(v.finding.Object) {
		return nil
	}
	for _, other := range h.order {
		if other.state == leaks && outer(other.finding.Object.Kind) > outer(v.finding.Object.Kind) && h.names(other.finding.Object) {
			return other
		}
	}
	return nil
}

// certain says that a leak on the host need not wait: the host's own, or that of a workload.
func (h *hostView) certain() bool {
	return slices.ContainsFunc(h.order, func(v *view) bool { return v.certain })
}

// spread makes certain what tells of a workload that is.
func (h *hostView) spread() {
	for _, v := range h.order {
		if !v.certain {
			continue
		}
		if o := h.outerOf(v); o != nil {
			o.certain = true
		}
	}
}

func (h *hostView) names(o leak.Object) bool {
	return slices.ContainsFunc(h.suspects(), func(s suspect.Suspect) bool {
		return s.Kind == o.Kind && s.Name == o.Name && s.Namespace == o.Namespace
	})
}

// outer orders kinds by what may be inside what.
func outer(k leak.Kind) int {
	switch k {
	case leak.KindProcess:
		return 1
	case leak.KindContainer:
		return 2
	case leak.KindPod:
		return 3
	}
	return 0
}
