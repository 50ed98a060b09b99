package ingest

import (
	"net/http"

	"google.golang.org/protobuf/encoding/protowire"
)

// A message of two bytes becomes some hundred bytes of memory, and messages may lie in each other
// as deep as a body is long. So a body of OTLP is weighed before it is unmarshalled.
const (
	mostMessages = 1 << 20
	mostDepth    = 64
)

var (
	errManyMessages = refuse(http.StatusRequestEntityTooLarge, "more than %d messages: let the collector send smaller batches", mostMessages)
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
