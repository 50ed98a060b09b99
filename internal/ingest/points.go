package ingest

import (
	"strings"

	"github.com/prometheus/common/model"
)

// point is what line protocol and DataKit send: a measurement with tags and fields at one time.
// Each field with a number becomes a series named measurement_field, with the tags as labels.
type point struct {
	measurement string
	tags        []tag
	fields      []pointValue
	most        int // tags; more are counted in more, and not kept: each is compared with all before it
	more        int
}

type tag struct{ key, value string }

type pointValue struct {
	key   string
	value float64
}

func (p *point) reset(measurement string) {
	p.measurement, p.tags, p.fields, p.more = measurement, p.tags[:0], p.fields[:0], 0
}

// set adds a tag, or changes the one that is there.
func (p *point) set(key, value string) {
	for i := range p.tags {
		if p.tags[i].key == key {
			p.tags[i].value = value
			return
		}
	}
	if len(p.tags) >= p.most {
		p.more++
		return
	}
	p.tags = append(p.tags, tag{key, value})
}

// add puts the point's fields into the batch, at t in milliseconds.
func (b *batch) add(p *point, t int64) {
	if p.more > 0 {
		b.start()
		b.find(manyLabels, "")
		b.refuse(OverLimit, len(p.fields))
		return
	}
	for i, f := range p.fields {
		if b.full() {
			b.find(fullBatch, "")
			b.refuse(OverLimit, len(p.fields)-i)
			return
		}
		b.start()
		b.label(model.MetricNameLabel, metricName(p.measurement+"_"+f.key))
		for _, tag := range p.tags {
			b.label(labelNameOf(tag.key), tag.value)
		}
		b.sample(t, f.value)
		b.end()
	}
}

// metricName replaces what a name of Prometheus' classic alphabet may not have by _.
func metricName(s string) string { return classic(s, true) }

// labelNameOf does the same for a label. One that begins with __ is reserved for what Prometheus
// means by it, and gets a name of its own.
func labelNameOf(s string) string {
	if strings.HasPrefix(s, model.ReservedLabelPrefix) {
		s = "tag" + s
	}
	return classic(s, false)
}

func classic(s string, colon bool) string {
	allowed := func(i int, c byte) bool {
		return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' && i > 0 || c == ':' && colon
	}
	for i := range len(s) {
		if allowed(i, s[i]) {
			continue
		}
		out := []byte(s)
		for j := i; j < len(out); j++ {
			if !allowed(j, out[j]) {
				out[j] = '_'
			}
		}
		return string(out)
	}
	return s
}

// A longer text is cut, where two series are told apart by something else.
const cutAt = 1024

// cut shortens a text at the border of a character.
func cut(s string) string {
	if len(s) <= cutAt {
		return s
	}
	return strings.ToValidUTF8(s[:cutAt], "")
}
