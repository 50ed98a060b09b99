package modules

import (
	"math"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

// Verdict is what a script gets of a verdict: numbers that are not known are absent.
type Verdict struct {
	Object       *leak.Object `json:"object,omitempty"`
	Leak         bool         `json:"leak"`
	Cause        leak.Cause   `json:"cause"`
	Level        leak.Level   `json:"level"`
	Confidence   float64      `json:"confidence"`
	Value        *float64     `json:"value"`
	SlopePerHour *float64     `json:"slope_per_hour"`
	Onset        int64        `json:"onset,omitempty"`      // unix seconds
	Exhaustion   int64        `json:"exhaustion,omitempty"` // unix seconds
	Reasons      []Reason     `json:"reasons"`
	Named        []Suspect    `json:"suspects,omitempty"`
	At           string       `json:"at,omitempty"`
}

// Reason is one number behind a verdict.
type Reason struct {
	Code  string   `json:"code"`
	Value *float64 `json:"value"`
}

// Suspect is a workload that grew.
type Suspect struct {
	Kind  leak.Kind `json:"kind"`
	Name  string    `json:"name"`
	Share *float64  `json:"share"`
	Bytes *float64  `json:"bytes"`
}

// newVerdict describes a verdict for a script.
func newVerdict(v *leak.Verdict) Verdict {
	out := Verdict{
		Leak: v.Leak, Cause: v.Cause, Level: v.Level, Confidence: v.Confidence, Value: known(v.Value), SlopePerHour: known(v.SlopePerHour),
		Onset: v.Onset, Exhaustion: v.Exhaustion.At, Reasons: []Reason{},
	}
	for _, r := range v.Reasons() {
		out.Reasons = append(out.Reasons, Reason{r.Code, known(r.Value)})
	}
	return out
}

// FindingVerdict describes a finding for a script.
func FindingVerdict(f *inspect.Finding) Verdict {
	out := newVerdict(&f.Verdict)
	out.Object, out.At = &f.Object, f.At.UTC().Format(time.RFC3339)
	for _, s := range f.Suspects {
		out.Named = append(out.Named, Suspect{Kind: s.Kind, Name: s.Name, Share: known(s.Share), Bytes: known(s.Bytes)})
	}
	return out
}

func known(f float64) *float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return &f
}
