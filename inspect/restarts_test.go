package inspect_test

import (
	"math"
	"slices"
	"testing"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/fleet/workloads"
	"github.com/memseep/memseep/leak"
)

func TestAWorkloadThatIsKilledAgainAndAgainSaysWhenNext(t *testing.T) {
	classes := workloads.Classes()
	c := classes[slices.IndexFunc(classes, func(c workloads.Class) bool { return c.Name == "restarting" })]
	var leaking, said, near, hosts, hostsSaid int
	for seed := range uint64(100) {
		h := workloads.Make(c, 90_000+seed)
		got, _, err := run(t, made{readings: []leak.Reading{h.Reading}}, inspect.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range h.Reading.Workloads {
			v := got[i+1].Verdict
			if s.Object.Name != h.Truth.First.Name || !v.Leak {
				continue
			}
			leaking++
			if v.Cause != leak.Restarting {
				continue
			}
			said++
			if last := s.Limits.Starts[len(s.Limits.Starts)-1]; v.Restarts.Last != last {
				t.Errorf("seed %d: the life that goes on began at %d, want %d", seed, v.Restarts.Last, last)
			}
			if r := v.Restarts; math.Abs(float64(r.Next-r.Last-r.Every)) <= 0.15*float64(r.Every) {
				near++
			}
		}
		host := got[0].Verdict
		if !host.Leak || host.Exhaustion.At == 0 && host.Cause != leak.Restarting {
			continue
		}
		hosts++
		if host.Cause == leak.Restarting {
			hostsSaid++
			if host.Exhaustion.At != 0 && host.Restarts.Peak < 85 {
				t.Errorf("seed %d: the host is foretold to be full, and is never above %.0f %%", seed, host.Restarts.Peak)
			}
		}
	}
	t.Logf("%d workloads leak, %d said to be killed again and again, %d of them foretold within 15 %% of a life; of %d leaking hosts %d say so", leaking, said, near, hosts, hostsSaid)
	if said*10 < leaking*9 || near*10 < said*9 || hostsSaid*2 < hosts {
		t.Error("want 90 % of the workloads said and foretold, and half of the hosts")
	}
}

// Where the host's memory is not known in bytes, nobody can say what a workload's growth is of it.
func TestAHostOfUnknownSizeKeepsItsOwnGrowth(t *testing.T) {
	classes := workloads.Classes()
	c := classes[slices.IndexFunc(classes, func(c workloads.Class) bool { return c.Name == "restarting" })]
	leaking := 0
	for seed := range uint64(100) {
		h := workloads.Make(c, 90_000+seed)
		h.Reading.Host.TotalBytes = 0
		got, _, err := run(t, made{readings: []leak.Reading{h.Reading}}, inspect.Options{})
		if err != nil {
			t.Fatal(err)
		}
		v := got[0].Verdict
		if !v.Leak {
			continue
		}
		leaking++
		if math.IsInf(v.SlopePerHour, 0) || math.IsNaN(v.SlopePerHour) {
			t.Errorf("seed %d: it grows by %v %% an hour", seed, v.SlopePerHour)
		}
	}
	if leaking == 0 {
		t.Error("no host leaks")
	}
}
