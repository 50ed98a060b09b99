package leak_test

import (
	"math"
	"testing"

	"github.com/memseep/memseep/leak"
)

// sawTooth rises by slope an hour from base, and falls back to it at each of the starts.
func sawTooth(t, first int64, starts []int64, base, slope float64) float64 {
	began := first
	for _, s := range starts {
		if s <= t {
			began = s
		}
	}
	return base + slope*float64(max(t-began, 0))/3600
}

func TestLivesThatEndInAFallAreCounted(t *testing.T) {
	const hour, end = int64(3600), int64(1_000_000 * 900)
	ago := func(hours ...float64) (at []int64) {
		for _, h := range hours {
			at = append(at, end-int64(h*3600))
		}
		return at
	}
	tests := map[string]struct {
		first   int64   // when the first life began
		falls   []int64 // when it was killed
		starts  []int64 // what is told
		want    leak.Restarts
		withinS int64
	}{
		"never killed":                 {ago(30)[0], nil, nil, leak.Restarts{}, 0},
		"started once, without a fall": {ago(30)[0], nil, ago(3), leak.Restarts{}, 0},
		"killed each two hours": {ago(30)[0], ago(7, 5, 3, 1), ago(7, 5, 3, 1),
			leak.Restarts{Count: 4, First: ago(7)[0], Last: ago(1)[0], Every: 2 * hour, Peak: 14, Next: end + hour}, 1800},
		"killed each ten hours, seen by the floors of days": {ago(40)[0], ago(25, 15, 5), ago(25, 15, 5),
			leak.Restarts{Count: 3, First: ago(25)[0], Last: ago(5)[0], Every: 10 * hour, Peak: 30, Next: end + 5*hour}, 1800},
		"a start that is not its own": {ago(30)[0], ago(5, 3, 1), ago(5, 4.2, 3, 1),
			leak.Restarts{Count: 3, First: ago(5)[0], Last: ago(1)[0], Every: 2 * hour, Peak: 14, Next: end + hour}, 1800},
		"killed once": {ago(3)[0], ago(1), ago(1),
			leak.Restarts{Count: 1, First: ago(1)[0], Last: ago(1)[0], Peak: 14, Next: end + hour}, 1800},
	}
	for name, c := range tests {
		t.Run(name, func(t *testing.T) {
			w := leak.Window{Start: end - 6*hour + 60, Step: 60, Values: make([]float64, 360)}
			for i := range w.Values {
				w.Values[i] = sawTooth(w.Start+int64(i)*60, c.first, c.falls, 10, 2)
			}
			h := leak.History{Start: end - 48*hour, Floors: make([]float64, 42*4)}
			for i := range h.Floors {
				low := math.Inf(1)
				for s := int64(0); s < 900; s += 60 {
					low = min(low, sawTooth(h.Start+int64(i)*900-s, c.first, c.falls, 10, 2))
				}
				h.Floors[i] = low
			}
			got := leak.RestartsIn(w, h, c.starts, 2)
			if got.Count != c.want.Count || got.First != c.want.First || got.Last != c.want.Last || got.Every != c.want.Every {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
			if math.Abs(got.Peak-c.want.Peak) > 1 || max(got.Next-c.want.Next, c.want.Next-got.Next) > c.withinS {
				t.Errorf("peak %v, next %d; want %v, %d", got.Peak, got.Next, c.want.Peak, c.want.Next)
			}
		})
	}
	if n := testing.AllocsPerRun(10, func() {
		leak.RestartsIn(leak.Window{Start: end - 600, Step: 60, Values: []float64{1, 2, 3, 4, 1, 2, 3}}, leak.History{}, []int64{end - 360}, 1)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
