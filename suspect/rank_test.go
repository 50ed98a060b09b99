package suspect

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/memseep/memseep/leak"
)

const (
	end   = int64(1_790_157_600)
	mib   = 1 << 20
	gib   = 1 << 30
	total = 32 * gib
)

// shape is bytes at so many hours since the window began, from 0 to 6; negative before it.
type shape func(hours float64) float64

func flat(bytes float64) shape { return func(float64) float64 { return bytes } }

// leakFrom grows by perHour from an hour on.
func leakFrom(hour, bytes, perHour float64) shape {
	return func(h float64) float64 { return bytes + perHour*max(h-hour, 0) }
}

// warmUp fills up to height with a time constant in hours.
func warmUp(hour, bytes, height, tau float64) shape {
	return func(h float64) float64 { return bytes - height*math.Expm1(-max(h-hour, 0)/tau) }
}

// load rises by height within some hours, and stays.
func load(hour, takes, bytes, height float64) shape {
	return func(h float64) float64 { return bytes + height*min(max(h-hour, 0)/takes, 1) }
}

// series draws a workload at two minutes with noise that its name fixes, and days of history.
func series(kind leak.Kind, name string, s shape, days int) leak.Series {
	seed := uint64(0)
	for _, c := range name {
		seed = seed*31 + uint64(c)
	}
	r := rand.New(rand.NewPCG(seed, 0))
	noisy := func(h float64) float64 { return s(h) + 0.002*s(0)*r.NormFloat64() }
	out := leak.Series{Object: leak.Object{Kind: kind, Host: "web-1", Name: name}, Unit: leak.Bytes}
	out.Window = leak.Window{Start: end - 179*120, Step: 120}
	for i := range 180 {
		out.Window.Values = append(out.Window.Values, noisy(float64(i+1)/30))
	}
	n := days * 96
	out.History.Start = end - windowSeconds - int64(n-1)*leak.FloorSeconds
	for i := range n {
		out.History.Floors = append(out.History.Floors, noisy(float64(i+1-n)/4))
	}
	return out
}

func process(name string, s shape) leak.Series { return series(leak.KindProcess, name, s, 0) }

// host adds up shapes to percent of total.
func host(shapes ...shape) *leak.Series {
	s := series(leak.KindHost, "", func(h float64) float64 {
		sum := 0.0
		for _, f := range shapes {
			sum += f(h)
		}
		return 100 * sum / total
	}, 0)
	s.Unit = leak.Percent
	return &s
}

func rank1(workloads ...leak.Series) Result {
	var r Ranker
	return r.Rank(Input{TotalBytes: total, Workloads: workloads})
}

func wantNames(t *testing.T, got []Suspect, want ...string) {
	t.Helper()
	names := []string{}
	for _, s := range got {
		names = append(names, s.Name)
	}
	if !slices.Equal(names, append([]string{}, want...)) {
		t.Errorf("named %v, want %v", names, want)
	}
}

func TestFirstIsWhoGoesOnGrowing(t *testing.T) {
	leaking := process("leaking", leakFrom(2, 30*mib, 60*mib))
	for _, test := range []struct {
		name   string
		beside leak.Series
	}{
		{"a cache that warmed up", process("cache", warmUp(3, gib, 6*gib, 0.5))},
		{"a cache that is warm in two thirds of the window", process("cache", warmUp(1, gib, 6*gib, 1.2))},
		{"a load in the middle", process("loader", load(3, 0.5, gib, 8*gib))},
		{"a load that ended half an hour ago", process("loader", load(4.5, 1, gib, 8*gib))},
		{"a job at its peak", process("job", load(5.3, 0.3, 50*mib, 8*gib))},
		{"a job that grows still", process("job", load(5.75, 2, 50*mib, 8*gib))},
		{"a large process that does not grow", process("database", flat(20*gib))},
		{"a process that shrinks", process("batch", leakFrom(0, 20*gib, -gib))},
		{"the morning of every day", series(leak.KindProcess, "web", func(h float64) float64 {
			return 4*gib + 3*gib*math.Sin(2*math.Pi*(h-5)/24)
		}, 2)},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := rank1(test.beside, leaking).Suspects
			if len(got) == 0 || got[0].Name != "leaking" {
				t.Fatalf("named %+v, want leaking first", got)
			}
			if per := got[0].GrowthBytes / (240 * mib); per < 0.6 || per > 1.1 {
				t.Errorf("growth is %.0f MiB, want about 240", got[0].GrowthBytes/mib)
			}
		})
	}
}

