package inspect_test

import (
	"math"
	"testing"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

// climbing is a host that is flat, then grows so many percent an hour for so many hours until the end.
func climbing(from, perHour, hours, daysKnown, noise float64) leak.Reading {
	value := func(minutesAgo int) float64 {
		wave := math.Sin(float64(minutesAgo)*1.7) + math.Sin(float64(minutesAgo)/9)
		return from + perHour*max(hours-float64(minutesAgo)/60, 0) + noise*wave
	}
	s := leak.Series{Limits: leak.Limits{Capacity: 100}}
	s.Object = leak.Object{Kind: leak.KindHost, Host: "h"}
	for ago := fleet.WindowMinutes - 1; ago >= 0; ago-- {
		s.Window.Values = append(s.Window.Values, value(ago))
	}
	s.Window.Step, s.Window.Start = 60, fleet.End-int64(fleet.WindowMinutes-1)*60
	var past []float64
	for ago := int(daysKnown*24*60) + fleet.WindowMinutes - 1; ago >= fleet.WindowMinutes; ago-- {
		past = append(past, value(ago))
	}
	s.History.Floors = fleet.Floors(past)
	s.History.Start = s.Window.Start - 60 - int64(len(s.History.Floors)-1)*leak.FloorSeconds
	return leak.Reading{Host: leak.Host{Name: "h", TotalBytes: 16 << 30}, Memory: &s}
}

func TestALeakThatIsNotCertainWaits(t *testing.T) {
	tests := []struct {
		name                            string
		from, perHour, hours, daysKnown float64
		noise                           float64
		want                            inspect.Wait
	}{
		{"clear, and known for a week", 30, 2, 5, 7, 0.05, ""},
		{"clear and begun now, but known for a week", 30, 4, 2.2, 7, 0.02, ""},
		{"weak and begun now", 30, 0.9, 2.2, 7, 0.35, inspect.JustBegun},
		{"weak, but it stands", 30, 0.9, 4.5, 7, 0.35, ""},
		{"clear on a new host", 30, 2, 6, 0.2, 0.02, ""},
		{"begun now on a new host", 30, 4, 2, 0.1, 0.02, inspect.LittleKnown},
		{"begun now on a new host with an hour left", 85, 7, 2, 0.1, 0.02, ""},
		{"none", 30, 0, 5, 7, 0.2, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := run(t, made{readings: []leak.Reading{climbing(tt.from, tt.perHour, tt.hours, tt.daysKnown, tt.noise)}}, inspect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			f := got[0]
			if f.Wait != tt.want || f.Verdict.Leak != (tt.perHour > 0) {
				t.Errorf("leak %v with confidence %.3f, left %d min: wait %q, want %q", f.Verdict.Leak, f.Verdict.Confidence, (f.Verdict.Exhaustion.At-fleet.End)/60, f.Wait, tt.want)
			}
		})
	}
}

// Waiting costs few leaks an hour, and keeps half of the false alarms from being told.
func TestMostLeaksAreToldAtOnce(t *testing.T) {
	var told, all, alarms, early int
	for _, k := range fleet.Kinds() {
		for seed := range uint64(40) {
			h := fleet.Make(k, 60_000+seed)
			got, _, err := run(t, made{readings: []leak.Reading{{Host: leak.Host{Name: "h", TotalBytes: 16 << 30}, Memory: &h.Series}}}, inspect.Options{})
			if err != nil {
				t.Fatal(err)
			}
			switch f := got[0]; {
			case !f.Verdict.Leak:
			case k.Leak:
				all++
				if f.Wait == "" {
					told++
				}
			default:
				alarms++
				if f.Wait == "" {
					early++
				}
			}
		}
	}
	t.Logf("%d of %d leaks are told at once; %d of %d false alarms", told, all, early, alarms)
	if told*100 < all*92 || early*10 > alarms*7 {
		t.Errorf("%d of %d leaks are told at once, want 92 %%; %d of %d false alarms, want at most 70 %%", told, all, early, alarms)
	}
}
