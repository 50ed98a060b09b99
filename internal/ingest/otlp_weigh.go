package ingest

import (
	"net/http"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"google.golang.org/protobuf/encoding/protowire"
)

// A message of two bytes becomes some hundred bytes of memory, and messages may lie in each other
// as deep as a body is long. So a body of OTLP is weighed before it is unmarshalled.
const (
	mostMessages = 1 << 20
	mostDepth    = 64
)

var (
	errManyMessages = refuse(http.StatusRequestEntityTooLarge, "more than %d messages, or too long attributes for their number: let the collector send smaller batches", mostMessages)
	errDeep         = refuse(http.StatusBadRequest, "values lie more than %d deep in each other", mostDepth)
)

// shape is the fields of a message that are messages.
type shape map[protowire.Number]shape

// otlpShape is that of ExportMetricsServiceRequest:
// https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto
var otlpShape = func() shape {
	value := shape{}
	attribute := shape{2: value}
	value[5] = shape{1: value}     // ArrayValue
	value[6] = shape{1: attribute} // KeyValueList
	exemplar := shape{7: attribute}
	number := shape{5: exemplar, 7: attribute}
	histogram := shape{8: exemplar, 9: attribute}
	exponential := shape{1: attribute, 8: {}, 9: {}, 11: exemplar}
	summary := shape{6: {}, 7: attribute}
	metric := shape{5: {1: number}, 7: {1: number}, 9: {1: histogram}, 10: {1: exponential}, 11: {1: summary}, 12: attribute}
	scope := shape{1: {3: attribute}, 2: metric}
	return shape{1: {1: {1: attribute}, 2: scope}}
}()

// weighOTLP refuses a protobuf body that has too many messages, or too deep ones.
func weighOTLP(body []byte) error {
	count := 0
	return weigh(body, otlpShape, 0, &count)
}

func weigh(message []byte, s shape, depth int, count *int) error {
	if *count++; *count > mostMessages {
		return errManyMessages
	}
	if depth > mostDepth {
		return errDeep
	}
	return eachField(message, func(field protowire.Number, _ uint64, inner []byte) error {
		if of, is := s[field]; is {
			return weigh(inner, of, depth+1, count)
		}
		return nil
	})
}

// weighJSON does the same for JSON.
func weighJSON(body []byte) error {
	count, depth := 0, 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			for i++; i < len(body) && body[i] != '"'; i++ {
				if body[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			if count++; count > mostMessages {
				return errManyMessages
			}
			if depth++; depth > mostDepth {
				return errDeep
			}
		case '}', ']':
			depth--
		}
	}
	return nil
}

// labelBytes is about how long the labels of all series are that metrics become: the attributes of
// a resource are on each, those of a histogram on each of its buckets.
func labelBytes(m pmetric.Metrics) int {
	total := 0
	for i := range m.ResourceMetrics().Len() {
		rm := m.ResourceMetrics().At(i)
		shared := textOf(rm.Resource().Attributes())
		for j := range rm.ScopeMetrics().Len() {
			metrics := rm.ScopeMetrics().At(j).Metrics()
			for k := range metrics.Len() {
				total += pointBytes(metrics.At(k), shared+len(metrics.At(k).Name()))
			}
		}
	}
	return total
}

func pointBytes(m pmetric.Metric, shared int) (total int) {
	add := func(attributes pcommon.Map, series int) { total += (shared + textOf(attributes)) * series }
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		for i := range m.Gauge().DataPoints().Len() {
			add(m.Gauge().DataPoints().At(i).Attributes(), 1)
		}
	case pmetric.MetricTypeSum:
		for i := range m.Sum().DataPoints().Len() {
			add(m.Sum().DataPoints().At(i).Attributes(), 1)
		}
	case pmetric.MetricTypeHistogram:
		for i := range m.Histogram().DataPoints().Len() {
			p := m.Histogram().DataPoints().At(i)
			add(p.Attributes(), p.ExplicitBounds().Len()+3) // and +Inf, sum and count
		}
	case pmetric.MetricTypeSummary:
		for i := range m.Summary().DataPoints().Len() {
			p := m.Summary().DataPoints().At(i)
			add(p.Attributes(), p.QuantileValues().Len()+2)
		}
	}
	return total
}

// textOf is the length of the keys and texts of attributes.
func textOf(attributes pcommon.Map) int {
	n := 0
	for key, value := range attributes.All() {
		n += len(key)
		if value.Type() == pcommon.ValueTypeStr {
			n += len(value.Str())
		}
	}
	return n
}