func TestFasterLeakIsFirst(t *testing.T) {
	got := rank1(process("slow", leakFrom(0, gib, 100*mib)), process("fast", leakFrom(3, 10*mib, 200*mib)))
	wantNames(t, got.Suspects, "fast", "slow")
	if perHour := got.GrowthPerHour / mib; perHour < 285 || perHour > 315 {
		t.Errorf("together they grow by %.0f MiB an hour, want 300", perHour)
	}
	sum := 0.0
	for _, s := range got.Suspects {
		sum += s.Share
	}
	if sum > 1+1e-9 || got.Suspects[0].Share <= got.Suspects[1].Share {
		t.Errorf("shares %+v", got.Suspects)
	}
}

func TestNobodyIsNamedWhereNobodyLeaks(t *testing.T) {
	got := rank1(process("a", flat(gib)), process("cache", warmUp(2, gib, gib, 0.4)), process("loader", load(2, 0.2, gib, gib)))
	wantNames(t, got.Suspects)
}

func TestWhoHasEndedIsNotNamed(t *testing.T) {
	ended := process("ended", leakFrom(0, gib, gib))
	for k := 140; k < 180; k++ {
		ended.Window.Values[k] = math.NaN()
	}
	wantNames(t, rank1(ended, process("leaking", leakFrom(2, 30*mib, 60*mib))).Suspects, "leaking")
}

func TestKilledAgainAndAgain(t *testing.T) {
	period := 1.5
	loop := process("loop", func(h float64) float64 { return 100*mib + gib*math.Mod(h+0.4, period) })
	for i := range 4 {
		loop.Limits.Starts = append(loop.Limits.Starts, end-windowSeconds+int64((float64(i)*period+period-0.4)*3600))
	}
	loop.Limits.StartsKnown = true
	got := rank1(loop, process("cache", warmUp(3, gib, 3*gib, 0.5)))
	if len(got.Suspects) == 0 || got.Suspects[0].Name != "loop" {
		t.Fatalf("named %+v, want loop first", got.Suspects)
	}
	if perHour := got.GrowthPerHour / gib; perHour < 0.8 || perHour > 1.1 {
		t.Errorf("slope within a life is %.2f GiB an hour, want 1", perHour)
	}
}

func TestShortLivedOfOneNameCountTogether(t *testing.T) {
	workloads := []leak.Series{process("steady", flat(2*gib))}
	for i := range 40 { // one every nine minutes; every other one stays
		s := process("worker", flat(50*mib))
		for k := range s.Window.Values {
			age := k - i*9/2
			if age < 0 || (i%2 == 0 && age > 8) {
				s.Window.Values[k] = math.NaN()
			}
		}
		workloads = append(workloads, s)
	}
	got := rank1(workloads...)
	wantNames(t, got.Suspects, "worker")
	if w := got.Suspects[0]; w.Count != 40 || w.Bytes < 990*mib || w.Bytes > 1110*mib {
		t.Errorf("%d workers of %.0f MiB together, want 40 of about 1000", w.Count, w.Bytes/mib)
	}
}

func TestContainerStandsForWhatIsInside(t *testing.T) {
	app := process("app", leakFrom(2, 300*mib, 100*mib))
	sidecar := process("sidecar", flat(50*mib))
	whole := series(leak.KindContainer, "shop", flat(0), 0)
	pod := series(leak.KindPod, "shop-0", flat(0), 0)
	for i := range whole.Window.Values {
		whole.Window.Values[i] = app.Window.Values[i] + sidecar.Window.Values[i] + 4*mib
		pod.Window.Values[i] = whole.Window.Values[i] + mib
	}
	other := process("other", leakFrom(1, 300*mib, 60*mib))
	leaks := leak.Verdict{Leak: true, Cause: leak.Steady, Confidence: 0.9}
	healthy := leak.Verdict{Cause: leak.Noise, Confidence: 0.9}

	wantNames(t, rank1(app, sidecar, whole, other).Suspects, "shop", "other")
	wantNames(t, rank1(app, sidecar, whole, pod, other).Suspects, "shop-0", "other")
	wantNames(t, rank1(app, sidecar, other).Suspects, "app", "other")

	var r Ranker
	got := r.Rank(Input{Workloads: []leak.Series{app, whole}, Verdicts: []leak.Verdict{leaks, healthy}})
	wantNames(t, got.Suspects, "shop")
	if s := got.Suspects[0]; s.GrowthBytes < 300*mib {
		t.Errorf("the container grew by %.0f MiB, want what its process did, 400", s.GrowthBytes/mib)
	}
}

