package notify

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

// A month of the made fleet, inspected each hour. A host lives lives of a week, each of a kind of
// internal/fleet, and is restarted between two: one life of 25 leaks, the others are healthy. Of the
// calm fleet nine healthy lives of ten are of a calm kind; of the hard one any healthy kind is as
// likely as another, and most of those are made to look like leaks. Each week a bad release leaks on a
// tenth of the fleet for eight hours, and is rolled back.
const (
	leakingLives = 25 // one of so many
	lifeHours    = fleet.HistoryDays * 24
	releaseLasts = 8 * time.Hour
	releaseGrows = 3.0 // percent of memory an hour
	madeApps     = 40  // workloads, each on some of the hosts
)

// calmKinds are what most hosts of most fleets do.
var calmKinds = []string{
	"flat", "flat_whole_percents", "flat_gaps", "wander", "daily_any_hour", "nightly_job", "hourly_job", "jobs", "gc", "spikes", "restart", "full_but_steady",
}

// sizeOfMonth is how many hosts are inspected for how many days.
func sizeOfMonth() (hosts, days int) {
	if underRace || testing.Short() {
		return 30, 4
	}
	return 300, 30
}

// madeHost is a host of the month in one of its lives.
type madeHost struct {
	name, app string
	seed      uint64
	calm      bool // of the calm fleet
	offset    int  // hours that it had lived when the month began

	life    int
	born    time.Time // of the first of its minutes
	step    int64
	limits  leak.Limits // without its starts
	starts  []int64     // of its life, unix seconds
	minutes []float64
	floors  []float64
	leaks   []trueLeak
}

// trueLeak is when a host leaks in truth.
type trueLeak struct {
	from, to    time.Time
	seen, found bool // by a run while it went on
}

// release is a bad one, on some hosts.
type release struct {
	name        string
	at          time.Time
	first, last int // of the hosts
}

// live makes the life that a host has at a time, where it has another than before.
func (h *madeHost) live(number int, at time.Time, releases []release) {
	hour := int(at.Sub(start)/time.Hour) + h.offset
	if life := hour/lifeHours + 1; life != h.life {
		h.life = life
		h.born = at.Add(-time.Duration(hour%lifeHours) * time.Hour).Add(-(fleet.WindowMinutes + 59) * time.Minute)
		h.make(number, releases)
	}
}

func (h *madeHost) make(number int, releases []release) {
	r := rand.New(rand.NewPCG(h.seed, uint64(h.life)))
	leaking, calm := r.IntN(leakingLives) == 0, h.calm && r.IntN(10) > 0
	kinds := slices.DeleteFunc(fleet.Kinds(), func(k fleet.Kind) bool {
		return k.Leak != leaking || calm && !leaking && !slices.Contains(calmKinds, k.Name)
	})
	made, minutes := fleet.MakeMinutes(kinds[r.IntN(len(kinds))], r.Uint64())
	h.starts = nil
	h.minutes, h.step, h.leaks = minutes, made.Series.Window.Step, nil
	h.limits = leak.Limits{Capacity: 100, StartsKnown: made.Series.Limits.StartsKnown}
	for _, at := range made.Series.Limits.Starts {
		h.starts = append(h.starts, h.time(len(minutes)-1).Unix()-(fleet.End-at))
	}
	dies := h.time(len(minutes))
	if made.Truth.Leak {
		h.leaks = append(h.leaks, trueLeak{from: dies.Add(-time.Duration(fleet.End-made.Truth.Onset) * time.Second), to: dies})
	}
	for _, bad := range releases {
		if number < bad.first || number >= bad.last {
			continue
		}
		for i := range minutes {
			if on := h.time(i).Sub(bad.at); on >= 0 && on < releaseLasts {
				minutes[i] = min(minutes[i]+releaseGrows*on.Hours(), 100)
			}
		}
		h.leaks = append(h.leaks, trueLeak{from: bad.at, to: bad.at.Add(releaseLasts)})
	}
	h.floors = fleet.Floors(minutes)
}

func (h *madeHost) time(minute int) time.Time { return h.born.Add(time.Duration(minute) * time.Minute) }

// leakAt is the leak that goes on at a time, nil where there is none; of one that is just over the
// window still tells.
func (h *madeHost) leakAt(at time.Time) *trueLeak {
	for i := range h.leaks {
		if l := &h.leaks[i]; !at.Before(l.from) && at.Before(l.to.Add(time.Hour)) {
			return l
		}
	}
	return nil
}

// inspect finds what a run finds of the host at a time.
func (h *madeHost) inspect(d *leak.Detector, at time.Time, culprit string) inspect.Finding {
	end := int(at.Sub(h.born) / time.Minute)
	every := int(h.step / 60)
	var window []float64
	for i := end - fleet.WindowMinutes + every; i <= end; i += every {
		window = append(window, h.minutes[i])
	}
	w := leak.Window{Start: at.Unix() - int64(len(window)-1)*h.step, Step: h.step, Values: window}
	floors := h.floors[:(end+1-fleet.WindowMinutes)/15]
	past := leak.History{Start: at.Unix() - fleet.WindowMinutes*60 - int64(len(floors)-1)*leak.FloorSeconds, Floors: floors}
	known, _ := slices.BinarySearch(h.starts, at.Unix()+1)
	h.limits.Starts = h.starts[:known]
	f := inspect.Finding{
		At: at, Newest: at, Object: leak.Object{Kind: leak.KindHost, Host: h.name}, Host: leak.Host{Name: h.name, TotalBytes: 16 << 30},
		Verdict: d.Detect(w, past, h.limits),
	}
	if f.Verdict.Leak {
		f.Suspects = []suspect.Suspect{{Kind: leak.KindProcess, Name: culprit, Owner: "deployment/" + culprit, Share: 0.9, GrowthBytes: 1 << 30, Bytes: 4 << 30, Count: 1}}
	}
	return f
}

