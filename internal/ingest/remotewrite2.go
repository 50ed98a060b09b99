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
	histograms := 0
	broken := ""
	err := eachField(series, func(field protowire.Number, number uint64, message []byte) error {
		ok := true
		switch field {
		case seriesLabelRefs2:
			broken, ok = b.labels2(message, symbols)
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
	if broken != "" {
		b.explain(broken)
		b.refuse(Invalid, len(b.samples)-b.first)
		b.samples = b.samples[:b.first]
		return nil
	}
	b.end()
	return nil
}

// labels2 reads references to symbols: name and value in turn. It tells what is wrong with them;
// ok is false where they are no numbers at all.
func (b *batch) labels2(refs []byte, symbols []string) (broken string, ok bool) {
	var name string
	for i := 0; len(refs) > 0; i++ {
		ref, n := protowire.ConsumeVarint(refs)
		if n < 0 {
			return "", false
		}
		refs = refs[n:]
		if ref >= uint64(len(symbols)) {
			return fmt.Sprintf("a series refers to symbol %d of %d", ref, len(symbols)), true
		}
		if i%2 == 0 {
			if name = symbols[ref]; len(refs) == 0 {
				return "a series has a label name without a value", true
			}
			continue
		}
		b.label(name, symbols[ref])
	}
	return "", true
}
