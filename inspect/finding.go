package inspect

import (
	"math"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

// Finding is what one run says of one object.
type Finding struct {
	At       time.Time
	Object   leak.Object
	Unit     leak.Unit
	Verdict  leak.Verdict
	Suspects []suspect.Suspect // on a host: who grew, when it or one of its workloads leaks
	Top      []suspect.Usage   // on a host: the ten largest workloads at the time of the anomaly
	// Unexplained is the host's growth in bytes that no workload accounts for; NaN where unknown.
	Unexplained float64
	Notes       []string     // what is missing and what to install
	Err         error        // why this object could not be inspected; the verdict is no_data then
	Series      *leak.Series // a copy of what was judged, for charts; nil unless Options.KeepSeries
}

// explain adds to a host's finding who grew.
func (w *worker) explain(f *Finding, reading *leak.Reading) {
	if len(reading.Workloads) == 0 {
		f.Unexplained = math.NaN()
		return
	}
	r := w.ranker.Rank(suspect.Input{
		Host:        reading.Memory,
		TotalBytes:  reading.Host.TotalBytes,
		Workloads:   reading.Workloads,
		Verdicts:    w.verdicts,
		HostVerdict: f.Verdict,
	})
	f.Suspects, f.Top, f.Unexplained = r.Suspects, r.Top, r.Unexplained
	f.overrule(w.verdicts, reading)
}

// A host whose growth belongs to explainedShare and more to workloads that are all told apart from
// leaks does not leak: a warm-up, a job and a morning together look like one in the host's total.
// overruledRight is how often that was right on made hosts.
const (
	explainedShare = 0.7
	overruledRight = 0.9
)

// overrule acquits a host that grows by healthy workloads alone. A host at its limit is not
// acquitted, whoever filled it.
func (f *Finding) overrule(workloads []leak.Verdict, reading *leak.Reading) {
	v := &f.Verdict
	if !v.Leak || v.Cause == leak.Exhausted || v.Cause == leak.Restarting || len(f.Suspects) > 0 {
		return
	}
	judged := 0
	for i := range workloads {
		if workloads[i].Leak {
			return
		}
		if c := workloads[i].Cause; c != leak.NoData && c != leak.TooShort {
			judged++
		}
	}
	w := reading.Memory.Window
	grown := v.SlopePerHour * float64(int64(len(w.Values))*w.Step) / 3600 / 100 * reading.Host.TotalBytes
	share := 1 - max(f.Unexplained, 0)/grown
	if judged == 0 || !(grown > 0) || !(share >= explainedShare) {
		return
	}
	v.Overrule(leak.Batch, overruledRight, leak.Reason{Code: leak.ExplainedByWorkloads, Value: share})
}
