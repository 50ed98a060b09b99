package group

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

const mb = 1 << 20

// fleet is how many bytes each of the workloads holds after so many minutes.
type fleet map[string]func(minute int) int

func constant(megabytes int) func(int) int { return func(int) int { return megabytes * mb } }

// apart are who stands apart after the minutes, sorted.
func apart(s *Selection, f fleet, from, to int) (names []string) {
	for minute := from; minute < to; minute++ {
		var sizes []Size
		for name, size := range f {
			if n := size(minute); n > 0 {
				sizes = append(sizes, Size{Name: name, Bytes: uint64(n)})
			}
		}
		s.Choose(noon.Add(time.Duration(minute)*time.Minute), sizes)
	}
	for name := range f {
		if s.Apart(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestChoose(t *testing.T) {
	many := fleet{}
	for i := range 100 {
		many[fmt.Sprintf("w%02d", i)] = constant(100 + i)
	}
	with := func(name string, size func(int) int) fleet {
		f := fleet{}
		for k, v := range many {
			f[k] = v
		}
		f[name] = size
		return f
	}
	for _, c := range []struct {
		name    string
		fleet   fleet
		minutes int
		want    []string
	}{
		{"few stand apart all", fleet{"a": constant(1), "b": constant(2)}, 1, []string{"a", "b"}},
		{"the largest", many, 60, []string{"w98", "w99"}},
		{"a small one that grows", with("leak", func(m int) int { return mb + m*mb/10 }), 60, []string{"leak", "w98", "w99"}},
		{"a small one that grows too little", with("quiet", func(m int) int { return mb + m*10 }), 300, []string{"w98", "w99"}},
		{"a small one that goes up and down", with("saw", func(m int) int { return mb + m%10*mb }), 300, []string{"w98", "w99"}},
		{"one that was large four hours ago", with("was", func(m int) int {
			if m < 60 {
				return 500 * mb
			}
			return mb
		}), 300, []string{"w98", "w99", "was"}},
		{"one that was large seven hours ago", with("was", func(m int) int {
			if m < 60 {
				return 500 * mb
			}
			return mb
		}), 490, []string{"w98", "w99"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := apart(&Selection{Top: 2}, c.fleet, 0, c.minutes); !slices.Equal(got, c.want) {
				t.Errorf("apart stand %v, want %v", got, c.want)
			}
		})
	}
}

// Two of nearly one size that overtake each other all the time do not flap.
func TestNoFlapping(t *testing.T) {
	f := fleet{
		"a": func(m int) int { return (100 + m%7) * mb },
		"b": func(m int) int { return (100 + m*3%7) * mb },
		"c": constant(103),
	}
	s := &Selection{Top: 1}
	before := apart(s, f, 0, 30)
	for m := 30; m < 600; m++ {
		if got := apart(s, f, m, m+1); !slices.Equal(got, before) {
			t.Fatalf("in minute %d %v stand apart, before it were %v", m, got, before)
		}
	}
}

// However many take turns, only so many stand apart, and who has gone is forgotten.
func TestBound(t *testing.T) {
	f := fleet{}
	for i := range 50 {
		f[fmt.Sprint(i)] = func(m int) int {
			if m/5 == i {
				return 500 * mb
			}
			return mb
		}
	}
	s := &Selection{Top: 2}
	if got := apart(s, f, 0, 250); len(got) != 8 {
		t.Errorf("apart stand %v, want 8", got)
	}
	apart(s, fleet{"x": constant(1)}, 250, 250+6*60+1)
	if len(s.members) != 1 {
		t.Errorf("%d are remembered", len(s.members))
	}
}

// What began a moment ago does not come to stand apart, what stood apart stays so.
func TestYoung(t *testing.T) {
	s := &Selection{Top: 2}
	s.Choose(noon, []Size{{"old", 1, false}, {"young", 2, true}})
	if !s.Apart("old") || s.Apart("young") {
		t.Error("what is young stands apart")
	}
	s.Choose(noon.Add(time.Minute), []Size{{"old", 1, true}, {"young", 2, false}})
	if !s.Apart("old") || !s.Apart("young") {
		t.Error("what was restarted, or has grown up, does not stand apart")
	}
}
