package dialect

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/leak"
)

// A regular series is placed by a shortcut, which has to do what placing each sample does.
func TestRegularSamplesArePlacedAsOthers(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const at = 1_760_000_000_000
	for range 2000 {
		step := int64(10 + random.IntN(290))
		slots := 1 + random.IntN(40)
		from := at - int64(slots)*step*1000
		newest := at - random.Int64N(int64(slots)*step*1000)
		var times []int64
		var values []float64
		for ms := newest; ms > from; ms -= step * 1000 {
			times, values = append(times, ms), append(values, random.Float64())
		}
		slices.Reverse(times)
		if len(times) > 1 && regular(times) != step*1000 {
			t.Fatalf("%v are not regular at %d s", times, step)
		}
		want, got := make([]float64, slots), make([]float64, slots)
		place(want, times, values, at, step)
		placeRegular(got, values, newest, at, step)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("step %d, %d slots, newest %d before the end: got %v, want %v", step, slots, at-newest, got, want)
		}
	}
}

func TestSamplesAtTheEdgeOfSlotsFillEachOnce(t *testing.T) {
	const at, step = 1_760_000_000_000, 60
	for _, jitter := range [][]int64{{3, -2, 1, -1, 0, 2}, {-1, 2, -3, 0, 1, -2}, {29_000, 30_500, 28_800, 30_000, 29_500, 30_100}} {
		var times []int64
		var values []float64
		for i, j := range jitter {
			ms := at - 60_000*int64(len(jitter)-i) + j
			times, values = append(times, ms), append(values, float64(i))
		}
		dst := make([]float64, len(jitter)+1)
		place(dst, times, values, at, step)
		filled := 0
		for _, v := range dst {
			if !math.IsNaN(v) {
				filled++
			}
		}
		if filled != len(jitter) {
			t.Errorf("jitter %v: %d slots of %v are filled, want %d", jitter, filled, dst, len(jitter))
		}
	}
}

func TestStepIsTheMedianDistance(t *testing.T) {
	for _, c := range []struct {
		name  string
		times []int64
		want  int64
	}{
		{"one sample", []int64{5000}, 60},
		{"a minute", []int64{0, 60_000, 120_000, 180_000}, 60},
		{"a minute with a gap", []int64{0, 60_000, 120_000, 720_000, 780_000}, 60},
		{"jitter", []int64{0, 14_996, 30_003, 45_000, 60_001}, 15},
		{"every second", []int64{0, 1000, 2000, 3000}, 10},
		{"every hour", []int64{0, 3_600_000, 7_200_000}, 300},
	} {
		t.Run(c.name, func(t *testing.T) {
			var counts [maxStep + 2]uint32
			if got := stepOf(c.times, &counts); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

// What was delivered twice, and is kept twice, reads as what was delivered once.
func TestRepeatedSamplesCountOnce(t *testing.T) {
	q := leak.Query{At: testEnd, Window: time.Hour}
	windows := map[int]leak.Window{}
	for _, copies := range []int{1, 2, 3} {
		plan, a := NewPlan(All(), nil), NewAssembler(q)
		a.Begin("h", nil)
		labels := Labels{{"__name__", "mem_used_percent"}}
		s := a.Add(plan.Match("mem_used_percent", labels), labels)
		for minute := range 60 {
			at := testEnd.Add(time.Duration(minute-59) * time.Minute).UnixMilli()
			for range copies {
				s.Append(at, float64(minute))
			}
		}
		w := a.Reading().Memory.Window
		w.Values = slices.Clone(w.Values)
		windows[copies] = w
	}
	for copies, w := range windows {
		if w.Step != 60 || fmt.Sprint(w) != fmt.Sprint(windows[1]) {
			t.Errorf("%d times: a step of %d s and %d slots, want what it is when it comes once", copies, w.Step, len(w.Values))
		}
	}
}
