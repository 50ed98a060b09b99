package fleet

import (
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/memseep/memseep/leak"
)

// Minutes of the parts of a made series.
const (
	day           = 24 * 60
	WindowMinutes = 6 * 60
	HistoryDays   = 7
	totalMinutes  = HistoryDays*day + WindowMinutes
)

// End is the time of the last sample of every made series: a Wednesday, 10:00:00 UTC.
const End = int64(1_790_157_600)

// Truth is what is known of a made series.
type Truth struct {
	Leak         bool
	Onset        int64   // unix seconds; 0 where nothing leaks
	SlopePerHour float64 // percent an hour over the window's end; 0 where nothing leaks
	Exhaustion   int64   // unix seconds when the trend meets 100 %; 0 where it does not
}

// Host is a made host.
type Host struct {
	Kind   string
	Series leak.Series
	Truth  Truth
}

// Kind is one way in which memory behaves.
type Kind struct {
	Name string
	Leak bool
	// Held kinds are never taught and never tuned on: they only measure.
	Held bool
	// MinDays of history, without which nobody could tell this kind.
	MinDays float64
	make    func(*sketch)
}

// Kinds lists every kind, in a fixed order.
func Kinds() []Kind { return append(leakingKinds(), healthyKinds()...) }

// Make returns the host of a kind and a seed; equal arguments give equal hosts.
func Make(k Kind, seed uint64) Host {
	h, _ := MakeMinutes(k, seed)
	return h
}

// MakeMinutes is Make, with all values that the host is cut from: one a minute in percent, the last
// at End; NaN is a gap.
func MakeMinutes(k Kind, seed uint64) (Host, []float64) {
	h := fnv.New64a()
	h.Write([]byte(k.Name))
	s := &sketch{r: rand.New(rand.NewPCG(seed, h.Sum64())), v: make([]float64, totalMinutes), onset: -1, quantum: 0.01}
	s.level(s.between(12, 70))
	s.chooseNoise()
	k.make(s)
	return s.finish(k), s.v
}

// sketch is a series being drawn: v in percent, one value a minute.
type sketch struct {
	r          *rand.Rand
	v          []float64
	onset      int     // index where a leak begins; -1 is none
	slope      float64 // percent an hour at the end
	white, ar  float64 // standard deviations of the noise
	arMinutes  float64 // correlation time of the second
	spike      float64 // height of upward spikes
	quantum    float64
	starts     []int // indices at which the workload was started
	knowStarts bool
	oomKills   int
	days       float64 // of history kept; 0 lets finish choose
	noGaps     bool
}

func (s *sketch) between(lo, hi float64) float64 { return lo + (hi-lo)*s.r.Float64() }

// spread draws between lo and hi so that each order of magnitude is as likely as the next.
func (s *sketch) spread(lo, hi float64) float64 {
	return math.Exp(s.between(math.Log(lo), math.Log(hi)))
}

func (s *sketch) chance(p float64) bool { return s.r.Float64() < p }

// ago turns hours before the end into an index.
func (s *sketch) ago(hours float64) int {
	return max(len(s.v)-1-int(hours*60), 0)
}

func (s *sketch) level(x float64) {
	for i := range s.v {
		s.v[i] += x
	}
}

func (s *sketch) chooseNoise() {
	s.white = s.spread(0.01, 0.9)
	if s.chance(0.5) {
		s.ar = s.spread(0.02, 0.6)
		s.arMinutes = s.spread(4, 90)
	}
	if s.chance(0.2) {
		s.spike = s.spread(0.5, 10)
	}
	if s.chance(0.08) {
		s.quantum = 1
	} else if s.chance(0.2) {
		s.quantum = 0.1
	}
}

// ramp adds a straight rise of height from index a to index b, and keeps it.
func (s *sketch) ramp(a, b int, height float64) {
	a = max(a, 0)
	for i := a; i < len(s.v); i++ {
		x := 1.0
		if i < b {
			x = float64(i-a) / float64(b-a)
		}
		s.v[i] += height * x
	}
}

// grow adds perHour from index a on, and records the leak.
func (s *sketch) grow(a int, perHour float64) {
	for i := a; i < len(s.v); i++ {
		s.v[i] += perHour / 60 * float64(i-a)
	}
	s.onset, s.slope = a, perHour
}

// approach adds a rise that slows down to height with time constant tau (minutes).
func (s *sketch) approach(a int, height, tau float64) {
	for i := max(a, 0); i < len(s.v); i++ {
		s.v[i] += height * (1 - math.Exp(-float64(i-a)/tau))
	}
}

// pulse adds a job: up within rise minutes, held, and down within fall minutes.
func (s *sketch) pulse(a, rise, hold, fall int, height float64) {
	for i := max(a, 0); i < min(a+rise+hold+fall, len(s.v)); i++ {
		x, k := 1.0, i-a
		switch {
		case k < rise:
			x = float64(k) / float64(rise)
		case k >= rise+hold:
			x = 1 - float64(k-rise-hold)/float64(fall)
		}
		s.v[i] += height * x
	}
}

// daily adds a daily cycle with its middle of the rise at the given hour before the end of the
// window; sharp is above 1 for edges that are steeper than a sine's.
func (s *sketch) daily(amp, edgeHoursAgo, sharp float64) {
	edge := float64(s.ago(edgeHoursAgo))
	wobble := 0.0
	for i := range s.v {
		if i%day == 0 {
			wobble = s.between(0.93, 1.07)
		}
		x := math.Sin(2 * math.Pi * (float64(i) - edge) / day)
		s.v[i] += amp / 2 * wobble * math.Tanh(sharp*x) / math.Tanh(sharp)
	}
}

