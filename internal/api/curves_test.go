package api

import (
	"math"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/leak"
)

// However few points are left, the lowest and the highest sample are among them.
func TestDecimatedKeepsFloorsAndPeaks(t *testing.T) {
	values := make([]float64, 1001)
	for i := range values {
		values[i] = 50
	}
	values[333], values[700], values[5] = 1, 99, math.NaN()
	for _, points := range []int{10, 100, 999, 1001} {
		c := decimated(600, 60, values, leak.Percent, points)
		low, high := math.Inf(1), math.Inf(-1)
		for _, v := range c.Values {
			if v != nil {
				low, high = min(low, *v), max(high, *v)
			}
		}
		if low != 1 || high != 99 || len(c.Values) > points+2 {
			t.Errorf("%d points: lowest %v, highest %v, %d values", points, low, high, len(c.Values))
		}
	}
}

func TestCutLeavesWhatLiesBetween(t *testing.T) {
	c := decimated(1000, 100, []float64{0, 1, 2, 3, 4, 5}, leak.Bytes, 100)
	got := c.cut(time.Unix(1150, 0), time.Unix(1420, 0))
	if got.Start != 1200 || len(got.Values) != 3 || *got.Values[0] != 2 {
		t.Errorf("%+v", got)
	}
	if n := len(c.cut(time.Unix(9000, 0), time.Unix(9001, 0)).Values); n != 0 {
		t.Errorf("%d values outside", n)
	}
}

func TestLinksAreFilledAndHarmless(t *testing.T) {
	at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	e := event.Event{
		Object: leak.Object{Kind: leak.KindHost, Host: `a"><script>&b`}, OpenedAt: at,
		Attributes: map[string]string{"team": "x y"},
	}
	links := filled([]LinkTemplate{
		{Name: "logs", URL: "https://k/{host}?t={attribute:team}&from={from_ms}"},
		{Name: "script", URL: "javascript:alert(1)"},
		{Name: "host as address", URL: "{host}"},
	}, e, at)
	want := "https://k/a%22%3E%3Cscript%3E%26b?t=x+y&from=1793469600000"
	if len(links) != 1 || links[0].URL != want {
		t.Errorf("%+v, want %s alone", links, want)
	}
	if err := checkLink("body.links[0].url", "https://k/{hst}"); err == nil {
		t.Error("a variable that nobody knows is taken")
	}
}

func TestCellsAreNoFormulas(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "@x": "'@x", "web-1": "web-1", "": ""} {
		if got := cell(in); got != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}
