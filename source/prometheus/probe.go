package prometheus

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/klauspost/compress/snappy"
	"github.com/prometheus/prometheus/prompb"
)

// probe finds the fastest way of access that the server has, once.
func (s *Source) probe(ctx context.Context) (Access, error) {
	s.probing.Lock()
	defer s.probing.Unlock()
	if s.probed || s.access != Auto {
		return s.access, nil
	}
	for _, way := range []struct {
		access Access
		has    func(context.Context) (bool, error)
	}{
		{Native, s.client.hasNative},
		{RemoteRead, s.client.hasRemoteRead},
	} {
		has, err := way.has(ctx)
		if err != nil && (refused(err) || !isAnswer(err)) {
			return Auto, fmt.Errorf("find out how to read from the server: %w", err)
		}
		if has {
			s.access, s.probed = way.access, true
			return way.access, nil
		}
	}
	s.access, s.probed = Range, true
	return Range, nil
}

// isAnswer tells whether the server did answer, only not as hoped.
func isAnswer(err error) bool {
	var status *StatusError
	return errors.As(err, &status)
}

// noSeries selects nothing: only the form of the answer matters.
const noSeries = `{__name__="memseep_no_such_series"}`

func (c *client) hasNative(ctx context.Context) (has bool, err error) {
	form := url.Values{"match[]": {noSeries}, "start": {"1"}, "end": {"2"}}
	err = c.do(ctx, request{path: "/api/v1/export/native", form: form, header: identity}, func(h http.Header, body io.Reader) error {
		has = strings.HasPrefix(h.Get("Content-Type"), "VictoriaMetrics/native")
		_, err := io.Copy(io.Discard, io.LimitReader(body, 1<<10))
		return err
	})
	return has, err
}

func (c *client) hasRemoteRead(ctx context.Context) (has bool, err error) {
	query := &prompb.Query{
		StartTimestampMs: 1000, EndTimestampMs: 2000,
		Matchers: []*prompb.LabelMatcher{{Type: prompb.LabelMatcher_EQ, Name: "__name__", Value: "memseep_no_such_series"}},
	}
	body, err := remoteReadBody([]*prompb.Query{query})
	if err != nil {
		return false, err
	}
	err = c.do(ctx, request{path: "/api/v1/read", body: body, header: remoteReadHeader}, func(h http.Header, body io.Reader) error {
		has = isRemoteRead(h)
		_, err := io.Copy(io.Discard, io.LimitReader(body, 1<<10))
		return err
	})
	return has, err
}

// identity asks for an answer that is not packed: the samples in it are packed already.
var identity = map[string]string{"Accept-Encoding": "identity"}

var remoteReadHeader = map[string]string{
	"Accept-Encoding":                  "identity",
	"Content-Encoding":                 "snappy",
	"X-Prometheus-Remote-Read-Version": "0.1.0",
}

const (
	streamedChunks = "application/x-streamed-protobuf"
	plainSamples   = "application/x-protobuf"
)

func isRemoteRead(h http.Header) bool {
	t := h.Get("Content-Type")
	return strings.HasPrefix(t, streamedChunks) || strings.HasPrefix(t, plainSamples)
}

func remoteReadBody(queries []*prompb.Query) ([]byte, error) {
	r := &prompb.ReadRequest{
		Queries:               queries,
		AcceptedResponseTypes: []prompb.ReadRequest_ResponseType{prompb.ReadRequest_STREAMED_XOR_CHUNKS, prompb.ReadRequest_SAMPLES},
	}
	data, err := r.Marshal()
	if err != nil {
		return nil, fmt.Errorf("write a remote read request: %w", err)
	}
	return snappy.Encode(nil, data), nil
}
