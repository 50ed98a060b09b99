package ingest_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/ingest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// soon is far more than an answer takes, and far less than what is compared with all before it does.
const soon = 5 * time.Second

// Whoever may send samples cannot keep the server busy for minutes by one body of a megabyte.
func TestOnePointOfTooManyTagsIsRefusedSoon(t *testing.T) {
	s := serve(t, ingest.Limits{})
	const many = 100_000
	var line strings.Builder
	line.WriteString("mem")
	for i := range many {
		fmt.Fprintf(&line, ",t%d=v", i)
	}
	line.WriteString(" a=1,b=2\nmem,host=web-1 used=1\n")
	began := time.Now()
	a := s.post(t, "/write", withKey, []byte(line.String()))
	expect(t, a, 400, 1, 2)
	explains(t, a, "a series has more than 100 labels")
	if took := time.Since(began); took > soon {
		t.Errorf("line protocol took %s", took)
	}

	m := pmetric.NewMetrics()
	point := metric(m, "mem", "host.name", "web-1").SetEmptyGauge().DataPoints().AppendEmpty()
	point.SetTimestamp(pcommon.NewTimestampFromTime(now))
	fill(t, point.Attributes(), many)
	point = metric(m, "mem").SetEmptyGauge().DataPoints().AppendEmpty()
	point.SetTimestamp(pcommon.NewTimestampFromTime(now))
	fill(t, m.ResourceMetrics().At(1).Resource().Attributes(), many)
	good := metric(m, "good", "host.name", "web-1").SetEmptyGauge().DataPoints().AppendEmpty()
	good.SetTimestamp(pcommon.NewTimestampFromTime(now))
	began = time.Now()
	a = s.postOTLP(t, m)
	expect(t, a, 200, 1, 2)
	if took := time.Since(began); took > soon {
		t.Errorf("OTLP took %s", took)
	}
}

func fill(t *testing.T, of pcommon.Map, n int) {
	t.Helper()
	all := make(map[string]any, n)
	for i := range n {
		all[fmt.Sprint("a", i)] = "v"
	}
	if err := of.FromRaw(all); err != nil {
		t.Fatal(err)
	}
}

// A small body does not become millions of series, each of a hundred bytes.
func TestSeriesOfOneBodyAreBounded(t *testing.T) {
	s := serve(t, ingest.Limits{Series: 1000})
	const fields = 1<<20 + 1000
	line := bytes.NewBufferString("m ")
	for i := range fields {
		fmt.Fprintf(line, "%x=1,", i)
	}
	line.Truncate(line.Len() - 1)
	a := s.post(t, "/write", withKey, line.Bytes())
	expect(t, a, 400, 1000, fields-1000)
	explains(t, a, "the series of the request are too many")
}

// While it cannot be told whether a key is right, samples are to be sent again, and what is wrong inside
// is told to nobody.
func TestAKeyThatCannotBeCheckedIsNoWrongKey(t *testing.T) {
	s := serve(t, ingest.Limits{})
	for _, path := range []string{"/api/v1/write", "/otlp/v1/metrics", "/write", "/api/v2/write", "/v1/write/metric"} {
		a := s.post(t, path, map[string]string{"Authorization": "Bearer k3:away"}, []byte("mem used=1"))
		if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || strings.Contains(a.body, "db.internal") {
			t.Errorf("%s: %d, Retry-After %q: %s", path, a.status, a.header.Get("Retry-After"), a.body)
		}
	}
}

// A form is read up to a bound, and nothing of it is kept in files.
func TestTheFormOfAQueryIsBounded(t *testing.T) {
	s := serve(t, ingest.Limits{})
	body := &counting{}
	body.left.Store(64 << 20)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/query", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	if response, err := http.DefaultClient.Do(r); err == nil { // it may end before all is sent
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	} else if errors.Is(err, r.Context().Err()) {
		t.Fatal(err)
	}
	if read := 64<<20 - body.left.Load(); read > 16<<20 {
		t.Errorf("%d MB of a form were read", read>>20)
	}
}

// counting is one part of a form, that goes on. It may still be read when the answer is there.
type counting struct{ left atomic.Int64 }

func (c *counting) Read(p []byte) (int, error) {
	left := c.left.Load()
	if left <= 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), left))
	for i := range p[:n] {
		p[i] = 'y'
	}
	if left == 64<<20 {
		copy(p, "--x\r\nContent-Disposition: form-data; name=\"q\"; filename=\"f\"\r\n\r\n")
	}
	c.left.Add(int64(-n))
	return n, nil
}
