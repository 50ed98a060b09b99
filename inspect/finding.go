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
}
