package agent

import (
	"time"

	"github.com/memseep/memseep/internal/agent/cgroup"
	"github.com/memseep/memseep/internal/agent/group"
	"github.com/memseep/memseep/internal/agent/metric"
)

// groups tells of every container and pod, and of few services of systemd.
type groups struct {
	services group.Selection
	sizes    []group.Size
	taken    map[[3]string]bool // namespace, pod, container
}

func newGroups(c *Config) groups {
	return groups{services: group.Selection{Top: c.Top}, taken: map[[3]string]bool{}}
}

func (g *groups) add(b *metric.Batch, now time.Time, found []cgroup.Group) {
	g.sizes = g.sizes[:0]
	clear(g.taken)
	for i := range found {
		if f := &found[i]; f.Kind == cgroup.Service {
			g.sizes = append(g.sizes, group.Size{Name: f.Name, Bytes: f.Anon + f.Swap})
		}
	}
	g.services.Choose(now, g.sizes)
	for i := range found {
		f := &found[i]
		key := [3]string{f.Namespace, f.Pod, f.Name}
		switch f.Kind {
		case cgroup.Pod:
			key[2] = ""
			if !g.taken[key] {
				podMetrics.add(b, f, f.Namespace, f.Pod)
			}
		case cgroup.Service:
			if !g.services.Apart(f.Name) || g.taken[key] {
				continue
			}
			addContainer(b, f)
		case cgroup.Container:
			if g.taken[key] { // the one before it has not ended yet, or two users chose one name
				f.Name += "-" + f.ID[:min(len(f.ID), 12)]
				key[2] = f.Name
			}
			if g.taken[key] {
				continue
			}
			addContainer(b, f)
			b.Add(containerInfo, 1, f.Name, f.ID, f.Namespace, f.Pod, f.PodUID, f.Runtime)
		}
		g.taken[key] = true
	}
}

func addContainer(b *metric.Batch, f *cgroup.Group) {
	containerMetrics.add(b, f, f.Name, f.Namespace, f.Pod)
	b.Add(containerOOMKills, float64(f.OOMKills), f.Name, f.Namespace, f.Pod)
}

func (m *groupMetrics) add(b *metric.Batch, f *cgroup.Group, labels ...string) {
	b.Add(m.current, float64(f.Current), labels...)
	b.Add(m.workingSet, float64(f.WorkingSet), labels...)
	b.Add(m.anon, float64(f.Anon), labels...)
	b.Add(m.swap, float64(f.Swap), labels...)
	if f.Limit > 0 {
		b.Add(m.limit, float64(f.Limit), labels...)
	}
	if f.StartTime > 0 {
		b.Add(m.startTime, f.StartTime, labels...)
	}
}
