package notify

import (
	"slices"
	"strings"
	"unicode"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// visible leaves out of a text what nobody sees and what turns others around: control characters but line ends, and
// marks that change the direction of what follows (Unicode's bidi controls).
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return -1
		}
		return r
	}, text)
}

// line is a name as it stands in a line: it begins no other.
func line(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsSpace(r) && r != ' ' || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}) {
		return visible(strings.Join(strings.Fields(name), " "))
	}
	return name
}

// legible is an event whose names may stand in a message, whoever has chosen them.
func legible(e event.Event) event.Event {
	e.Title, e.Inspection, e.Owner, e.Object = line(e.Title), line(e.Inspection), line(e.Owner), named(e.Object)
	e.Suspects = slices.Clone(e.Suspects)
	for i := range e.Suspects {
		s := &e.Suspects[i]
		s.Name, s.Namespace, s.Owner = line(s.Name), line(s.Namespace), line(s.Owner)
	}
	if culprit, ok := e.Attributes[event.AttrCulprit]; ok && culprit != line(culprit) {
		attributes := map[string]string{}
		for key, value := range e.Attributes {
			attributes[key] = line(value)
		}
		e.Attributes = attributes
	}
	return e
}

func named(o leak.Object) leak.Object {
	o.Host, o.Name, o.Namespace = line(o.Host), line(o.Name), line(o.Namespace)
	return o
}

func legibleMembers(members []state.BatchEvent) []state.BatchEvent {
	members = slices.Clone(members)
	for i := range members {
		members[i].Object, members[i].Culprit = named(members[i].Object), line(members[i].Culprit)
	}
	return members
}
