package fleet

import "math"

// room is what a leak may grow in all, so that the host is not full before the window ends.
const room = 26.0

// rate draws a growth an hour that keeps the host below full when it began hours ago.
func (s *sketch) rate(hours float64) float64 {
	return min(s.spread(0.2, 4), room/hours)
}

// calm keeps the noise below what growth over the window could be seen in.
func (s *sketch) calm(growth float64) {
	s.white = min(s.white, growth/4)
	s.ar = min(s.ar, growth/6)
	if s.quantum > growth/3 {
		s.quantum = 0.1
	}
}

func leakingKinds() []Kind {
	return []Kind{
		{Name: "linear", Leak: true, make: func(s *sketch) {
			h := s.between(5, 40)
			s.grow(s.ago(h), s.rate(h))
			s.calm(s.slope * 6)
		}},
		{Name: "linear_for_days", Leak: true, Held: true, MinDays: 1, make: func(s *sketch) {
			h := s.between(40, 160)
			s.grow(s.ago(h), room/h*s.between(0.4, 1))
			s.calm(s.slope * 6)
		}},
		{Name: "linear_fast", Leak: true, make: func(s *sketch) {
			h := s.between(1.5, 5)
			s.grow(s.ago(h), s.between(2, 9))
			s.calm(s.slope * 2)
		}},
		{Name: "linear_noisy", Leak: true, Held: true, make: func(s *sketch) {
			h := s.between(6, 30)
			s.grow(s.ago(h), s.rate(h))
			s.white, s.ar = s.slope*s.between(0.4, 1.4), s.slope*s.between(0.1, 0.6)
			s.arMinutes = s.between(3, 15)
		}},
		{Name: "noisy", Leak: true, make: func(s *sketch) {
			h := s.between(6, 36)
			s.grow(s.ago(h), s.rate(h))
			s.white = s.slope * s.between(0.3, 1.5)
			s.ar = s.slope * s.between(0, 0.5)
		}},
		{Name: "stepping", Leak: true, make: func(s *sketch) {
			s.steps(s.between(5, 30), s.between(12, 70), 0.5)
		}},
		{Name: "stepping_rarely", Leak: true, Held: true, make: func(s *sketch) {
			s.steps(s.between(10, 30), s.between(60, 110), 0.3)
		}},
		{Name: "stepping_at_random", Leak: true, make: func(s *sketch) {
			s.randomSteps(s.between(5, 12), s.between(8, 18))
		}},
		{Name: "stepping_and_wandering", Leak: true, Held: true, make: func(s *sketch) {
			s.randomSteps(s.between(5, 16), s.between(8, 16))
			s.wander(s.slope*s.between(0.2, 0.6), s.between(20, 90))
		}},
		{Name: "in_bursts", Leak: true, make: func(s *sketch) {
			s.bursts(s.between(6, 30), s.between(20, 60), s.between(20, 70))
		}},
		{Name: "accelerating", Leak: true, make: func(s *sketch) {
			h := s.between(5, 20)
			s.power(s.ago(h), s.between(4, room), s.between(1.5, 3))
			s.calm(s.slope * 3)
		}},
		{Name: "exponential", Leak: true, Held: true, make: func(s *sketch) {
			h := s.between(4, 16)
			a, top := s.ago(h), s.between(4, room)
			k := s.between(2, 4)
			for i := a; i < len(s.v); i++ {
				s.v[i] += top * math.Expm1(k*float64(i-a)/float64(len(s.v)-a)) / math.Expm1(k)
			}
			s.onset, s.slope = a, top*k/h*math.Exp(k)/math.Expm1(k)
			s.calm(s.slope * 3)
		}},
		{Name: "gc_floor", Leak: true, make: func(s *sketch) {
			h := s.between(6, 30)
			s.grow(s.ago(h), s.rate(h))
			s.calm(s.slope * 6)
			s.saw(s.between(6, 65), s.slope*s.spread(1, 8), s.between(0, 0.5))
		}},
		{Name: "gc_floor_slow_collector", Leak: true, Held: true, MinDays: 0.5, make: func(s *sketch) {
			h := s.between(14, 40)
			s.grow(s.ago(h), s.rate(h))
			s.calm(s.slope * 6)
			s.saw(s.between(50, 110), s.slope*s.between(2, 4), 0.3)
		}},
		{Name: "gc_floor_under_noise", Leak: true, make: func(s *sketch) {
			h := s.between(4, 20)
			s.grow(s.ago(h), s.rate(h)+0.3)
			s.calm(s.slope * 4)
			s.saw(s.between(20, 60), s.slope*s.spread(1, 5), s.between(0.2, 0.6))
		}},
		{Name: "midway", Leak: true, make: func(s *sketch) {
			h := s.between(1.3, 4.5)
			s.grow(s.ago(h), s.spread(0.8, 8))
			s.calm(s.slope * h)
		}},
		{Name: "midway_over_daily", Leak: true, MinDays: 1.7, make: func(s *sketch) {
			h := s.between(2, 5)
			s.grow(s.ago(h), s.spread(1, 6))
			s.calm(s.slope * h)
			s.daily(s.slope*s.between(0.5, 2.5), s.between(0, 24), 1)
		}},
		{Name: "slow_under_noise", Leak: true, MinDays: 1.2, make: func(s *sketch) {
			s.grow(0, s.spread(0.03, 0.16))
			s.white, s.ar, s.arMinutes = s.spread(0.02, 0.3), s.spread(0.02, 0.2), s.between(5, 90)
			s.quantum, s.spike = 0.01, s.spread(0.1, 2)
		}},
		{Name: "slow_two_levels", Leak: true, MinDays: 1.5, make: func(s *sketch) {
			s.grow(0, s.spread(0.04, 0.14))
			s.white, s.ar, s.quantum = s.spread(0.01, 0.1), s.spread(0.02, 0.15), 0.01
			s.arMinutes = s.between(20, 200)
			high := s.between(0.5, 2)
			on := false
			for i := range s.v {
				if s.chance(0.1) {
					on = !on
				}
				if on {
					s.v[i] += high
				}
			}
		}},
		{Name: "slow_in_steps", Leak: true, MinDays: 1.2, make: func(s *sketch) {
			rate := s.spread(0.02, 0.14)
			for i := 0.0; i < float64(len(s.v)); {
				gap := 60 * s.spread(1.5, 8)
				s.ramp(int(i), int(i+s.between(2, 60)), rate*gap/60*s.between(0.6, 1.4))
				i += gap
			}
			s.onset, s.slope = 1, rate
			s.white, s.ar, s.quantum = s.spread(0.01, 0.1), s.spread(0.01, 0.08), 0.01
			s.spike = s.spread(0.3, 3)
		}},
		{Name: "slow_with_restarts_of_others", Leak: true, Held: true, MinDays: 1.5, make: func(s *sketch) {
			s.grow(0, s.spread(0.06, 0.16))
			s.white, s.ar, s.quantum = s.spread(0.02, 0.2), s.spread(0.02, 0.15), 0.01
			a := s.ago(s.between(8, 40))
			s.pulse(a, 1, int(s.between(60, 240)), 1, s.between(0.4, 1.5))
		}},
		{Name: "working_hours", Leak: true, MinDays: 3, make: func(s *sketch) {
			s.byLoad(s.spread(0.1, 0.35), s.between(4, 12))
		}},
		{Name: "by_load", Leak: true, Held: true, MinDays: 2, make: func(s *sketch) {
			s.byLoad(s.spread(0.15, 0.5), 2)
		}},
		{Name: "daily_plus", Leak: true, MinDays: 1.2, make: func(s *sketch) {
			h := s.between(7, 24)
			s.grow(s.ago(h), s.rate(h))
			s.calm(s.slope * 6)
			s.daily(s.slope*s.spread(2, 16), s.between(0, 24), s.between(0.5, 2))
		}},
		{Name: "daily_plus_for_days", Leak: true, MinDays: 2, make: func(s *sketch) {
			h := s.between(50, 160)
			s.grow(s.ago(h), room/h*s.between(0.5, 1))
			s.calm(s.slope * 6)
			s.daily(s.slope*s.between(4, 20), s.between(0, 24), s.between(0.5, 2))
		}},
		{Name: "weekend_and_leak", Leak: true, Held: true, MinDays: 4, make: func(s *sketch) {
			h := s.between(20, 70)
			s.grow(s.ago(h), room/h*s.between(0.5, 1))
			s.calm(s.slope * 6)
			s.week(s.slope*s.between(2, 6), 0.4)
		}},
		{Name: "exhausted", Leak: true, MinDays: 0.5, make: func(s *sketch) {
			s.exhaust(s.between(0.3, 6), s.between(8, 60), s.between(97, 99.8))
		}},
		{Name: "exhausted_swapping", Leak: true, Held: true, MinDays: 0.5, make: func(s *sketch) {
			s.exhaust(s.between(0.3, 4), s.between(8, 40), s.between(94, 98))
			s.spike = 1
		}},
		{Name: "oom_loop", Leak: true, make: func(s *sketch) {
			s.killLoop(true)
		}},
		{Name: "oom_loop_seen_by_starts", Leak: true, MinDays: 0.5, make: func(s *sketch) {
			s.killLoop(true)
			f := s.between(0.2, 0.7) // killed at a limit of its own, far below the host's
			for i := range s.v {
				s.v[i] *= f
			}
		}},
		{Name: "oom_loop_long", Leak: true, Held: true, MinDays: 1, make: func(s *sketch) {
			s.killLoop(true)
			s.oomKills = 1
		}},
		{Name: "after_deployment", Leak: true, make: func(s *sketch) {
			h := s.between(3, 14)
			a := s.ago(h)
			s.ramp(a-5, a, -s.between(2, 8))
			s.grow(a, s.rate(h)+0.4)
			s.calm(s.slope * min(h, 6))
		}},
		{Name: "beside_batch", Leak: true, MinDays: 1, make: func(s *sketch) {
			h := s.between(8, 40)
			s.grow(s.ago(h), s.rate(h)+0.1)
			s.calm(s.slope * 6)
			s.jobs(s.between(3, 20), s.slope*s.between(2, 6), 3, 40)
		}},
		{Name: "beside_wander", Leak: true, Held: true, MinDays: 1, make: func(s *sketch) {
			h := s.between(8, 40)
			s.grow(s.ago(h), s.rate(h)+0.1)
			s.calm(s.slope * 6)
			s.wander(s.slope*s.between(0.3, 1.2), s.between(60, 300))
		}},
		{Name: "two_rates", Leak: true, Held: true, make: func(s *sketch) {
			h := s.between(8, 20)
			s.grow(s.ago(h), s.spread(0.1, 0.5))
			first := s.slope
			s.grow(s.ago(s.between(2, 6)), s.spread(0.5, 3))
			s.slope += first
			s.calm(s.slope * 3)
		}},
		{Name: "after_warm_up", Leak: true, make: func(s *sketch) {
			h := s.between(7, 20)
			s.approach(s.ago(h+1), s.between(3, 15), s.between(10, 40))
			s.grow(s.ago(h), s.rate(h)+0.2)
			s.calm(s.slope * 6)
		}},
		{Name: "whole_percents", Leak: true, Held: true, make: func(s *sketch) {
			h := s.between(8, 24)
			s.grow(s.ago(h), s.between(0.7, room/h))
			s.calm(s.slope)
			s.quantum = 1
		}},
		{Name: "few_hours", Leak: true, make: func(s *sketch) {
			h := s.between(5, 8)
			s.grow(s.ago(h), s.between(0.5, 4))
			s.calm(s.slope * 4)
			s.days = 0.01
		}},
	}
}

