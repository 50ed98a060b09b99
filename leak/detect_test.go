package leak_test

import (
	"math"
	"slices"
	"sort"
	"sync"
	"testing"

	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

// unseen is a seed far from those that the curves were taught with.
const unseen, perKind = 50_000, 60

func detectHost(d *leak.Detector, h fleet.Host) leak.Verdict {
	return d.Detect(h.Series.Window, h.Series.History, h.Series.Limits)
}

// outcome counts verdicts against the truth.
type outcome struct{ tp, fp, fn, tn int }

func (o *outcome) add(is, says bool) {
	switch {
	case is && says:
		o.tp++
	case is:
		o.fn++
	case says:
		o.fp++
	default:
		o.tn++
	}
}

func (o outcome) f1() float64 { return 2 * float64(o.tp) / float64(2*o.tp+o.fp+o.fn) }

func TestKindsThatWereNeverTaughtAreToldApart(t *testing.T) {
	var d leak.Detector
	var all outcome
	kinds := 0
	for _, k := range fleet.Kinds() {
		if !k.Held {
			continue
		}
		kinds++
		var o outcome
		for seed := range perKind {
			says := detectHost(&d, fleet.Make(k, uint64(unseen+seed))).Leak
			o.add(k.Leak, says)
			all.add(k.Leak, says)
		}
		t.Logf("%-30s %d of %d", k.Name, o.tp+o.tn, perKind)
	}
	t.Logf("%d kinds held back: F1 %.3f, %d false alarms, %d missed", kinds, all.f1(), all.fp, all.fn)
	if kinds*3 < len(fleet.Kinds()) {
		t.Errorf("%d of %d kinds are held back, want a third", kinds, len(fleet.Kinds()))
	}
	if all.f1() < 0.95 {
		t.Errorf("F1 %.3f, want at least 0.95", all.f1())
	}
}

func TestEachKindIsMostlyJudgedRight(t *testing.T) {
	var d leak.Detector
	for _, k := range fleet.Kinds() {
		right := 0
		for seed := range perKind {
			if detectHost(&d, fleet.Make(k, uint64(unseen+seed))).Leak == k.Leak {
				right++
			}
		}
		if right*10 < perKind*7 {
			t.Errorf("%s: %d of %d right, want at least 7 of 10", k.Name, right, perKind)
		}
	}
}

func TestCauseNamesWhatWasSeen(t *testing.T) {
	tests := map[string][]leak.Cause{
		"linear":           {leak.Steady},
		"noisy":            {leak.Steady, leak.Stepping, leak.Accelerating},
		"accelerating":     {leak.Accelerating},
		"oom_loop":         {leak.Restarting},
		"exhausted":        {leak.Exhausted},
		"slow_under_noise": {leak.Slow},
		"flat":             {leak.SteadyLevel},
		"step_up":          {leak.Step, leak.SteadyLevel},
		"warm_up":          {leak.WarmUp, leak.Step, leak.SteadyLevel},
		"daily_edge":       {leak.Daily, leak.SteadyLevel},
		"ramp_released":    {leak.Released, leak.Batch, leak.SteadyLevel},
		"restart":          {leak.Restart, leak.SteadyLevel},
		"jobs":             {leak.Batch, leak.Released, leak.SteadyLevel, leak.Noise},
	}
	var d leak.Detector
	for _, k := range fleet.Kinds() {
		want, ok := tests[k.Name]
		if !ok {
			continue
		}
		t.Run(k.Name, func(t *testing.T) {
			seen := map[leak.Cause]int{}
			named, of := 0, 0
			for seed := range perKind {
				v := detectHost(&d, fleet.Make(k, uint64(unseen+seed)))
				if v.Leak != k.Leak || v.Cause == leak.NoData {
					continue
				}
				of++
				seen[v.Cause]++
				if slices.Contains(want, v.Cause) {
					named++
				}
			}
			if named*10 < of*6 {
				t.Errorf("causes %v, want %v in six of ten", seen, want)
			}
		})
	}
}

func TestTimeToExhaustionAndOnset(t *testing.T) {
	var d leak.Detector
	var left, onset []float64
	for _, name := range []string{"linear", "linear_fast", "linear_for_days", "gc_floor", "noisy", "two_rates"} {
		for _, k := range fleet.Kinds() {
			if k.Name != name {
				continue
			}
			for seed := range perKind {
				h := fleet.Make(k, uint64(unseen+seed))
				v := detectHost(&d, h)
				if !v.Leak || h.Truth.Exhaustion == 0 || v.Exhaustion.At == 0 {
					continue
				}
				truth := float64(h.Truth.Exhaustion - fleet.End)
				left = append(left, math.Abs(float64(v.Exhaustion.At-fleet.End)-truth)/truth)
				if name == "linear" || name == "linear_fast" {
					onset = append(onset, math.Abs(float64(v.Onset-h.Truth.Onset))/60)
				}
			}
		}
	}
	l, o := median(left), median(onset)
	t.Logf("time left off by %.1f %% (median of %d), onset by %.0f min", 100*l, len(left), o)
	if l > 0.20 {
		t.Errorf("time left off by %.1f %%, want at most 20 %%", 100*l)
	}
	if o > 20 {
		t.Errorf("onset off by %.0f min, want at most 20", o)
	}
}

func median(v []float64) float64 {
	sort.Float64s(v)
	return v[len(v)/2]
}

func TestConfidenceIsCalibrated(t *testing.T) {
	var d leak.Detector
	var right, sum, count [5]float64 // confidence 0.5–0.6 … 0.9–1
	for _, k := range fleet.Kinds() {
		for seed := range perKind {
			v := detectHost(&d, fleet.Make(k, uint64(unseen+seed)))
			if v.Cause == leak.NoData || v.Cause == leak.TooShort {
				continue
			}
			b := min(int((v.Confidence-0.5)*10), 4)
			count[b]++
			sum[b] += v.Confidence
			if v.Leak == k.Leak {
				right[b]++
			}
		}
	}
	off, n := 0.0, 0.0
	for b := range count {
		t.Logf("confidence %.2f: right %.2f of %.0f", sum[b]/count[b], right[b]/count[b], count[b])
		off += math.Abs(sum[b] - right[b])
		n += count[b]
	}
	if off/n > 0.04 {
		t.Errorf("expected calibration error %.3f, want at most 0.04", off/n)
	}
}

func TestVerdictWithoutEnoughSamples(t *testing.T) {
	flat := func(n int, step int64) leak.Window {
		w := leak.Window{Start: 1_790_000_000, Step: step, Values: make([]float64, n)}
		for i := range w.Values {
			w.Values[i] = 40
		}
		return w
	}
	gap := func(w leak.Window, from, to int) leak.Window {
		for i := from; i < to; i++ {
			w.Values[i] = math.NaN()
		}
		return w
	}
	tests := []struct {
		name string
		w    leak.Window
		want leak.Cause
	}{
		{"nothing", leak.Window{Step: 60}, leak.NoData},
		{"only gaps", gap(flat(360, 60), 0, 360), leak.NoData},
		{"last hour empty", gap(flat(360, 60), 300, 360), leak.NoData},
		{"less than half of the last hour", gap(flat(360, 60), 300, 335), leak.NoData},
		{"half of the last hour", gap(flat(360, 60), 300, 330), leak.SteadyLevel},
		{"one hour in all", flat(60, 60), leak.TooShort},
		{"three hours in all", flat(180, 60), leak.SteadyLevel},
		{"steps of five minutes", flat(72, 300), leak.SteadyLevel},
		{"steps of ten seconds", flat(2160, 10), leak.SteadyLevel},
		{"a step of nothing", leak.Window{Values: []float64{1, 2, 3}}, leak.TooShort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := leak.Detect(tt.w, leak.History{}, leak.Limits{Capacity: 100})
			if v.Cause != tt.want || v.Leak {
				t.Errorf("cause %s, leak %v; want %s", v.Cause, v.Leak, tt.want)
			}
		})
	}
}

