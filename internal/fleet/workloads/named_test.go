package workloads

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

// Seeds from here on measure and have tuned nothing; those below were there to look at.
const (
	measuringSeeds = 10_000
	hostsEach      = 20
)

// TestNamedFirst measures how often the workload that leaks most is named first, and nobody where
// nobody leaks. Series alone have to do where the detector has no word on them.
func TestNamedFirst(t *testing.T) {
	for _, test := range []struct {
		name     string
		verdicts bool
		least    float64
	}{
		{"with verdicts", true, 0.95},
		{"series alone", false, 0.90},
	} {
		t.Run(test.name, func(t *testing.T) {
			var table strings.Builder
			right, twice, missed, all := 0, 0, 0, 0
			for _, c := range Classes() {
				r, w, x := 0, 0, 0
				for seed := range uint64(hostsEach) {
					h := Make(c, measuringSeeds+seed)
					named := nameSuspects(&h, test.verdicts)
					if named.right(&h) {
						r++
					}
					if named.countsTwice(&h) {
						w++
					}
					if named.missesOther(&h) {
						x++
					}
				}
				fmt.Fprintf(&table, "\n%-26s %3d of %d named first, %2d count memory twice, %2d miss the other", c.Name, r, hostsEach, w, x)
				right, twice, missed, all = right+r, twice+w, missed+x, all+hostsEach
			}
			share := float64(right) / float64(all)
			t.Logf("%s\nall: %.3f", table.String(), share)
			if share < test.least {
				t.Errorf("named first in %.3f of %d hosts, want %.2f", share, all, test.least)
			}
			if twice > hostsEach/5 {
				t.Errorf("a container and a process inside it are both named on %d hosts", twice)
			}
			if missed > hostsEach/5 {
				t.Errorf("one of two that leak is not named on %d hosts", missed)
			}
		})
	}
}

type names []suspect.Suspect

// nameSuspects does what an inspection does: with verdicts, it asks only where something leaks.
func nameSuspects(h *Host, verdicts bool) names {
	var r suspect.Ranker
	if !verdicts {
		return r.Rank(input(h)).Suspects
	}
	in := judged(h)
	anyLeak := in.HostVerdict.Leak || slices.ContainsFunc(in.Verdicts, func(v leak.Verdict) bool { return v.Leak })
	if h.Truth.First.Kind == "" && !anyLeak {
		return nil
	}
	return r.Rank(in).Suspects
}

func input(h *Host) suspect.Input {
	return suspect.Input{Host: h.Reading.Memory, TotalBytes: h.Reading.Host.TotalBytes, Workloads: h.Reading.Workloads}
}

func judged(h *Host) suspect.Input {
	in := input(h)
	var d leak.Detector
	in.HostVerdict = d.Detect(in.Host.Window, in.Host.History, in.Host.Limits)
	for _, s := range in.Workloads {
		in.Verdicts = append(in.Verdicts, d.Detect(s.Window, s.History, s.Limits))
	}
	return in
}

func (n names) right(h *Host) bool {
	if h.Truth.First.Kind == "" {
		return len(n) == 0
	}
	return len(n) > 0 && is(n[0], h.Truth.First)
}

func (n names) countsTwice(h *Host) bool {
	first, inside := false, false
	for _, s := range n {
		first = first || is(s, h.Truth.First)
		for _, o := range h.Truth.Inside {
			inside = inside || is(s, o)
		}
	}
	return first && inside
}

func (n names) missesOther(h *Host) bool {
	for _, o := range h.Truth.Others {
		if !slices.ContainsFunc(n, func(s suspect.Suspect) bool { return is(s, o) }) {
			return true
		}
	}
	return false
}

func is(s suspect.Suspect, o leak.Object) bool {
	return s.Kind == o.Kind && s.Name == o.Name && s.Namespace == o.Namespace
}
