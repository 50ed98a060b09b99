package dialect

import "github.com/memseep/memseep/leak"

// processExporter is ncabatoff's process-exporter: processes in groups by name.
var processExporter = &Dialect{
	Name:       "process-exporter",
	Detect:     []string{"namedprocess_namegroup_memory_bytes"},
	HostLabels: []string{"instance", "host", "node", "nodename"},
	Selectors: []Selector{
		{
			Metric: "namedprocess_namegroup_memory_bytes", Matchers: []Matcher{{Label: "memtype", Value: "resident"}},
			Role: Memory, Kind: leak.KindProcess, NameLabels: groupName,
		},
		{
			Metric: "namedprocess_namegroup_oldest_start_time_seconds",
			Role:   Start, Kind: leak.KindProcess, NameLabels: groupName,
		},
	},
}

var groupName = []string{"groupname"}
