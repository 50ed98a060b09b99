package torture_test

import (
	"bytes"
	"regexp"
	"strconv"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"google.golang.org/protobuf/encoding/protowire"
)

// The formats of recorded requests, each as a body that can be continued.

// lines is line protocol, DataKit's or Telegraf's.
type lines []byte

func readLines(_ *testing.T, b []byte) body { return lines(b) }

func (b lines) has(program string) (memory, process bool) {
	return bytes.HasPrefix(b, []byte("mem,")), bytes.Contains(b, []byte("process_name="+program))
}

var (
	timeOfLine = regexp.MustCompile(` \d{19}$`)
	hostOfLine = regexp.MustCompile(`,host=[^, ]+`)
	sizeOfLine = regexp.MustCompile(`([ ,](?:rss|memory_rss)=)(\d+)`)
)

func (b lines) continued(t *testing.T, at time.Time, host, program string, grown int64) []byte {
	var out []byte
	for line := range bytes.Lines(b) {
		line = timeOfLine.ReplaceAll(bytes.TrimRight(line, "\r\n"), strconv.AppendInt([]byte(" "), at.UnixNano(), 10))
		line = hostOfLine.ReplaceAll(line, []byte(",host="+host))
		if bytes.Contains(line, []byte("process_name="+program)) {
			line = sizeOfLine.ReplaceAllFunc(line, func(m []byte) []byte {
				parts := sizeOfLine.FindSubmatch(m)
				n, err := strconv.ParseInt(string(parts[2]), 10, 64)
				must(t, err)
				return strconv.AppendInt(bytes.Clone(parts[1]), n+grown, 10)
			})
		}
		out = append(append(out, line...), '\n')
	}
	return out
}

// points is DataKit's protobuf: PBPoints{arr=1}, PBPoint{name=1, fields=2, time=3}, Field{key=1, i=2, u=3, s=11}.
type points []byte

func readPoints(_ *testing.T, b []byte) body { return points(b) }

func (b points) has(program string) (memory, process bool) {
	return bytes.Contains(b, []byte("available_percent")), bytes.Contains(b, []byte(program))
}

const (
	pointsPoint protowire.Number = 1
	pointField  protowire.Number = 2
	pointTime   protowire.Number = 3
	fieldInt    protowire.Number = 2
	fieldUint   protowire.Number = 3
	fieldText   protowire.Number = 11
)

func (b points) continued(t *testing.T, at time.Time, host, program string, grown int64) []byte {
	return rewritten(t, b, pointsPoint, func(point []byte) []byte {
		leaks := bytes.Contains(point, []byte(program))
		point = rewritten(t, point, pointField, func(field []byte) []byte {
			switch {
			case bytes.Contains(field, []byte("\x04host")):
				return rewritten(t, field, fieldText, func([]byte) []byte { return []byte(host) })
			case leaks && bytes.Contains(field, []byte("\x03rss")):
				return larger(t, field, grown)
			}
			return field
		})
		return protowire.AppendVarint(protowire.AppendTag(without(t, point, pointTime), pointTime, protowire.VarintType), uint64(at.UnixNano()))
	})
}

// rewritten is a message in which the contents of one field are changed.
func rewritten(t *testing.T, message []byte, field protowire.Number, change func([]byte) []byte) []byte {
	t.Helper()
	var out []byte
	eachField(t, message, func(number protowire.Number, whole, content []byte) {
		if number != field {
			out = append(out, whole...)
			return
		}
		out = protowire.AppendBytes(protowire.AppendTag(out, number, protowire.BytesType), change(content))
	})
	return out
}

// without is a message without one of its fields.
func without(t *testing.T, message []byte, field protowire.Number) (out []byte) {
	t.Helper()
	eachField(t, message, func(number protowire.Number, whole, _ []byte) {
		if number != field {
			out = append(out, whole...)
		}
	})
	return out
}

// larger is a Field whose whole number is that much larger.
func larger(t *testing.T, message []byte, by int64) (out []byte) {
	t.Helper()
	eachField(t, message, func(number protowire.Number, whole, _ []byte) {
		if number != fieldInt && number != fieldUint {
			out = append(out, whole...)
			return
		}
		_, kind, n := protowire.ConsumeTag(whole)
		v, _ := protowire.ConsumeVarint(whole[n:])
		out = protowire.AppendVarint(protowire.AppendTag(out, number, kind), v+uint64(by))
	})
	return out
}

// eachField gives the fields of a message, whole and, where they have bytes, their content.
func eachField(t *testing.T, message []byte, do func(number protowire.Number, whole, content []byte)) {
	t.Helper()
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		m := protowire.ConsumeFieldValue(number, kind, message[max(n, 0):])
		if n < 0 || m < 0 {
			t.Fatal("the recording is not protobuf")
		}
		var content []byte
		if kind == protowire.BytesType {
			content, _ = protowire.ConsumeBytes(message[n:])
		}
		do(number, message[:n+m], content)
		message = message[n+m:]
	}
}

// otlp is what an OpenTelemetry Collector exports.
type otlp struct {
	metrics pmetric.Metrics
	marshal func(pmetricotlp.ExportRequest) ([]byte, error)
}

func readOTLP(t *testing.T, b []byte) body {
	q := pmetricotlp.NewExportRequest()
	must(t, q.UnmarshalProto(b))
	return otlp{q.Metrics(), pmetricotlp.ExportRequest.MarshalProto}
}

func readOTLPJSON(t *testing.T, b []byte) body {
	q := pmetricotlp.NewExportRequest()
	must(t, q.UnmarshalJSON(b))
	return otlp{q.Metrics(), pmetricotlp.ExportRequest.MarshalJSON}
}

func (b otlp) has(program string) (memory, process bool) {
	eachMetric(b.metrics, func(resource pcommon.Map, m pmetric.Metric) {
		memory = memory || m.Name() == "system.memory.usage"
		process = process || isProcess(resource, program)
	})
	return memory, process
}

func (b otlp) continued(t *testing.T, at time.Time, host, program string, grown int64) []byte {
	copied := pmetric.NewMetrics()
	b.metrics.CopyTo(copied)
	eachMetric(copied, func(resource pcommon.Map, m pmetric.Metric) {
		resource.PutStr("host.name", host)
		for _, p := range m.Sum().DataPoints().All() {
			p.SetTimestamp(pcommon.NewTimestampFromTime(at))
			if isProcess(resource, program) && m.Name() == "process.memory.usage" {
				p.SetIntValue(p.IntValue() + grown)
			}
		}
	})
	out, err := b.marshal(pmetricotlp.NewExportRequestFromMetrics(copied))
	must(t, err)
	return out
}

func isProcess(resource pcommon.Map, program string) bool {
	name, ok := resource.Get("process.executable.name")
	return ok && name.Str() == program
}

func eachMetric(metrics pmetric.Metrics, do func(resource pcommon.Map, m pmetric.Metric)) {
	for _, r := range metrics.ResourceMetrics().All() {
		for _, scope := range r.ScopeMetrics().All() {
			for _, m := range scope.Metrics().All() {
				do(r.Resource().Attributes(), m)
			}
		}
	}
}