func TestUnitDoesNotMatter(t *testing.T) {
	var d leak.Detector
	const scale = 1 << 28
	for _, k := range fleet.Kinds() {
		h := fleet.Make(k, unseen)
		want := detectHost(&d, h)
		s := h.Series
		s.Limits.Capacity *= scale
		for i := range s.Window.Values {
			s.Window.Values[i] *= scale
		}
		for i := range s.History.Floors {
			s.History.Floors[i] *= scale
		}
		got := d.Detect(s.Window, s.History, s.Limits)
		if got.Leak != want.Leak || got.Cause != want.Cause || math.Abs(got.Confidence-want.Confidence) > 1e-6 {
			t.Errorf("%s: in bytes %v %s %.3f, in percent %v %s %.3f", k.Name, got.Leak, got.Cause, got.Confidence, want.Leak, want.Cause, want.Confidence)
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	var d leak.Detector
	for _, k := range fleet.Kinds() {
		h := fleet.Make(k, 1)
		if n := testing.AllocsPerRun(5, func() { detectHost(&d, h) }); n != 0 {
			t.Errorf("%s: %v allocations", k.Name, n)
		}
	}
}

func TestEqualSeriesGetEqualVerdictsOnAllWorkers(t *testing.T) {
	hosts := make([]fleet.Host, 0, len(fleet.Kinds()))
	for _, k := range fleet.Kinds() {
		hosts = append(hosts, fleet.Make(k, 7))
	}
	verdicts := func() []leak.Verdict {
		var d leak.Detector
		out := make([]leak.Verdict, len(hosts))
		for i, h := range hosts {
			out[i] = detectHost(&d, h)
		}
		return out
	}
	want := verdicts()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i, v := range verdicts() {
				if v.Leak != want[i].Leak || v.Confidence != want[i].Confidence || v.Onset != want[i].Onset {
					t.Errorf("%s: %+v, want %+v", hosts[i].Kind, v, want[i])
				}
			}
		})
	}
	wg.Wait()
}

