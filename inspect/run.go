package inspect

import (
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
	Notes    []string          // what is missing and what to install
	Err      error             // why this object could not be inspected; Verdict is no_data then
	Series   *leak.Series      // a copy of what was judged, for charts; nil unless Options.KeepSeries
}
