package dialect

import "github.com/memseep/memseep/leak"

// openTelemetry is the Collector's hostmetrics and kubeletstats receivers as Prometheus spells
// them, with the units in the names or without.
var openTelemetry = &Dialect{
	Name: "OpenTelemetry",
	Detect: []string{
		"system_memory_usage_bytes", "system_memory_usage",
		"system_memory_utilization_ratio", "system_memory_utilization",
		"process_memory_usage_bytes", "process_memory_usage", "k8s_pod_memory_working_set_bytes",
	},
	HostLabels: []string{"host_name", "k8s_node_name", "host", "instance"},
	Selectors: []Selector{
		{Metric: "system_linux_memory_available_bytes", Role: Available},
		inState("system_memory_usage_bytes", "used", Used),
		inState("system_memory_usage_bytes", "free", Part),
		inState("system_memory_usage_bytes", "buffered", Part),
		inState("system_memory_usage_bytes", "cached", Part),
		inState("system_memory_usage", "used", Used),
		inState("system_memory_usage", "free", Part),
		inState("system_memory_usage", "buffered", Part),
		inState("system_memory_usage", "cached", Part),
		inState("system_memory_utilization_ratio", "used", UsedRatio),
		inState("system_memory_utilization", "used", UsedRatio),
		{Metric: "system_memory_limit_bytes", Role: Total},

		{
			Metric: "system_memory_usage_bytes", Matchers: []Matcher{{Label: "state", Value: "slab_unreclaimable"}},
			Role: Memory, Kind: leak.KindKernel, Name: "slab_unreclaimable",
		},
		{Metric: "process_memory_usage_bytes", Role: Memory, Kind: leak.KindProcess, NameLabels: executable, PerPID: true},
		{Metric: "process_memory_usage", Role: Memory, Kind: leak.KindProcess, NameLabels: executable, PerPID: true},

		ofPod("k8s_pod_memory_rss_bytes", Memory),
		ofPod("k8s_pod_memory_working_set_bytes", WorkingSet),
		ofContainer("container_memory_rss_bytes", Memory),
		ofContainer("k8s_container_memory_limit_bytes", Limit),
	},
}

var (
	executable = []string{"process_executable_name", "process_command"}
	k8sOwners  = []string{"k8s_deployment_name", "k8s_statefulset_name", "k8s_daemonset_name"}
)

func inState(metric, state string, role Role) Selector {
	return Selector{Metric: metric, Matchers: []Matcher{{Label: "state", Value: state}}, Role: role}
}

func ofPod(metric string, role Role) Selector {
	return Selector{Metric: metric, Role: role, Kind: leak.KindPod, NameLabels: []string{"k8s_pod_name"}, OwnerLabels: k8sOwners}
}

func ofContainer(metric string, role Role) Selector {
	return Selector{
		Metric: metric, Matchers: []Matcher{{Label: "k8s_container_name", Not: true}},
		Role: role, Kind: leak.KindContainer, NameLabels: []string{"k8s_container_name"}, InPod: true, OwnerLabels: k8sOwners,
	}
}
