// Package group chooses which few of many workloads are told of by name, so that series stay few.
// In go the sizes of all of them, time after time; out comes who stands apart. The others are
// summed up as one.
// Read Choose in this file first.
package group

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Selection remembers who stands apart, and how the sizes were. The zero value with Top set is
// ready.
//
// A workload stands apart from when it is among the Top by size, or among the Top by growth over
// the last six hours, until it has been neither for six hours: the window of an inspection, which
// so is never cut in two. At most 4·Top stand apart.
type Selection struct {
	Top int

	members map[string]*member
	order   []*member
	slot    int64 // the quarter of an hour that the last sizes fell into
}

type member struct {
	name  string
	size  float64
	seen  bool
	apart bool
	last  time.Time // when it was among the top, or first seen

	floors [slots]float64 // the lowest size in each quarter of an hour, NaN where there was none
}

// hold is how long a workload stands apart after it was last among the top.
const hold = 6 * time.Hour

const (
	slotSeconds = 900
	slots       = int64(hold/time.Second) / slotSeconds
	// leastGrowth keeps what does not grow from being among the top by growth.
	leastGrowth = 1 << 20
)

// Size is how many bytes a workload holds.
type Size struct {
	Name  string
	Bytes uint64
	// Young says that it began a moment ago: it does not come to stand apart yet, so that commands
	// that come and go make no series.
	Young bool
}

// Choose takes the sizes as they are now, each name once.
func (s *Selection) Choose(now time.Time, sizes []Size) {
	if s.members == nil {
		s.members = map[string]*member{}
	}
	slot := now.Unix() / slotSeconds
	s.clearSlots(slot)
	for _, m := range s.members {
		m.seen = false
	}
	s.order = s.order[:0]
	for _, size := range sizes {
		if size.Young && s.members[size.Name] == nil {
			continue
		}
		m := s.member(size.Name, now)
		m.size, m.seen = float64(size.Bytes), true
		if f := &m.floors[slot%slots]; !(*f <= m.size) {
			*f = m.size
		}
		s.order = append(s.order, m)
	}
	s.rank(now, func(m *member) float64 { return m.size }, 1)
	s.rank(now, func(m *member) float64 { return m.growth(slot) }, leastGrowth)
	s.leave(now)
}

// Apart tells whether the workload is told of by name.
func (s *Selection) Apart(name string) bool {
	m := s.members[name]
	return m != nil && m.apart
}

func (s *Selection) member(name string, now time.Time) *member {
	if m := s.members[name]; m != nil {
		return m
	}
	m := &member{name: name, last: now}
	for i := range m.floors {
		m.floors[i] = math.NaN()
	}
	s.members[name] = m
	return m
}

// clearSlots forgets what was six hours ago, as far as time has gone on.
func (s *Selection) clearSlots(slot int64) {
	passed := min(max(slot-s.slot, 0), slots)
	for i := range passed {
		at := (slot - i) % slots
		for _, m := range s.members {
			m.floors[at] = math.NaN()
		}
	}
	s.slot = slot
}

// growth is that of the floor from the oldest quarter of an hour to the last two, in bytes. Two,
// because one that has just begun has not seen the floor of what goes up and down yet.
func (m *member) growth(slot int64) float64 {
	newest := m.floors[slot%slots]
	if before := m.floors[(slot-1+slots)%slots]; before < newest {
		newest = before
	}
	for i := slots - 1; i > 1; i-- {
		if oldest := m.floors[(slot-i+slots)%slots]; oldest == oldest {
			return newest - oldest
		}
	}
	return 0
}

// rank puts the highest apart, as far as they are not below the least.
func (s *Selection) rank(now time.Time, of func(*member) float64, least float64) {
	slices.SortFunc(s.order, func(a, b *member) int {
		return cmp.Or(cmp.Compare(of(b), of(a)), cmp.Compare(a.name, b.name))
	})
	for _, m := range s.order[:min(s.Top, len(s.order))] {
		if of(m) < least {
			break
		}
		m.apart, m.last = true, now
	}
}

// leave ends what has not been among the top for long, and forgets who has gone.
func (s *Selection) leave(now time.Time) {
	var apart []*member
	for name, m := range s.members {
		idle := now.Sub(m.last)
		switch {
		case !m.seen && (idle >= hold || idle < 0):
			delete(s.members, name)
		case m.apart && idle >= hold:
			m.apart = false
		case m.apart:
			apart = append(apart, m)
		}
	}
	if over := len(apart) - 4*s.Top; over > 0 {
		slices.SortFunc(apart, func(a, b *member) int {
			return cmp.Or(a.last.Compare(b.last), cmp.Compare(a.size, b.size), cmp.Compare(a.name, b.name))
		})
		for _, m := range apart[:over] {
			m.apart = false
		}
	}
}
