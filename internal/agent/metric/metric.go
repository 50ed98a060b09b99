// Package metric holds what one collection has found and writes it as others read it.
// In go samples of named metrics; out come a Prometheus remote write request, version 2 or 1, and
// the text that a person reads.
// Read this file first, then request.go.
package metric

// Metric is what the samples of one name have in common.
type Metric struct {
	Name    string
	Help    string
	Counter bool     // else a gauge
	Labels  []string // names, ascending; "host" is added to every sample
}

// Batch is what one collection has found, all of it at one time. The zero value is empty.
type Batch struct {
	time    int64 // milliseconds
	host    string
	samples []sample
	values  []string // of the labels of all samples, one after the other
}

type sample struct {
	metric *Metric
	value  float64
	labels int // where its values start
}

// Reset empties the batch for a collection at the time, in milliseconds, on the host.
func (b *Batch) Reset(millis int64, host string) {
	b.time, b.host = millis, host
	b.samples, b.values = b.samples[:0], b.values[:0]
}

// Add takes a sample. There are as many values as the metric has labels; an empty one stands for a
// label that is not there.
func (b *Batch) Add(m *Metric, value float64, labels ...string) {
	b.samples = append(b.samples, sample{m, value, len(b.values)})
	b.values = append(b.values, labels...)
	for range len(m.Labels) - len(labels) {
		b.values = append(b.values, "")
	}
}

// eachLabel gives the labels of a sample in ascending order of their names, without __name__.
func (b *Batch) eachLabel(s *sample, each func(name, value string)) {
	host := false
	for i, name := range s.metric.Labels {
		if !host && name > hostLabel {
			each(hostLabel, b.host)
			host = true
		}
		if v := b.values[s.labels+i]; v != "" {
			each(name, v)
		}
	}
	if !host {
		each(hostLabel, b.host)
	}
}

const hostLabel = "host"