func TestVerdictIsOneVoice(t *testing.T) {
	leaks := leak.Verdict{Leak: true, Cause: leak.Slow, Confidence: 0.95, SlopePerHour: mib, Onset: end - 3*86400}
	healthy := leak.Verdict{Cause: leak.WarmUp, Confidence: 0.99}
	quiet, growing := process("quiet", flat(gib)), process("growing", leakFrom(0, gib, 200*mib))
	var r Ranker

	t.Run("who leaks over days is told though its window is flat", func(t *testing.T) {
		got := r.Rank(Input{Workloads: []leak.Series{quiet}, Verdicts: []leak.Verdict{leaks}})
		wantNames(t, got.Suspects, "quiet")
		if g := got.Suspects[0].GrowthBytes / mib; g <= 0 || g > 6 {
			t.Errorf("growth %.1f MiB, want up to 6", g)
		}
	})
	t.Run("who is said to be healthy and grows plainly is told", func(t *testing.T) {
		got := r.Rank(Input{Workloads: []leak.Series{growing}, Verdicts: []leak.Verdict{healthy}})
		wantNames(t, got.Suspects, "growing")
	})
	t.Run("of two alike the one that is said to leak is first", func(t *testing.T) {
		twin := process("a twin", leakFrom(0, gib, 220*mib))
		got := r.Rank(Input{Workloads: []leak.Series{twin, growing}, Verdicts: []leak.Verdict{healthy, {Leak: true, Cause: leak.Steady, Confidence: 0.95}}})
		wantNames(t, got.Suspects, "growing", "a twin")
	})
}

func TestUnexplained(t *testing.T) {
	told, hidden := leakFrom(1, gib, 200*mib), leakFrom(1, gib, 600*mib)
	workloads := []leak.Series{process("told", told), process("gone", flat(0))}
	for i := range workloads[1].Window.Values {
		if i > 60 {
			workloads[1].Window.Values[i] = math.NaN()
		}
	}
	for _, test := range []struct {
		name string
		in   Input
		want float64
	}{
		{"most of the growth is nobody's", Input{Host: host(told, hidden), TotalBytes: total, Workloads: workloads}, 3000 * mib},
		{"all is told", Input{Host: host(told), TotalBytes: total, Workloads: workloads}, 0},
		{"no workload is known", Input{Host: host(told, hidden), TotalBytes: total}, 4000 * mib},
		{"the host is not known", Input{TotalBytes: total, Workloads: workloads}, math.NaN()},
		{"its size is not known", Input{Host: host(told, hidden), Workloads: workloads}, math.NaN()},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r Ranker
			got := r.Rank(test.in)
			if math.IsNaN(test.want) != math.IsNaN(got.Unexplained) || math.Abs(got.Unexplained-test.want) > 150*mib {
				t.Errorf("unexplained %.0f MiB, want %.0f", got.Unexplained/mib, test.want/mib)
			}
		})
	}
	var r Ranker
	if got := r.Rank(Input{Host: host(told, hidden), TotalBytes: total, Workloads: workloads}).Suspects; len(got) != 1 || got[0].Share > 0.3 {
		t.Errorf("suspects %+v, want told with a quarter of the growth", got)
	}
}

func TestTopTenBySize(t *testing.T) {
	var workloads []leak.Series
	for i := range 14 {
		workloads = append(workloads, process(fmt.Sprintf("p%02d", i), flat(float64(1+i/2)*gib)))
	}
	for i := range workloads { // sizes to the byte, so that names decide
		for k := range workloads[i].Window.Values {
			workloads[i].Window.Values[k] = float64(1+i/2) * gib
		}
	}
	ended := process("ended", flat(100*gib))
	for k := 120; k < 180; k++ {
		ended.Window.Values[k] = math.NaN()
	}
	var names []string
	for _, u := range rank1(append(workloads, ended)...).Top {
		names = append(names, u.Name)
	}
	want := []string{"p12", "p13", "p10", "p11", "p08", "p09", "p06", "p07", "p04", "p05"}
	if !slices.Equal(names, want) {
		t.Errorf("top %v, want %v", names, want)
	}
}

