package main

import (
	"encoding/csv"
	"fmt"
	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
	"os"
	"path/filepath"
	"testing"
)

func show(kind string, v leak.Verdict, fl []float64, on string) {
	s := fmt.Sprintf("%s conf %.2f on %s:", kind, v.Confidence, on)
	for _, r := range v.Reasons() {
		s += fmt.Sprintf(" %s=%.2f(%+.1f)", r.Code, r.Value, r.Points)
	}
	fmt.Println(s)
	fmt.Printf("   %.1f\n", fl)
}
func TestDebug(t *testing.T) {
	hosts, _ := readRecording(filepath.Join(labelled, "hosts.csv.gz"))
	f, _ := os.Open(filepath.Join(labelled, "hosts-labels.csv"))
	rows, _ := csv.NewReader(f).ReadAll()
	var d leak.Detector
	for i, r := range rows[1:] {
		v := hosts[i].judge(&d, len(hosts[i].values))
		if v.Leak != (r[1] == "leak") {
			var fl []float64
			w := hosts[i].values[len(hosts[i].values)-360:]
			for k := 0; k < 24; k++ {
				m := 999.0
				for _, x := range w[k*15 : k*15+15] {
					if x < m {
						m = x
					}
				}
				fl = append(fl, m)
			}
			show(r[0]+" "+r[1]+"/"+r[2], v, fl, r[3])
		}
	}
}
func TestDebugMade(t *testing.T) {
	var d leak.Detector
	for _, k := range fleet.Kinds() {
		if k.Held {
			continue
		}
		n := 0
		for s := uint64(1000); s < 1060 && n < 3; s++ {
			h := fleet.Make(k, s)
			v := d.Detect(h.Series.Window, h.Series.History, h.Series.Limits)
			if v.Leak != k.Leak {
				n++
				var fl []float64
				w := h.Series.Window.Values
				for k := 0; k < 24; k++ {
					m := 999.0
					for _, x := range w[k*15 : k*15+15] {
						if x < m {
							m = x
						}
					}
					fl = append(fl, m)
				}
				show(k.Name, v, fl, fmt.Sprintf("%.1f h, hist %d", float64(fleet.End-h.Truth.Onset)/3600, len(h.Series.History.Floors)))
			}
		}
	}
}
