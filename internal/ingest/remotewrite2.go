package ingest

import (
	"fmt"
	"net/http"

	"google.golang.org/protobuf/encoding/protowire"
)

// Fields of io.prometheus.write.v2.Request and its TimeSeries; a Sample is as in version 1:
// https://github.com/prometheus/prometheus/blob/main/prompb/io/prometheus/write/v2/types.proto
const (
	requestSymbols2  = 4
	requestSeries2   = 5
	seriesLabelRefs2 = 1
	seriesSample2    = 2
	seriesHistogram2 = 3
	seriesExemplar2  = 4
)

// mostSymbols bounds the table of symbols, which takes more memory than it has bytes.
const mostSymbols = 1 << 20

// decodeRemoteWrite2 reads an io.prometheus.write.v2.Request. The symbols are read first, since
// fields may come in any order.
func decodeRemoteWrite2(b *batch, _ *http.Request, body []byte) error {
	symbols := make([]string, 0, 512)
	err := eachField(body, func(field protowire.Number, _ uint64, text []byte) error {
		if field != requestSymbols2 {
			return nil
		}
		if len(symbols) == mostSymbols {
			return refuse(http.StatusBadRequest, "more than %d symbols: send fewer series at a time", mostSymbols)
		}
		symbols = append(symbols, inBody(text))
		return nil
	})
	if err != nil {
		return err
	}
	return eachField(body, func(field protowire.Number, _ uint64, message []byte) error {
		if field != requestSeries2 {
			return nil
		}
		return b.series2(message, symbols)
	})
}

// series2 reads a TimeSeries. One that refers to symbols that are not there is left out.
func (b *batch) series2(series []byte, symbols []string) error {
	b.start()
	b.refs = b.refs[:0]
	histograms := 0
	err := eachField(series, func(field protowire.Number, number uint64, message []byte) error {
		ok := true
		switch field {
		case seriesLabelRefs2:
			if message == nil { // one by one, which is allowed too
				b.ref(number)
			} else {
				ok = b.packedRefs(message)
			}
		case seriesSample2:
			ok = b.sampleOf(message)
		case seriesHistogram2:
			histograms++
		case seriesExemplar2:
			b.exemplars++
		}
		if !ok {
			return errProtobuf
		}
		return nil
	})
	if err != nil {
		return err
	}
	b.addHistograms(histograms)
	if problem := b.labels2(symbols); problem != "" {
		b.explain(problem)
		b.refused[Invalid] += len(b.samples) - b.first
		b.samples = b.samples[:b.first]
		return nil
	}
	b.end()
	return nil
}

func (b *batch) packedRefs(refs []byte) bool {
	for len(refs) > 0 {
		ref, n := protowire.ConsumeVarint(refs)
		if n < 0 {
			return false
		}
		b.ref(ref)
		refs = refs[n:]
	}
	return true
}

// ref adds a reference, up to one more pair than is allowed.
func (b *batch) ref(symbol uint64) {
	if len(b.refs)/2 <= b.limits.Labels {
		b.refs = append(b.refs, symbol)
	}
}

// labels2 adds the labels that the references stand for: name and value in turn. It tells what is
// wrong with them.
func (b *batch) labels2(symbols []string) (problem string) {
	if len(b.refs)%2 != 0 {
		return "a series has a label name without a value"
	}
	for _, ref := range b.refs {
		if ref >= uint64(len(symbols)) {
			return fmt.Sprintf("a series refers to symbol %d of %d", ref, len(symbols))
		}
	}
	for i := 0; i < len(b.refs); i += 2 {
		b.label(symbols[b.refs[i]], symbols[b.refs[i+1]])
	}
	return ""
}
