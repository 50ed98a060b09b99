package metric

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// The numbers of the fields of io.prometheus.write.v2.Request, see
// https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/.
const (
	requestSymbols    = 4
	requestTimeseries = 5

	seriesLabels   = 1
	seriesSamples  = 2
	seriesMetadata = 5

	sampleValue     = 1
	sampleTimestamp = 2

	metadataType = 1
	metadataHelp = 3

	typeCounter = 1
	typeGauge   = 2
)

// Encoder writes batches as messages io.prometheus.write.v2.Request. Its buffers are used again for
// the next batch. It must not be used by two goroutines at once.
type Encoder struct {
	refs    map[string]uint64
	symbols []byte
	series  []byte
	one     []byte // the series in the making
	packed  []byte // the references of its labels
}

// Append appends the message that holds the batch.
func (e *Encoder) Append(dst []byte, b *Batch) []byte {
	if e.refs == nil {
		e.refs = map[string]uint64{}
	}
	clear(e.refs)
	e.symbols, e.series = e.symbols[:0], e.series[:0]
	e.ref("") // the first symbol has to be the empty one
	for i := range b.samples {
		e.appendSeries(b, &b.samples[i])
	}
	return append(append(dst, e.symbols...), e.series...)
}

func (e *Encoder) appendSeries(b *Batch, s *sample) {
	e.packed = protowire.AppendVarint(e.packed[:0], e.ref("__name__"))
	e.packed = protowire.AppendVarint(e.packed, e.ref(s.metric.Name))
	b.eachLabel(s, func(name, value string) {
		e.packed = protowire.AppendVarint(e.packed, e.ref(name))
		e.packed = protowire.AppendVarint(e.packed, e.ref(value))
	})
	e.one = protowire.AppendTag(e.one[:0], seriesLabels, protowire.BytesType)
	e.one = protowire.AppendBytes(e.one, e.packed)

	e.packed = appendSample(e.packed[:0], s.value, b.time)
	e.one = protowire.AppendTag(e.one, seriesSamples, protowire.BytesType)
	e.one = protowire.AppendBytes(e.one, e.packed)

	kind := uint64(typeGauge)
	if s.metric.Counter {
		kind = typeCounter
	}
	e.packed = protowire.AppendTag(e.packed[:0], metadataType, protowire.VarintType)
	e.packed = protowire.AppendVarint(e.packed, kind)
	e.packed = protowire.AppendTag(e.packed, metadataHelp, protowire.VarintType)
	e.packed = protowire.AppendVarint(e.packed, e.ref(s.metric.Help))
	e.one = protowire.AppendTag(e.one, seriesMetadata, protowire.BytesType)
	e.one = protowire.AppendBytes(e.one, e.packed)

	e.series = protowire.AppendTag(e.series, requestTimeseries, protowire.BytesType)
	e.series = protowire.AppendBytes(e.series, e.one)
}

// ref is the index of the string in the table of symbols.
func (e *Encoder) ref(s string) uint64 {
	if r, ok := e.refs[s]; ok {
		return r
	}
	r := uint64(len(e.refs))
	e.refs[s] = r
	e.symbols = protowire.AppendTag(e.symbols, requestSymbols, protowire.BytesType)
	e.symbols = protowire.AppendString(e.symbols, s)
	return r
}

// appendSample writes the message Sample, which is the same in both versions.
func appendSample(dst []byte, value float64, millis int64) []byte {
	dst = protowire.AppendTag(dst, sampleValue, protowire.Fixed64Type)
	dst = protowire.AppendFixed64(dst, math.Float64bits(value))
	dst = protowire.AppendTag(dst, sampleTimestamp, protowire.VarintType)
	return protowire.AppendVarint(dst, uint64(millis))
}