// saw adds a garbage collector: height within period minutes, then down; jitter is a share of the
// period.
func (s *sketch) saw(period, height, jitter float64) {
	next, start := s.between(0, period), -s.between(0, period)
	for i := range s.v {
		if float64(i) >= next {
			start = next
			next += period * (1 + jitter*s.between(-1, 1))
		}
		s.v[i] += height * (float64(i) - start) / (next - start)
	}
}

func (s *sketch) wander(sd, tau float64) { Wander(s.r, s.v, sd, tau) }

// Wander adds to each minute a value that walks and is drawn back: sd is its spread, tau its memory in
// minutes.
func Wander(r *rand.Rand, minutes []float64, sd, tau float64) {
	a := math.Exp(-1 / tau)
	b := sd * math.Sqrt(1-a*a)
	x := sd * r.NormFloat64()
	for i := range minutes {
		minutes[i] += x
		x = a*x + b*r.NormFloat64()
	}
}

// finish adds noise, cuts the history and makes gaps.
func (s *sketch) finish(k Kind) Host {
	if s.ar > 0 {
		s.wander(s.ar, s.arMinutes)
	}
	for i := range s.v {
		x := s.v[i] + s.white*s.r.NormFloat64()
		if s.spike > 0 && s.chance(0.02) {
			x += s.spike * s.r.ExpFloat64()
		}
		s.v[i] = math.Round(min(max(x, 0.5), 100)/s.quantum) * s.quantum
	}
	if !s.noGaps {
		s.cutGaps()
	}
	return Host{Kind: k.Name, Series: s.series(k), Truth: s.truth(k)}
}

func (s *sketch) cutGaps() {
	if s.chance(0.12) { // a collector that was away
		for range 1 + s.r.IntN(4) {
			a := s.ago(s.between(0.5, 10))
			for i := a; i < min(a+5+s.r.IntN(50), len(s.v)-10); i++ {
				s.v[i] = math.NaN()
			}
		}
	}
	if s.chance(0.15) { // samples lost at random
		p := s.between(0.01, 0.15)
		for i := range s.v {
			if s.chance(p) {
				s.v[i] = math.NaN()
			}
		}
	}
}

// series cuts the drawing into history and window.
func (s *sketch) series(k Kind) leak.Series {
	days := s.days
	if days == 0 {
		switch p := s.r.Float64(); {
		case p < 0.35:
			days = HistoryDays
		case p < 0.75:
			days = 42.0 / 24
		default:
			days = s.spread(0.2, HistoryDays)
		}
		if s.chance(0.08) {
			days = 0
		}
		days = max(days, k.MinDays)
	}
	every := 1
	switch p := s.r.Float64(); {
	case p < 0.15:
		every = 2
	case p < 0.25:
		every = 5
	}
	s.thin(every)
	step := int64(60 * every)
	var window []float64
	for i := len(s.v) - WindowMinutes + every - 1; i < len(s.v); i += every {
		window = append(window, s.v[i])
	}
	out := leak.Series{
		Object: leak.Object{Kind: leak.KindHost, Host: k.Name},
		Window: leak.Window{Start: End - int64(len(window)-1)*step, Step: step, Values: window},
		Limits: leak.Limits{Capacity: 100, StartsKnown: s.knowStarts, OOMKills: s.oomKills},
	}
	past := s.v[:len(s.v)-WindowMinutes]
	past = past[len(past)-min(int(days*96)*15, len(past)):]
	floors := Floors(past)
	out.History = leak.History{Start: End - WindowMinutes*60 - int64(len(floors)-1)*leak.FloorSeconds, Floors: floors}
	from := End - int64(WindowMinutes+len(past))*60
	for _, i := range s.starts {
		if t := s.time(i); t > from {
			out.Limits.Starts = append(out.Limits.Starts, t)
		}
	}
	return out
}

// thin keeps one value of every so many: a collector with a longer step.
func (s *sketch) thin(every int) {
	for i := range s.v {
		if (len(s.v)-1-i)%every != 0 {
			s.v[i] = math.NaN()
		}
	}
}

// Floors returns the lowest of each fifteen values, one a minute; what does not fill fifteen at the
// beginning is left out. NaN is a gap, and the floor of nothing but gaps.
func Floors(minutes []float64) []float64 {
	minutes = minutes[len(minutes)%15:]
	var floors []float64
	for i := 0; i < len(minutes); i += 15 {
		floors = append(floors, lowest(minutes[i:i+15]))
	}
	return floors
}

func lowest(v []float64) float64 {
	low := math.NaN()
	for _, x := range v {
		if !math.IsNaN(x) && !(x >= low) {
			low = x
		}
	}
	return low
}

func (s *sketch) time(i int) int64 { return End - int64(len(s.v)-1-i)*60 }

func (s *sketch) truth(k Kind) Truth {
	t := Truth{Leak: k.Leak}
	if !k.Leak || s.onset < 0 {
		return t
	}
	t.Onset, t.SlopePerHour = s.time(s.onset), s.slope
	if last := s.v[len(s.v)-1]; s.slope > 0 && last < 99 {
		t.Exhaustion = End + int64((100-last)/s.slope*3600)
	}
	return t
}
