package leak_test

import (
	"math"
	"testing"

	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

// What was known an hour ago is judged as it would have been then: the window's first hour is made of
// floors, which is all that is left of it.
func TestEarlierSeesWhatWasKnownThen(t *testing.T) {
	var d leak.Detector
	const hour = 3600
	same, all, off := 0, 0, 0.0
	for _, k := range fleet.Kinds() {
		for seed := range uint64(12) {
			made, minutes := fleet.MakeMinutes(k, unseen+seed)
			s := made.Series
			if s.Window.Step != 60 || len(s.History.Floors) < 2*96 {
				continue
			}
			got := d.Earlier(hour, s.Window, s.History, s.Limits)
			floors := fleet.Floors(minutes[:len(minutes)-60-fleet.WindowMinutes])
			then := leak.Window{Start: s.Window.Start - hour, Step: 60, Values: minutes[len(minutes)-60-fleet.WindowMinutes : len(minutes)-60]}
			past := leak.History{Start: then.Start - 60 - int64(len(floors)-1)*leak.FloorSeconds, Floors: floors}
			if n := len(s.History.Floors) - 4; len(floors) > n {
				past.Start += int64(len(floors)-n) * leak.FloorSeconds
				past.Floors = floors[len(floors)-n:]
			}
			l := s.Limits
			for len(l.Starts) > 0 && l.Starts[len(l.Starts)-1] > fleet.End-hour {
				l.Starts = l.Starts[:len(l.Starts)-1]
			}
			want := d.Detect(then, past, l)
			all++
			off += math.Abs(want.Confidence - got.Confidence)
			if got.Leak == want.Leak {
				same++
			}
		}
	}
	t.Logf("%d of %d judged alike, confidence off by %.3f in the mean", same, all, off/float64(all))
	if all < 300 || same*100 < all*98 {
		t.Errorf("%d of %d judged alike, want 98 %%", same, all)
	}
}

// Nothing that came since counts, and nothing is needed that is not there.
func TestEarlierForgetsWhatCameSince(t *testing.T) {
	var d leak.Detector
	h := fleet.Make(kind(t, "linear_fast"), 1)
	before := d.Earlier(3600, h.Series.Window, h.Series.History, h.Series.Limits)
	values := append([]float64(nil), h.Series.Window.Values...)
	last := len(values) - int(3600/h.Series.Window.Step)
	for i := last; i < len(values); i++ {
		values[i] = 3
	}
	changed := h.Series.Window
	changed.Values = values
	if after := d.Earlier(3600, changed, h.Series.History, h.Series.Limits); after != before {
		t.Errorf("%+v, before the last hour changed it was %+v", after, before)
	}
	if v := d.Earlier(3600, h.Series.Window, leak.History{}, h.Series.Limits); v.Cause == leak.NoData {
		t.Error("five hours of a window without history are no data")
	}
	short := h.Series.Window
	short.Values = short.Values[len(short.Values)-3*len(short.Values)/8:]
	if v := d.Earlier(3600, short, leak.History{}, h.Series.Limits); v.Cause != leak.TooShort {
		t.Errorf("an hour and a quarter is %s", v.Cause)
	}
	if v := d.Earlier(24*3600, short, leak.History{}, h.Series.Limits); v.Cause != leak.NoData {
		t.Errorf("nothing is %s", v.Cause)
	}
	if n := testing.AllocsPerRun(5, func() { d.Earlier(3600, h.Series.Window, h.Series.History, h.Series.Limits) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestReachIsTheAgeOfTheOldestFloor(t *testing.T) {
	w := leak.Window{Start: 100 * leak.FloorSeconds, Step: 60}
	nan := math.NaN()
	tests := []struct {
		name   string
		start  int64 // in floors
		floors []float64
		want   int64
	}{
		{"none", 0, nil, 0},
		{"only gaps", 90, []float64{nan, nan}, 0},
		{"ten floors", 91, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, 10},
		{"gaps first", 91, []float64{nan, nan, 1, 1, nan, 1, 1, 1, 1, 1}, 8},
		{"within the window", 101, []float64{1}, 0},
	}
	for _, tt := range tests {
		h := leak.History{Start: tt.start * leak.FloorSeconds, Floors: tt.floors}
		if got := h.Reach(w); got != tt.want*leak.FloorSeconds {
			t.Errorf("%s: %d seconds, want %d floors", tt.name, got, tt.want)
		}
	}
}

func kind(t *testing.T, name string) fleet.Kind {
	t.Helper()
	for _, k := range fleet.Kinds() {
		if k.Name == name {
			return k
		}
	}
	t.Fatalf("there is no kind %s", name)
	return fleet.Kind{}
}
