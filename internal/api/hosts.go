package api

import (
	"net/http"
	"time"
)

// Host is a machine as the last run saw it.
type Host struct {
	Name        string            `json:"name"`
	Labels      map[string]string `json:"labels"`
	Collectors  []string          `json:"collectors" doc:"Whose metric names speak of it."`
	TotalBytes  int64             `json:"total_bytes,omitempty"`
	UsedPercent *float64          `json:"used_percent,omitempty"`
	State       string            `json:"state" enum:"critical,error,warning,ok,no_data"`
	Verdict     *Verdict          `json:"verdict,omitempty"`
	LeftSeconds *int64            `json:"left_seconds,omitempty" doc:"Until its memory is exhausted, where it leaks."`
	Spark       []*float64        `json:"spark" doc:"Percent in use over the window, one value each ten minutes."`
	OpenEvents  int               `json:"open_events"`
	InspectedAt time.Time         `json:"inspected_at,omitzero"`
	LastSeenAt  time.Time         `json:"last_seen_at,omitzero" doc:"Time of its newest sample."`
	Missing     int               `json:"missing" doc:"Analyses that its collectors do not allow; see its health."`
}

// HostPath names a host in the path.
type HostPath struct {
	Host string `path:"host" maxLength:"10000" doc:"Name of the host."`
}

type listHostsInput struct {
	Paging
	Text      string   `query:"text" maxLength:"1000" doc:"In the name."`
	State     []string `query:"state,explode" enum:"critical,error,warning,ok,no_data"`
	Collector string   `query:"collector" maxLength:"100"`
	Label     []string `query:"label,explode" maxItems:"50" doc:"KEY:VALUE that the host has."`
	Sort      string   `query:"sort" enum:"name,level,value,exhaustion,seen" default:"name"`
}

// HostCounts are how many hosts are in each state.
type HostCounts struct {
	Total   int            `json:"total"`
	ByState map[string]int `json:"by_state" doc:"critical, error, warning, ok, no_data."`
}

// Workload is what uses memory on a host.
type Workload struct {
	Object       Object  `json:"object"`
	Owner        string  `json:"owner,omitempty"`
	Bytes        int64   `json:"bytes"`
	GrowthBytes  int64   `json:"growth_bytes" doc:"In the window."`
	Share        float64 `json:"share" doc:"Of the host's memory; 0 where that is unknown."`
	LimitBytes   int64   `json:"limit_bytes,omitempty"`
	Verdict      Verdict `json:"verdict"`
	GrowthShare  float64 `json:"growth_share" doc:"Of the host's growth, where it leaks."`
	SuspectOrder int     `json:"suspect_order,omitempty" doc:"1 for who leaks most; absent for no suspect."`
}

type workloadsInput struct {
	HostPath
	At   time.Time `query:"at" doc:"Absent: the newest sample."`
	Kind []string  `query:"kind,explode" enum:"process,container,pod,kernel"`
}

// HostWorkloads are the workloads of a host, the largest first.
type HostWorkloads struct {
	At          time.Time  `json:"at"`
	Host        string     `json:"host"`
	TotalBytes  int64      `json:"total_bytes,omitempty"`
	Items       []Workload `json:"items"`
	Unexplained *int64     `json:"unexplained_bytes,omitempty" doc:"Growth of the host that no workload accounts for."`
	Notes       []string   `json:"notes" doc:"What is missing and what to install."`
}

// HostHealth is what arrives of a host, and what is missing for which analysis.
type HostHealth struct {
	Host         string     `json:"host"`
	Collectors   []string   `json:"collectors"`
	LastSeenAt   time.Time  `json:"last_seen_at,omitzero"`
	LagSeconds   *float64   `json:"lag_seconds,omitempty" doc:"Age of its newest sample at the last run."`
	Gaps         float64    `json:"gaps" minimum:"0" maximum:"1" doc:"Share of the window without samples."`
	StepSeconds  int64      `json:"step_seconds" doc:"Distance of its samples; 0 where unknown."`
	HistoryHours float64    `json:"history_hours" doc:"For how long its memory is known before the window."`
	Workloads    int        `json:"workloads" doc:"Processes, containers, pods and kernel pools that are seen."`
	Missing      []Missing  `json:"missing"`
	At           *time.Time `json:"at,omitempty" doc:"When it was looked at; absent where it never was."`
}

// Missing is something that the collectors of a host do not tell.
type Missing struct {
	Code     string `json:"code" example:"no_processes" doc:"Stable, for programs."`
	Analysis string `json:"analysis" example:"suspects" doc:"What suffers: verdict, suspects, restarts, limits or kernel."`
	Text     string `json:"text" example:"host web-1 has no process metrics: install process-exporter" doc:"What is missing and what to install, in the language of Accept-Language (en or zh)."`
}

func (a *API) hostRoutes() {
	handle(a, route{
		method: http.MethodGet, path: "/hosts", id: "list-hosts", access: reads, tag: "Hosts",
		summary: "Hosts with their memory, verdict and time left",
	}, a.listHosts)
	handle(a, route{
		method: http.MethodGet, path: "/hosts/counts", id: "count-hosts", access: reads, tag: "Hosts",
		summary: "How many hosts are in each state",
	}, a.countHosts)
	handle(a, route{
		method: http.MethodGet, path: "/hosts/{host}", id: "get-host", access: reads, tag: "Hosts",
		summary: "One host", errors: []int{http.StatusNotFound},
	}, a.getHost)
	handle(a, route{
		method: http.MethodGet, path: "/hosts/{host}/workloads", id: "host-workloads", access: reads, tag: "Hosts",
		summary: "Processes, containers, pods and kernel pools of a host, each with its verdict", errors: []int{http.StatusNotFound, http.StatusBadGateway},
	}, a.hostWorkloads)
	handle(a, route{
		method: http.MethodGet, path: "/hosts/{host}/health", id: "host-health", access: reads, tag: "Hosts",
		summary: "What arrives of a host, and what is missing for which analysis", errors: []int{http.StatusNotFound},
	}, a.hostHealth)
}
