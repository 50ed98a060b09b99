package demo

import (
	"github.com/memseep/memseep/leak"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// collector writes the metrics of one host under the names that node_exporter, process-exporter
// and cAdvisor give them, so that their dialects are shown.
type collector struct {
	host  string
	total float64 // bytes
}

// The ports at which the exporters are scraped.
const (
	nodePort    = ":9100"
	processPort = ":9256"
)

// kernelPools are node_exporter's metrics of memory that no process owns.
var kernelPools = map[string]string{
	"slab_unreclaimable": "node_memory_SUnreclaim_bytes",
	"page_tables":        "node_memory_PageTables_bytes",
	"shmem":              "node_memory_Shmem_bytes",
	"hugepages":          "node_memory_Hugetlb_bytes",
	"kernel_stack":       "node_memory_KernelStack_bytes",
	"vmalloc":            "node_memory_VmallocUsed_bytes",
}

// memory are node_exporter's metrics of a host whose use is known in percent.
func (c collector) memory(used samples) []series {
	available := make([]float64, len(used.values))
	for i, v := range used.values {
		available[i] = c.total * (1 - v/100)
	}
	return []series{
		c.node("node_memory_MemAvailable_bytes", samples{used.times, available}),
		c.node("node_memory_MemTotal_bytes", used.constant(c.total)),
		series{
			labels.FromStrings(model.MetricNameLabel, "node_uname_info", "instance", c.host+nodePort, "job", "node", "nodename", c.host),
			used.times, used.constant(1).values,
		},
	}
}

// workload are the metrics of a process, a container, a pod or a kernel pool.
func (c collector) workload(w *leak.Series, bytes samples, shift int64) []series {
	switch w.Object.Kind {
	case leak.KindKernel:
		return []series{c.node(kernelPools[w.Object.Name], bytes)}
	case leak.KindProcess:
		out := []series{c.process("namedprocess_namegroup_memory_bytes", w.Object.Name, bytes, "memtype", "resident")}
		if w.Limits.StartsKnown {
			starts := bytes.starts(w.Limits.Starts, shift)
			out = append(out, c.process("namedprocess_namegroup_oldest_start_time_seconds", w.Object.Name, starts))
		}
		return out
	case leak.KindPod:
		return c.container(w, bytes, shift, "pod", w.Object.Name, "namespace", w.Object.Namespace, "container", "app")
	}
	return c.container(w, bytes, shift, "name", w.Object.Name)
}

// container are cAdvisor's metrics; what is known of page cache is nothing, so that the working
// set is the anonymous memory.
func (c collector) container(w *leak.Series, bytes samples, shift int64, pairs ...string) []series {
	metric := func(name string, s samples) series {
		all := append([]string{model.MetricNameLabel, name, "node", c.host, "job", "cadvisor"}, pairs...)
		return series{labels.FromStrings(all...), s.times, s.values}
	}
	out := []series{
		metric("container_memory_rss", bytes),
		metric("container_memory_working_set_bytes", bytes),
	}
	if limit := w.Limits.Capacity; limit > 0 && limit < c.total {
		out = append(out, metric("container_spec_memory_limit_bytes", bytes.constant(limit)))
	}
	if w.Limits.StartsKnown {
		out = append(out, metric("container_start_time_seconds", bytes.starts(w.Limits.Starts, shift)))
	}
	return out
}

func (c collector) node(metric string, s samples) series {
	return series{labels.FromStrings(model.MetricNameLabel, metric, "instance", c.host+nodePort, "job", "node"), s.times, s.values}
}

func (c collector) process(metric, group string, s samples, pairs ...string) series {
	all := append([]string{model.MetricNameLabel, metric, "instance", c.host + processPort, "job", "process", "groupname", group}, pairs...)
	return series{labels.FromStrings(all...), s.times, s.values}
}

// constant is one value at the times of the samples.
func (s samples) constant(v float64) samples {
	values := make([]float64, len(s.times))
	for i := range values {
		values[i] = v
	}
	return samples{s.times, values}
}

// starts is the time of the latest start, at the times of the samples.
func (s samples) starts(starts []int64, shift int64) samples {
	values := make([]float64, len(s.times))
	for i, t := range s.times {
		latest := s.times[0] / 1000
		for _, start := range starts {
			if start += shift; start*1000 <= t {
				latest = start
			}
		}
		values[i] = float64(latest)
	}
	return samples{s.times, values}
}
