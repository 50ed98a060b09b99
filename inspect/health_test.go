package inspect_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

func TestHealthSaysWhatArrivesAndWhatIsMissing(t *testing.T) {
	nothing := func(*leak.Reading) {}
	workload := func(kind leak.Kind, capacity float64, starts bool) leak.Series {
		return leak.Series{
			Object: leak.Object{Kind: kind, Host: "flat-0", Name: "x"}, Unit: leak.Bytes,
			Window: leak.Window{Step: 60, Values: make([]float64, 360)},
			Limits: leak.Limits{Capacity: capacity, StartsKnown: starts},
		}
	}
	for _, c := range []struct {
		name   string
		change func(*leak.Reading)
		want   string // codes of what is missing
	}{
		{"a host alone", nothing, "containers kernel_pools"},
		{"its collector tells all", func(r *leak.Reading) {
			r.Workloads = []leak.Series{workload(leak.KindKernel, 0, false), workload(leak.KindPod, 1<<30, true), workload(leak.KindProcess, 0, true)}
		}, ""},
		{"a pod without a limit, a process without start times", func(r *leak.Reading) {
			r.Workloads = []leak.Series{workload(leak.KindKernel, 0, false), workload(leak.KindPod, 16<<30, true), workload(leak.KindProcess, 0, false)}
		}, "start_times limits"},
		{"a note of the source", func(r *leak.Reading) {
			r.Notes = []leak.Note{{Code: leak.NoProcessesTelegraf, Host: r.Host.Name}}
		}, "no_processes_telegraf containers kernel_pools"},
		{"late", func(r *leak.Reading) { empty(r, 350, 360) }, "late containers kernel_pools"},
		{"a quarter lost", func(r *leak.Reading) { empty(r, 100, 190) }, "gaps containers kernel_pools"},
		{"a new host", func(r *leak.Reading) {
			r.Memory.History = leak.History{}
			empty(r, 0, 180)
		}, "history containers kernel_pools"},
		{"nothing of its own", func(r *leak.Reading) {
			r.Memory = nil
			r.Notes = []leak.Note{{Code: leak.NoHostMemory, Host: r.Host.Name}}
		}, "no_host_memory containers kernel_pools"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := hosts("flat")
			m.readings[0].Host.Collectors = []string{"memseep"}
			m.readings[0].Memory.History = leak.History{Start: m.readings[0].Memory.Window.Start/900*900 - 100*900, Floors: make([]float64, 100)}
			c.change(&m.readings[0])
			got, _, err := run(t, m, inspect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			h := got[0].Health
			var codes []string
			for _, missing := range h.Missing {
				codes = append(codes, missing.Code)
				en, zh := missing.Text("flat-0", "en"), missing.Text("flat-0", "zh")
				if en == zh || en == missing.Code || strings.Contains(en+zh, "%s") {
					t.Errorf("%s is said as %q and %q", missing.Code, en, zh)
				}
			}
			if s := strings.Join(codes, " "); s != c.want {
				t.Errorf("missing %q, want %q", s, c.want)
			}
			if fmt.Sprint(h.Collectors) != "[memseep]" || h.Workloads != len(m.readings[0].Workloads) {
				t.Errorf("collectors %v, %d workloads", h.Collectors, h.Workloads)
			}
		})
	}
}

func empty(r *leak.Reading, from, to int) {
	for i := from; i < to; i++ {
		r.Memory.Window.Values[i] = math.NaN()
	}
}

func TestLagAndGapsAreMeasured(t *testing.T) {
	m := hosts("flat")
	empty(&m.readings[0], 342, 360)
	got, _, err := run(t, m, inspect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := got[0]
	if lag := f.At.Sub(f.Health.Newest); f.Health.LagSeconds != lag.Seconds() || lag != 18*time.Minute || f.Newest != f.Health.Newest {
		t.Errorf("newest %v, lag %v s at %v", f.Health.Newest, f.Health.LagSeconds, f.At)
	}
	if math.Abs(f.Health.Gaps-0.05) > 0.001 || f.Health.StepSeconds != 60 {
		t.Errorf("gaps %v of steps of %d s", f.Health.Gaps, f.Health.StepSeconds)
	}
}
