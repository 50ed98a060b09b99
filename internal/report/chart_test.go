package report

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

func TestChartsAreDrawnOfAnySeries(t *testing.T) {
	growing := leak.Verdict{Leak: true, Onset: now - 3*3600, SlopePerHour: 2, SlopeLow: 1, SlopeHigh: 3, Value: 50, Exhaustion: leak.Exhaustion{At: now + 7200}}
	for _, c := range []struct {
		name     string
		unit     leak.Unit
		value    func(h float64) float64
		verdict  leak.Verdict
		capacity float64
		want     []string
		not      []string
	}{
		{name: "flat", value: func(float64) float64 { return 50 }, want: []string{`class="raw"`, `class="floor"`}, not: []string{"slope", "forecast"}},
		{name: "zero", value: func(float64) float64 { return 0 }, want: []string{`class="raw"`}},
		{name: "bytes of zero", unit: leak.Bytes, value: func(float64) float64 { return 0 }, want: []string{`class="raw"`}},
		{name: "leak that meets its limit", value: func(h float64) float64 { return 96 - 2*h }, verdict: growing, capacity: 100,
			want: []string{`class="onset"`, `class="slope"`, `class="forecast"`, `class="band"`, `class="capacity"`, `class="full"`}},
		{name: "leak without a limit", unit: leak.Bytes, value: func(h float64) float64 { return 96e9 - 2*h }, verdict: growing,
			want: []string{`class="forecast"`}, not: []string{`class="capacity"`}},
		{name: "a single sample", value: func(h float64) float64 {
			if h == 0 {
				return 50
			}
			return math.NaN()
		}, verdict: growing, capacity: 100, want: []string{`class="slope"`}},
		{name: "no sample", value: func(float64) float64 { return math.NaN() }, not: []string{"<svg"}},
		{name: "onset long ago", value: func(h float64) float64 { return 96 - 2*h }, verdict: leak.Verdict{Leak: true, Onset: now - 90*3600, SlopePerHour: 2},
			want: []string{`class="slope"`}, not: []string{`class="onset"`}},
		{name: "falling and yet a leak", value: func(h float64) float64 { return 40 + h }, verdict: leak.Verdict{Leak: true, SlopePerHour: -1},
			want: []string{`class="slope"`}, not: []string{`class="forecast"`}},
		{name: "full already", value: func(float64) float64 { return 100 }, verdict: leak.Verdict{Leak: true, SlopePerHour: 1, Exhaustion: leak.Exhaustion{At: now}}, capacity: 100,
			want: []string{`class="capacity"`}},
		{name: "huge slope", value: func(h float64) float64 { return 50 }, verdict: leak.Verdict{Leak: true, SlopePerHour: 1e300, SlopeHigh: 1e301}, capacity: 100},
		{name: "no slope at all", value: func(h float64) float64 { return 50 }, verdict: leak.Verdict{Leak: true, SlopePerHour: math.NaN()}, capacity: 100},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := window(c.value)
			s.Unit, s.Limits.Capacity = c.unit, c.capacity
			text := string(svg(&inspect.Finding{
				At: time.Unix(now, 0), Object: leak.Object{Kind: leak.KindHost, Host: "<&\"'>"}, Unit: c.unit, Series: s, Verdict: c.verdict,
			}, "en"))
			for _, w := range c.want {
				if !strings.Contains(text, w) {
					t.Errorf("no %s in %s", w, text)
				}
			}
			for _, bad := range append(c.not, "NaN", "Inf") {
				if strings.Contains(text, bad) {
					t.Errorf("there is %s in %s", bad, text)
				}
			}
			for d := xml.NewDecoder(strings.NewReader(text)); ; {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%v in %s", err, text)
				}
			}
		})
	}
}