// month is the fleet, and what is counted of it.
type month struct {
	b        *bench
	hosts    []*madeHost
	releases []release
	detector leak.Detector

	leaks, found                           int
	everyRun, everyChange, opened, falsely int
}

func newMonth(b *bench, hosts, days int, calm bool) *month {
	m := &month{b: b}
	r := rand.New(rand.NewPCG(2026, 3))
	for i := range hosts {
		m.hosts = append(m.hosts, &madeHost{name: fmt.Sprintf("host-%03d", i), app: fmt.Sprintf("app-%02d", r.IntN(madeApps)), calm: calm, seed: r.Uint64(), offset: r.IntN(lifeHours)})
	}
	for day := 1; day < days; day += 7 {
		first := r.IntN(hosts * 9 / 10)
		m.releases = append(m.releases, release{
			name: fmt.Sprintf("release-%d", day), at: start.Add(time.Duration(day*24+r.IntN(8)) * time.Hour), first: first, last: first + hosts/10,
		})
	}
	return m
}

// culprit is what the workloads of a host would show: the bad release while it leaks, else what runs there.
func (m *month) culprit(number int, at time.Time) string {
	for _, bad := range m.releases {
		if on := at.Sub(bad.at); number >= bad.first && number < bad.last && on >= 0 && on < releaseLasts+2*time.Hour {
			return bad.name
		}
	}
	return m.hosts[number].app
}

// run is one of the inspection: findings, what becomes of events, and what is to be told of them, as a
// server's run keeps it.
func (m *month) run(ctx context.Context, at time.Time) error {
	byName := map[string]*madeHost{}
	findings := make([]inspect.Finding, len(m.hosts))
	for i, h := range m.hosts {
		h.live(i, at, m.releases)
		byName[h.name] = h
		leak := h.leakAt(at)
		if leak != nil && !leak.seen {
			leak.seen = true
			m.leaks++
		}
		if findings[i] = h.inspect(&m.detector, at, m.culprit(i, at)); findings[i].Verdict.Leak {
			m.everyRun++
			if leak != nil && !leak.found {
				leak.found = true
				m.found++
			}
		}
	}
	return m.b.db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
		open, err := tx.OpenEvents(ctx, m.b.ws, m.b.inspec.ID, nil)
		if err != nil {
			return err
		}
		changed := event.Advance(open, findings, at, event.Options{WorkspaceID: m.b.ws, InspectionID: m.b.inspec.ID, Inspection: m.b.inspec.Name, NewID: state.NewID})
		for i := range changed {
			t := &changed[i]
			write := tx.UpdateEvent
			if t.New {
				write = tx.InsertEvent
				if m.opened++; byName[t.Event.Object.Host].leakAt(at) == nil {
					m.falsely++
				}
			}
			if err := write(ctx, &t.Event); err != nil {
				return err
			}
			for _, e := range t.Entries {
				if e.Change == event.Opened || e.Change == event.LevelRose || e.Change == event.LevelFell || e.Change == event.Closed {
					m.everyChange++
				}
			}
		}
		return m.b.Notices(ctx, tx, changed)
	})
}

// A person who is told of everything is told much less than happens, and nothing is lost.
func TestAMonthOfNotices(t *testing.T) {
	t.Run("calm", func(t *testing.T) { playMonth(t, true) })
	t.Run("hard", func(t *testing.T) { playMonth(t, false) })
}

func playMonth(t *testing.T, calm bool) {
	b, s := newBench(t), newServer(t)
	p, err := EnsureDefaultPolicy(t.Context(), b.db, b.ws)
	must(t, err)
	p.Rules[0].Targets = []string{b.addTarget("team", s)}
	must(t, b.db.UpdatePolicy(t.Context(), &p))
	hosts, days := sizeOfMonth()
	m := newMonth(b, hosts, days, calm)
	for now := start; now.Before(start.AddDate(0, 0, days)); now = now.Add(time.Hour) {
		b.until(now)
		must(t, m.run(t.Context(), now))
	}
	b.after(time.Hour)
	byReason := map[string]int{}
	for _, one := range s.took {
		byReason[one.v.Reason]++
	}
	told := len(s.told())
	aDay := func(n int) float64 { return float64(n) / float64(days) }
	t.Logf("%d made hosts, %d days: %d leaks, %d found; %d events, %d of them where nothing leaks", hosts, days, m.leaks, m.found, m.opened, m.falsely)
	t.Logf("notices a day for a person: %.1f where each run tells what leaks, %.1f where each change of an event is told, %.1f by the default policy (in all %v)",
		aDay(m.everyRun), aDay(m.everyChange), aDay(told), byReason)
	if m.found*10 < m.leaks*8 || told == 0 || told >= m.everyChange {
		t.Errorf("%d of %d leaks are found; %d notices of %d changes", m.found, m.leaks, told, m.everyChange)
	}
	if n := byReason[string(Opened)]; n == 0 || n > m.opened {
		t.Errorf("%d beginnings are told of %d events", n, m.opened)
	}
	rows, _, err := b.db.Notices(t.Context(), b.ws, state.NoticeFilter{Statuses: []state.NoticeStatus{state.NoticeFailed, state.NoticePending}})
	must(t, err)
	if len(rows) > 0 {
		t.Errorf("%d notices were not sent", len(rows))
	}
}
