package event

import (
	"maps"
	"strings"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

// newEvent opens an event on what a run found leaking.
func (r *run) newEvent(v *view) Transition {
	f := v.finding
	e := Event{
		ID: r.NewID(), WorkspaceID: r.WorkspaceID, InspectionID: r.InspectionID, Inspection: r.Inspection,
		Fingerprint: v.fingerprint, Object: f.Object, Owner: v.owner,
		Status: Open, OpenedAt: r.host.at, UpdatedAt: r.host.at, LastSeenAt: r.host.at, CheckedAt: r.host.at,
		Verdict: VerdictOf(f),
	}
	e.Level, e.Cause, e.Onset = r.host.levelOf(v), e.Verdict.Cause, e.Verdict.Onset
	e.ToldExhaustion = e.Verdict.Exhaustion
	e.Attributes = r.host.attributes()
	e.name(v, r.host)
	e.Snapshot = r.host.snapshot(v, e)
	t := Transition{Event: e, New: true}
	t.add(Opened, r.now, "", "")
	return t
}

// attributes are the labels of the host and its collectors.
func (h *hostView) attributes() map[string]string {
	m := map[string]string{}
	if h.finding == nil {
		return m
	}
	maps.Copy(m, h.finding.Host.Labels)
	for _, ours := range []string{AttrCulprit, AttrCollectors, AttrEarlier, AttrMergedInto} {
		delete(m, ours)
	}
	if c := h.finding.Host.Collectors; len(c) > 0 {
		m[AttrCollectors] = strings.Join(c, ",")
	}
	return m
}

// name says who grows, and fills in what follows from it: dimensions, attributes, the title.
func (e *Event) name(v *view, h *hostView) {
	if s := h.suspects(); len(s) > 0 || e.Suspects == nil {
		e.Suspects = h.suspectsOf()
	}
	culprit := e.Attributes[AttrCulprit]
	if e.Object.Kind != leak.KindHost {
		culprit = e.Owner
	} else if s := h.suspects(); len(s) > 0 {
		culprit = named(s, culprit)
	}
	e.Attributes = with(e.Attributes, AttrCulprit, culprit)
	e.Dimensions = map[string]string{}
	for key, value := range map[string]string{
		"host": e.Object.Host, "kind": string(e.Object.Kind), "name": e.Object.Name, "namespace": e.Object.Namespace,
		"owner": e.Owner, AttrCulprit: culprit,
	} {
		if value != "" {
			e.Dimensions[key] = value
		}
	}
	if culprit == "" {
		delete(e.Attributes, AttrCulprit)
	}
	e.NoSuspects = ""
	if len(e.Suspects) == 0 && e.Object.Kind == leak.KindHost {
		e.NoSuspects = whyNobody(h.finding)
	}
	e.Title = Title(*e, "en")
}

// culpritOf names a suspect by what stays of it: "java", "deployment/cart".
func culpritOf(s *suspect.Suspect) string {
	return OwnerOf(leak.Object{Kind: s.Kind, Name: s.Name, Namespace: s.Namespace}, s.Owner)
}

// lead is by how much of the host's growth another suspect has to be ahead of the one that is
// named, so that two which grow alike do not take turns.
const lead = 0.1

// named is the suspect to name: the first, or the one that was named before while it is close.
func named(s []suspect.Suspect, before string) string {
	for i := range s {
		if is := culpritOf(&s[i]); sameOwner(is, before) && s[0].Share < s[i].Share+lead {
			return is
		}
	}
	return culpritOf(&s[0])
}

// sameOwner says that two culprits are one: "cart" turns out to be "deployment/cart".
func sameOwner(a, b string) bool {
	return a == b || a != "" && b != "" && (strings.HasSuffix(a, "/"+b) || strings.HasSuffix(b, "/"+a))
}
