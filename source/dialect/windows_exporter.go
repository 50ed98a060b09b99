package dialect

import "github.com/memseep/memseep/leak"

// windowsExporter is windows_exporter with its memory, cs or os, and process collectors, in the
// names of its releases before and after 0.30.
var windowsExporter = &Dialect{
	Name: "windows_exporter",
	Detect: []string{
		"windows_memory_available_bytes", "windows_os_physical_memory_free_bytes",
		"windows_memory_physical_free_bytes", "windows_process_working_set_private_bytes",
	},
	HostLabels: []string{"instance", "host"},
	Selectors: []Selector{
		{Metric: "windows_memory_available_bytes", Role: Available},
		{Metric: "windows_memory_physical_free_bytes", Role: Available},
		{Metric: "windows_os_physical_memory_free_bytes", Role: Available},
		{Metric: "windows_memory_physical_total_bytes", Role: Total},
		{Metric: "windows_cs_physical_memory_bytes", Role: Total},
		{Metric: "windows_system_boot_time_timestamp", Role: Start, Kind: leak.KindHost},
		{Metric: "windows_system_boot_time_timestamp_seconds", Role: Start, Kind: leak.KindHost},

		ofWindowsProcess("windows_process_working_set_private_bytes", Memory),
		ofWindowsProcess("windows_process_private_bytes", Memory),
		ofWindowsProcess("windows_process_start_time", Start),
		ofWindowsProcess("windows_process_start_time_seconds_timestamp", Start),

		{Metric: "windows_memory_pool_nonpaged_bytes", Role: Memory, Kind: leak.KindKernel, Name: "pool_nonpaged"},
		{Metric: "windows_memory_pool_paged_resident_bytes", Role: Memory, Kind: leak.KindKernel, Name: "pool_paged"},

		{Metric: "windows_cs_hostname", Role: Identity, HostLabels: []string{"hostname", "fqdn"}},
		{Metric: "windows_os_hostname", Role: Identity, HostLabels: []string{"hostname", "fqdn"}},
	},
}

func ofWindowsProcess(metric string, role Role) Selector {
	return Selector{
		Metric: metric, Matchers: []Matcher{{Label: "process", Value: "_Total", Not: true}, {Label: "process", Value: "Idle", Not: true}},
		Role: role, Kind: leak.KindProcess, NameLabels: []string{"process"}, PerPID: role == Memory,
	}
}
