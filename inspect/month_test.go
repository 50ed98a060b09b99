package inspect_test

import (
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

// look is what a run sees of a host.
type look struct {
	at      time.Time
	v       leak.Verdict
	known   bool // for a day
	stands  bool // the run an hour before called it a leak
	hasLeft time.Duration
	truth   *fleet.TrueLeak
}

// TestRulesOfOpening compares when an event may be opened, over a month of the kinds that may be looked at:
// an event that is open ends with two healthy verdicts in a row.
func TestRulesOfOpening(t *testing.T) {
	hosts, days := 300, 30
	if underRace || testing.Short() {
		hosts, days = 60, 8
	}
	sure := func(l *look, p float64) bool { return l.v.Confidence >= p }
	rules := []struct {
		name string
		open func(l *look) bool
	}{
		{"each verdict", func(*look) bool { return true }},
		{"confidence of 0.90", func(l *look) bool { return sure(l, 0.90) }},
		{"confidence of 0.97", func(l *look) bool { return sure(l, 0.97) }},
		{"two runs in a row", func(l *look) bool { return l.stands }},
		{"two runs, or 0.97", func(l *look) bool { return l.stands || sure(l, 0.97) }},
		{"one sign, both where little is known", func(l *look) bool {
			return l.known && (l.stands || sure(l, 0.97)) || l.stands && sure(l, 0.97)
		}},
		{"the same, at once with two hours left", func(l *look) bool {
			return l.hasLeft <= 2*time.Hour || l.known && (l.stands || sure(l, 0.97)) || l.stands && sure(l, 0.97)
		}},
		{"the same with 0.95", func(l *look) bool {
			return l.hasLeft <= 2*time.Hour || l.known && (l.stands || sure(l, 0.95)) || l.stands && sure(l, 0.95)
		}},
		{"the same with 0.99", func(l *look) bool {
			return l.hasLeft <= 2*time.Hour || l.known && (l.stands || sure(l, 0.99)) || l.stands && sure(l, 0.99)
		}},
	}
	lives := looks(hosts, days)
	var falsely, found []int
	for _, rule := range rules {
		n, wrong, leaks := 0, 0, map[*fleet.TrueLeak]time.Duration{}
		all := map[*fleet.TrueLeak]bool{}
		for _, life := range lives {
			open, healthy := false, 0
			for i := range life {
				l := &life[i]
				if l.truth != nil {
					all[l.truth] = true
				}
				switch {
				case l.v.Leak && !open && rule.open(l):
					open = true
					if n++; l.truth == nil {
						wrong++
					}
				case open && !l.v.Leak:
					if healthy++; healthy == 2 {
						open, healthy = false, 0
					}
				}
				if !l.v.Leak {
					continue
				}
				healthy = 0
				if _, known := leaks[l.truth]; open && l.truth != nil && !known {
					leaks[l.truth] = l.at.Sub(l.truth.From)
				}
			}
		}
		var late []time.Duration
		for _, d := range leaks {
			late = append(late, d)
		}
		slices.Sort(late)
		t.Logf("%-40s %4d events, %4d of them false; %d of %d leaks found, half of them within %s",
			rule.name, n, wrong, len(leaks), len(all), late[len(late)/2].Round(time.Minute))
		falsely, found = append(falsely, wrong), append(found, len(leaks))
	}
	const ours = 6
	if falsely[ours]*2 > falsely[0] || found[ours]*100 < found[0]*95 {
		t.Errorf("%d false events and %d leaks found, without waiting %d and %d", falsely[ours], found[ours], falsely[0], found[0])
	}
}

// looks are what hourly runs see of each host of a calm month.
func looks(hosts, days int) [][]look {
	start := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	kinds := slices.DeleteFunc(fleet.Kinds(), func(k fleet.Kind) bool { return k.Held })
	m := fleet.NewMonth(start, hosts, days, true, kinds, 20_262)
	var d leak.Detector
	lives := make([][]look, 0, hosts)
	for _, h := range m.Hosts {
		var life []look
		stood := false
		for at := start; at.Before(start.AddDate(0, 0, days)); at = at.Add(time.Hour) {
			s := h.Reading(at).Memory
			l := look{at: at, v: d.Detect(s.Window, s.History, s.Limits), stands: stood, truth: h.LeakAt(at)}
			l.known = s.History.Reach(s.Window) >= 24*3600
			l.hasLeft = 1 << 62
			if e := l.v.Exhaustion.At; e > 0 {
				l.hasLeft = time.Unix(e, 0).Sub(at)
			}
			stood = l.v.Leak
			life = append(life, l)
		}
		lives = append(lives, life)
	}
	return lives
}
