package main

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

// recordedExamples reads DIR/*.csv.gz: real machines at one sample a minute. A file whose name
// begins with "leak" holds leaking ones. A window is cut every four hours.
func recordedExamples(dir string) ([]example, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.csv.gz"))
	if err != nil {
		return nil, err
	}
	var out []example
	for _, f := range files {
		hosts, err := readRecording(f)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f, err)
		}
		name := strings.TrimSuffix(filepath.Base(f), ".csv.gz")
		for _, h := range hosts {
			out = append(out, cut(name, h)...)
		}
	}
	return out, nil
}

// recording is one machine: a value a minute from start on, NaN where there is none.
type recording struct {
	name   string
	start  int64
	values []float64
}

func readRecording(path string) ([]*recording, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		return nil, err
	}
	hosts := map[string]*recording{}
	var order []*recording
	for _, r := range rows[1:] {
		t, err := strconv.ParseInt(r[0], 10, 64)
		if err != nil {
			return nil, err
		}
		v, err := strconv.ParseFloat(r[2], 64)
		if err != nil {
			return nil, err
		}
		h := hosts[r[1]]
		if h == nil {
			h = &recording{name: r[1], start: t}
			hosts[r[1]] = h
			order = append(order, h)
		}
		for i := int((t - h.start) / 60); len(h.values) <= i; {
			h.values = append(h.values, math.NaN())
		}
		h.values[(t-h.start)/60] = v
	}
	return order, nil
}

func cut(name string, h *recording) []example {
	const every, least = 240, 24 * 60
	leaks := strings.HasPrefix(name, "leak")
	weight := recordedWeight
	if leaks {
		weight = 1
	}
	var (
		out []example
		d   leak.Detector
	)
	for end := least + fleet.WindowMinutes; end <= len(h.values); end += every {
		w, hist := h.until(end)
		x := d.Measure(nil, w, hist, leak.Limits{Capacity: 100})
		out = append(out, example{kind: name, leak: leaks, weight: weight, x: x})
	}
	return out
}

// until cuts the window that ends before value end, and the week before it.
func (h *recording) until(end int) (leak.Window, leak.History) {
	from := max(end-fleet.WindowMinutes, 0)
	w := leak.Window{Start: h.start + int64(from)*60, Step: 60, Values: h.values[from:end]}
	floors := fleet.Floors(h.values[max(from-fleet.HistoryDays*24*60, 0):from])
	return w, leak.History{Start: w.Start - 60 - int64(len(floors)-1)*leak.FloorSeconds, Floors: floors}
}
