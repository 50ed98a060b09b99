package leak

import "fmt"

// Note says what is missing on a host and what to install. It is kept as a code with its parts, and
// becomes a sentence where it is shown.
type Note struct {
	Code   string `json:"code"` // e.g. "no_processes"; stable, for programs
	Host   string `json:"host"`
	Detail string `json:"detail,omitempty"` // a metric, or what went wrong
}

// Codes of notes. That no processes are seen has a code for each collector that could tell of them.
const (
	NoSamples                = "no_samples"
	NoHostMemory             = "no_host_memory"
	NoTotalMemory            = "no_total_memory" // Detail is the metric that is there
	HistoryUnread            = "history_unread"  // Detail is the error
	NoContainers             = "no_containers"
	NoProcesses              = "no_processes"
	NoProcessesWindows       = "no_processes_windows_exporter"
	NoProcessesTelegraf      = "no_processes_telegraf"
	NoProcessesDataKit       = "no_processes_datakit"
	NoProcessesOpenTelemetry = "no_processes_opentelemetry"
)

// noteSentences holds a sentence for each code, English then Chinese; %[1]s is the host, %[2]s the
// detail.
var noteSentences = map[string][2]string{
	NoSamples:                {"host %[1]s has no memory samples in the window", "主机 %[1]s 在窗口内没有内存数据"},
	NoHostMemory:             {"host %[1]s has no metrics of its own memory: install node_exporter or memseep's agent", "主机 %[1]s 没有自身的内存指标：请安装 node_exporter 或 memseep 的 agent"},
	NoTotalMemory:            {"host %[1]s has %[2]s but no metric of its total memory, so that its use in percent is not known: let its collector send all of its memory metrics", "主机 %[1]s 有 %[2]s，但没有内存总量的指标，无法得知使用率：请让其采集器发送全部内存指标"},
	HistoryUnread:            {"history of host %[1]s before the window could not be read: %[2]s", "无法读取主机 %[1]s 在窗口之前的历史：%[2]s"},
	NoContainers:             {"host %[1]s has no container metrics: install cAdvisor", "主机 %[1]s 没有容器指标：请安装 cAdvisor"},
	NoProcesses:              {"host %[1]s has no process metrics: install process-exporter or memseep's agent", "主机 %[1]s 没有进程指标：请安装 process-exporter 或 memseep 的 agent"},
	NoProcessesWindows:       {"host %[1]s has no process metrics: enable the process collector of windows_exporter", "主机 %[1]s 没有进程指标：请启用 windows_exporter 的 process 采集器"},
	NoProcessesTelegraf:      {"host %[1]s has no process metrics: add Telegraf's procstat input", "主机 %[1]s 没有进程指标：请添加 Telegraf 的 procstat 输入插件"},
	NoProcessesDataKit:       {"host %[1]s has no process metrics: enable DataKit's host_processes metrics (open_metric = true)", "主机 %[1]s 没有进程指标：请开启 DataKit 的 host_processes 指标（open_metric = true）"},
	NoProcessesOpenTelemetry: {"host %[1]s has no process metrics: add the process scraper to the Collector's hostmetrics receiver", "主机 %[1]s 没有进程指标：请在 Collector 的 hostmetrics 接收器中添加 process 抓取器"},
}

// Text says a note in one sentence, in English ("en") or Chinese ("zh").
func (n Note) Text(lang string) string {
	i := 0
	if lang == "zh" {
		i = 1
	}
	s, ok := noteSentences[n.Code]
	if !ok {
		return n.Code
	}
	return fmt.Sprintf(s[i]+"%.0[1]s%.0[2]s", n.Host, n.Detail)
}

// String is the English sentence.
func (n Note) String() string { return n.Text("en") }
