// Package suspect says who grew on a host that leaks.
//
// In go the host's and its workloads' series with the detector's verdicts; out comes a Result:
// workloads by what they add to the growth that goes on, the ten largest, and what nobody explains.
// It knows no clock and no I/O. Read rank.go first, then growth.go, which holds the one formula.
package suspect

import "github.com/memseep/memseep/leak"

// Suspect is a workload with its share of the host's growth.
type Suspect struct {
	Kind        leak.Kind
	Name        string
	Namespace   string
	Owner       string  // what keeps it running, for example "deployment/cart"; empty where not known
	Share       float64 // 0..1, of the growth that goes on
	GrowthBytes float64 // what it adds to the growth that goes on, over the window
	Bytes       float64 // its size at the end of the window
	Count       int     // how many short-lived instances of one name were counted together; 1 otherwise
}

// Usage is the size of one workload at the time of the anomaly.
type Usage struct {
	Kind      leak.Kind
	Name      string
	Namespace string
	Owner     string // as of a Suspect
	Bytes     float64
}

// Result is who grew on one host, and how much nobody explains.
type Result struct {
	Suspects    []Suspect
	Top         []Usage // the ten largest
	Unexplained float64 // bytes of the host's growth that no workload accounts for; NaN where unknown
	// GrowthPerHour is the growth that goes on, bytes an hour: the slopes of all suspects that are
	// believed by half. It tells when the host is full, without what only warms up or loads.
	GrowthPerHour float64
}
