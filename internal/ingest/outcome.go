package ingest

import (
	"fmt"
	"strings"
)

// Reason is why samples were refused though others of the same request were kept.
type Reason uint8

// Reasons.
const (
	TooOld    Reason = iota // beyond what the store takes out of order
	TooNew                  // ahead of the clock: the sender's own is wrong
	Invalid                 // names, labels, text or values that are not what the protocol allows
	OverLimit               // a new series beyond the workspace's number of them, or labels beyond their limits
	Histogram               // native histograms, which are not kept; classic ones are
	Delta                   // sums that OTLP sends as differences, which are not kept
	Category                // of DataKit: what is not metric or object
	reasons                 // how many there are
)

var reasonNames = [reasons]string{"too_old", "too_new", "invalid", "limit", "histogram", "delta", "category"}

// String is the reason as metrics and answers spell it.
func (r Reason) String() string { return reasonNames[r] }

var reasonWords = [reasons]string{
	"too old", "in the future", "invalid", "over a limit of the workspace",
	"native histograms, which are not kept", "of delta temporality: let the collector send cumulative sums",
	"of a category that is not kept",
}

// counts is the number of refused samples by reason.
type counts [reasons]int

func (c *counts) total() int {
	n := 0
	for _, v := range c {
		n += v
	}
	return n
}

// names are the reasons that there are, with their numbers.
func (c *counts) names() map[string]int {
	m := map[string]int{}
	for r, n := range c {
		if n > 0 {
			m[Reason(r).String()] = n
		}
	}
	return m
}

// outcome is what became of the samples of one request.
type outcome struct {
	sender            *sender // nil where nobody was let in
	received, decoded int     // bytes of the body
	stored, duplicate int
	refused           counts
	problem           string // the first sample that was refused, and why
	histograms        int    // native histograms that came; none is kept
	exemplars         int    // that came; none is kept, and none is missed
	newest            int64  // time of the newest sample, ms; 0 where there is none
}

// kept is what is in the store now, also where it was there before.
func (o *outcome) kept() int { return o.stored + o.duplicate }

// wrong is what the sender should not have sent. Kinds of samples that it may well send though
// they are not kept here are no fault of its own.
func (o *outcome) wrong() int {
	return o.refused.total() - o.refused[Histogram] - o.refused[Category]
}

// text says in one line what was refused; empty where nothing was.
func (o *outcome) text() string {
	var parts []string
	for r, n := range o.refused {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, reasonWords[r]))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	text := fmt.Sprintf("%d samples kept, %d refused: %s", o.kept(), o.refused.total(), strings.Join(parts, "; "))
	if o.problem != "" {
		text += "; first: " + o.problem
	}
	return text
}
