package store

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
)

// mostLabelled is how many workspaces have metrics of their own; where there are more, all are
// added up, so that the number of series does not follow them.
const mostLabelled = 20

const namespace, subsystem = "memseep", "store"

var (
	workspacesDesc = prometheus.NewDesc(prometheus.BuildFQName(namespace, subsystem, "open_workspaces"), "Workspaces whose metrics are open.", nil, nil)
	seriesDesc     = describe("series", "Series that samples were written to lately.")
	bytesDesc      = describe("bytes", "Bytes on disk, of samples and of what inspections compute.")
	freeDesc       = describe("disk_free_bytes", "Free bytes of the disk; -1 where they are not known.")
	fullDesc       = describe("disk_full", "1 while samples are refused for want of room.")
	newestDesc     = describe("newest_sample_timestamp_seconds", "Time of the newest sample.")
	samplesDesc    = describe("samples_total", "Samples of collectors since the workspace was opened, by what became of them.", "result")
)

func describe(name, help string, more ...string) *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(namespace, subsystem, name), help, append([]string{"workspace"}, more...), nil)
}

// Describe tells which metrics Collect gives.
func (d *Directory) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{workspacesDesc, seriesDesc, bytesDesc, freeDesc, fullDesc, newestDesc, samplesDesc} {
		ch <- desc
	}
}

// Collect gives the numbers of all open workspaces: a Directory is a prometheus.Collector. With
// more than 20 workspaces the label workspace is empty, and all are added up.
func (d *Directory) Collect(ch chan<- prometheus.Metric) {
	open := d.opened()
	ch <- prometheus.MustNewConstMetric(workspacesDesc, prometheus.GaugeValue, float64(len(open)))
	groups := map[string]*measured{}
	for id, e := range open {
		if len(open) > mostLabelled {
			id = ""
		}
		if groups[id] == nil {
			groups[id] = &measured{results: map[string]int64{}}
		}
		groups[id].add(e)
	}
	for id, m := range groups {
		m.send(ch, id)
	}
}

// opened are the workspaces that are open now; one that somebody is opening is left out.
func (d *Directory) opened() map[string]*Embedded {
	d.mu.Lock()
	defer d.mu.Unlock()
	open := map[string]*Embedded{}
	for id, s := range d.spaces {
		if s.mu.TryLock() {
			if s.embedded != nil {
				open[id] = s.embedded
			}
			s.mu.Unlock()
		}
	}
	return open
}

// measured adds workspaces up; those of one directory share their disk.
type measured struct {
	stats   Stats
	results map[string]int64
}

func (m *measured) add(e *Embedded) {
	s, err := e.Stats(context.Background()) // nothing in it waits
	if err != nil {
		return // closed meanwhile
	}
	m.stats.Series += s.Series
	m.stats.Bytes += s.Bytes
	m.stats.DiskFree = s.DiskFree
	m.stats.DiskFull = m.stats.DiskFull || s.DiskFull
	if s.Newest.After(m.stats.Newest) {
		m.stats.Newest = s.Newest
	}
	c := &e.counts
	m.results["stored"] += c.stored.Load()
	m.results["duplicate"] += c.duplicate.Load()
	m.results["too_old"] += c.tooOld.Load()
	m.results["too_new"] += c.tooNew.Load()
	m.results["invalid"] += c.invalid.Load()
	m.results["limited"] += c.limited.Load()
}

func (m *measured) send(ch chan<- prometheus.Metric, workspace string) {
	gauge := func(desc *prometheus.Desc, v float64) {
		ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, workspace)
	}
	full := 0.0
	if m.stats.DiskFull {
		full = 1
	}
	gauge(seriesDesc, float64(m.stats.Series))
	gauge(bytesDesc, float64(m.stats.Bytes))
	gauge(freeDesc, float64(m.stats.DiskFree))
	gauge(fullDesc, full)
	if !m.stats.Newest.IsZero() {
		gauge(newestDesc, float64(m.stats.Newest.UnixMilli())/1000)
	}
	for result, n := range m.results {
		ch <- prometheus.MustNewConstMetric(samplesDesc, prometheus.CounterValue, float64(n), workspace, result)
	}
}
