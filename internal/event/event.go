// Package event is the life of an event: a leak on one object over time.
//
// In go the open events, the findings of a run and a clock; out come transitions, each an event as
// it is now with what happened to it. Pure: it reads no clock, does no I/O and keeps nothing. Read
// a story in testdata/stories, then this file and advance.go.
package event

import (
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

// Status tells whether an event goes on.
type Status string

// The states of an event.
const (
	Open      Status = "open"
	Recovered Status = "recovered"
)

// Recovery is how an event ended.
type Recovery string

// The ways to recover.
const (
	ByItself Recovery = "healthy" // healthy verdicts, enough of them in a row
	NoData   Recovery = "no_data" // its data ended
	ByHand   Recovery = "manual"  // a person said so
	Merged   Recovery = "merged"  // it goes on in another event, named by AttrMergedInto: nobody is told
)

// KindCheck is the kind of what a script reports: an object that is named by its dimensions.
const KindCheck leak.Kind = "check"

// Info is the level of what a script reports to be known, below a warning.
const Info leak.Level = "info"

// Event is a leak on one object over time, or what a script has reported of one. Times are UTC; the zero time is "not yet".
type Event struct {
	ID           string      `json:"id"`
	WorkspaceID  string      `json:"workspace_id"`
	InspectionID string      `json:"inspection_id"`
	Inspection   string      `json:"inspection"` // its name at opening
	IncidentID   string      `json:"incident_id,omitempty"`
	Fingerprint  string      `json:"fingerprint"`
	Object       leak.Object `json:"object"`
	Owner        string      `json:"owner,omitempty"` // e.g. "deployment/cart": what the workload belongs to
	Title        string      `json:"title"`
	Message      string      `json:"message,omitempty"` // Markdown: what a script reported

	Status   Status     `json:"status"`
	Recovery Recovery   `json:"recovery,omitempty"`
	Level    leak.Level `json:"level"` // of a host the most urgent of its own verdict and its leaking workloads'
	Cause    leak.Cause `json:"cause"` // empty where a script reported it

	Onset       time.Time `json:"onset,omitzero"` // when the growth began
	OpenedAt    time.Time `json:"opened_at"`      // the end of the window that showed it first
	UpdatedAt   time.Time `json:"updated_at"`     // the last run that changed anything a person sees
	LastSeenAt  time.Time `json:"last_seen_at"`   // the last run that found it leaking
	RecoveredAt time.Time `json:"recovered_at,omitzero"`

	Verdict    Verdict           `json:"verdict"`               // the newest while it leaks
	Suspects   []Suspect         `json:"suspects"`              // at the newest finding, first who leaks most
	Snapshot   Snapshot          `json:"snapshot"`              // of the time of the anomaly; never changed after opening
	Dimensions map[string]string `json:"dimensions"`            // host, kind, name, namespace, owner, or what a script says: what a rule matches
	Attributes map[string]string `json:"attributes"`            // culprit, collectors, labels of the host
	NoSuspects string            `json:"no_suspects,omitempty"` // code of why nobody is named; WhyNobody says it in words

	HealthyRuns int       `json:"healthy_runs"`        // healthy verdicts in a row
	NoDataRuns  int       `json:"no_data_runs"`        // runs without data in a row
	CheckedAt   time.Time `json:"checked_at,omitzero"` // end of the newest window that was counted: none counts twice
	Entries     int       `json:"entries"`             // how many its history has

	// ToldExhaustion is when it is exhausted as its history told last: the newest is in Verdict.
	ToldExhaustion time.Time `json:"told_exhaustion,omitzero"`

	AcknowledgedAt time.Time `json:"acknowledged_at,omitzero"`
	AcknowledgedBy string    `json:"acknowledged_by,omitempty"`
	Note           string    `json:"note,omitempty"`
	NotLeak        string    `json:"not_leak,omitempty"` // why a person says that it is none
	Silenced       bool      `json:"silenced"`
	Version        int64     `json:"version"` // goes up by one with each change that is kept
}

// Verdict is a leak.Verdict as it is kept: finite numbers, unit written out.
type Verdict struct {
	At           time.Time  `json:"at"`
	Leak         bool       `json:"leak"`
	Cause        leak.Cause `json:"cause"`
	Level        leak.Level `json:"level"`
	Confidence   float64    `json:"confidence"`
	Unit         string     `json:"unit"` // percent or bytes
	Value        float64    `json:"value"`
	Capacity     float64    `json:"capacity,omitempty"` // in the unit; 0 where unknown
	SlopePerHour float64    `json:"slope_per_hour"`
	SlopeLow     float64    `json:"slope_low"`
	SlopeHigh    float64    `json:"slope_high"`
	Onset        time.Time  `json:"onset,omitzero"`
	Exhaustion   time.Time  `json:"exhaustion,omitzero"`
	Earliest     time.Time  `json:"earliest,omitzero"`
	Latest       time.Time  `json:"latest,omitzero"`
	Restarts     Restarts   `json:"restarts,omitzero"`
	Reasons      []Reason   `json:"reasons"`
	// Wait is why a leak opens no event yet; empty where it may.
	Wait inspect.Wait `json:"wait,omitempty"`
}

// Ahead is what a leak comes to and when, as far as that is known: its capacity, or where it is killed and leaks
// again the height at which it is killed.
func (v *Verdict) Ahead() (limit float64, at time.Time) {
	if v.Restarts.Count > 0 {
		return v.Restarts.Peak, v.Restarts.Next
	}
	return v.Capacity, v.Exhaustion
}

// Restarts is how a leak goes on that is killed and leaks again: a leak.Restarts as it is kept.
type Restarts struct {
	Count        int       `json:"count"`
	First        time.Time `json:"first"`
	Last         time.Time `json:"last"`                    // when the life that goes on began
	EverySeconds int64     `json:"every_seconds,omitempty"` // 0 after one kill alone
	Peak         float64   `json:"peak"`                    // what a life comes to, in the unit of the verdict
	Next         time.Time `json:"next,omitzero"`
}

// NextAfter is when it is killed next, seen from a time: where that of the verdict has gone by, a life
// later, or several.
func (r Restarts) NextAfter(t time.Time) time.Time {
	every := time.Duration(r.EverySeconds) * time.Second
	if r.Next.IsZero() || !r.Next.Before(t) || every <= 0 {
		return r.Next
	}
	return r.Next.Add((t.Sub(r.Next)/every + 1) * every)
}

// Reason is one number behind a verdict; its sentence is made where it is shown.
type Reason struct {
	Code   string  `json:"code"`
	Value  float64 `json:"value"`
	Points float64 `json:"points"`
}

// Suspect is a workload with its share of the growth. Sizes are bytes.
type Suspect struct {
	Kind      leak.Kind `json:"kind"`
	Name      string    `json:"name"`
	Namespace string    `json:"namespace,omitempty"`
	Owner     string    `json:"owner,omitempty"`
	Share     float64   `json:"share"`
	Growth    int64     `json:"growth_bytes"`
	Bytes     int64     `json:"bytes"`
	Count     int       `json:"count,omitempty"`

	Level      leak.Level `json:"level,omitempty"`     // where it leaks by its own verdict
	Exhaustion time.Time  `json:"exhaustion,omitzero"` // when it meets its own limit, where it leaks
}

// Attributes that Advance and Incidents write beside the labels of the host.
const (
	AttrCulprit    = "culprit"     // name of the workload that grows most
	AttrCollectors = "collectors"  // names of the dialects, separated by commas
	AttrEarlier    = "earlier"     // id of the event of the same that recovered within a day before
	AttrMergedInto = "merged_into" // id of the event that tells of this one's leak now
)

// Snapshot is what was seen when the event was opened.
type Snapshot struct {
	Verdict     Verdict    `json:"verdict"`
	Suspects    []Workload `json:"suspects"`
	Top         []Workload `json:"top"` // the ten largest
	Unexplained *int64     `json:"unexplained_bytes,omitempty"`
	Curve       Curve      `json:"curve"`
	Floors      *Curve     `json:"floors,omitempty"`      // of the days before the window and of the window
	TotalBytes  int64      `json:"total_bytes,omitempty"` // of the host
}

// Workload is one of the largest, with its own curve where it was kept.
type Workload struct {
	Suspect
	Curve *Curve `json:"curve,omitempty"`
}

// Curve is a line of samples at even steps, 361 at most; null is a gap.
type Curve struct {
	Start  int64      `json:"start"` // unix seconds of the first value
	Step   int64      `json:"step"`  // seconds
	Unit   string     `json:"unit"`
	Values []*float64 `json:"values"`
}

// Change is what happened to an event at one time.
type Change string

// The changes of an event's life.
const (
	Opened         Change = "opened"
	LevelRose      Change = "level_rose"
	LevelFell      Change = "level_fell"
	CulpritChanged Change = "culprit_changed"
	TimeChanged    Change = "time_left_changed"
	Closed         Change = "recovered"
	MergedInto     Change = "merged" // closed, because another event tells of the same from now on
	Acknowledged   Change = "acknowledged"
	Denied         Change = "not_a_leak"
	JoinedIncident Change = "joined_incident"
)

// Entry is one line of an event's history.
type Entry struct {
	EventID  string        `json:"event_id"`
	Seq      int           `json:"seq"` // from 1, without holes
	At       time.Time     `json:"at"`
	Change   Change        `json:"change"`
	Level    leak.Level    `json:"level"`
	Recovery Recovery      `json:"recovery,omitempty"`
	By       string        `json:"by,omitempty"` // a person, where one did it
	Note     string        `json:"note,omitempty"`
	Duration time.Duration `json:"duration_ns"` // since the event was opened
}

// Transition is an event as it is after a change, with the entries that the change adds to its
// history. Entries may be empty: then only counters moved, and nobody is told.
type Transition struct {
	Event   Event
	New     bool // the event has to be inserted
	Entries []Entry
}
