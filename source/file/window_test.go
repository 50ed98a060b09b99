package file

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/leak"
)

const end = 1_800_000_000 // a multiple of 900

// read opens a CSV text and reads its only host.
func read(t *testing.T, text string, q leak.Query) leak.Reading {
	t.Helper()
	s, err := Open(context.Background(), write(t, "fleet.csv", text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out leak.Reading
	n := 0
	if err := s.Read(context.Background(), q, func(r *leak.Reading) error { out, n = *r, n+1; return nil }); err != nil {
		t.Fatal(err)
	}
	if n != 1 {
		t.Fatalf("%d readings, want 1", n)
	}
	return out
}

func query(at int64) leak.Query {
	return leak.Query{At: time.Unix(at, 0), Window: 6 * time.Hour, History: 7 * 24 * time.Hour, Parallel: 1}
}

func TestWindowsFollowTheirRows(t *testing.T) {
	for _, c := range []struct {
		name     string
		times    []int64 // before the end, of rows whose value is their place
		step     int64
		fromLast []float64 // the newest slots, the last first
	}{
		{"every minute", []int64{180, 120, 60, 0}, 60, []float64{3, 2, 1, 0}},
		{"a gap", []int64{240, 180, 60, 0}, 60, []float64{3, 2, math.NaN(), 1, 0}},
		{"ten seconds", []int64{30, 20, 10, 0}, 10, []float64{3, 2, 1, 0}},
		{"five minutes", []int64{900, 600, 300, 0}, 300, []float64{3, 2, 1, 0}},
		{"every second is thinned to ten", []int64{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, 10, []float64{12}},
		{"a quarter of an hour is kept", []int64{2700, 1800, 900, 0}, 900, []float64{3, 2, 1, 0}},
		{"ended before", []int64{240, 180, 120}, 60, []float64{math.NaN(), math.NaN(), 2, 1, 0}},
		{"jitter about the minute", []int64{241, 179, 121, 60, 0}, 60, []float64{4, 3, 2, 1, 0}},
		{"jitter before the minute", []int64{241, 181, 120, 61, 0}, 60, []float64{4, 3, 2, 1, 0}},
		{"jitter about the half minute", []int64{271, 209, 151, 90, 30}, 60, []float64{4, 3, 2, 1, 0}},
		{"one row alone", []int64{60}, 60, []float64{math.NaN(), 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString("timestamp,host,used_percent\n")
			for i, before := range c.times {
				fmt.Fprintf(&b, "%d,h,%d\n", end-before, i)
			}
			w := read(t, b.String(), query(end)).Memory.Window
			if w.Step != c.step || w.End() != end || int64(len(w.Values)) != 6*3600/c.step {
				t.Fatalf("step %d, end %d, %d slots", w.Step, w.End(), len(w.Values))
			}
			for i, want := range c.fromLast {
				if got := w.Values[len(w.Values)-1-i]; got != want && !(got != got && want != want) {
					t.Errorf("slot %d before the last is %v, want %v", i, got, want)
				}
			}
		})
	}
}

func TestFloorsAreTheLowestOfQuarters(t *testing.T) {
	edge := int64(end - 6*3600) // of window and history, a multiple of 900
	rows := map[int64]string{
		end:                     "50", // in the window
		edge + 1:                "40", // the window's first second
		edge:                    "1",  // no floor stands at the edge
		edge - 899:              "2",
		edge - 900:              "30", // the newest floor: (−1800, −900]
		edge - 1799:             "31",
		edge - 1800:             "20", // the floor before
		edge - 1801:             "21",
		edge - 7*86400:          "11", // the oldest floor
		edge - 7*86400 - 899:    "10",
		edge - 7*86400 - 900:    "9", // too old
		edge - 7*86400 + 3*3600: "12",
	}
	var b strings.Builder
	b.WriteString("timestamp,host,used_percent\n")
	for at, v := range rows {
		fmt.Fprintf(&b, "%d,h,%s\n", at, v)
	}
	h := read(t, b.String(), query(end)).Memory.History
	if h.Start != edge-7*86400 || len(h.Floors) != 7*96 {
		t.Fatalf("history starts %d before the edge with %d floors", edge-h.Start, len(h.Floors))
	}
	want := map[int]float64{0: 10, 12: 12, 7*96 - 2: 20, 7*96 - 1: 30}
	for i, got := range h.Floors {
		if w, ok := want[i]; ok && got != w || !ok && got == got {
			t.Errorf("floor %d is %v, want %v", i, got, w)
		}
	}
	// Seven seconds later no time of a floor has passed either end: the same floors, one of them
	// still at the old edge, which now lies within the history.
	h = read(t, b.String(), query(end+7)).Memory.History
	if h.Start != edge-7*86400+900 || h.Floors[len(h.Floors)-1] != 1 {
		t.Errorf("seven seconds later: start %d after the edge, last floor %v", h.Start-edge, h.Floors[len(h.Floors)-1])
	}
}

func TestWithoutHistory(t *testing.T) {
	text := fmt.Sprintf("timestamp,host,used_percent\n%d,h,5\n%d,h,6\n", end-10*3600, end)
	q := query(end)
	q.History = 0
	if h := read(t, text, q).Memory.History; len(h.Floors) != 0 {
		t.Errorf("history has %d floors, want none", len(h.Floors))
	}
}

func TestWhatLiesAfterTheInspectionIsNotSeen(t *testing.T) {
	text := fmt.Sprintf("timestamp,host,used_percent,total_bytes\n%d,h,5,100\n%d,h,6,200\n%d,h,7,400\n", end-120, end-60, end)
	r := read(t, text, query(end-60))
	if w := r.Memory.Window; w.Values[len(w.Values)-1] != 6 {
		t.Errorf("last value is %v, want 6", w.Values[len(w.Values)-1])
	}
	if r.Host.TotalBytes != 200 {
		t.Errorf("total is %v, want that of the time", r.Host.TotalBytes)
	}
}

func TestLimitsOfWorkloads(t *testing.T) {
	text := "timestamp,host,used_percent,total_bytes,kind,name,bytes,namespace,limit_bytes,start\n" +
		fmt.Sprintf("%d,h,50,8000,,,,,,\n", end) +
		fmt.Sprintf("%d,h,,,process,java,10,,,\n", end) +
		fmt.Sprintf("%d,h,,,container,web,20,shop,500,%d\n", end-60, end-1_000_000) +
		fmt.Sprintf("%d,h,,,container,web,20,shop,500,%d\n", end-50, end-3600) +
		fmt.Sprintf("%d,h,,,container,web,20,shop,500,%d\n", end-40, end-7200) +
		fmt.Sprintf("%d,h,,,container,web,20,shop,500,%d\n", end-30, end-3600) +
		fmt.Sprintf("%d,h,,,container,web,20,shop,600,%d\n", end, end-3600)
	r := read(t, text, query(end))
	if r.Memory == nil || r.Memory.Limits.Capacity != 100 || r.Host.TotalBytes != 8000 || len(r.Workloads) != 2 {
		t.Fatalf("reading is %+v", r)
	}
	java, web := r.Workloads[0], r.Workloads[1]
	if java.Limits.Capacity != 8000 || java.Limits.StartsKnown {
		t.Errorf("a process may grow to its host's memory: %+v", java.Limits)
	}
	if web.Limits.Capacity != 600 || !web.Limits.StartsKnown || !slices.Equal(web.Limits.Starts, []int64{end - 7200, end - 3600}) {
		t.Errorf("a container may grow to its limit, and each start within the history counts once: %+v", web.Limits)
	}
	if java.Unit != leak.Bytes || web.Object.Namespace != "shop" {
		t.Errorf("workloads are %+v", r.Workloads)
	}
}

func TestHostsOfWorkloadsAloneHaveNoMemory(t *testing.T) {
	r := read(t, fmt.Sprintf("timestamp,host,process,rss_bytes\n%d,h,java,5\n%d,h,old,5\n", end, end-30*86400), query(end))
	if r.Memory != nil || r.Host.TotalBytes != 0 {
		t.Errorf("memory is %+v", r.Memory)
	}
	if len(r.Workloads) != 2 {
		t.Fatalf("%d workloads, want also the one without samples", len(r.Workloads))
	}
	if slices.ContainsFunc(r.Workloads[1].Window.Values, func(v float64) bool { return v == v }) {
		t.Error("the workload that has ended has samples")
	}
}

func TestReadGivesEachHostOnce(t *testing.T) {
	var b strings.Builder
	b.WriteString("timestamp,host,used_percent\n")
	for i := range 100 {
		fmt.Fprintf(&b, "%d,h%02d,%d\n", end, i, i)
	}
	s, err := Open(context.Background(), write(t, "hosts.csv", b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		hosts []string
		want  int
	}{
		{"all", nil, 100},
		{"some, one of them twice, one unknown", []string{"h05", "h99", "h05", "other"}, 2},
		{"none", []string{}, 0},
	} {
		q := query(end)
		q.Hosts, q.Parallel = c.hosts, 4
		seen := make(chan string, 200)
		err := s.Read(context.Background(), q, func(r *leak.Reading) error {
			if v := r.Memory.Window.Values; fmt.Sprintf("h%02.0f", v[len(v)-1]) != r.Host.Name {
				t.Errorf("%s holds the values of another", r.Host.Name)
			}
			seen <- r.Host.Name
			return nil
		})
		close(seen)
		names := map[string]int{}
		for n := range seen {
			names[n]++
		}
		if err != nil || len(names) != c.want {
			t.Errorf("%s: %d hosts, want %d; %v", c.name, len(names), c.want, err)
		}
		for n, times := range names {
			if times != 1 {
				t.Errorf("%s: %s was read %d times", c.name, n, times)
			}
		}
	}
	failed := fmt.Errorf("enough")
	if err := s.Read(context.Background(), query(end), func(*leak.Reading) error { return failed }); err != failed {
		t.Errorf("an error of each came back as %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Read(ctx, query(end), func(*leak.Reading) error { return nil }); err != context.Canceled {
		t.Errorf("a cancelled read returned %v", err)
	}
}
