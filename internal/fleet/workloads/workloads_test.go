package workloads

import (
	"math"
	"reflect"
	"testing"

	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

func TestMadeHosts(t *testing.T) {
	for _, c := range Classes() {
		t.Run(c.Name, func(t *testing.T) {
			for seed := range uint64(8) {
				checkHost(t, c, seed)
			}
		})
	}
}

func checkHost(t *testing.T, c Class, seed uint64) {
	t.Helper()
	h := Make(c, seed)
	if again := Make(c, seed); !equal(h, again) {
		t.Fatalf("seed %d: two different hosts", seed)
	}
	memory := h.Reading.Memory
	if memory.Window.End() != fleet.End || len(memory.Window.Values) != windowMinutes {
		t.Errorf("seed %d: the window ends at %d with %d values", seed, memory.Window.End(), len(memory.Window.Values))
	}
	for _, x := range memory.Window.Values {
		if x >= 99.5 {
			t.Errorf("seed %d: the host is full within the window", seed)
			break
		}
	}
	found := h.Truth.First.Kind == ""
	for _, s := range h.Reading.Workloads {
		if s.Window.End() != fleet.End {
			t.Errorf("seed %d: %s ends at %d", seed, s.Object, s.Window.End())
		}
		if n := len(s.History.Floors); n > 0 {
			last := s.History.Start + int64(n-1)*leak.FloorSeconds
			if s.History.Start%leak.FloorSeconds != 0 || last != fleet.End-windowMinutes*60 {
				t.Errorf("seed %d: floors of %s end at %d", seed, s.Object, last)
			}
		}
		f := h.Truth.First
		found = found || s.Object.Kind == f.Kind && s.Object.Name == f.Name && s.Object.Namespace == f.Namespace
	}
	if !found {
		t.Errorf("seed %d: nobody is called %s", seed, h.Truth.First)
	}
	if e := h.Truth.Exhaustion; e != 0 && e <= fleet.End {
		t.Errorf("seed %d: the host is full at %d, before the window ends", seed, e)
	}
}

// equal compares two hosts bit by bit, NaN with NaN.
func equal(a, b Host) bool {
	for _, h := range []*Host{&a, &b} {
		series := append([]leak.Series{*h.Reading.Memory}, h.Reading.Workloads...)
		for i := range series {
			for _, v := range [][]float64{series[i].Window.Values, series[i].History.Floors} {
				for k, x := range v {
					if math.IsNaN(x) {
						v[k] = -1
					}
				}
			}
		}
	}
	return reflect.DeepEqual(a, b)
}
