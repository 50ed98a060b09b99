package dialect

import "github.com/memseep/memseep/leak"

// dataKit is Guance's collector; measurement and field make the name, tags are labels.
var dataKit = &Dialect{
	Name: "DataKit",
	// mem_huge_pages_size is what tells its mem from Telegraf's, which has mem_huge_page_size.
	Detect: []string{
		"mem_huge_pages_size", "host_processes_rss",
		"docker_containers_mem_usage", "kubelet_pod_mem_usage",
	},
	HostLabels: []string{"host"},
	Selectors: []Selector{
		{Metric: "mem_available_percent", Role: AvailablePercent},
		{Metric: "mem_used_percent", Role: UsedPercent},
		{Metric: "mem_available", Role: Available},
		{Metric: "mem_total", Role: Total},

		{Metric: "mem_sunreclaim", Role: Memory, Kind: leak.KindKernel, Name: "slab_unreclaimable"},
		{Metric: "mem_page_tables", Role: Memory, Kind: leak.KindKernel, Name: "page_tables"},
		{Metric: "mem_shared", Role: Memory, Kind: leak.KindKernel, Name: "shmem"},
		{Metric: "mem_vmalloc_used", Role: Memory, Kind: leak.KindKernel, Name: "vmalloc"},

		{Metric: "host_processes_rss", Role: Memory, Kind: leak.KindProcess, NameLabels: []string{"process_name"}, PerPID: true},

		{Metric: "kubelet_pod_mem_usage", Role: Memory, Kind: leak.KindPod, NameLabels: []string{"pod_name"}, OwnerLabels: podOwners},
		{Metric: "kubelet_pod_mem_limit", Role: Limit, Kind: leak.KindPod, NameLabels: []string{"pod_name"}},
		{Metric: "docker_containers_mem_usage", Role: Memory, Kind: leak.KindContainer, NameLabels: []string{"container_name"}, InPod: true, OwnerLabels: podOwners},
		{Metric: "docker_containers_mem_limit", Role: Limit, Kind: leak.KindContainer, NameLabels: []string{"container_name"}, InPod: true},
	},
}

var podOwners = []string{"deployment", "statefulset", "daemonset"}
