package ingest_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/memseep/memseep/internal/ingest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"google.golang.org/protobuf/encoding/protowire"
)

func (s *server) postOTLP(t testing.TB, m pmetric.Metrics) answer {
	t.Helper()
	body := must(t)(pmetricotlp.NewExportRequestFromMetrics(m).MarshalProto())
	return s.post(t, "/otlp/v1/metrics", map[string]string{"Authorization": "Bearer " + key, "Content-Type": "application/x-protobuf"}, body)
}

// metric adds one with a resource of its own.
func metric(m pmetric.Metrics, name string, attributes ...string) pmetric.Metric {
	rm := m.ResourceMetrics().AppendEmpty()
	for i := 0; i < len(attributes); i += 2 {
		rm.Resource().Attributes().PutStr(attributes[i], attributes[i+1])
	}
	out := rm.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	out.SetName(name)
	return out
}

// Names and labels are those by which hosts, processes and pods are found.
func TestOTLPNames(t *testing.T) {
	s := serve(t, ingest.Limits{})
	m := pmetric.NewMetrics()
	memory := metric(m, "system.memory.usage", "host.name", "web-1", "service.instance.id", "i-1", "service.name", "hostmetrics")
	memory.SetUnit("By")
	sum := memory.SetEmptySum()
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	p := sum.DataPoints().AppendEmpty()
	p.SetTimestamp(pcommon.NewTimestampFromTime(now))
	p.Attributes().PutStr("state", "used")
	p.SetIntValue(1 << 30)
	process := metric(m, "process.memory.usage", "host.name", "web-1", "process.executable.name", "java", "process.pid", "7", "process.command_line", "java -Dpassword=x")
	process.SetUnit("By")
	p = process.SetEmptyGauge().DataPoints().AppendEmpty()
	p.SetTimestamp(pcommon.NewTimestampFromTime(now))
	p.SetDoubleValue(2 << 30)
	expect(t, s.postOTLP(t, m), 200, 3, 0) // and target_info
	want := map[string]string{
		"map[__name__:process_memory_usage_bytes host_name:web-1 process_executable_name:java process_pid:7]":                      "2147483648",
		"map[__name__:system_memory_usage_bytes host_name:web-1 instance:i-1 job:hostmetrics service_name:hostmetrics state:used]": "1073741824",
		"map[__name__:target_info host_name:web-1 instance:i-1 job:hostmetrics]":                                                   "1",
	}
	if diff := cmp.Diff(want, s.query(t, `{__name__=~".+"}`, now)); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

func TestOTLPTellsOfPartialSuccess(t *testing.T) {
	s := serve(t, ingest.Limits{})
	m := pmetric.NewMetrics()
	delta := metric(m, "requests", "host.name", "web-1").SetEmptySum()
	delta.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	for range 2 {
		delta.DataPoints().AppendEmpty().SetTimestamp(pcommon.NewTimestampFromTime(now))
	}
	native := metric(m, "latency", "host.name", "web-1").SetEmptyExponentialHistogram()
	native.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	native.DataPoints().AppendEmpty().SetTimestamp(pcommon.NewTimestampFromTime(now))
	classic := metric(m, "duration", "host.name", "web-1").SetEmptyHistogram()
	classic.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
	point := classic.DataPoints().AppendEmpty()
	point.SetTimestamp(pcommon.NewTimestampFromTime(now))
	point.BucketCounts().FromRaw([]uint64{1, 2})
	point.ExplicitBounds().FromRaw([]float64{1})
	metric(m, "", "host.name", "web-1").SetEmptyGauge().DataPoints().AppendEmpty().SetTimestamp(pcommon.NewTimestampFromTime(now))

	a := s.postOTLP(t, m)
	response := pmetricotlp.NewExportResponse()
	if err := response.UnmarshalProto([]byte(a.body)); err != nil || a.status != 200 {
		t.Fatalf("%d %q: %v", a.status, a.body, err)
	}
	partial := response.PartialSuccess()
	if partial.RejectedDataPoints() != 4 {
		t.Errorf("%d rejected, want 4: %s", partial.RejectedDataPoints(), partial.ErrorMessage())
	}
	for _, want := range []string{"2 of delta temporality", "1 native histograms", "1 invalid", "samples kept"} {
		if !strings.Contains(partial.ErrorMessage(), want) {
			t.Errorf("the message is %q, want it to say %q", partial.ErrorMessage(), want)
		}
	}
	if got := s.query(t, `duration_bucket{le="+Inf"}`, now); len(got) != 1 {
		t.Errorf("classic histogram: %v", got)
	}
}

// Failures come in the kind that was asked in.
func TestOTLPFailures(t *testing.T) {
	s := serve(t, ingest.Limits{})
	a := s.post(t, "/otlp/v1/metrics", map[string]string{"Authorization": "Bearer " + key, "Content-Type": "application/json"}, []byte("{"))
	var status struct {
		Code    int
		Message string
	}
	if err := json.Unmarshal([]byte(a.body), &status); err != nil || a.status != 400 || status.Code != 3 || status.Message == "" {
		t.Errorf("%d %s: %v", a.status, a.body, err)
	}
	a = s.post(t, "/otlp/v1/metrics", map[string]string{"Content-Type": "application/x-protobuf"}, []byte("x"))
	code, n := protowire.ConsumeVarint([]byte(a.body)[1:])
	if a.status != 401 || a.header.Get("Content-Type") != "application/x-protobuf" || n < 0 || code != 16 || !strings.Contains(a.body, "a key is needed") {
		t.Errorf("%d %q", a.status, a.body)
	}
	a = s.post(t, "/otlp/v1/metrics", map[string]string{"Authorization": "Bearer " + key, "Content-Type": "text/plain"}, []byte("x"))
	if a.status != 415 {
		t.Errorf("%d %s, want 415", a.status, a.body)
	}
}

// Points of 1970 and of today in one resource make no millions of samples of target_info.
func TestOTLPTargetInfoIsBounded(t *testing.T) {
	s := serve(t, ingest.Limits{})
	m := pmetric.NewMetrics()
	points := metric(m, "a", "host.name", "web-1", "service.name", "x").SetEmptyGauge().DataPoints()
	for _, at := range []time.Time{time.Unix(1, 0), now, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)} {
		points.AppendEmpty().SetTimestamp(pcommon.NewTimestampFromTime(at))
	}
	expect(t, s.postOTLP(t, m), 200, 1, 2)
	m = pmetric.NewMetrics()
	points = metric(m, "b", "host.name", "web-1", "service.name", "x").SetEmptyGauge().DataPoints()
	for _, ago := range []time.Duration{29 * 24 * time.Hour, 0} {
		points.AppendEmpty().SetTimestamp(pcommon.NewTimestampFromTime(now.Add(-ago)))
	}
	expect(t, s.postOTLP(t, m), 200, 1, 1)
}

