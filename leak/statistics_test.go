package leak

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSelectNthIsThatOfTheSortedValues(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	draw := map[string]func() float64{
		"normal":      r.NormFloat64,
		"whole":       func() float64 { return float64(r.IntN(4)) },
		"equal":       func() float64 { return 3 },
		"far outlier": func() float64 { return math.Exp(40 * r.NormFloat64()) },
		"huge":        func() float64 { return (r.Float64() - 0.5) * math.MaxFloat64 },
		"tiny":        func() float64 { return r.Float64() * 5e-324 * 100 },
	}
	for name, f := range draw {
		for _, n := range []int{1, 2, 24, 65, 276} {
			v := make([]float64, n)
			for i := range v {
				v[i] = f()
			}
			sorted := slices.Sorted(slices.Values(v))
			for _, k := range []int{0, n / 10, n / 2, n - 1} {
				if got := selectNth(slices.Clone(v), k); got != sorted[k] {
					t.Errorf("%s: place %d of %d is %v, want %v", name, k, n, got, sorted[k])
				}
			}
		}
	}
}

func TestKendallCountsPairs(t *testing.T) {
	tests := []struct {
		v    []float64
		want float64
	}{
		{[]float64{1, 2, 3, 4}, 1},
		{[]float64{4, 3, 2, 1}, -1},
		{[]float64{1, 1, 1}, 0},
		{[]float64{1, 3, 2}, 1.0 / 3},
		{[]float64{1}, 0},
	}
	for _, tt := range tests {
		if got := kendall(tt.v); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("kendall(%v) = %v, want %v", tt.v, got, tt.want)
		}
	}
}

func TestKneeIsWhereGrowthBegins(t *testing.T) {
	v := make([]float64, 100)
	for i := range v {
		v[i] = 10 + 0.01*float64(i%2) + 0.5*max(float64(i-70), 0)
	}
	v[20], v[80] = nan, nan
	if k := knee(v); k < 69 || k > 71 {
		t.Errorf("knee at %d, want 70", k)
	}
}