// steps makes a leak of jumps every so many minutes on average.
func (s *sketch) steps(hours, everyMinutes, jitter float64) {
	a := s.ago(hours)
	perHour := s.rate(hours) + 0.2
	for i := float64(a); i < float64(len(s.v)); {
		s.ramp(int(i), int(i)+2, perHour*everyMinutes/60*s.between(0.5, 1.5))
		i += everyMinutes * (1 + jitter*s.between(-1, 1))
	}
	s.onset, s.slope = a, perHour
	s.calm(perHour * 3)
}

// randomSteps makes a leak of jumps at random times and of random sizes, so many in six hours.
func (s *sketch) randomSteps(hours, perSixHours float64) {
	a := s.ago(hours)
	perHour := s.spread(0.3, min(4, room/hours))
	mean := perHour * 6 / perSixHours
	for i := float64(a); i < float64(len(s.v)); i += s.r.ExpFloat64() * 360 / perSixHours {
		s.ramp(int(i), int(i)+1+s.r.IntN(4), mean*min(s.r.ExpFloat64(), 3))
	}
	s.onset, s.slope = a, perHour
	s.calm(perHour * 2)
}

// bursts makes a leak that pauses.
func (s *sketch) bursts(hours, onMinutes, offMinutes float64) {
	a := s.ago(hours)
	mean := s.rate(hours) + 0.2
	for i := float64(a); i < float64(len(s.v)); {
		on, off := onMinutes*s.between(0.6, 1.4), offMinutes*s.between(0.6, 1.4)
		s.ramp(int(i), int(i+on), mean*(on+off)/60)
		i += on + off
	}
	s.onset, s.slope = a, mean
	s.calm(mean * 3)
}

