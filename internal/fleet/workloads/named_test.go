package workloads

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

func named(r *suspect.Ranker, h *Host, verdicts []leak.Verdict, host leak.Verdict) suspect.Result {
	return r.Rank(suspect.Input{Host: h.Reading.Memory, TotalBytes: h.Reading.Host.TotalBytes, Workloads: h.Reading.Workloads, Verdicts: verdicts, HostVerdict: host})
}

func TestTry(t *testing.T) {
	n, from := 40, uint64(0)
	if s := os.Getenv("SEED"); s != "" {
		v, _ := strconv.Atoi(s)
		from, n = uint64(v), 1
	}
	var r suspect.Ranker
	all, ok := 0, 0
	for _, c := range Classes() {
		if k := os.Getenv("CLASS"); k != "" && k != c.Name {
			continue
		}
		right := 0
		bad := ""
		for seed := from; seed < from+uint64(n); seed++ {
			h := Make(c, seed)
			res := named(&r, &h, nil, leak.Verdict{})
			f := h.Truth.First
			good := len(res.Suspects) == 0
			if f.Kind != "" {
				good = len(res.Suspects) > 0 && res.Suspects[0].Kind == f.Kind && res.Suspects[0].Name == f.Name
			}
			if good {
				right++
			} else {
				bad += fmt.Sprint(" ", seed)
			}
			if n == 1 {
				fmt.Printf("%+v\n", h.Truth)
				for _, s := range res.Suspects {
					fmt.Printf("  %+v\n", s)
				}
			}
		}
		all += n
		ok += right
		fmt.Printf("%-26s %3d/%d bad%s\n", c.Name, right, n, bad)
	}
	fmt.Println(float64(ok) / float64(all))
}
