package schedule

import (
	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// collected is findings without the series that no event shows, which are most of the memory.
type collected struct {
	findings []inspect.Finding
	hostAt   int // where the findings of the host that comes now begin
}

// add takes a finding; all of one host come together, the host's own first.
func (c *collected) add(f inspect.Finding) {
	if f.Object.Kind == leak.KindHost {
		c.trim()
		c.hostAt = len(c.findings)
	}
	c.findings = append(c.findings, f)
}

// trim drops the series of the host that is complete, but where something leaks the host's own, the
// leaking workloads' and the largest workloads'. After the last finding it has to be called.
func (c *collected) trim() {
	host := c.findings[c.hostAt:]
	shown := map[leak.Object]bool{}
	for n := range host {
		if host[n].Verdict.Leak {
			shown[host[n].Object] = true
		}
	}
	if len(shown) > 0 {
		shown[host[0].Object] = true
		for _, w := range host[0].Top {
			shown[leak.Object{Kind: w.Kind, Host: host[0].Object.Host, Name: w.Name, Namespace: w.Namespace}] = true
		}
	}
	for n := range host {
		if !shown[host[n].Object] {
			host[n].Series = nil
		}
	}
}
