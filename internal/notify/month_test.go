package notify

import (
	"context"
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

// sizeOfMonth is how many hosts are inspected for how many days.
func sizeOfMonth() (hosts, days int) {
	if underRace || testing.Short() {
		return 30, 4
	}
	return 300, 30
}

// month is a made fleet, and what is counted of it.
type month struct {
	*fleet.Month
	b     *bench
	hosts map[string]*fleet.MonthHost

	leaks, found                           map[*fleet.TrueLeak]bool // seen by a run while they went on; by an event
	late                                   []time.Duration          // from the beginning of each that was found to its event
	everyRun, everyChange, opened, falsely int
}

func newMonth(b *bench, hosts, days int, calm bool) *month {
	m := &month{
		Month: fleet.NewMonth(start, hosts, days, calm, fleet.Kinds(), 2026), b: b, hosts: map[string]*fleet.MonthHost{},
		leaks: map[*fleet.TrueLeak]bool{}, found: map[*fleet.TrueLeak]bool{},
	}
	for _, h := range m.Month.Hosts {
		m.hosts[h.Name] = h
	}
	return m
}

// Hosts, Newest and Read are those of a source.
func (m *month) Hosts(context.Context, time.Time) ([]leak.Host, error) { return nil, nil }

func (m *month) Newest(context.Context) (time.Time, error) { return m.b.clock.now(), nil }

func (m *month) Read(_ context.Context, q leak.Query, each func(*leak.Reading) error) error {
	for _, h := range m.Month.Hosts {
		r := h.Reading(q.At)
		if err := each(&r); err != nil {
			return err
		}
	}
	return nil
}

// culprit is what the workloads of a host would show: the bad release while it leaks, else what runs there.
func (m *month) culprit(number int, at time.Time) string {
	for _, bad := range m.Releases {
		if on := at.Sub(bad.At); number >= bad.First && number < bad.Last && on >= 0 && on < fleet.ReleaseLasts+2*time.Hour {
			return bad.Name
		}
	}
	return m.Month.Hosts[number].App
}

// run is one of the inspection: findings, what becomes of events, and what is to be told of them, as a
// server's run keeps it.
func (m *month) run(ctx context.Context, at time.Time) error {
	var findings []inspect.Finding
	_, err := inspect.Run(ctx, m, inspect.Options{At: at, Now: at}, func(f inspect.Finding) error {
		findings = append(findings, f)
		return nil
	})
	if err != nil {
		return err
	}
	for i, h := range m.Month.Hosts {
		if leak := h.LeakAt(at); leak != nil {
			m.leaks[leak] = true
		}
		if f := &findings[i]; f.Verdict.Leak {
			m.everyRun++
			culprit := m.culprit(i, at)
			f.Suspects = []suspect.Suspect{{Kind: leak.KindProcess, Name: culprit, Owner: "deployment/" + culprit, Share: 0.9, GrowthBytes: 1 << 30, Bytes: 4 << 30, Count: 1}}
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
				if m.opened++; m.hosts[t.Event.Object.Host].LeakAt(at) == nil {
					m.falsely++
				}
			}
			if leak := m.hosts[t.Event.Object.Host].LeakAt(at); leak != nil && !m.found[leak] && t.Event.LastSeenAt.Equal(at) {
				m.found[leak] = true
				m.late = append(m.late, at.Sub(latest(leak.From, start)))
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

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
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
	slices.Sort(m.late)
	t.Logf("%d made hosts, %d days: %d leaks, %d found, half of them within %s; %d events, %d of them where nothing leaks",
		hosts, days, len(m.leaks), len(m.found), m.late[len(m.late)/2].Round(time.Minute), m.opened, m.falsely)
	t.Logf("notices a day for a person: %.1f where each run tells what leaks, %.1f where each change of an event is told, %.1f by the default policy (in all %v)",
		aDay(m.everyRun), aDay(m.everyChange), aDay(told), byReason)
	if len(m.found)*10 < len(m.leaks)*8 || told == 0 || told >= m.everyChange {
		t.Errorf("%d of %d leaks are found; %d notices of %d changes", len(m.found), len(m.leaks), told, m.everyChange)
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
