package ingest

import (
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/memseep/memseep/internal/store"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// batch gathers the samples of one request. A decoder calls start, label for each label, and then
// sample for each sample, and end, for each series.
//
// The strings that are given to it may lie in a buffer that is used again: what it keeps it
// copies, since in the default build of Prometheus' labels a set of them is one string.
type batch struct {
	limits         Limits
	now            time.Time
	oldest, latest int64 // times that are let through, ms

	series  []store.Series
	samples []store.Sample // all that series have
	first   int            // of the current series
	refs    []uint64       // of the current series to symbols
	labels  labels.ScratchBuilder
	last    string // name of the label before
	count   int    // labels of the current series
	size    int    // bytes of them
	named   bool   // the current series has a metric's name
	sorted  bool
	fault   fault
	what    string // the name that the fault is about

	bytes                 int // of the labels of all series
	newest                int64
	refused               counts
	problem               string
	histograms, exemplars int
}

// fault is what is wrong with the labels of a series.
type fault uint8

const (
	sound fault = iota
	noName
	emptyName
	notUTF8
	duplicateLabel
	manyLabels
	longName
	longValue
	fullBatch
)

// The bounds of what the series of a batch take. A point with many fields, and a histogram with many
// buckets, has its labels once in the body but once a series here, and a series of a few bytes in the
// body takes a hundred here.
const (
	mostLabelBytes = 256 << 20
	mostSeries     = 1 << 20
)

var batches = sync.Pool{New: func() any { return &batch{labels: labels.NewScratchBuilder(32)} }}

// A batch larger than this is not kept for the next request.
const pooledSamples = 1 << 17

func takeBatch(l Limits, now time.Time) *batch {
	b := batches.Get().(*batch)
	*b = batch{
		limits: l, now: now,
		oldest: now.Add(-l.Age).UnixMilli(),
		latest: now.Add(l.Ahead).UnixMilli(),
		series: b.series[:0], samples: b.samples[:0], refs: b.refs[:0], labels: b.labels,
	}
	return b
}

func (b *batch) release() {
	if cap(b.samples) > pooledSamples || cap(b.series) > pooledSamples {
		return
	}
	clear(b.series[:cap(b.series)]) // labels that are gone from the store are not held here
	b.labels.Reset()
	batches.Put(b)
}

// start begins a series.
func (b *batch) start() {
	b.labels.Reset()
	b.first = len(b.samples)
	b.last, b.count, b.size, b.named, b.sorted, b.fault, b.what = "", 0, 0, false, true, sound, ""
}

// label adds a label to the series. One without a value is none.
func (b *batch) label(name, value string) {
	if value == "" {
		return
	}
	if name <= b.last {
		b.wrongOrder(name)
	}
	b.last = name
	if b.count++; b.count > b.limits.Labels {
		b.find(manyLabels, "")
		return
	}
	b.size += len(name) + len(value)
	switch {
	case len(name) > b.limits.Name:
		b.find(longName, name)
	case len(value) > b.limits.Value:
		b.find(longValue, name)
	case !validUTF8(name) || !validUTF8(value):
		b.find(notUTF8, name)
	}
	if name == model.MetricNameLabel {
		b.named = true
		if len(value) > b.limits.Name {
			b.find(longName, value)
		}
	}
	b.labels.Add(name, value)
}

func (b *batch) wrongOrder(name string) {
	if name == "" {
		b.find(emptyName, "")
	}
	b.sorted = false
}

// find notes the first thing that is wrong.
func (b *batch) find(f fault, what string) {
	if b.fault == sound {
		b.fault, b.what = f, what
	}
}

// validUTF8 is utf8.ValidString, faster for what is ASCII, as nearly all labels are.
func validUTF8(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return utf8.ValidString(s[i:])
		}
	}
	return true
}

// full tells that no series of the current one's size fits any more.
func (b *batch) full() bool { return b.bytes+b.size > mostLabelBytes || len(b.series) >= mostSeries }

// sample adds a sample to the series, t in milliseconds, unless it is too old or too new.
func (b *batch) sample(t int64, v float64) {
	switch {
	case t < b.oldest:
		b.refused[TooOld]++
		if b.problem == "" {
			b.problem = "a sample of " + timeText(t)
		}
	case t > b.latest:
		b.refused[TooNew]++
		if b.problem == "" {
			b.problem = "a sample of " + timeText(t) + ", which is in the future: set the sender's clock"
		}
	default:
		b.newest = max(b.newest, t)
		b.samples = append(b.samples, store.Sample{T: t, V: v})
	}
}

// end checks the series and keeps it, or counts its samples as refused.
func (b *batch) end() {
	n := len(b.samples) - b.first
	if n == 0 {
		return
	}
	if !b.named {
		b.find(noName, "")
	}
	if b.full() {
		b.find(fullBatch, "")
	}
	if b.fault != sound {
		b.refuse(reasonOf(b.fault), n)
		b.samples = b.samples[:b.first]
		return
	}
	if !b.sorted {
		b.labels.Sort()
	}
	b.bytes += b.size
	set := b.labels.Labels()
	if !b.sorted {
		if name, twice := set.HasDuplicateLabelNames(); twice {
			b.find(duplicateLabel, name)
			b.refuse(Invalid, n)
			b.samples = b.samples[:b.first]
			return
		}
	}
	b.series = append(b.series, store.Series{Labels: set, Samples: b.samples[b.first:len(b.samples):len(b.samples)]})
}

// ready adds a series of one sample whose labels are sorted and not used again by anyone.
func (b *batch) ready(set labels.Labels, t int64, v float64) {
	b.start()
	set.Range(func(l labels.Label) { b.label(l.Name, l.Value) })
	b.sample(t, v)
	b.end()
}

func timeText(ms int64) string { return time.UnixMilli(ms).UTC().Format(time.RFC3339) }

// refuse counts samples that are left out.
func (b *batch) refuse(why Reason, samples int) {
	b.refused[why] += samples
	if b.problem == "" && b.fault != sound {
		b.problem = b.explainFault()
	}
}

// explain keeps the first text on what was left out.
func (b *batch) explain(text string) {
	if b.problem == "" {
		b.problem = text
	}
}

func reasonOf(f fault) Reason {
	if f >= manyLabels {
		return OverLimit
	}
	return Invalid
}

func (b *batch) explainFault() string {
	switch b.fault {
	case noName:
		return "a series without a name: it needs the label " + model.MetricNameLabel
	case emptyName:
		return "a label without a name"
	case notUTF8:
		return fmt.Sprintf("the label %s is not valid UTF-8", shown(b.what))
	case duplicateLabel:
		return fmt.Sprintf("a series has the label %s twice", shown(b.what))
	case manyLabels:
		return fmt.Sprintf("a series has more than %d labels", b.limits.Labels)
	case fullBatch:
		return "the series of the request are too many, or their labels too long: send fewer samples at a time"
	case longName:
		return fmt.Sprintf("the name %s has %d bytes, the limit is %d", shown(b.what), len(b.what), b.limits.Name)
	default:
		return fmt.Sprintf("the value of the label %s is longer than %d bytes", shown(b.what), b.limits.Value)
	}
}

// shown is a name as an answer may hold it: copied, valid, and not long.
func shown(name string) string {
	const most = 60
	if len(name) > most {
		name = name[:most] + "…"
	}
	return fmt.Sprintf("%q", strings.ToValidUTF8(name, "�"))
}
