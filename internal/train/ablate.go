package main

import (
	"fmt"
	"math"

	"github.com/memseep/memseep/leak"
)

// ablate prints what each feature is worth: the fit is made again without it.
func ablate(teach, real, held []example, rounds int) {
	whole := fit(append(append([]example(nil), teach...), real...), rounds)
	fmt.Printf("%-24s taught F1  held F1  quiet alarms of %d  slow leaks found of %d\n", "without", quietOf(real), slowOf(real))
	line := func(name string, m taught, hide int) {
		fmt.Printf("%-24s %.3f      %.3f    %d  %d\n", name, f1(without(teach, hide), m), f1(without(held, hide), m),
			alarms(without(real, hide), m, false, 0), alarms(without(real, hide), m, true, 0))
	}
	line("nothing", whole, -1)
	for f, code := range leak.FeatureCodes() {
		m := fit(append(without(teach, f), without(real, f)...), rounds)
		line(code, m, f)
	}
	fmt.Println("\nthreshold  quiet alarms  slow leaks found  held F1")
	for _, p := range []float64{0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9} {
		z := math.Log(p / (1 - p))
		fmt.Printf("%.1f        %d  %d  %.3f\n", p, alarms(real, whole, false, z), alarms(real, whole, true, z), f1At(held, whole, z))
	}
}

// without hides a feature; −1 hides none.
func without(examples []example, feature int) []example {
	out := make([]example, len(examples))
	for i, e := range examples {
		out[i] = e
		if feature >= 0 {
			out[i].x = append([]float64(nil), e.x...)
			out[i].x[feature] = math.NaN()
		}
	}
	return out
}

func f1(examples []example, m taught) float64 { return f1At(examples, m, 0) }

func f1At(examples []example, m taught, z float64) float64 {
	var tp, wrong float64
	for _, e := range examples {
		says := m.score(e.x) > z
		switch {
		case says && e.leak:
			tp++
		case says != e.leak:
			wrong++
		}
	}
	return 2 * tp / max(2*tp+wrong, 1)
}

func alarms(examples []example, m taught, leaks bool, z float64) int {
	n := 0
	for _, e := range examples {
		if e.leak == leaks && m.score(e.x) > z {
			n++
		}
	}
	return n
}

func quietOf(examples []example) int { return len(examples) - slowOf(examples) }

func slowOf(examples []example) int {
	n := 0
	for _, e := range examples {
		if e.leak {
			n++
		}
	}
	return n
}
