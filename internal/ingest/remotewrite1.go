package ingest

import (
	"errors"
	"math"
	"net/http"
	"unsafe"

	"google.golang.org/protobuf/encoding/protowire"
)

// Fields of prometheus.WriteRequest, TimeSeries, Label and Sample:
// https://github.com/prometheus/prometheus/blob/main/prompb/types.proto
const (
	requestSeries   = 1
	seriesLabel     = 1
	seriesSample    = 2
	seriesExemplar  = 3
	seriesHistogram = 4
	labelName       = 1
	labelValue      = 2
	sampleValue     = 1
	sampleTime      = 2
)

var errProtobuf = errors.New("broken protobuf: is it a message of another kind, or cut off?")

// decodeRemoteWrite1 reads a prometheus.WriteRequest. It makes one string a series: the names and
// values of labels point into the body until the batch has copied them.
func decodeRemoteWrite1(b *batch, _ *http.Request, body []byte) error {
	return eachField(body, func(field protowire.Number, _ uint64, message []byte) error {
		if field != requestSeries {
			return nil
		}
		return b.series1(message)
	})
}

func (b *batch) series1(series []byte) error {
	b.start()
	histograms := 0
	for len(series) > 0 {
		field, kind, n := protowire.ConsumeTag(series)
		if n < 0 {
			return errProtobuf
		}
		series = series[n:]
		if kind != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(field, kind, series); n < 0 {
				return errProtobuf
			}
			series = series[n:]
			continue
		}
		message, n := protowire.ConsumeBytes(series)
		if n < 0 {
			return errProtobuf
		}
		series = series[n:]
		ok := true
		switch field {
		case seriesLabel:
			ok = b.label1(message)
		case seriesSample:
			ok = b.sampleOf(message)
		case seriesExemplar:
			b.exemplars++
		case seriesHistogram:
			histograms++
		}
		if !ok {
			return errProtobuf
		}
	}
	b.addHistograms(histograms)
	b.end()
	return nil
}

func (b *batch) label1(message []byte) bool {
	var name, value string
	for len(message) > 0 {
		field, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return false
		}
		message = message[n:]
		if kind != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(field, kind, message); n < 0 {
				return false
			}
			message = message[n:]
			continue
		}
		text, n := protowire.ConsumeBytes(message)
		if n < 0 {
			return false
		}
		message = message[n:]
		switch field {
		case labelName:
			name = inBody(text)
		case labelValue:
			value = inBody(text)
		}
	}
	b.label(name, value)
	return true
}

// sampleOf reads a Sample, which is alike in both versions.
func (b *batch) sampleOf(message []byte) bool {
	var t int64
	var v float64
	for len(message) > 0 {
		field, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return false
		}
		message = message[n:]
		switch {
		case field == sampleValue && kind == protowire.Fixed64Type:
			bits, n := protowire.ConsumeFixed64(message)
			if n < 0 {
				return false
			}
			v, message = math.Float64frombits(bits), message[n:]
		case field == sampleTime && kind == protowire.VarintType:
			x, n := protowire.ConsumeVarint(message)
			if n < 0 {
				return false
			}
			t, message = int64(x), message[n:]
		default:
			n := protowire.ConsumeFieldValue(field, kind, message)
			if n < 0 {
				return false
			}
			message = message[n:]
		}
	}
	b.sample(t, v)
	return true
}

// addHistograms counts native histograms, which are not kept.
func (b *batch) addHistograms(n int) {
	b.histograms += n
	b.refused[Histogram] += n
}

// inBody is a string that lies in the body: it lives as long as the body does.
func inBody(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }

// eachField calls f for each field of a message: with the number of varints and fixed ones, and
// with the bytes of messages, strings and packed fields.
func eachField(message []byte, f func(field protowire.Number, number uint64, bytes []byte) error) error {
	for len(message) > 0 {
		field, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return errProtobuf
		}
		message = message[n:]
		var number uint64
		var bytes []byte
		switch kind {
		case protowire.BytesType:
			bytes, n = protowire.ConsumeBytes(message)
		case protowire.VarintType:
			number, n = protowire.ConsumeVarint(message)
		case protowire.Fixed64Type:
			number, n = protowire.ConsumeFixed64(message)
		default:
			n = protowire.ConsumeFieldValue(field, kind, message)
		}
		if n < 0 {
			return errProtobuf
		}
		message = message[n:]
		if err := f(field, number, bytes); err != nil {
			return err
		}
	}
	return nil
}
