package api

import "time"

// Verdict is what the detector says of one object.
type Verdict struct {
	At           time.Time `json:"at" doc:"End of the window that was judged."`
	Leak         bool      `json:"leak"`
	Cause        string    `json:"cause" enum:"steady,stepping,accelerating,restarting,exhausted,slow,steady_level,warm_up,step,daily,batch,released,restart,noise,no_data,too_short" doc:"Of a leak: steady to slow; of no leak: steady_level to noise; no_data and too_short: not judged."`
	Level        string    `json:"level" enum:"critical,error,warning,ok"`
	Confidence   float64   `json:"confidence" minimum:"0" maximum:"1" doc:"Calibrated probability that leak is right."`
	Unit         string    `json:"unit" enum:"percent,bytes" doc:"Of value, capacity and slope: percent of the host's memory or of the limit, or bytes."`
	Value        float64   `json:"value" doc:"At the end of the window."`
	Capacity     float64   `json:"capacity,omitempty" doc:"What it can grow to; absent where unknown."`
	SlopePerHour float64   `json:"slope_per_hour"`
	SlopeLow     float64   `json:"slope_low" doc:"The slope lies between slope_low and slope_high with about 90 %."`
	SlopeHigh    float64   `json:"slope_high"`
	Onset        time.Time `json:"onset,omitzero" doc:"When the growth began."`
	Exhaustion   time.Time `json:"exhaustion,omitzero" doc:"When the capacity is reached if it goes on."`
	Earliest     time.Time `json:"earliest,omitzero"`
	Latest       time.Time `json:"latest,omitzero"`
	Restarts     *Restarts `json:"restarts,omitempty" doc:"Of a leak that is killed and leaks again, where its start times are known."`
	Reasons      []Reason  `json:"reasons" doc:"Why we think so, the weightiest first."`
	Wait         *Wait     `json:"wait,omitempty" doc:"Why a leak opens no event yet; absent where it may."`
}

// Restarts is how a leak goes on that is killed and leaks again.
type Restarts struct {
	Count        int       `json:"count" doc:"How often it was killed, in the window and the days before."`
	First        time.Time `json:"first" doc:"When it was killed first."`
	Last         time.Time `json:"last" doc:"When the life that goes on began."`
	EverySeconds int64     `json:"every_seconds,omitempty" doc:"From one kill to the next, the median; absent after one alone."`
	Peak         float64   `json:"peak" doc:"What a life comes to, in the unit of the verdict."`
	Next         time.Time `json:"next,omitzero" doc:"When it is killed next if it goes on; where that has gone by, every_seconds later."`
}

// Wait is why nobody is told of a leak yet.
type Wait struct {
	Code string `json:"code" enum:"just_begun,little_known" doc:"Stable, for programs."`
	Text string `json:"text" doc:"In the language of Accept-Language (en or zh)."`
}

// Reason is one number behind a verdict.
type Reason struct {
	Code   string  `json:"code" example:"floor_rises" doc:"Stable, for programs."`
	Text   string  `json:"text" doc:"A sentence with the number, in the language of Accept-Language (en or zh)."`
	Value  float64 `json:"value"`
	Points float64 `json:"points" doc:"Log-odds that it adds; above zero speaks for a leak."`
}

// Suspect is a workload with its share of a host's growth.
type Suspect struct {
	Kind        string  `json:"kind" enum:"process,container,pod,kernel"`
	Name        string  `json:"name" example:"java"`
	Namespace   string  `json:"namespace,omitempty"`
	Owner       string  `json:"owner,omitempty" example:"deployment/cart"`
	Share       float64 `json:"share" doc:"Of the host's growth, 0 to 1."`
	GrowthBytes int64   `json:"growth_bytes"`
	Bytes       int64   `json:"bytes" doc:"Its size."`
	Count       int     `json:"count,omitempty" doc:"How many processes of that name."`
}

// Snapshot is what was seen when an event was opened; it never changes.
type Snapshot struct {
	Verdict     Verdict       `json:"verdict"`
	Suspects    []TopWorkload `json:"suspects" doc:"Who grew, first who leaks most, each with its curve where it was kept."`
	Top         []TopWorkload `json:"top" doc:"The ten largest workloads at the time of the anomaly."`
	Unexplained *int64        `json:"unexplained_bytes,omitempty" doc:"Growth of the host that no workload accounts for."`
	TotalBytes  int64         `json:"total_bytes,omitempty" doc:"Memory of the host."`
	Curve       Curve         `json:"curve" doc:"Of the object, over the window."`
	Floors      *Curve        `json:"floors,omitempty" doc:"Lowest sample of each 15 minutes, up to 7 days before."`
}

// TopWorkload is one of the largest workloads, or a suspect, with its curve where it was kept.
type TopWorkload struct {
	Suspect
	Curve *Curve `json:"curve,omitempty"`
}

// Curve is a line of samples at even steps.
type Curve struct {
	Start  int64      `json:"start" doc:"Unix seconds of the first value."`
	Step   int64      `json:"step" doc:"Seconds between values."`
	Unit   string     `json:"unit" enum:"percent,bytes"`
	Values []*float64 `json:"values" nullable:"false" doc:"null is a gap."`
}
