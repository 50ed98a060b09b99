package agent

import (
	"slices"
	"strings"
	"time"

	"github.com/memseep/memseep/internal/agent/group"
	"github.com/memseep/memseep/internal/agent/metric"
	"github.com/memseep/memseep/internal/agent/proc"
)

// processes sums the processes up by name, and tells of few names apart.
type processes struct {
	selection group.Selection
	pss       bool
	byName    map[string]int
	sums      []sum
	sizes     []group.Size
}

// sum is all processes with one name, in bytes.
type sum struct {
	name                         string
	count                        int
	rss, anon, file, shmem, swap uint64
	start                        float64 // of the oldest
	largest                      *proc.Process
	members                      []*proc.Process
}

// other is the name under which all names are told of that do not stand apart.
const other = "other"

// grownUp is the age in seconds from which a process may stand apart.
const grownUp = 60

func newProcesses(c *Config) processes {
	return processes{selection: group.Selection{Top: c.Top}, pss: c.PSS, byName: map[string]int{}}
}

func (g *processes) add(b *metric.Batch, now time.Time, list []*proc.Process, fs *proc.FS) {
	g.sumUp(list)
	g.sizes = g.sizes[:0]
	for i := range g.sums {
		// What is swapped out is held as well, and comes back.
		s := &g.sums[i]
		age := float64(now.Unix()) - s.start
		g.sizes = append(g.sizes, group.Size{Name: s.name, Bytes: s.anon + s.swap, Young: age < grownUp})
	}
	g.selection.Choose(now, g.sizes)
	rest := sum{name: other}
	for i := range g.sums {
		s := &g.sums[i]
		if s.name == other || !g.selection.Apart(s.name) {
			rest.merge(s)
			continue
		}
		s.write(b)
		b.Add(processStartTime, s.start, s.name)
		b.Add(processInfo, 1, s.largest.Cmdline, s.name, s.largest.User)
		if g.pss {
			if pss, known := pssOf(s.members, fs); known {
				b.Add(processPSS, float64(pss), s.name)
			}
		}
	}
	if rest.count > 0 {
		rest.write(b)
	}
}

// sumUp makes the sums, ordered by name.
func (g *processes) sumUp(list []*proc.Process) {
	clear(g.byName)
	g.sums = g.sums[:0]
	for _, p := range list {
		i, ok := g.byName[p.Name]
		if !ok {
			i = len(g.sums)
			g.byName[p.Name] = i
			if i < cap(g.sums) {
				g.sums = g.sums[:i+1]
			} else {
				g.sums = append(g.sums, sum{})
			}
			g.sums[i] = sum{name: p.Name, start: p.StartTime, largest: p, members: g.sums[i].members[:0]}
		}
		s := &g.sums[i]
		s.count++
		s.rss, s.anon, s.file, s.shmem, s.swap = s.rss+p.RSS, s.anon+p.Anon, s.file+p.File, s.shmem+p.Shmem, s.swap+p.Swap
		s.start = min(s.start, p.StartTime)
		if p.Anon > s.largest.Anon || p.Anon == s.largest.Anon && p.PID < s.largest.PID {
			s.largest = p
		}
		s.members = append(s.members, p)
	}
	slices.SortFunc(g.sums, func(a, b sum) int { return strings.Compare(a.name, b.name) })
}

func (s *sum) merge(o *sum) {
	s.count += o.count
	s.rss, s.anon, s.file, s.shmem, s.swap = s.rss+o.rss, s.anon+o.anon, s.file+o.file, s.shmem+o.shmem, s.swap+o.swap
}

func (s *sum) write(b *metric.Batch) {
	b.Add(processRSS, float64(s.rss), s.name)
	b.Add(processAnon, float64(s.anon), s.name)
	b.Add(processFile, float64(s.file), s.name)
	b.Add(processShmem, float64(s.shmem), s.name)
	b.Add(processSwap, float64(s.swap), s.name)
	b.Add(processCount, float64(s.count), s.name)
}

// pssOf sums up the proportional set sizes, if each of them may be read: a part of the sum would
// look like a group that has shrunk.
func pssOf(members []*proc.Process, fs *proc.FS) (pss uint64, known bool) {
	for _, p := range members {
		one, err := fs.PSS(p)
		if err != nil {
			return 0, false
		}
		pss += one
	}
	return pss, true
}
