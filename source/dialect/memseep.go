package dialect

import "github.com/memseep/memseep/leak"

// memseep is the agent of this project, and the form in which fleets are imported from files.
var memseep = &Dialect{
	Name: "memseep",
	Detect: []string{
		"memseep_host_memory_total_bytes", "memseep_host_memory_used_percent",
		"memseep_process_rss_bytes", "memseep_process_anon_bytes",
		"memseep_pod_rss_bytes", "memseep_pod_anon_bytes",
		"memseep_container_rss_bytes", "memseep_container_anon_bytes", "memseep_kernel_bytes",
	},
	HostLabels: []string{"host", "instance"},
	Selectors: []Selector{
		{Metric: "memseep_host_memory_used_percent", Role: UsedPercent},
		{Metric: "memseep_host_memory_available_bytes", Role: Available},
		{Metric: "memseep_host_memory_total_bytes", Role: Total},
		{Metric: "memseep_host_boot_time_seconds", Role: Start, Kind: leak.KindHost},
		{Metric: "memseep_host_oom_kills_total", Role: OOMKills, Kind: leak.KindHost},

		{Metric: "memseep_process_anon_bytes", Role: Memory, Kind: leak.KindProcess, NameLabels: byName, PerPID: true},
		{Metric: "memseep_process_rss_bytes", Role: Memory, Kind: leak.KindProcess, NameLabels: byName, PerPID: true},
		{Metric: "memseep_process_limit_bytes", Role: Limit, Kind: leak.KindProcess, NameLabels: byName},
		{Metric: "memseep_process_start_time_seconds", Role: Start, Kind: leak.KindProcess, NameLabels: byName},

		{Metric: "memseep_pod_anon_bytes", Role: Memory, Kind: leak.KindPod, NameLabels: podOrName},
		{Metric: "memseep_pod_rss_bytes", Role: Memory, Kind: leak.KindPod, NameLabels: podOrName},
		{Metric: "memseep_pod_working_set_bytes", Role: WorkingSet, Kind: leak.KindPod, NameLabels: podOrName},
		{Metric: "memseep_pod_limit_bytes", Role: Limit, Kind: leak.KindPod, NameLabels: podOrName},
		{Metric: "memseep_pod_start_time_seconds", Role: Start, Kind: leak.KindPod, NameLabels: podOrName},

		{Metric: "memseep_container_anon_bytes", Role: Memory, Kind: leak.KindContainer, NameLabels: containerOrName, InPod: true},
		{Metric: "memseep_container_rss_bytes", Role: Memory, Kind: leak.KindContainer, NameLabels: containerOrName, InPod: true},
		{Metric: "memseep_container_working_set_bytes", Role: WorkingSet, Kind: leak.KindContainer, NameLabels: containerOrName, InPod: true},
		{Metric: "memseep_container_limit_bytes", Role: Limit, Kind: leak.KindContainer, NameLabels: containerOrName, InPod: true},
		{Metric: "memseep_container_start_time_seconds", Role: Start, Kind: leak.KindContainer, NameLabels: containerOrName, InPod: true},
		{Metric: "memseep_container_oom_kills_total", Role: OOMKills, Kind: leak.KindContainer, NameLabels: containerOrName, InPod: true},

		{Metric: "memseep_kernel_bytes", Role: Memory, Kind: leak.KindKernel, NameLabels: []string{"pool", "name"}},
	},
}

var (
	byName          = []string{"name"}
	podOrName       = []string{"pod", "name"}
	containerOrName = []string{"container", "name"}
)
