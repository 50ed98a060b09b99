package dialect

import "github.com/memseep/memseep/leak"

// telegraf is its mem, procstat, docker and kubernetes inputs; measurement and field make the name.
var telegraf = &Dialect{
	Name:       "Telegraf",
	Detect:     []string{"mem_used_percent", "mem_available_percent", "procstat_memory_rss"},
	HostLabels: []string{"host", "instance"},
	Selectors: []Selector{
		{Metric: "mem_available_percent", Role: AvailablePercent},
		{Metric: "mem_used_percent", Role: UsedPercent},
		{Metric: "mem_available", Role: Available},
		{Metric: "mem_total", Role: Total},

		{Metric: "mem_sunreclaim", Role: Memory, Kind: leak.KindKernel, Name: "slab_unreclaimable"},
		{Metric: "mem_page_tables", Role: Memory, Kind: leak.KindKernel, Name: "page_tables"},
		{Metric: "mem_shared", Role: Memory, Kind: leak.KindKernel, Name: "shmem"},
		{Metric: "mem_vmalloc_used", Role: Memory, Kind: leak.KindKernel, Name: "vmalloc"},

		{Metric: "procstat_memory_anonymous", Role: Memory, Kind: leak.KindProcess, NameLabels: procstatName, PerPID: true},
		{Metric: "procstat_memory_rss", Role: Memory, Kind: leak.KindProcess, NameLabels: procstatName, PerPID: true},
		{Metric: "procstat_created_at", Role: Start, Kind: leak.KindProcess, NameLabels: procstatName, Scale: 1e-9},

		{Metric: "docker_container_mem_usage", Role: Memory, Kind: leak.KindContainer, NameLabels: []string{"container_name"}},
		{Metric: "docker_container_mem_limit", Role: Limit, Kind: leak.KindContainer, NameLabels: []string{"container_name"}},
		inKubelet("kubernetes_pod_container_memory_rss_bytes", Memory),
		inKubelet("kubernetes_pod_container_memory_working_set_bytes", WorkingSet),
	},
}

var procstatName = []string{"process_name", "exe", "pattern"}

func inKubelet(metric string, role Role) Selector {
	return Selector{
		Metric: metric, Role: role, Kind: leak.KindContainer, NameLabels: []string{"container_name"}, InPod: true,
		HostLabels: []string{"node_name", "host", "instance"},
	}
}