// What would take far more memory than it has bytes is refused before it is unmarshalled.
func TestOTLPIsWeighed(t *testing.T) {
	s := serve(t, ingest.Limits{})
	field := func(n protowire.Number, content []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, n, protowire.BytesType), content)
	}
	deep := field(1, []byte("x"))
	for range 10_000 {
		deep = field(5, field(1, deep)) // a list in a list
	}
	for name, c := range map[string]struct {
		kind   string
		body   []byte
		status int
		says   string
	}{
		"empty messages":         {"application/x-protobuf", bytes.Repeat([]byte{0x0a, 0x00}, 1<<20+1), 413, "more than 1048576 messages"},
		"lists in lists":         {"application/x-protobuf", field(1, field(1, field(1, field(2, deep)))), 400, "deep"},
		"empty objects in JSON":  {"application/json", []byte(`{"resourceMetrics":[` + strings.Repeat("{},", 1<<20) + "{}]}"), 413, "more than 1048576 messages"},
		"arrays in arrays, JSON": {"application/json", []byte(strings.Repeat("[", 100_000)), 400, "deep"},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.post(t, "/otlp/v1/metrics", map[string]string{"Authorization": "Bearer " + key, "Content-Type": c.kind}, c.body)
			if a.status != c.status {
				t.Errorf("%d %s, want %d", a.status, a.body, c.status)
			}
			explains(t, a, c.says)
		})
	}
}

// What an OpenTelemetry Collector sends is taken, and the host and its process are found.
func TestOpenTelemetryCollectorAsItSends(t *testing.T) {
	for kind, unmarshal := range map[string]func(pmetricotlp.ExportRequest, []byte) error{
		"proto": pmetricotlp.ExportRequest.UnmarshalProto, "json": pmetricotlp.ExportRequest.UnmarshalJSON,
	} {
		t.Run(kind, func(t *testing.T) {
			all := recordings(t, "opentelemetry/"+kind)
			request := pmetricotlp.NewExportRequest()
			if err := unmarshal(request, all[len(all)-1].plain(t)); err != nil {
				t.Fatal(err)
			}
			metric := request.Metrics().ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0)
			var points pmetric.NumberDataPointSlice
			if metric.Type() == pmetric.MetricTypeSum {
				points = metric.Sum().DataPoints()
			} else {
				points = metric.Gauge().DataPoints()
			}
			at := points.At(0).Timestamp().AsTime().Add(time.Second)
			s := serveAt(t, ingest.Limits{}, func() time.Time { return at })
			for _, r := range all {
				if a := s.replay(t, r); a.status != 200 || a.header.Get("X-Memseep-Samples-Refused") != "0" {
					t.Errorf("%s: %d %s", r.name, a.status, a.body)
				}
			}
			s.finds(t, at, "web-1", "leaky")
		})
	}
}
