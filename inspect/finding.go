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
	Owner    string    // what keeps a workload running, for example "deployment/cart"; empty where not known
	Newest   time.Time // of the samples that were judged; zero where there are none
	Unit     leak.Unit
	Verdict  leak.Verdict
	Wait     Wait              // why nobody is told of a leak yet; empty where somebody is, and where nothing leaks
	Suspects []suspect.Suspect // on a host: who grew, when it or one of its workloads leaks
	Top      []suspect.Usage   // on a host: the ten largest workloads at the time of the anomaly
	// Unexplained is the host's growth in bytes that no workload accounts for; NaN where unknown.
	Unexplained float64
	Notes       []leak.Note  // what is missing and what to install
	Host        leak.Host    // on a host: its labels, collectors and total, as the source knows them
	Health      *Health      // on a host that was read: what arrives of it, and what does not
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
	if !f.Verdict.Leak {
		return
	}
	if f.restartsAs(w, reading) {
		return
	}
	if share := f.explained(reading); share >= explainedShare {
		if r.GrowthPerHour > 0 && f.Verdict.Cause != leak.Restarting {
			f.Verdict.Reforecast(100*r.GrowthPerHour/reading.Host.TotalBytes, 100, reading.Memory.Window.End(), w.detector.Thresholds)
		} else if len(f.Suspects) == 0 {
			f.overrule(share, w.verdicts)
		}
	}
}

// restartsAs says whether a host grows by a workload that is killed and leaks again, and shows its
// falls: its total alone would look like growth that goes on until it is full.
func (f *Finding) restartsAs(w *worker, reading *leak.Reading) bool {
	if len(f.Suspects) == 0 || f.Suspects[0].Share < explainedShare || !(reading.Host.TotalBytes > 0) {
		return false
	}
	first := &f.Suspects[0]
	for i := range reading.Workloads {
		s, v := &reading.Workloads[i], &w.verdicts[i]
		if o := s.Object; v.Restarts.Count == 0 || o.Kind != first.Kind || o.Name != first.Name || o.Namespace != first.Namespace {
			continue
		}
		perUnit := 1.0
		if s.Unit == leak.Bytes {
			perUnit = 100 / reading.Host.TotalBytes
		}
		m := reading.Memory
		// The host shows how high it stands then, its culprit when that is: others move the host too.
		if seen := leak.RestartsIn(m.Window, m.History, s.Limits.Starts, 0); seen.Count > 0 {
			f.Verdict.RestartAs(v, seen.Peak, perUnit, 100, m.Window.End(), w.detector.Thresholds)
			return true
		}
	}
	return false
}

// explained is the share of the host's growth that its workloads account for; NaN where unknown.
func (f *Finding) explained(reading *leak.Reading) float64 {
	w := reading.Memory.Window
	grown := f.Verdict.SlopePerHour * float64(int64(len(w.Values))*w.Step) / 3600 / 100 * reading.Host.TotalBytes
	if !(grown > 0) {
		return math.NaN()
	}
	return 1 - max(f.Unexplained, 0)/grown
}

// Where workloads account for explainedShare of a host's growth, they say better than the host's
// total how it goes on: a warm-up, a job and a morning together look like a leak in the total, and
// bend the forecast of a real one. overruledRight is how often acquitting was right, at least, on
// made hosts.
const (
	explainedShare = 0.7
	overruledRight = 0.9
)

// overrule acquits a host that grows by healthy workloads alone. A host at its limit is not
// acquitted, whoever filled it.
func (f *Finding) overrule(share float64, workloads []leak.Verdict) {
	v := &f.Verdict
	if v.Cause == leak.Exhausted || v.Cause == leak.Restarting {
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
	if judged > 0 {
		v.Overrule(leak.Batch, overruledRight, leak.Reason{Code: leak.ExplainedByWorkloads, Value: share})
	}
}
