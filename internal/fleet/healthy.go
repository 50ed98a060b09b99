package fleet

import "math"

func healthyKinds() []Kind {
	return []Kind{
		{Name: "flat", make: func(s *sketch) {}},
		{Name: "flat_whole_percents", make: func(s *sketch) { s.quantum = 1; s.white = min(s.white, 0.4) }},
		{Name: "flat_gaps", Held: true, make: func(s *sketch) {
			for range 8 {
				a := s.ago(s.between(0.5, 9))
				for i := a; i < min(a+s.r.IntN(60), len(s.v)-15); i++ {
					s.v[i] = math.NaN()
				}
			}
		}},
		{Name: "wander", make: func(s *sketch) { s.wander(s.spread(0.5, 4), s.spread(30, 400)) }},
		{Name: "wander_slowly", make: func(s *sketch) { s.wander(s.spread(0.3, 5), s.spread(300, 1500)) }},
		{Name: "wander_two_speeds", Held: true, make: func(s *sketch) {
			s.wander(s.spread(0.3, 3), s.spread(200, 900))
			s.wander(s.spread(0.3, 2), s.spread(10, 60))
		}},
		{Name: "step_up", make: func(s *sketch) {
			a := s.ago(s.between(0.4, 8))
			s.ramp(a, a+1+s.r.IntN(10), s.spread(1, 20))
		}},
		{Name: "steps_several", make: func(s *sketch) {
			for range 2 + s.r.IntN(2) {
				a := s.ago(s.between(0.8, 30))
				s.ramp(a, a+2, s.spread(0.5, 8))
			}
		}},
		{Name: "step_up_and_saw", Held: true, make: func(s *sketch) {
			a := s.ago(s.between(1, 8))
			s.ramp(a, a+3, s.spread(2, 15))
			s.saw(s.between(10, 70), s.between(1, 6), 0.3)
		}},
		{Name: "deployments", MinDays: 0.2, make: func(s *sketch) {
			for i := 0; i < len(s.v); i += int(s.between(200, 900)) {
				s.ramp(i, i+5, s.between(-4, 4))
			}
		}},
		{Name: "warm_up", make: func(s *sketch) {
			tau := s.spread(10, 80)
			s.approach(s.ago(tau/60*s.between(2.5, 5)), s.spread(2, 25), tau)
		}},
		{Name: "warm_up_slow", MinDays: 0.2, make: func(s *sketch) {
			tau := s.between(80, 200)
			s.approach(s.ago(tau/60*s.between(3.5, 6)), s.spread(2, 20), tau)
		}},
		{Name: "warm_up_in_two", Held: true, make: func(s *sketch) {
			h := s.between(3, 7)
			s.approach(s.ago(h), s.spread(2, 12), s.spread(10, 40))
			s.approach(s.ago(h-1), s.spread(1, 6), s.spread(10, 40))
		}},
		{Name: "refill", MinDays: 0.1, make: func(s *sketch) {
			s.refill(s.spread(15, 120), s.spread(3, 25))
		}},
		{Name: "refill_straight", MinDays: 0.6, make: func(s *sketch) {
			h, height := s.between(1.5, 8), s.between(3, 20)
			a := s.ago(h)
			s.ramp(a, a+3, -height)
			s.ramp(a+3, a+3+int(h*60*s.between(0.6, 0.97)), height*s.between(0.9, 1))
		}},
		{Name: "rebooted", Held: true, MinDays: 0.6, make: func(s *sketch) {
			s.refill(s.between(40, 150), s.between(15, 40))
		}},
		{Name: "daily_edge", MinDays: 1.1, make: func(s *sketch) {
			s.daily(s.spread(3, 28), s.between(-2, 6), s.between(0.5, 3))
		}},
		{Name: "daily_any_hour", MinDays: 1.1, make: func(s *sketch) {
			s.daily(s.spread(3, 28), s.between(0, 24), s.between(0.5, 3))
		}},
		{Name: "daily_growing_by_day", Held: true, MinDays: 1.7, make: func(s *sketch) {
			amp := s.spread(4, 20)
			s.daily(amp, s.between(-2, 8), s.between(0.5, 2))
			s.wander(amp/20, 1500)
		}},
		{Name: "weekly_edge", MinDays: 7, make: func(s *sketch) {
			s.week(s.spread(4, 20), s.between(0.2, 0.7))
			s.days = 7
		}},
		{Name: "jobs", make: func(s *sketch) { s.jobs(s.between(10, 50), s.spread(2, 25), 3, 40) }},
		{Name: "jobs_many", make: func(s *sketch) { s.jobs(s.between(60, 200), s.spread(1, 6), 20, 200) }},
		{Name: "job_still_running", MinDays: 0.2, make: func(s *sketch) {
			h := s.spread(3, 20)
			s.jobs(s.between(4, 12), h, 10, 90)
			s.pulse(s.ago(s.between(0.3, 2)), int(s.between(10, 60)), 500, 10, h*s.between(0.5, 1))
		}},
		{Name: "batch_host", MinDays: 0.1, make: func(s *sketch) { s.batchHost() }},
		{Name: "batch_host_calm", Held: true, MinDays: 0.1, make: func(s *sketch) {
			s.batchHost()
			s.quantum = 0.1
			for i := range s.v {
				s.v[i] = 60 + (s.v[i]-60)*0.6
			}
		}},
		{Name: "nightly_job", MinDays: 1.3, make: func(s *sketch) {
			rise, hold, height := int(s.spread(10, 180)), int(s.spread(20, 240)), s.spread(3, 25)
			at := s.between(0.5, 7)
			for d := range 8 {
				s.pulse(s.ago(at+float64(d)*24+s.between(-0.1, 0.1)), rise, hold, 5+s.r.IntN(60), height*s.between(0.9, 1.1))
			}
		}},
		{Name: "hourly_job", Held: true, make: func(s *sketch) {
			every := s.between(50, 190)
			height, rise := s.spread(2, 15), int(s.between(5, 30))
			for i := s.between(0, every); i < float64(len(s.v)); i += every {
				s.pulse(int(i), rise, int(s.between(5, 20)), 5, height)
			}
		}},
		{Name: "gc", make: func(s *sketch) { s.saw(s.spread(3, 60), s.spread(1, 15), s.between(0, 0.5)) }},
		{Name: "gc_slow", MinDays: 0.2, make: func(s *sketch) {
			p := s.spread(60, 500)
			s.saw(p, s.spread(2, 20), s.between(0, 0.3))
			s.calm(4)
		}},
		{Name: "gc_of_half_a_day", Held: true, MinDays: 2, make: func(s *sketch) {
			s.saw(s.between(500, 1000), s.spread(3, 20), s.between(0, 0.15))
			s.calm(4)
		}},
		{Name: "saw_of_a_day", MinDays: 2.2, make: func(s *sketch) { // rotated or restarted each day
			s.saw(day, s.spread(3, 20), 0)
			s.calm(4)
		}},
		{Name: "heap_to_maximum", MinDays: 0.5, make: func(s *sketch) {
			h := s.between(3, 20)
			a, height := s.ago(h), s.spread(4, 20)
			full := a + int(h*60*s.between(0.3, 0.75))
			s.ramp(a, full, height)
			s.calm(height)
		}},
		{Name: "load_once", make: func(s *sketch) {
			h := s.between(1.5, 6)
			a := s.ago(h)
			s.ramp(a, a+int(h*60*s.between(0.1, 0.65)), s.spread(2, 25))
		}},
		{Name: "load_once_then_saw", Held: true, make: func(s *sketch) {
			h := s.between(2, 6)
			a := s.ago(h)
			s.ramp(a, a+int(h*60*s.between(0.1, 0.6)), s.spread(3, 25))
			s.saw(s.between(8, 40), s.between(0.5, 3), 0.3)
		}},
		{Name: "ramp_released", make: func(s *sketch) {
			h := s.between(0.6, 5)
			rise := int(s.between(40, 240))
			s.pulse(s.ago(h)-rise, rise, 1+s.r.IntN(20), 1+s.r.IntN(15), s.spread(3, 25))
		}},
		{Name: "ramps_released_often", MinDays: 1.2, make: func(s *sketch) {
			height := s.spread(3, 15)
			for i := 0.0; i < float64(len(s.v)); i += s.between(200, 900) {
				s.pulse(int(i), int(s.between(60, 200)), 5, 5, height*s.between(0.6, 1.1))
			}
		}},
		{Name: "restart", make: func(s *sketch) {
			s.refill(s.spread(5, 40), s.spread(3, 15))
		}},
		{Name: "resized", Held: true, MinDays: 0.5, make: func(s *sketch) {
			a, f := s.ago(s.between(0.5, 8)), s.between(0.5, 1.7)
			for i := a; i < len(s.v); i++ {
				s.v[i] *= f
			}
		}},
		{Name: "full_but_steady", make: func(s *sketch) {
			for i := range s.v {
				s.v[i] = 97
			}
			s.level(s.between(-5, 2))
			s.white, s.ar = min(s.white, 0.5), min(s.ar, 0.5)
		}},
		{Name: "falling", make: func(s *sketch) {
			h := s.between(6, 100)
			s.ramp(s.ago(h), len(s.v), -s.between(2, 10))
		}},
		{Name: "spikes", Held: true, make: func(s *sketch) { s.spike = s.between(5, 20); s.white = s.spread(0.05, 0.5) }},
		{Name: "surge_of_traffic", Held: true, MinDays: 0.3, make: func(s *sketch) {
			rise := int(s.between(30, 120))
			s.pulse(s.ago(s.between(1.2, 4)+float64(rise)/60), rise, int(s.between(60, 200)), rise, s.spread(3, 15))
			s.daily(s.spread(2, 8), s.between(0, 24), 1)
		}},
		{Name: "new_host", make: func(s *sketch) {
			s.days = 0.01
			s.approach(s.ago(s.between(3, 6)), s.spread(3, 20), s.between(8, 35))
		}},
		{Name: "grown_days_ago", Held: true, MinDays: 1.5, make: func(s *sketch) {
			h := s.between(14, 60)
			a := s.ago(h + s.between(5, 40))
			s.ramp(a, s.ago(h), s.spread(2, 15))
		}},
	}
}