func TestReasonsAreSentencesInBothLanguages(t *testing.T) {
	var d leak.Detector
	for _, k := range fleet.Kinds() {
		v := detectHost(&d, fleet.Make(k, 3))
		if v.Leak && len(v.Reasons()) == 0 {
			t.Errorf("%s: a leak without a reason", k.Name)
		}
		for _, r := range v.Reasons() {
			if r.Text("en") == r.Code || r.Text("zh") == r.Code || r.Text("en") == r.Text("zh") {
				t.Errorf("%s has no sentence of its own in each language", r.Code)
			}
			if math.IsNaN(r.Value) || math.IsInf(r.Value, 0) {
				t.Errorf("%s: value %v", r.Code, r.Value)
			}
		}
	}
}

func TestAReasonSaysWhatItsNumberMeans(t *testing.T) {
	tests := []struct {
		name   string
		reason leak.Reason
		en, zh string
	}{
		{"speaks for a leak", leak.Reason{Code: "keeps_on", Value: 1.176, Points: 0.9},
			"it keeps growing: the last two hours at 1.2 times the pace of the six", "仍在增长：最近两小时为六小时平均速度的 1.2 倍"},
		{"speaks against one", leak.Reason{Code: "keeps_on", Value: 0.1, Points: -2},
			"it grows less: the last two hours at 0.1 times the pace of the six", "增长减弱：最近两小时为六小时平均速度的 0.1 倍"},
		{"a share", leak.Reason{Code: "not_repeated", Value: 0.948, Points: 1},
			"the days before did not grow like this at these hours: 95 % of it is new", "前几天同一时段没有这样增长：其中 95 % 是新的"},
		{"large", leak.Reason{Code: "growth_over_noise", Value: 41.7, Points: 1},
			"it grows clearly: 42 times the noise of its floor", "增长明显：为底线波动的 42 倍"},
		{"a share that is nearly nought", leak.Reason{Code: "half_day_slows_down", Value: -0.002, Points: 1},
			"it does not slow down over twelve hours (first six ahead of the last six by 0 %)", "十二小时内没有放缓（前六小时比后六小时多 0 %）"},
		{"never", leak.Reason{Code: "fell_before", Value: 0, Points: 1},
			"it has never given back as much before", "此前从未回落这么多"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if en, zh := tt.reason.Text("en"), tt.reason.Text("zh"); en != tt.en || zh != tt.zh {
				t.Errorf("%q, %q; want %q, %q", en, zh, tt.en, tt.zh)
			}
		})
	}
}

func TestLevelComesFromTimeLeftAndUse(t *testing.T) {
	rising := func(from, perHour float64) leak.Verdict {
		w := leak.Window{Start: 1_790_000_000, Step: 60, Values: make([]float64, 360)}
		for i := range w.Values {
			w.Values[i] = from + perHour*float64(i)/60 + 0.02*float64(i%3)
		}
		h := leak.History{Start: (w.Start - 95*900) / 900 * 900}
		for i := range 96 {
			h.Floors = append(h.Floors, from-perHour/4*float64(95-i))
		}
		return leak.Detect(w, h, leak.Limits{Capacity: 100})
	}
	tests := []struct {
		name          string
		from, perHour float64
		want          leak.Level
	}{
		{"hours left", 60, 5, leak.Critical},
		{"less than a day left", 40, 2, leak.Error},
		{"days left", 30, 0.5, leak.Warning},
		{"nearly full", 93, 0.4, leak.Critical},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if v := rising(tt.from, tt.perHour); !v.Leak || v.Level != tt.want {
				t.Errorf("leak %v, level %s, exhaustion in %d h; want %s", v.Leak, v.Level, (v.Exhaustion.At-1_790_021_540)/3600, tt.want)
			}
		})
	}
}
