package ingest_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/memseep/memseep/internal/store"
	"github.com/prometheus/prometheus/prompb"
	writev2 "github.com/prometheus/prometheus/prompb/io/prometheus/write/v2"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"google.golang.org/protobuf/encoding/protowire"
)

// sample is one of mem_used_percent of a host.
type sample struct {
	host  string
	at    time.Time
	value float64
}

// spoken is a protocol as a client of the suite speaks it.
type spoken struct {
	name     string
	path     string
	header   map[string]string
	encode   func(t testing.TB, samples []sample) []byte
	pack     func([]byte) []byte
	label    string // that has the host
	numbers  bool   // NaN can be said
	good     int    // status where all was kept
	partly   int    // where some was refused
	later    int    // where it shall be sent again, since too much was sent
	tooLarge int
	broken   [][]byte // bodies, unpacked, that cannot be read at all; nil where every line stands alone
	spaces   store.Spaces
}

var protocols = []spoken{
	{
		name: "remote write 1", path: "/api/v1/write", header: map[string]string{"Content-Type": "application/x-protobuf", "Content-Encoding": "snappy"},
		encode: encodeV1, pack: snapped, label: "host", numbers: true,
		good: 204, partly: 400, later: 503, tooLarge: 400,
		broken: [][]byte{{0x0a, 0xff}, {0x0a, 0x03, 0x12, 0x09, 0x01}, []byte("mem used=1")},
	},
	{
		name: "remote write 2", path: "/api/v1/write", header: map[string]string{"Content-Type": "application/x-protobuf;proto=io.prometheus.write.v2.Request", "Content-Encoding": "snappy"},
		encode: encodeV2, pack: snapped, label: "host", numbers: true,
		good: 204, partly: 400, later: 503, tooLarge: 400,
		broken: [][]byte{{0x2a, 0xff}, {0x2a, 0x03, 0x12, 0x09, 0x01}, []byte("mem used=1")},
	},
	{
		name: "OTLP protobuf", path: "/otlp/v1/metrics", header: map[string]string{"Content-Type": "application/x-protobuf"},
		encode: encodeOTLP(pmetricotlp.ExportRequest.MarshalProto), pack: asIs, label: "host_name", numbers: true,
		good: 200, partly: 200, later: 429, tooLarge: 413,
		broken: [][]byte{{0x0a, 0xff}, {0x0a, 0x03, 0x12, 0x09, 0x01}, []byte("mem used=1")},
	},
	{
		name: "OTLP JSON", path: "/otlp/v1/metrics", header: map[string]string{"Content-Type": "application/json", "Content-Encoding": "gzip"},
		encode: encodeOTLP(pmetricotlp.ExportRequest.MarshalJSON), pack: zipped, label: "host_name",
		good: 200, partly: 200, later: 429, tooLarge: 413,
		broken: [][]byte{[]byte("{"), []byte(`{"resourceMetrics":[{]}`), []byte("\xff\xfe")},
	},
	{
		name: "InfluxDB 1", path: "/write?db=telegraf&precision=ms", header: map[string]string{},
		encode: encodeLines(1e6), pack: asIs, label: "host",
		good: 204, partly: 400, later: 429, tooLarge: 413,
	},
	{
		name: "InfluxDB 2", path: "/api/v2/write?org=o&bucket=b", header: map[string]string{"Content-Encoding": "gzip"},
		encode: encodeLines(1), pack: zipped, label: "host",
		good: 204, partly: 400, later: 429, tooLarge: 413,
	},
	{
		name: "DataKit line protocol", path: "/v1/write/metric", header: map[string]string{"Content-Type": "application/line-protocol", "Content-Encoding": "gzip"},
		encode: encodeLines(1), pack: zipped, label: "host",
		good: 200, partly: 200, later: 503, tooLarge: 413,
	},
	{
		name: "DataKit protobuf", path: "/v1/write/metric", header: map[string]string{"Content-Type": "application/protobuf; proto=com.guance.Point", "Content-Encoding": "gzip"},
		encode: encodePoints, pack: zipped, label: "host", numbers: true,
		good: 200, partly: 200, later: 503, tooLarge: 413,
		broken: [][]byte{{0x0a, 0xff}, {0x0a, 0x03, 0x12, 0x09, 0x01}, []byte("mem used=1")},
	},
}

