package main

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"testing"

	"github.com/memseep/memseep/leak"
)

// labelled is where labelled recordings lie beside the checkout; they are not part of it.
const labelled = "../../../shared/data"

func needLabelled(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(labelled); err != nil {
		t.Skip("labelled recordings are not beside this checkout: skipped")
	}
}

// judge cuts the window that ends at value index end and asks the detector.
func (h *recording) judge(d *leak.Detector, end int) leak.Verdict {
	w, hist := h.until(end)
	return d.Detect(w, hist, leak.Limits{Capacity: 100})
}

func TestMadeHostsOfOthers(t *testing.T) {
	needLabelled(t)
	hosts, err := readRecording(filepath.Join(labelled, "hosts.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(labelled, "hosts-labels.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var d leak.Detector
	var tp, fp, fn float64
	right, all := map[string]int{}, map[string]int{}
	causes := map[string]map[leak.Cause]int{}
	var off []float64
	for i, r := range rows[1:] {
		v := hosts[i].judge(&d, len(hosts[i].values))
		kind := r[1] + "/" + r[2]
		all[kind]++
		if causes[kind] == nil {
			causes[kind] = map[leak.Cause]int{}
		}
		causes[kind][v.Cause]++
		switch is := r[1] == "leak"; {
		case is == v.Leak:
			right[kind]++
			if is {
				tp++
				on, _ := strconv.ParseFloat(r[3], 64)
				off = append(off, math.Abs(float64(v.Onset)-on)/60)
			}
		case v.Leak:
			fp++
		default:
			fn++
		}
	}
	f1 := 2 * tp / (2*tp + fp + fn)
	sort.Float64s(off)
	t.Logf("F1 %.3f, false alarms %v, missed %v, onset off by %.0f min (median)", f1, fp, fn, off[len(off)/2])
	for _, k := range sortedKeys(all) {
		t.Logf("%-24s %d of %d %v", k, right[k], all[k], causes[k])
	}
	if f1 < 0.97 || off[len(off)/2] > 20 {
		t.Errorf("F1 %.3f, want at least 0.97; onset off by %.0f min, want at most 20", f1, off[len(off)/2])
	}
}

func TestQuietFleet(t *testing.T) {
	needLabelled(t)
	hosts, err := readRecording(filepath.Join(labelled, "alibaba.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := readRecording("../../testdata/recordings/batch_fleet.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	taught := map[string]bool{}
	for _, h := range recorded {
		taught[h.name] = true
	}
	var d leak.Detector
	alarms, windows := map[bool]int{}, map[bool]int{}
	for _, h := range hosts {
		if h.name == "m_1014" || h.name == "m_1034" || h.name == "m_1090" {
			continue // ramps that an operator may want to see
		}
		for end := 48 * 60; end <= len(h.values); end += 240 {
			v := h.judge(&d, end)
			if v.Cause == leak.NoData || v.Cause == leak.TooShort {
				continue
			}
			windows[taught[h.name]]++
			if v.Leak {
				alarms[taught[h.name]]++
				t.Logf("%s at %d h: %s %.2f", h.name, end/60, v.Cause, v.Confidence)
			}
		}
	}
	t.Logf("machines never taught: %d alarms in %d windows; taught: %d in %d",
		alarms[false], windows[false], alarms[true], windows[true])
	if float64(alarms[false]) > 0.003*float64(windows[false]) {
		t.Errorf("%d alarms in %d windows, want at most 0.3 %%", alarms[false], windows[false])
	}
}

func TestAgingServers(t *testing.T) {
	needLabelled(t)
	hosts, err := readRecording(filepath.Join(labelled, "aging.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	var d leak.Detector
	found, all := map[bool]int{}, map[bool]int{}
	for _, h := range hosts {
		line := ""
		kube := h.name[:4] == "kube"
		for end := 25 * 60; end <= len(h.values); end += 60 {
			v := h.judge(&d, end)
			if v.Cause == leak.NoData || v.Cause == leak.TooShort {
				continue
			}
			all[kube]++
			if v.Leak {
				found[kube]++
				line += "x"
			} else {
				line += "."
			}
		}
		t.Logf("%-20s %s", h.name, line)
	}
	kube, llm := float64(found[true])/float64(all[true]), float64(found[false])/float64(all[false])
	t.Logf("node %.3f, servers %.3f", kube, llm)
	if kube < 1 || llm < 0.75 {
		t.Errorf("node %.3f, want 1; servers %.3f, want at least 0.75", kube, llm)
	}
}
