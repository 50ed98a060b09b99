package dialect

import "github.com/memseep/memseep/leak"

// cadvisor is cAdvisor, alone or within the kubelet, with what kube-state-metrics adds to it.
var cadvisor = &Dialect{
	Name:       "cAdvisor",
	Detect:     []string{"container_memory_rss", "container_memory_working_set_bytes"},
	HostLabels: []string{"node", "kubernetes_io_hostname", "instance", "host"},
	Selectors: []Selector{
		inKubernetes("container_memory_rss", Memory),
		inKubernetes("container_memory_working_set_bytes", WorkingSet),
		inKubernetes("container_spec_memory_limit_bytes", Limit),
		inKubernetes("container_start_time_seconds", Start),
		inKubernetes("container_oom_events_total", OOMKills),

		outsideKubernetes("container_memory_rss", Memory),
		outsideKubernetes("container_memory_working_set_bytes", WorkingSet),
		outsideKubernetes("container_spec_memory_limit_bytes", Limit),
		outsideKubernetes("container_start_time_seconds", Start),
		outsideKubernetes("container_oom_events_total", OOMKills),

		{Metric: "machine_memory_bytes", Role: Total},
		{
			Metric: "kube_pod_container_resource_limits", Matchers: []Matcher{{Label: "resource", Value: "memory"}},
			Role: Limit, Kind: leak.KindContainer, NameLabels: []string{"container"}, InPod: true,
			HostLabels: []string{"node"}, // not where kube-state-metrics itself runs
		},
		{Metric: "kube_node_info", Role: Identity, HostLabels: []string{"node", "internal_ip"}, Pair: true},
		{Metric: "kube_pod_owner", Role: Owner},
		{Metric: "kube_replicaset_owner", Role: Owner},
	},
}

// inKubernetes leaves the pause containers, pods and slices out.
func inKubernetes(metric string, role Role) Selector {
	return Selector{
		Metric: metric, Matchers: []Matcher{{Label: "container", Not: true}, {Label: "container", Value: "POD", Not: true}},
		Role: role, Kind: leak.KindContainer, NameLabels: []string{"container"}, InPod: true,
	}
}

// outsideKubernetes takes what a container engine has given a name.
func outsideKubernetes(metric string, role Role) Selector {
	return Selector{
		Metric: metric, Matchers: []Matcher{{Label: "container"}, {Label: "pod"}, {Label: "name", Not: true}},
		Role: role, Kind: leak.KindContainer, NameLabels: []string{"name"},
	}
}
