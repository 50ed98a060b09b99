package fleet

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/memseep/memseep/leak"
)

// Month is a fleet that is looked at each hour for a month. A host lives lives of a week, each of one of
// the kinds, and is restarted between two: one life of 25 leaks, the others are healthy. Of a calm fleet
// nine healthy lives of ten are of a calm kind; of a hard one any healthy kind is as likely as another,
// and most of those are made to look like leaks. Each week a bad release leaks on a tenth of the fleet
// for eight hours, and is rolled back.
type Month struct {
	Start    time.Time
	Hosts    []*MonthHost
	Releases []Release
	calm     bool
	kinds    []Kind
}

const (
	leakingLives = 25 // one of so many
	lifeHours    = HistoryDays * 24
	releaseGrows = 3.0 // percent of memory an hour
	monthApps    = 40  // workloads, each on some of the hosts

	// ReleaseLasts is how long a bad release leaks.
	ReleaseLasts = 8 * time.Hour
)

// calmKinds are what most hosts of most fleets do.
var calmKinds = []string{
	"flat", "flat_whole_percents", "flat_gaps", "wander", "daily_any_hour", "nightly_job", "hourly_job", "jobs", "gc", "spikes", "restart", "full_but_steady",
}

// Release is a bad one, on some of the hosts.
type Release struct {
	Name        string
	At          time.Time
	First, Last int // of Hosts; Last is the first without it
}

// TrueLeak is when a host leaks in truth.
type TrueLeak struct{ From, To time.Time }

// MonthHost is a host of a month in one of its lives.
type MonthHost struct {
	Name, App string
	Kind      string // of its life

	month   *Month
	number  int
	seed    uint64
	offset  int // hours that it had lived when the month began
	life    int
	born    time.Time // of the first of its minutes
	step    int64
	limits  leak.Limits // without its starts
	starts  []int64     // of its life, unix seconds
	minutes []float64
	floors  []float64
	leaks   []*TrueLeak
}

// NewMonth makes a fleet that lives by the kinds that are given: equal arguments make equal fleets.
func NewMonth(start time.Time, hosts, days int, calm bool, kinds []Kind, seed uint64) *Month {
	m := &Month{Start: start, calm: calm, kinds: kinds}
	r := rand.New(rand.NewPCG(seed, 3))
	for i := range hosts {
		m.Hosts = append(m.Hosts, &MonthHost{
			Name: fmt.Sprintf("host-%03d", i), App: fmt.Sprintf("app-%02d", r.IntN(monthApps)),
			month: m, number: i, seed: r.Uint64(), offset: r.IntN(lifeHours),
		})
	}
	for day := 1; day < days; day += 7 {
		first := r.IntN(hosts * 9 / 10)
		m.Releases = append(m.Releases, Release{
			Name: fmt.Sprintf("release-%d", day), At: start.Add(time.Duration(day*24+r.IntN(8)) * time.Hour), First: first, Last: first + hosts/10,
		})
	}
	return m
}

// live makes the life that a host has at a time, where it has another than before.
func (h *MonthHost) live(at time.Time) {
	hour := int(at.Sub(h.month.Start)/time.Hour) + h.offset
	if life := hour/lifeHours + 1; life != h.life {
		h.life = life
		h.born = at.Add(-time.Duration(hour%lifeHours) * time.Hour).Add(-(WindowMinutes + 59) * time.Minute)
		h.make()
	}
}

func (h *MonthHost) make() {
	r := rand.New(rand.NewPCG(h.seed, uint64(h.life)))
	leaking, calm := r.IntN(leakingLives) == 0, h.month.calm && r.IntN(10) > 0
	var kinds []Kind
	for _, k := range h.month.kinds {
		if k.Leak == leaking && (leaking || !calm || slices.Contains(calmKinds, k.Name)) {
			kinds = append(kinds, k)
		}
	}
	made, minutes := MakeMinutes(kinds[r.IntN(len(kinds))], r.Uint64())
	h.Kind, h.minutes, h.step, h.leaks, h.starts = made.Kind, minutes, made.Series.Window.Step, nil, nil
	h.limits = leak.Limits{Capacity: 100, StartsKnown: made.Series.Limits.StartsKnown}
	for _, at := range made.Series.Limits.Starts {
		h.starts = append(h.starts, h.time(len(minutes)-1).Unix()-(End-at))
	}
	dies := h.time(len(minutes))
	if made.Truth.Leak {
		h.leaks = append(h.leaks, &TrueLeak{dies.Add(-time.Duration(End-made.Truth.Onset) * time.Second), dies})
	}
	for _, bad := range h.month.Releases {
		if h.number < bad.First || h.number >= bad.Last {
			continue
		}
		for i := range minutes {
			if on := h.time(i).Sub(bad.At); on >= 0 && on < ReleaseLasts {
				minutes[i] = min(minutes[i]+releaseGrows*on.Hours(), 100)
			}
		}
		h.leaks = append(h.leaks, &TrueLeak{bad.At, bad.At.Add(ReleaseLasts)})
	}
	h.floors = Floors(minutes)
}

func (h *MonthHost) time(minute int) time.Time {
	return h.born.Add(time.Duration(minute) * time.Minute)
}

// LeakAt is the leak that goes on at a time, nil where there is none; of one that is just over the
// window still tells. Times have to ascend, as those of Reading.
func (h *MonthHost) LeakAt(at time.Time) *TrueLeak {
	h.live(at)
	for _, l := range h.leaks {
		if !at.Before(l.From) && at.Before(l.To.Add(time.Hour)) {
			return l
		}
	}
	return nil
}

// Reading is what a source has of the host at a time.
func (h *MonthHost) Reading(at time.Time) leak.Reading {
	h.live(at)
	end := int(at.Sub(h.born) / time.Minute)
	every := int(h.step / 60)
	var window []float64
	for i := end - WindowMinutes + every; i <= end; i += every {
		window = append(window, h.minutes[i])
	}
	floors := h.floors[:(end+1-WindowMinutes)/15]
	known, _ := slices.BinarySearch(h.starts, at.Unix()+1)
	h.limits.Starts = h.starts[:known]
	return leak.Reading{Host: leak.Host{Name: h.Name, TotalBytes: 16 << 30}, Memory: &leak.Series{
		Object:  leak.Object{Kind: leak.KindHost, Host: h.Name},
		Window:  leak.Window{Start: at.Unix() - int64(len(window)-1)*h.step, Step: h.step, Values: window},
		History: leak.History{Start: at.Unix() - WindowMinutes*60 - int64(len(floors)-1)*leak.FloorSeconds, Floors: floors},
		Limits:  h.limits,
	}}
}