func TestPercentOfTheHost(t *testing.T) {
	s := process("percent", leakFrom(1, 10, 0.5))
	s.Unit = leak.Percent
	got := rank1(s).Suspects
	if len(got) != 1 || math.Abs(got[0].Bytes-0.125*total) > 0.01*total {
		t.Errorf("%+v, want an eighth of the host", got)
	}
}

func TestOrderOfInputDoesNotMatter(t *testing.T) {
	workloads := []leak.Series{
		process("b", leakFrom(2, gib, 90*mib)), process("a", leakFrom(2, gib, 100*mib)), process("c", warmUp(2, gib, gib, 1)),
		series(leak.KindKernel, "a", flat(gib), 1), process("worker", flat(gib)), process("worker", flat(gib)),
	}
	want := rank1(workloads...)
	r := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		r.Shuffle(len(workloads), func(i, j int) { workloads[i], workloads[j] = workloads[j], workloads[i] })
		got := rank1(workloads...)
		if !reflect.DeepEqual(got.Suspects, want.Suspects) || !reflect.DeepEqual(got.Top, want.Top) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	}
}

func TestOddInputs(t *testing.T) {
	gaps := process("gaps", flat(gib))
	for i := range gaps.Window.Values {
		gaps.Window.Values[i] = math.NaN()
	}
	short := process("short", leakFrom(0, gib, gib))
	short.Window.Values = short.Window.Values[:5]
	noStep := process("no step", flat(gib))
	noStep.Window.Step = 0
	coarse := process("coarse", flat(0))
	coarse.Window = leak.Window{Start: end - 5*3600, Step: 3600, Values: []float64{1, 2, 3, 4, 5, 6}}
	for name, in := range map[string]Input{
		"nothing":                {},
		"no samples":             {Workloads: []leak.Series{gaps, gaps}},
		"a few samples":          {Workloads: []leak.Series{short, short, gaps}},
		"a step of nothing":      {Workloads: []leak.Series{noStep, noStep}},
		"an empty window":        {Host: &leak.Series{}, TotalBytes: total, Workloads: []leak.Series{{}, {}}},
		"a sample an hour":       {Workloads: []leak.Series{coarse}},
		"fewer verdicts":         {Workloads: []leak.Series{gaps, short}, Verdicts: make([]leak.Verdict, 1)},
		"a host without samples": {Host: &gaps, TotalBytes: total, Workloads: []leak.Series{short}},
	} {
		t.Run(name, func(t *testing.T) {
			var r Ranker
			for _, s := range r.Rank(in).Suspects {
				if !(s.Share >= 0 && s.Share <= 1) {
					t.Errorf("%+v", s)
				}
			}
		})
	}
}

func fifty() Input {
	in := Input{TotalBytes: total}
	for i := range 50 {
		s := flat(float64(i+1) * 20 * mib)
		if i%10 == 0 {
			s = leakFrom(2, 100*mib, float64(i+5)*mib)
		}
		kind := leak.KindProcess
		if i%7 == 0 {
			kind = leak.KindContainer
		}
		in.Workloads = append(in.Workloads, series(kind, fmt.Sprintf("p%d", i%48), s, 7))
	}
	in.Host = host(flat(gib), leakFrom(2, gib, 200*mib))
	return in
}

// The result is the suspects and the ten largest: two slices.
func TestRankAllocatesItsResultAlone(t *testing.T) {
	in := fifty()
	var r Ranker
	if n := testing.AllocsPerRun(20, func() { r.Rank(in) }); n != 2 {
		t.Errorf("%v allocations a run, want 2", n)
	}
}

func BenchmarkRankFiftyWorkloads(b *testing.B) {
	in := fifty()
	var r Ranker
	b.ReportAllocs()
	for b.Loop() {
		r.Rank(in)
	}
}