func asIs(b []byte) []byte    { return b }
func snapped(b []byte) []byte { return snappy.Encode(nil, b) }

func zipped(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b) // to memory
	_ = w.Close()
	return out.Bytes()
}

func encodeV1(t testing.TB, samples []sample) []byte {
	var req prompb.WriteRequest
	for _, s := range samples {
		req.Timeseries = append(req.Timeseries, prompb.TimeSeries{
			Labels:  []prompb.Label{{Name: "__name__", Value: "mem_used_percent"}, {Name: "host", Value: s.host}},
			Samples: []prompb.Sample{{Timestamp: s.at.UnixMilli(), Value: s.value}},
		})
	}
	return must(t)(req.Marshal())
}

func encodeV2(t testing.TB, samples []sample) []byte {
	symbols := writev2.NewSymbolTable()
	req := &writev2.Request{}
	for _, s := range samples {
		req.Timeseries = append(req.Timeseries, writev2.TimeSeries{
			LabelsRefs: []uint32{symbols.Symbolize("__name__"), symbols.Symbolize("mem_used_percent"), symbols.Symbolize("host"), symbols.Symbolize(s.host)},
			Samples:    []writev2.Sample{{Timestamp: s.at.UnixMilli(), Value: s.value}},
		})
	}
	req.Symbols = symbols.Symbols()
	return must(t)(req.Marshal())
}

func encodeOTLP(marshal func(pmetricotlp.ExportRequest) ([]byte, error)) func(testing.TB, []sample) []byte {
	return func(t testing.TB, samples []sample) []byte {
		metrics := pmetric.NewMetrics()
		for _, s := range samples {
			rm := metrics.ResourceMetrics().AppendEmpty()
			rm.Resource().Attributes().PutStr("host.name", s.host)
			m := rm.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
			m.SetName("mem.used_percent")
			p := m.SetEmptyGauge().DataPoints().AppendEmpty()
			p.SetTimestamp(pcommon.NewTimestampFromTime(s.at))
			p.SetDoubleValue(s.value)
		}
		return must(t)(marshal(pmetricotlp.NewExportRequestFromMetrics(metrics)))
	}
}

func encodeLines(unit int64) func(testing.TB, []sample) []byte {
	return func(_ testing.TB, samples []sample) []byte {
		var b bytes.Buffer
		for _, s := range samples {
			fmt.Fprintf(&b, "mem,host=%s used_percent=%v %d\n", s.host, s.value, s.at.UnixNano()/unit)
		}
		return b.Bytes()
	}
}

func encodePoints(_ testing.TB, samples []sample) []byte {
	var body []byte
	text := func(b []byte, field protowire.Number, s string) []byte {
		return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), s)
	}
	for _, s := range samples {
		host := text(text(nil, 1, "host"), 11, s.host)
		host = protowire.AppendVarint(protowire.AppendTag(host, 8, protowire.VarintType), 1)
		used := text(nil, 1, "used_percent")
		used = protowire.AppendFixed64(protowire.AppendTag(used, 4, protowire.Fixed64Type), math.Float64bits(s.value))
		p := text(nil, 1, "mem")
		p = text(text(p, 2, string(host)), 2, string(used))
		p = protowire.AppendVarint(protowire.AppendTag(p, 3, protowire.VarintType), uint64(s.at.UnixNano()))
		body = text(body, 1, string(p))
	}
	return body
}

func must(t testing.TB) func([]byte, error) []byte {
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}
