package agent

import "github.com/memseep/memseep/internal/agent/metric"

// What is told of the host.
var (
	hostTotal       = gauge("memseep_host_memory_total_bytes", "Memory of the host.")
	hostAvailable   = gauge("memseep_host_memory_available_bytes", "Memory that can be had without swapping.")
	hostUsedPercent = gauge("memseep_host_memory_used_percent", "Memory of the host that is in use, 0 to 100.")
	hostSwapTotal   = gauge("memseep_host_swap_total_bytes", "Swap space of the host.")
	hostSwapUsed    = gauge("memseep_host_swap_used_bytes", "Swap space in use.")
	hostSome        = counter("memseep_host_memory_pressure_some_seconds_total", "Time that some tasks waited for memory.")
	hostFull        = counter("memseep_host_memory_pressure_full_seconds_total", "Time that all tasks waited for memory.")
	hostBoot        = gauge("memseep_host_boot_time_seconds", "When the host was booted, unix time.")
	hostOOMKills    = counter("memseep_host_oom_kills_total", "Processes killed for want of memory since the boot.")
	kernelBytes     = gauge("memseep_kernel_bytes", "Memory that the kernel holds for itself.", "pool")
)

// What is told of the processes with one name; those that do not stand apart are called "other".
var (
	processRSS       = gauge("memseep_process_rss_bytes", "Memory of all processes with the name that is in RAM.", "name")
	processAnon      = gauge("memseep_process_anon_bytes", "Of it, what is anonymous: heaps and stacks.", "name")
	processFile      = gauge("memseep_process_file_bytes", "Of it, what is mapped from files.", "name")
	processShmem     = gauge("memseep_process_shmem_bytes", "Of it, what is shared memory.", "name")
	processSwap      = gauge("memseep_process_swap_bytes", "Memory of the processes that is swapped out.", "name")
	processPSS       = gauge("memseep_process_pss_bytes", "Memory in RAM, with what is shared counted in parts.", "name")
	processCount     = gauge("memseep_process_count", "How many processes have the name.", "name")
	processStartTime = gauge("memseep_process_start_time_seconds", "When the oldest of the processes began, unix time.", "name")
	processInfo      = gauge("memseep_process_info", "The owner and a hash of the command line of the largest process.", "cmdline_hash", "name", "user")
)

// groupMetrics are what is told of a container or of a pod.
type groupMetrics struct {
	current, workingSet, anon, swap *metric.Metric
	limit                           *metric.Metric // where there is one
	startTime                       *metric.Metric // where it is known
}

// What is told of containers, of any runtime, and of the services of systemd.
var (
	containerLabels = []string{"container", "namespace", "pod"}

	containerMetrics = groupMetrics{
		current:    gauge("memseep_container_memory_bytes", "All memory that is charged to the container, caches too.", containerLabels...),
		workingSet: gauge("memseep_container_working_set_bytes", "That without caches which are not in use: what the limit is compared with.", containerLabels...),
		anon:       gauge("memseep_container_anon_bytes", "Of it, what is anonymous.", containerLabels...),
		swap:       gauge("memseep_container_swap_bytes", "Memory of the container that is swapped out.", containerLabels...),
		limit:      gauge("memseep_container_limit_bytes", "The lowest limit on the container's memory.", containerLabels...),
		startTime:  gauge("memseep_container_start_time_seconds", "When its oldest process began, unix time.", containerLabels...),
	}
	containerOOMKills = counter("memseep_container_oom_kills_total", "Processes of the container killed for want of memory.", containerLabels...)
	containerInfo     = gauge("memseep_container_info", "The id and the runtime of the container.", "container", "id", "namespace", "pod", "pod_uid", "runtime")
)

// What is told of pods.
var (
	podLabels = []string{"namespace", "pod"}

	podMetrics = groupMetrics{
		current:    gauge("memseep_pod_memory_bytes", "All memory that is charged to the pod, caches too.", podLabels...),
		workingSet: gauge("memseep_pod_working_set_bytes", "That without caches which are not in use: what the limit is compared with.", podLabels...),
		anon:       gauge("memseep_pod_anon_bytes", "Of it, what is anonymous.", podLabels...),
		swap:       gauge("memseep_pod_swap_bytes", "Memory of the pod that is swapped out.", podLabels...),
		limit:      gauge("memseep_pod_limit_bytes", "The lowest limit on the pod's memory.", podLabels...),
		startTime:  gauge("memseep_pod_start_time_seconds", "When its oldest process began, unix time.", podLabels...),
	}
)

// What the agent tells of itself.
var (
	agentBuild      = gauge("memseep_agent_build_info", "The version of the agent.", "go_version", "version")
	agentProcesses  = gauge("memseep_agent_processes", "Processes with memory of their own at the last collection.")
	agentUnreadable = gauge("memseep_agent_unreadable_processes", "Processes that could not be read at the last collection.")
	agentQueue      = gauge("memseep_agent_queue_batches", "Collections that wait to be sent.")
	agentQueueBytes = gauge("memseep_agent_queue_bytes", "Their size on disk.")
	agentSent       = counter("memseep_agent_sent_batches_total", "Collections that the server has taken.")
	agentFailed     = counter("memseep_agent_failed_sends_total", "Requests after which a collection had to be sent again.")
	agentDropped    = counter("memseep_agent_dropped_batches_total", "Collections lost: refused by the server, or too many or too old to keep.", "reason")
	agentSeconds    = gauge("memseep_agent_collection_seconds", "How long the last collection took.")
)

func gauge(name, help string, labels ...string) *metric.Metric {
	return &metric.Metric{Name: name, Help: help, Labels: labels}
}

func counter(name, help string, labels ...string) *metric.Metric {
	return &metric.Metric{Name: name, Help: help, Labels: labels, Counter: true}
}
