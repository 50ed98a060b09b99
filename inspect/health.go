package inspect

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/memseep/memseep/leak"
)

// Health is what arrives of one host, and what is missing for which analysis. It is computed from
// one reading; the skew of a sender's clock is seen where samples come in, not here.
type Health struct {
	Collectors  []string  `json:"collectors"` // names of the dialects that arrive
	Newest      time.Time `json:"newest,omitzero"`
	LagSeconds  float64   `json:"lag_seconds"` // from the newest sample to the end of the window; -1 without a sample
	Gaps        float64   `json:"gaps"`        // 0..1: share of the window without samples, since the first that is known
	StepSeconds int64     `json:"step_seconds"`
	// HistoryHours is for how long there are floors before the window.
	HistoryHours float64   `json:"history_hours"`
	Workloads    int       `json:"workloads"` // processes, containers, pods and kernel pools
	Missing      []Missing `json:"missing"`   // empty where nothing is
}

// Missing is one thing that an analysis lacks. It is kept as a code with its number, and becomes
// sentences where it is shown.
type Missing struct {
	Code     string  `json:"code"`
	Analysis string  `json:"analysis"`         // what suffers: "verdict", "suspects", "restarts", "limits", "kernel"
	Value    float64 `json:"value,omitempty"`  // what the code counts
	Detail   string  `json:"detail,omitempty"` // of a leak.Note: a metric, or what went wrong
}

// Codes of what may be missing, beside those of leak.Note that a reading carries.
const (
	MissingSamples    = "late"        // Value: minutes since the newest sample
	MissingSlots      = "gaps"        // Value: percent of the window
	MissingHistory    = "history"     // Value: hours that there are
	MissingContainers = "containers"  // neither containers nor pods
	MissingStarts     = "start_times" // Value: workloads without
	MissingLimits     = "limits"      // Value: containers and pods without
	MissingKernel     = "kernel_pools"
)

// What is told of as missing: a few lost scrapes, or a new host's first hours, are not.
const (
	lateAfter    = 5 * time.Minute
	manyGaps     = 0.1
	shortHistory = 24 * time.Hour
)

func newHealth(r *leak.Reading, at time.Time) *Health {
	h := &Health{Collectors: slices.Clone(r.Host.Collectors), LagSeconds: -1, Workloads: len(r.Workloads), Missing: []Missing{}}
	for _, n := range r.Notes {
		h.Missing = append(h.Missing, Missing{Code: n.Code, Analysis: noteAnalysis(n.Code), Detail: n.Detail})
	}
	if r.Memory != nil {
		h.measure(r.Memory, at)
	}
	h.ofWorkloads(r.Workloads, r.Host.TotalBytes)
	return h
}

func (h *Health) lack(code, analysis string, value float64) {
	h.Missing = append(h.Missing, Missing{Code: code, Analysis: analysis, Value: value})
}

func noteAnalysis(code string) string {
	switch code {
	case leak.NoHostMemory, leak.NoTotalMemory, leak.HistoryUnread, leak.NoSamples:
		return "verdict"
	}
	return "suspects"
}

// measure says how complete the host's own memory is.
func (h *Health) measure(s *leak.Series, at time.Time) {
	w := s.Window
	h.StepSeconds = w.Step
	if h.Newest = newest(w); h.Newest.IsZero() {
		h.lack(leak.NoSamples, "verdict", 0)
		return
	}
	lag := max(at.Sub(h.Newest), 0)
	h.LagSeconds = lag.Seconds()
	if lag > lateAfter {
		h.lack(MissingSamples, "verdict", math.Round(lag.Minutes()))
	}
	floors := 0
	for _, f := range s.History.Floors {
		if !math.IsNaN(f) {
			floors++
		}
	}
	h.HistoryHours = float64(floors) * leak.FloorSeconds / 3600
	first := 0
	if floors == 0 {
		first = slices.IndexFunc(w.Values, func(v float64) bool { return !math.IsNaN(v) })
	}
	empty := 0
	for _, v := range w.Values[first:] {
		if math.IsNaN(v) {
			empty++
		}
	}
	h.Gaps = float64(empty) / float64(len(w.Values)-first)
	if h.Gaps > manyGaps {
		h.lack(MissingSlots, "verdict", math.Round(100*h.Gaps))
	}
	if h.HistoryHours < shortHistory.Hours() {
		h.lack(MissingHistory, "verdict", h.HistoryHours)
	}
}

// ofWorkloads says what the workloads do not tell.
func (h *Health) ofWorkloads(workloads []leak.Series, total float64) {
	boxes, pools, startless, limitless := 0, 0, 0, 0
	for i := range workloads {
		s := &workloads[i]
		switch s.Object.Kind {
		case leak.KindKernel:
			pools++
			continue
		case leak.KindContainer, leak.KindPod:
			boxes++
			if c := s.Limits.Capacity; !(c > 0) || c == total { // sources take the host's memory for want of a limit
				limitless++
			}
		}
		if !s.Limits.StartsKnown {
			startless++
		}
	}
	if boxes == 0 {
		h.lack(MissingContainers, "suspects", 0)
	}
	if pools == 0 {
		h.lack(MissingKernel, "kernel", 0)
	}
	if startless > 0 {
		h.lack(MissingStarts, "restarts", float64(startless))
	}
	if limitless > 0 {
		h.lack(MissingLimits, "limits", float64(limitless))
	}
}

// missingSentences holds a sentence for each code, English then Chinese; %s is the number.
var missingSentences = map[string][2]string{
	MissingSamples:    {"the newest sample is %s minutes old: check that its collector runs and reaches the server", "最新数据已是 %s 分钟之前：请检查采集器是否在运行、能否连到服务器"},
	MissingSlots:      {"%s % of the window has no samples: check for lost scrapes, or a collector that restarts", "窗口内有 %s % 的时间没有数据：请检查是否有抓取丢失或采集器重启"},
	MissingHistory:    {"only %s hours are known before the window: daily cycles cannot be told from leaks until a day is there", "窗口之前只有 %s 小时的数据：满一天之前无法区分日周期与泄漏"},
	MissingContainers: {"no containers or pods are seen: if it runs any, install cAdvisor or memseep's agent", "没有看到容器或 Pod：如果主机上运行容器，请安装 cAdvisor 或 memseep 的 agent"},
	MissingStarts:     {"%s workloads come without start times, so that a restart is hard to tell from a garbage collection: memseep's agent or process-exporter tell them", "有 %s 个工作负载没有启动时间，难以区分重启与垃圾回收：memseep 的 agent 或 process-exporter 会提供"},
	MissingLimits:     {"%s containers or pods have no memory limit, so that time to their limit is not known: set limits, or let the collector send them", "有 %s 个容器或 Pod 没有内存上限，无法得知何时到达上限：请设置上限，或让采集器发送"},
	MissingKernel:     {"no kernel memory is seen: node_exporter or memseep's agent tell it", "没有看到内核内存：node_exporter 或 memseep 的 agent 会提供"},
}

// Text says of a host what is missing, and what to do, in English ("en") or Chinese ("zh").
func (m Missing) Text(host, lang string) string {
	i := 0
	if lang == "zh" {
		i = 1
	}
	s, ok := missingSentences[m.Code]
	if !ok {
		return leak.Note{Code: m.Code, Host: host, Detail: m.Detail}.Text(lang)
	}
	return strings.ReplaceAll(s[i], "%s", strconv.FormatFloat(m.Value, 'g', 3, 64))
}
