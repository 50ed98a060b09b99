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
				addPod(b, f)
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
	b.Add(containerCurrent, float64(f.Current), f.Name, f.Namespace, f.Pod)
	b.Add(containerWorkingSet, float64(f.WorkingSet), f.Name, f.Namespace, f.Pod)
	b.Add(containerAnon, float64(f.Anon), f.Name, f.Namespace, f.Pod)
	b.Add(containerSwap, float64(f.Swap), f.Name, f.Namespace, f.Pod)
	b.Add(containerOOMKills, float64(f.OOMKills), f.Name, f.Namespace, f.Pod)
	if f.Limit > 0 {
		b.Add(containerLimit, float64(f.Limit), f.Name, f.Namespace, f.Pod)
	}
	if f.StartTime > 0 {
		b.Add(containerStartTime, f.StartTime, f.Name, f.Namespace, f.Pod)
	}
}

func addPod(b *metric.Batch, f *cgroup.Group) {
	b.Add(podCurrent, float64(f.Current), f.Namespace, f.Pod)
	b.Add(podWorkingSet, float64(f.WorkingSet), f.Namespace, f.Pod)
	b.Add(podAnon, float64(f.Anon), f.Namespace, f.Pod)
	b.Add(podSwap, float64(f.Swap), f.Namespace, f.Pod)
	if f.Limit > 0 {
		b.Add(podLimit, float64(f.Limit), f.Namespace, f.Pod)
	}
	if f.StartTime > 0 {
		b.Add(podStartTime, f.StartTime, f.Namespace, f.Pod)
	}
}
