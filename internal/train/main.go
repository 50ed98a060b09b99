// Command train teaches the detector's curves and writes leak/curves.go.
//
// In go made hosts of the kinds that are not held back (internal/fleet) and recordings of real
// machines (testdata/recordings); out comes the table of points. Read main.go, then fit.go.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

func main() {
	var (
		out    = flag.String("out", "leak/curves.go", "file to write; - for none")
		seeds  = flag.Int("seeds", 250, "hosts of each kind")
		rounds = flag.Int("rounds", 2500, "steps of the fit")
	)
	without := flag.Bool("ablate", false, "print what each feature is worth, and write nothing")
	flag.Parse()
	if err := run(*out, *seeds, *rounds, *without); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(out string, seeds, rounds int, without bool) error {
	var teach, held []example
	for _, k := range fleet.Kinds() {
		ex := madeExamples(k, 1, seeds)
		if k.Held {
			held = append(held, ex...)
		} else {
			teach = append(teach, ex...)
		}
	}
	real, err := recordedExamples("testdata/recordings")
	if err != nil {
		return err
	}
	fmt.Printf("%d made, %d recorded, %d held back\n", len(teach), len(real), len(held))
	if without {
		ablate(teach, real, held, rounds)
		return nil
	}
	m := fit(append(teach, real...), rounds)
	report("taught kinds", teach, m)
	report("recordings", real, m)
	report("held kinds", held, m)
	if out == "-" {
		return nil
	}
	return write(out, m)
}

// example is one series as the model sees it.
type example struct {
	kind   string
	leak   bool
	weight float64
	x      []float64
}

func madeExamples(k fleet.Kind, seed uint64, n int) []example {
	var d leak.Detector
	out := make([]example, n)
	for i := range out {
		h := fleet.Make(k, seed+uint64(i))
		w := 1.0
		if !k.Leak {
			w = healthyWeight
		}
		s := h.Series
		out[i] = example{kind: k.Name, leak: k.Leak, weight: w, x: d.Measure(nil, s.Window, s.History, s.Limits)}
	}
	return out
}
