package inspect_test

import (
	"math"
	"slices"
	"testing"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/fleet/workloads"
	"github.com/memseep/memseep/leak"
)

func TestAHostThatGrowsByHealthyWorkloadsIsAcquitted(t *testing.T) {
	const hosts = 40
	var leaking, kept, healthy, acquitted, overruled, right int
	var off []float64
	for _, c := range workloads.Classes() {
		for seed := range uint64(hosts) {
			h := workloads.Make(c, 70_000+seed)
			leaks := h.Truth.First.Kind != ""
			got, _, err := run(t, made{readings: []leak.Reading{h.Reading}}, inspect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			told := false
			for _, f := range got {
				told = told || f.Verdict.Leak
			}
			if r := got[0].Verdict.Reasons(); len(r) > 0 && r[0].Code == leak.ExplainedByWorkloads {
				overruled++
				if !leaks {
					right++
				}
			}
			if e := got[0].Verdict.Exhaustion.At; leaks && e > 0 && h.Truth.Exhaustion > 0 {
				end := h.Reading.Memory.Window.End()
				off = append(off, math.Abs(float64(e-end)/float64(h.Truth.Exhaustion-end)-1))
			}
			if leaks {
				leaking++
				if told {
					kept++
				}
			} else {
				healthy++
				if !told {
					acquitted++
				}
			}
		}
	}
	t.Logf("leak told on %d of %d leaking hosts, none on %d of %d healthy ones; %d overruled, %d of them right", kept, leaking, acquitted, healthy, overruled, right)
	slices.Sort(off)
	t.Logf("time left of %d hosts off by %.1f %% (median)", len(off), 100*off[len(off)/2])
	if off[len(off)/2] > 0.2 {
		t.Error("time left is off by more than 20 % (median)")
	}
	if kept*100 < leaking*95 {
		t.Errorf("leak told on %d of %d leaking hosts, want 95 %%", kept, leaking)
	}
	if acquitted*100 < healthy*70 {
		t.Errorf("%d of %d healthy hosts left alone, want 70 %%", acquitted, healthy)
	}
	if right*10 < overruled*8 {
		t.Errorf("%d of %d overruled hosts were healthy, want 8 of 10", right, overruled)
	}
}