func (s *sketch) power(a int, top, exponent float64) {
	n := float64(len(s.v) - 1 - a)
	for i := a; i < len(s.v); i++ {
		s.v[i] += top * math.Pow(float64(i-a)/n, exponent)
	}
	s.onset, s.slope = a, top*exponent/(n/60)
}

// byLoad makes a leak that follows the load of the day; sharp sets how flat the night is.
func (s *sketch) byLoad(perHour, sharp float64) {
	phase, grown := s.between(0, 2*math.Pi), 0.0
	perHour = min(perHour, room/170)
	for i := range s.v {
		s.v[i] += grown
		grown += perHour / 60 * (1 + math.Tanh(sharp*math.Sin(2*math.Pi*float64(i)/day+phase)))
	}
	s.onset, s.slope = 1, perHour
	s.calm(perHour * 12)
	s.white, s.ar, s.quantum = min(s.white, perHour*2), min(s.ar, perHour*1.5), 0.01
}

// exhaust makes a climb that meets its end hours ago and stays there.
func (s *sketch) exhaust(stayHours, climbHours, top float64) {
	from := s.between(25, 70)
	for i := range s.v {
		s.v[i] = from
	}
	s.ramp(s.ago(stayHours+climbHours), s.ago(stayHours), top-from)
	s.onset = s.ago(stayHours + climbHours)
	s.white, s.ar, s.quantum, s.spike = s.spread(0.02, 0.3), s.spread(0.01, 0.2), 0.01, 0
}

// killLoop makes a leak that is killed at its limit and starts again at the same rate.
func (s *sketch) killLoop(known bool) {
	base := s.between(10, 40)
	for i := range s.v {
		s.v[i] = base
	}
	top := s.between(88, 99)
	period := s.between(60, 500)
	begin := s.ago(period / 60 * s.between(2.2, 6))
	s.onset = begin
	s.starts, s.knowStarts = []int{begin}, known
	at := float64(begin)
	for i := begin; i < len(s.v); i++ {
		if float64(i)-at > period*s.between(0.97, 1.03) {
			at = float64(i)
			s.starts = append(s.starts, i)
		}
		s.v[i] += (top - base) * (float64(i) - at) / period
	}
	s.slope = (top - base) / period * 60
	s.white, s.ar, s.spike = min(s.white, 0.5), min(s.ar, 0.5), 0
}
