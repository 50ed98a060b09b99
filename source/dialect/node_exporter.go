package dialect

import "github.com/memseep/memseep/leak"

// nodeExporter is Prometheus' exporter of /proc/meminfo and others, on Linux.
var nodeExporter = &Dialect{
	Name:       "node_exporter",
	Detect:     []string{"node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes"},
	HostLabels: []string{"instance", "host", "node", "nodename"},
	Selectors: []Selector{
		{Metric: "node_memory_MemAvailable_bytes", Role: Available},
		{Metric: "node_memory_MemTotal_bytes", Role: Total},
		{Metric: "node_boot_time_seconds", Role: Start, Kind: leak.KindHost},
		{Metric: "node_vmstat_oom_kill", Role: OOMKills, Kind: leak.KindHost},

		{Metric: "node_memory_SUnreclaim_bytes", Role: Memory, Kind: leak.KindKernel, Name: "slab_unreclaimable"},
		{Metric: "node_memory_PageTables_bytes", Role: Memory, Kind: leak.KindKernel, Name: "page_tables"},
		{Metric: "node_memory_Shmem_bytes", Role: Memory, Kind: leak.KindKernel, Name: "shmem"},
		{Metric: "node_memory_Hugetlb_bytes", Role: Memory, Kind: leak.KindKernel, Name: "hugepages"},
		{Metric: "node_memory_KernelStack_bytes", Role: Memory, Kind: leak.KindKernel, Name: "kernel_stack"},
		{Metric: "node_memory_VmallocUsed_bytes", Role: Memory, Kind: leak.KindKernel, Name: "vmalloc"},

		{Metric: "node_uname_info", Role: Identity, HostLabels: []string{"nodename"}},
	},
}
