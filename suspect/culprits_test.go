package suspect

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/memseep/memseep/leak"
)

// The made hosts of ../../shared/data/culprits lie beside the repository, and not in it.
const culprits = "../../shared/data/culprits"

func TestFirstSuspectOfCulprits(t *testing.T) {
	if _, err := os.Stat(culprits); errors.Is(err, fs.ErrNotExist) {
		t.Skip("no " + culprits + ": these hosts are not part of the repository")
	}
	hosts := readCulprits(t)
	for _, label := range readRows(t, "labels.csv") {
		t.Run(label["host"]+"_"+label["class"], func(t *testing.T) {
			h := hosts[label["host"]]
			for name, in := range map[string]Input{"series_alone": h.input(), "with_verdicts": h.judged()} {
				var r Ranker
				got := r.Rank(in)
				first := Suspect{}
				if len(got.Suspects) > 0 {
					first = got.Suspects[0]
				}
				if label["kind"] == "none" {
					if first.Name != "" {
						t.Errorf("%s: named %s, want nobody: %+v", name, first.Name, first)
					}
				} else if string(first.Kind) != label["kind"] || first.Name != label["name"] {
					t.Errorf("%s: named %s %s, want %s %s", name, first.Kind, first.Name, label["kind"], label["name"])
				}
			}
		})
	}
}

type culprit struct {
	memory    leak.Series
	total     float64
	workloads []leak.Series
	at        map[leak.Object]int
}

func (h *culprit) input() Input {
	return Input{Host: &h.memory, TotalBytes: h.total, Workloads: h.workloads}
}

func (h *culprit) judged() Input {
	in := h.input()
	var d leak.Detector
	in.HostVerdict = d.Detect(h.memory.Window, h.memory.History, h.memory.Limits)
	for _, s := range h.workloads {
		in.Verdicts = append(in.Verdicts, d.Detect(s.Window, s.History, s.Limits))
	}
	return in
}

func readCulprits(t *testing.T) map[string]*culprit {
	hosts := map[string]*culprit{}
	end := int64(0)
	for _, row := range readRows(t, "hosts.csv.gz") {
		h := hosts[row["host"]]
		if h == nil {
			h = &culprit{at: map[leak.Object]int{}, total: number(t, row["total_bytes"])}
			h.memory.Limits.Capacity = 100
			h.memory.Object = leak.Object{Kind: leak.KindHost, Host: row["host"]}
			hosts[row["host"]] = h
		}
		at := int64(number(t, row["timestamp"]))
		end = max(end, at)
		put(&h.memory, at, 60, number(t, row["used_percent"]))
	}
	for _, row := range readRows(t, "workloads.csv.gz") {
		h := hosts[row["host"]]
		o := leak.Object{Kind: leak.Kind(row["kind"]), Host: row["host"], Name: row["name"]}
		i, ok := h.at[o]
		if !ok {
			i = len(h.workloads)
			h.at[o] = i
			h.workloads = append(h.workloads, leak.Series{Object: o, Unit: leak.Bytes, Limits: leak.Limits{Capacity: h.total}})
		}
		put(&h.workloads[i], int64(number(t, row["timestamp"])), 120, number(t, row["bytes"]))
	}
	for _, h := range hosts {
		cut(&h.memory, end)
		for i := range h.workloads {
			cut(&h.workloads[i], end)
		}
	}
	return hosts
}

// put appends a row, with NaN for the rows that are missing before it.
func put(s *leak.Series, at, step int64, x float64) {
	w := &s.Window
	if len(w.Values) == 0 {
		w.Start, w.Step = at, step
	}
	for w.Start+int64(len(w.Values))*step < at {
		w.Values = append(w.Values, math.NaN())
	}
	w.Values = append(w.Values, x)
}

// cut leaves six hours in the window and makes floors of what was before.
func cut(s *leak.Series, end int64) {
	w := &s.Window
	from := 0
	for from < len(w.Values) && w.Start+int64(from)*w.Step <= end-windowSeconds {
		from++
	}
	past, start := w.Values[:from], w.Start
	w.Values, w.Start = w.Values[from:], w.Start+int64(from)*w.Step
	for i, x := range past {
		t := (start + int64(i)*w.Step + leak.FloorSeconds - 1) / leak.FloorSeconds * leak.FloorSeconds
		if len(s.History.Floors) == 0 {
			s.History.Start = t
		}
		k := int((t - s.History.Start) / leak.FloorSeconds)
		for len(s.History.Floors) <= k {
			s.History.Floors = append(s.History.Floors, math.NaN())
		}
		if !(s.History.Floors[k] <= x) {
			s.History.Floors[k] = x
		}
	}
}

func number(t *testing.T, s string) float64 {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// readRows reads a CSV file with a header, gzipped by its name.
func readRows(t *testing.T, name string) []map[string]string {
	f, err := os.Open(filepath.Join(culprits, name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var in io.Reader = f
	if filepath.Ext(name) == ".gz" {
		z, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		in = z
	}
	rows, err := csv.NewReader(in).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = row[i]
		}
		out = append(out, m)
	}
	return out
}
