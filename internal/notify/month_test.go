package notify

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// A made month of a fleet of 1,000 hosts, inspected each hour, whose one team is told of everything.
// Leaks of single hosts begin four times a day and last 3 to 30 hours; each fourth day a bad release
// leaks on 20 to 200 hosts, reaches them within an hour, and is rolled back after 2 to 8 hours; each
// tenth leak becomes more urgent on its way.
const (
	singlesADay  = 4
	releaseEvery = 4 // days
)

// daysOfMonth is how many days are played.
func daysOfMonth() int {
	if underRace {
		return 3
	}
	return 30
}

// madeLeak is one leak of the month.
type madeLeak struct {
	event       *event.Event
	begins, end time.Time
	rises       time.Time
}

func madeMonth(b *bench, days int, r *rand.Rand) []*madeLeak {
	var leaks []*madeLeak
	add := func(host, culprit string, begins time.Time, lasts time.Duration) {
		l := &madeLeak{event: b.leakOn(host, culprit), begins: begins, end: begins.Add(lasts)}
		if r.IntN(10) == 0 {
			l.rises = begins.Add(lasts / 2)
		}
		leaks = append(leaks, l)
	}
	hours := func(from, to int) time.Duration {
		return time.Duration(from*60+r.IntN((to-from)*60)) * time.Minute
	}
	for day := range days {
		midnight := start.AddDate(0, 0, day)
		for i := range singlesADay {
			add(fmt.Sprintf("host-%03d", r.IntN(1000)), fmt.Sprintf("app-%d-%d", day, i), midnight.Add(hours(0, 24)), hours(3, 30))
		}
		if day%releaseEvery == 1 {
			begins, lasts := midnight.Add(hours(8, 16)), hours(2, 8)
			first := r.IntN(800)
			for i := range 20 + r.IntN(180) {
				add(fmt.Sprintf("host-%03d", first+i), fmt.Sprintf("release-%d", day), begins.Add(hours(0, 1)), lasts)
			}
		}
	}
	return leaks
}

func TestAMonthOfNotices(t *testing.T) {
	b, s := newBench(t), newServer(t)
	p, err := EnsureDefaultPolicy(t.Context(), b.db, b.ws)
	must(t, err)
	p.Rules[0].Targets = []string{b.addTarget("team", s)}
	must(t, b.db.UpdatePolicy(t.Context(), &p))
	days := daysOfMonth()
	leaks := madeMonth(b, days, rand.New(rand.NewPCG(1, 2)))
	everyRun, everyChange := 0, 0
	for now := start; now.Before(start.AddDate(0, 0, days+2)); now = now.Add(time.Hour) {
		b.until(now)
		var changed []*event.Event
		for _, l := range leaks {
			e := l.event
			switch {
			case l.begins.After(now) || e.Status == event.Recovered:
				continue
			case !l.end.After(now):
				if e.Version == 0 { // it was over before a run saw it
					e.Status = event.Recovered
					continue
				}
				b.recover(e)
				everyChange++
			default:
				if e.Version == 0 {
					e.OpenedAt, e.Onset = now, l.begins
					everyChange++
				}
				everyRun++
				if !l.rises.IsZero() && e.Level == leak.Warning && now.After(l.rises) {
					e.Level = leak.Critical
					everyChange++
				}
			}
			changed = append(changed, e)
		}
		if len(changed) > 0 {
			b.change(changed...)
		}
	}
	told := len(s.told())
	t.Logf("notices a day for a person: %.1f where each run tells what leaks, %.1f where each change of each event is told, %.1f by the default policy",
		float64(everyRun)/float64(days), float64(everyChange)/float64(days), float64(told)/float64(days))
	open := slices.ContainsFunc(leaks, func(l *madeLeak) bool { return l.event.Status == event.Open && l.event.Version > 0 })
	if open || told == 0 || told*3 > everyChange {
		t.Errorf("%d notices of %d changes; leaks are open: %v", told, everyChange, open)
	}
	rows, _, err := b.db.Notices(t.Context(), b.ws, state.NoticeFilter{Statuses: []state.NoticeStatus{state.NoticeFailed, state.NoticePending}})
	must(t, err)
	if len(rows) > 0 {
		t.Errorf("%d notices were not sent", len(rows))
	}
}
