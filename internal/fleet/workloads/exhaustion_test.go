package workloads

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/suspect"
)

// TestExhaustion measures the time left until a host is full against the truth, which is when the
// leaks fill it if all else stays as it is at the end of the window.
//
// What only warms up or loads is part of the host's growth and not of the suspects': the time left
// by the suspects is held to the goal, and so are the slopes of the workloads that leak. The host's
// own slope is printed beside them.
func TestExhaustion(t *testing.T) {
	var table strings.Builder
	var own, suspects, slopes errors
	for _, c := range Classes() {
		var ofHost, ofSuspects errors
		for seed := range uint64(hostsEach) {
			h := Make(c, measuringSeeds+seed)
			if h.Truth.Exhaustion == 0 {
				continue
			}
			in := judged(&h)
			ofHost.add(ownTimeLeft(&in), h.timeLeft())
			ofSuspects.add(suspectsTimeLeft(in), h.timeLeft())
			slopes.add(slopeOfFirst(&h, &in), h.Truth.SlopePerHour)
		}
		if len(ofSuspects) > 0 {
			fmt.Fprintf(&table, "\n%-26s by suspects %s, by the host itself %s", c.Name, ofSuspects, ofHost)
		}
		own, suspects = append(own, ofHost...), append(suspects, ofSuspects...)
	}
	t.Logf("%s\nall: by suspects %s, by the host itself %s; slopes of the workloads %s", table.String(), suspects, own, slopes)
	for name, e := range map[string]errors{"time left by the suspects": suspects, "slope of the workload": slopes} {
		if len(e) < 10*hostsEach || e.median() > 0.20 {
			t.Errorf("%s: %s, want at most 20 %% for at least %d", name, e, 10*hostsEach)
		}
	}
}

// timeLeft is the truth, in hours.
func (h *Host) timeLeft() float64 { return float64(h.Truth.Exhaustion-fleet.End) / 3600 }

// ownTimeLeft is what the host's verdict says, in hours; NaN where it says nothing.
func ownTimeLeft(in *suspect.Input) float64 {
	if !in.HostVerdict.Leak || in.HostVerdict.Exhaustion.At == 0 {
		return math.NaN()
	}
	return float64(in.HostVerdict.Exhaustion.At-fleet.End) / 3600
}

// suspectsTimeLeft is what is free ÷ the growth of the suspects, in hours; NaN where there is none.
func suspectsTimeLeft(in suspect.Input) float64 {
	var r suspect.Ranker
	perHour := r.Rank(in).GrowthPerHour
	if perHour <= 0 {
		return math.NaN()
	}
	return (100 - in.HostVerdict.Value) / 100 * in.TotalBytes / perHour
}

// slopeOfFirst is the slope of the workload that leaks most; NaN where its verdict is no leak.
func slopeOfFirst(h *Host, in *suspect.Input) float64 {
	f := h.Truth.First
	for i, s := range in.Workloads {
		if o := s.Object; o.Kind == f.Kind && o.Name == f.Name && o.Namespace == f.Namespace && in.Verdicts[i].Leak {
			return in.Verdicts[i].SlopePerHour
		}
	}
	return math.NaN()
}

// errors are relative.
type errors []float64

// add leaves out what is not known.
func (e *errors) add(got, want float64) {
	if got == got {
		*e = append(*e, math.Abs(got/want-1))
	}
}

func (e errors) median() float64 {
	if len(e) == 0 {
		return math.NaN()
	}
	v := slices.Clone(e)
	slices.Sort(v)
	return v[len(v)/2]
}

func (e errors) String() string {
	return fmt.Sprintf("%5.1f %% (%d)", 100*e.median(), len(e))
}
