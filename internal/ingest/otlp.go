package ingest

import (
	"context"
	"errors"
	"mime"
	"net/http"

	"github.com/prometheus/prometheus/config"
	otlptranslator "github.com/prometheus/prometheus/storage/remote/otlptranslator/prometheusremotewrite"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"google.golang.org/protobuf/encoding/protowire"
)

// OTLP/HTTP, https://opentelemetry.io/docs/specs/otlp/#otlphttp: what is refused is told by
// partial_success with 200; 429 and 503 are sent again, all else is dropped.

const (
	otlpProtobuf = "application/x-protobuf"
	otlpJSON     = "application/json"
)

var otlpMetrics = &protocol{
	name:      "otlp",
	encodings: []string{asItIs, gzipped, zstded},
	speaks: func(r *http.Request) error {
		if kind := otlpKind(r); kind != otlpProtobuf && kind != otlpJSON {
			return notSpoken(r, otlpProtobuf+" or "+otlpJSON)
		}
		return nil
	},
	decode:   decodeOTLP,
	answer:   answerOTLP,
	fail:     failOTLP,
	later:    http.StatusTooManyRequests,
	tooLarge: http.StatusRequestEntityTooLarge,
}

func (in *Ingest) otlp(w http.ResponseWriter, r *http.Request) { in.take(w, r, otlpMetrics) }

// promoted are the attributes of resources that become labels of every series, since by them
// hosts, processes, pods and containers are told apart; Prometheus alone would put them into
// target_info.
var promoted = otlptranslator.NewPromoteResourceAttributes(config.OTLPConfig{PromoteResourceAttributes: []string{
	"host.name", "host.id", "os.type",
	"process.pid", "process.executable.name", "process.command", "process.owner",
	"service.name", "service.namespace",
	"container.id", "container.name", "container.runtime", "container.image.name",
	"k8s.cluster.name", "k8s.node.name", "k8s.namespace.name", "k8s.pod.name", "k8s.pod.uid", "k8s.container.name",
	"k8s.deployment.name", "k8s.statefulset.name", "k8s.daemonset.name", "k8s.replicaset.name", "k8s.job.name", "k8s.cronjob.name",
	"cloud.region", "cloud.availability_zone", "deployment.environment.name",
}})

func decodeOTLP(b *batch, r *http.Request, body []byte) error {
	request := pmetricotlp.NewExportRequest()
	weigh, unmarshal := weighOTLP, request.UnmarshalProto
	if otlpKind(r) == otlpJSON {
		weigh, unmarshal = weighJSON, request.UnmarshalJSON
	}
	if err := weigh(body); err != nil {
		return err
	}
	if err := unmarshal(body); err != nil {
		return err
	}
	return b.addOTLP(r.Context(), request.Metrics())
}

func otlpKind(r *http.Request) string {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return kind
}

// addOTLP translates as Prometheus does, with units and types in the names.
func (b *batch) addOTLP(ctx context.Context, m pmetric.Metrics) error {
	if labelBytes(m) > mostLabelBytes {
		return errManyMessages
	}
	b.withoutDeltas(m)
	b.withoutCrowded(m)
	converter := otlptranslator.NewPrometheusConverter(&otlpAppender{batch: b, targets: m.DataPointCount()})
	_, err := converter.FromMetrics(ctx, m, otlptranslator.Settings{
		AddMetricSuffixes:         true,
		PromoteResourceAttributes: promoted,
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	b.untranslated(err) // metrics that stand alone: the others are in the batch
	return nil
}

// untranslated counts the errors that the translation has joined, one to those before it. The text
// of all of them would take the square of their number.
func (b *batch) untranslated(err error) {
	for err != nil {
		one := err
		err = nil
		if joined, ok := one.(interface{ Unwrap() []error }); ok && len(joined.Unwrap()) > 1 {
			both := joined.Unwrap()
			err, one = both[0], both[len(both)-1]
		}
		if !errors.Is(one, errTargets) {
			b.explain(one.Error())
			b.refused[Invalid]++
		}
	}
}

// withoutDeltas takes out what the translation does not take, and counts it.
func (b *batch) withoutDeltas(m pmetric.Metrics) {
	for i := range m.ResourceMetrics().Len() {
		scopes := m.ResourceMetrics().At(i).ScopeMetrics()
		for j := range scopes.Len() {
			scopes.At(j).Metrics().RemoveIf(func(metric pmetric.Metric) bool {
				n := deltas(metric)
				if n > 0 {
					b.explain("the metric " + shown(metric.Name()))
					b.refused[Delta] += n
				}
				return n > 0
			})
		}
	}
}

// deltas is the number of data points of a metric that sends differences.
func deltas(m pmetric.Metric) int {
	var temporality pmetric.AggregationTemporality
	var n int
	switch m.Type() {
	case pmetric.MetricTypeSum:
		temporality, n = m.Sum().AggregationTemporality(), m.Sum().DataPoints().Len()
	case pmetric.MetricTypeHistogram:
		temporality, n = m.Histogram().AggregationTemporality(), m.Histogram().DataPoints().Len()
	case pmetric.MetricTypeExponentialHistogram:
		temporality, n = m.ExponentialHistogram().AggregationTemporality(), m.ExponentialHistogram().DataPoints().Len()
	}
	if temporality != pmetric.AggregationTemporalityDelta {
		return 0
	}
	return n
}

func answerOTLP(w http.ResponseWriter, r *http.Request, o *outcome) {
	response := pmetricotlp.NewExportResponse()
	if n := o.refused.total(); n > 0 {
		response.PartialSuccess().SetRejectedDataPoints(int64(n))
		response.PartialSuccess().SetErrorMessage(o.text())
	}
	marshal := response.MarshalProto
	if otlpKind(r) == otlpJSON {
		marshal = response.MarshalJSON
	}
	body, err := marshal()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", otlpKind(r))
	_, _ = w.Write(body) // a collector that is gone needs no answer
}

// Fields of google.rpc.Status, in which OTLP tells of failures.
const (
	statusCode    = 1
	statusMessage = 2
)

// failOTLP answers in the kind that was asked in.
func failOTLP(w http.ResponseWriter, r *http.Request, f *failure) {
	code := grpcCode(f.status)
	if otlpKind(r) != otlpProtobuf {
		writeJSON(w, f.status, map[string]any{"code": code, "message": f.text})
		return
	}
	body := protowire.AppendVarint(protowire.AppendTag(nil, statusCode, protowire.VarintType), uint64(code))
	body = protowire.AppendString(protowire.AppendTag(body, statusMessage, protowire.BytesType), f.text)
	w.Header().Set("Content-Type", otlpProtobuf)
	w.WriteHeader(f.status)
	_, _ = w.Write(body)
}

// grpcCode is the code of gRPC that stands for an HTTP status:
// https://github.com/grpc/grpc/blob/master/doc/statuscodes.md
func grpcCode(status int) int {
	switch status {
	case http.StatusUnauthorized:
		return 16 // UNAUTHENTICATED
	case http.StatusForbidden:
		return 7 // PERMISSION_DENIED
	case http.StatusTooManyRequests, http.StatusRequestEntityTooLarge:
		return 8 // RESOURCE_EXHAUSTED
	case http.StatusServiceUnavailable:
		return 14 // UNAVAILABLE
	}
	return 3 // INVALID_ARGUMENT
}