// refill frees memory some hours ago, which then comes back to where it was.
func (s *sketch) refill(tau, height float64) {
	a := s.ago(tau / 60 * s.between(2.5, 6))
	s.ramp(a, a+2, -height)
	s.approach(a+2, height, tau)
}

// week is high from Monday to Friday; the edge lies inside the window's six hours.
func (s *sketch) week(height, sharp float64) {
	edge := s.between(1, 5) * 60
	for i := range s.v {
		x := float64(len(s.v)-1-i) - edge // minutes before the edge of this week
		phase := math.Mod(x+14*day, 7*day)
		// two days low before the edge
		low := 1 / (1 + math.Exp(-(phase-90)/(30/sharp)))
		up := 1 / (1 + math.Exp(-(phase-2*day)/(30/sharp)))
		s.v[i] += height * (1 - low + up)
	}
}

// jobs starts so many jobs a day at random.
func (s *sketch) jobs(perDay, height float64, shortest, longest float64) {
	for i := 0.0; i < float64(len(s.v)); i += s.r.ExpFloat64() * day / perDay {
		rise := 1 + int(s.spread(1, 30))
		s.pulse(int(i), rise, int(s.spread(shortest, longest)), 1+s.r.IntN(10), height*s.between(0.4, 1))
	}
}

// batchHost fills up with jobs and is emptied again, between sixty and ninety-five percent.
func (s *sketch) batchHost() {
	level := s.between(72, 88)
	goal, tau := level, 60.0
	for i := range s.v {
		if s.chance(1 / 150.0) {
			goal, tau = s.between(level-6, 95), s.spread(20, 300)
		}
		if s.chance(1 / 500.0) {
			level = max(level-s.between(5, 16), 60)
		}
		level += (goal - level) / tau
		s.v[i] = level
	}
	s.white, s.ar, s.arMinutes = s.spread(0.2, 1), s.spread(0.3, 2), s.spread(10, 60)
	if s.chance(0.7) {
		s.quantum = 1
	}
}
