package prometheus

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/memseep/memseep/source/dialect"
)

// values asks for the values of a label among the series that match, in a span of time; no match
// is every series.
func (c *client) values(ctx context.Context, label string, match []string, from, to time.Time, value func(string)) error {
	form := url.Values{"match[]": match, "start": {seconds(from.UnixMilli())}, "end": {seconds(to.UnixMilli())}}
	return c.do(ctx, request{path: "/api/v1/label/" + url.PathEscape(label) + "/values", form: form, get: true, header: identity},
		func(_ http.Header, body io.Reader) error { return decodeValues(body, value) })
}

// labelNames asks for the names of all labels in a span of time.
func (c *client) labelNames(ctx context.Context, from, to time.Time, name func(string)) error {
	form := url.Values{"start": {seconds(from.UnixMilli())}, "end": {seconds(to.UnixMilli())}}
	return c.do(ctx, request{path: "/api/v1/labels", form: form, get: true, header: identity},
		func(_ http.Header, body io.Reader) error { return decodeValues(body, name) })
}

// seriesOf asks for the labels of the series that match in a span of time.
func (c *client) seriesOf(ctx context.Context, match []string, from, to time.Time, series func(dialect.Labels)) error {
	form := url.Values{"match[]": match, "start": {seconds(from.UnixMilli())}, "end": {seconds(to.UnixMilli())}}
	return c.do(ctx, request{path: "/api/v1/series", form: form},
		func(_ http.Header, body io.Reader) error { return decodeSeries(body, series) })
}

// vector asks for the value of each series of a query at a time.
func (c *client) vector(ctx context.Context, query string, at time.Time, each func(dialect.Labels, int64, float64)) error {
	to := &eachSample{each: each}
	return c.query(ctx, query, at, to)
}

// query evaluates at one time; the answer is a vector, or a matrix for a range selector.
func (c *client) query(ctx context.Context, query string, at time.Time, to sink) error {
	form := url.Values{"query": {query}, "time": {seconds(at.UnixMilli())}}
	return c.do(ctx, request{path: "/api/v1/query", form: form},
		func(_ http.Header, body io.Reader) error { return decodeResult(body, to) })
}

// queryRange evaluates at each step from the first time to the last, in milliseconds.
func (c *client) queryRange(ctx context.Context, query string, from, to, step int64, out sink) error {
	form := url.Values{"query": {query}, "start": {seconds(from)}, "end": {seconds(to)}, "step": {seconds(step)}}
	return c.do(ctx, request{path: "/api/v1/query_range", form: form},
		func(_ http.Header, body io.Reader) error { return decodeResult(body, out) })
}

// seconds writes milliseconds as the API takes them.
func seconds(millis int64) string {
	if millis%1000 == 0 {
		return strconv.FormatInt(millis/1000, 10)
	}
	return strconv.FormatFloat(float64(millis)/1000, 'f', 3, 64)
}

// eachSample is a sink that gives each sample with its labels.
type eachSample struct {
	labels dialect.Labels
	each   func(dialect.Labels, int64, float64)
}

func (e *eachSample) start()                         {}
func (e *eachSample) begin(ls dialect.Labels)        { e.labels = ls }
func (e *eachSample) sample(millis int64, v float64) { e.each(e.labels, millis, v) }
