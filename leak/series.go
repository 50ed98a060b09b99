// Package leak decides whether one series of memory leaks.
//
// In go a window, its history and its limits; out comes a Verdict with its reasons in numbers. It
// does no I/O, knows no clock and allocates nothing. Read series.go, then detect.go, features.go
// and feature_table.go; curves.go is taught by internal/train.
package leak

import (
	"slices"
	"strings"
	"time"
)

// Kind tells what kind of thing uses memory.
type Kind string

// The kinds of object that a verdict is about.
const (
	KindHost      Kind = "host"
	KindProcess   Kind = "process"
	KindContainer Kind = "container"
	KindPod       Kind = "pod"
	KindKernel    Kind = "kernel"
)

// Object is what a series is the memory of: a host, or a workload on it.
type Object struct {
	Kind      Kind   `json:"kind"`
	Host      string `json:"host"`
	Name      string `json:"name,omitempty"`      // empty for a host
	Namespace string `json:"namespace,omitempty"` // of a pod or a container, where there is one
}

// String names the object for a log line: "web-1", "process web-1/java", "pod web-1/shop/cart-0".
func (o Object) String() string {
	if o.Kind == KindHost {
		return o.Host
	}
	parts := slices.DeleteFunc([]string{o.Host, o.Namespace, o.Name}, func(s string) bool { return s == "" })
	return string(o.Kind) + " " + strings.Join(parts, "/")
}

// Unit is what the values of a series count.
type Unit uint8

// Units of series.
const (
	Percent Unit = iota // of the host's memory, or of the workload's limit
	Bytes
)

// String returns "percent" or "bytes".
func (u Unit) String() string {
	if u == Bytes {
		return "bytes"
	}
	return "percent"
}

// FloorSeconds is the length of the interval that one floor of a history stands for.
const FloorSeconds = 900

// Window is the part of a series that is inspected.
//
// Values[i] belongs to the time Start + i·Step (unix seconds); NaN is a gap. The last slot is the
// time of the inspection. Detect accepts steps of 10 s to 5 min.
type Window struct {
	Start  int64
	Step   int64 // seconds
	Values []float64
}

// End is the time of the last slot, in unix seconds.
func (w Window) End() int64 { return w.Start + int64(len(w.Values)-1)*w.Step }

// History is what came before the window: one floor for each 15 minutes, oldest first.
//
// Floors[i] is the lowest sample in (t − 15 min, t] with t = Start + i·900 and Start a multiple of
// 900; NaN where there was none. An empty history is allowed: the verdict then says less.
type History struct {
	Start  int64
	Floors []float64
}

// Series is the memory of one object as a source has read it.
type Series struct {
	Object  Object
	Unit    Unit
	Window  Window
	History History
	Limits  Limits
	// Owner is what keeps a pod or a container running, for example "deployment/cart": it stays
	// where pods come and go. Empty where it is not known.
	Owner string
}

// Limits is what is known about an object besides its samples. The zero value knows nothing.
type Limits struct {
	// Capacity is what the series can grow to, in its unit: 100 for percent, the limit or the
	// host's memory for bytes; 0 where it is not known.
	Capacity float64
	// Starts holds the start times (unix seconds, ascending) of the workload that fall into the
	// window or the history: a restart is told from a garbage collection by them.
	Starts []int64
	// StartsKnown says that the collector tells start times, so that no start means no restart.
	StartsKnown bool
	// OOMKills counts kills for want of memory within the window.
	OOMKills int
}

// Host is what is known about a machine without its samples: what filters choose by.
type Host struct {
	Name       string
	Labels     map[string]string
	TotalBytes float64  // 0 where unknown
	Collectors []string // names of the dialects that speak of it
}

// Reading is everything a source has read about one host for one inspection.
//
// A reading belongs to the source: it is valid until the function that it was given to returns.
type Reading struct {
	Host      Host
	Memory    *Series  // of the host itself; nil where only workloads are known
	Workloads []Series // processes, containers, pods, kernel pools; growth on anonymous memory where told
	Notes     []Note   // what is missing and what to install
	Err       error    // why this host could not be read
}

// Query asks a source for windows.
type Query struct {
	At       time.Time     // time of the inspection: the end of the window
	Window   time.Duration // 6 h
	History  time.Duration // up to 7 days before the window; 0 for none
	Hosts    []string      // exact names; nil for every host
	Parallel int           // how many readings may be in flight at most; at least 1
}
