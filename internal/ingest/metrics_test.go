package ingest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/ingest"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

func TestOwnMetricsCountSamplesByReason(t *testing.T) {
	s := serve(t, ingest.Limits{})
	p := protocols[0]
	p.send(t, s, sample{"a", now, 1}, sample{"b", now, 1}, sample{"c", now.Add(time.Hour), 1}, sample{"\xff", now, 1})
	p.send(t, s, sample{"a", now, 1})
	p.sendBody(t, s, []byte("broken"))
	want := `
# HELP memseep_ingest_requests_total Requests of collectors, by the class of their answer: 2xx, also where some samples were refused, 4xx or 5xx.
# TYPE memseep_ingest_requests_total counter
memseep_ingest_requests_total{code="2xx",protocol="remote_write_1"} 2
memseep_ingest_requests_total{code="4xx",protocol="remote_write_1"} 1
# HELP memseep_ingest_samples_total Samples that collectors sent: stored, duplicate, or refused and why.
# TYPE memseep_ingest_samples_total counter
memseep_ingest_samples_total{protocol="remote_write_1",reason="",result="duplicate"} 1
memseep_ingest_samples_total{protocol="remote_write_1",reason="",result="stored"} 2
memseep_ingest_samples_total{protocol="remote_write_1",reason="invalid",result="refused"} 1
memseep_ingest_samples_total{protocol="remote_write_1",reason="too_new",result="refused"} 1
`
	if err := testutil.GatherAndCompare(s.registry, strings.NewReader(want), "memseep_ingest_requests_total", "memseep_ingest_samples_total"); err != nil {
		t.Error(err)
	}
}
