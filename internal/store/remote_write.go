package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/klauspost/compress/snappy"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/prompb"
)

// The bounds of one request of remote write, and of trying it again.
const (
	requestSamples = 50_000
	writeTries     = 5
	writeTimeout   = 30 * time.Second
	firstPause     = 100 * time.Millisecond
	lastPause      = 2 * time.Second
	quotedAnswer   = 512 // bytes of an answer that an error shows
)

// Append sends samples by remote write. Duplicates and the number of series are the server's
// business: it does not tell of them.
func (m *Remote) Append(ctx context.Context, series []Series) (Result, error) {
	o := &m.spaces.options
	now := o.Clock()
	return m.write(ctx, series, bounds{newest: now.Add(o.Ahead).UnixMilli(), oldest: now.Add(-o.Late).UnixMilli()})
}

// AppendDerived sends floors and verdicts.
func (m *Remote) AppendDerived(ctx context.Context, series []Series) error {
	_, err := m.write(ctx, series, anyTime)
	return err
}

// write sends series in requests of bounded size. Where one fails nothing counts as stored: the
// sender sends all again, and a sample that is there twice with one value harms nothing.
func (m *Remote) write(ctx context.Context, series []Series, b bounds) (r Result, err error) {
	var body prompb.WriteRequest
	pending := 0
	for i := range series {
		ls, valid := m.labelsOf(series[i].Labels)
		if !valid {
			r.Invalid += len(series[i].Samples)
			continue
		}
		samples := make([]prompb.Sample, 0, len(series[i].Samples))
		for _, s := range series[i].Samples {
			switch {
			case s.T > b.newest:
				r.TooNew++
			case s.T < b.oldest:
				r.tooOld(s.T)
			default:
				samples = append(samples, prompb.Sample{Timestamp: s.T, Value: s.V})
			}
		}
		if len(samples) == 0 {
			continue
		}
		body.Timeseries = append(body.Timeseries, prompb.TimeSeries{Labels: ls, Samples: samples})
		if pending += len(samples); pending >= requestSamples {
			if err := m.send(ctx, &body, &r, pending); err != nil {
				return Result{}, err
			}
			body.Timeseries, pending = body.Timeseries[:0], 0
		}
	}
	if pending > 0 {
		if err := m.send(ctx, &body, &r, pending); err != nil {
			return Result{}, err
		}
	}
	return r, nil
}

// labelsOf are the labels as they are sent: with the workspace's, whatever the sender gave for it.
func (m *Remote) labelsOf(ls labels.Labels) (out []prompb.Label, valid bool) {
	named := false
	valid = true
	ls.Range(func(l labels.Label) {
		named = named || l.Name == model.MetricNameLabel && l.Value != ""
		valid = valid && utf8.ValidString(l.Name) && utf8.ValidString(l.Value)
		if l.Name != workspaceLabel {
			out = append(out, prompb.Label{Name: l.Name, Value: l.Value})
		}
	})
	if m.byLabel {
		out = append(out, prompb.Label{Name: workspaceLabel, Value: m.workspace})
	}
	return out, named && valid
}

// send counts what became of a request.
func (m *Remote) send(ctx context.Context, body *prompb.WriteRequest, r *Result, samples int) error {
	raw, err := body.Marshal()
	if err != nil {
		return fmt.Errorf("write to VictoriaMetrics: %w", err)
	}
	err = m.push(ctx, snappy.Encode(nil, raw))
	var refused *refusedError
	if errors.As(err, &refused) {
		m.spaces.options.Logger.Warn("VictoriaMetrics refuses samples", "workspace", m.workspace, "samples", samples, "error", err)
		r.Invalid += samples
		return nil
	}
	if err == nil {
		r.Stored += samples
	}
	return err
}

// refusedError is an answer that will be the same next time.
type refusedError struct{ text string }

func (e *refusedError) Error() string { return "refused: " + e.text }

// push sends one request until it is taken, with growing pauses; ErrUnavailable where it is not.
func (m *Remote) push(ctx context.Context, compressed []byte) error {
	for try := 0; ; try++ {
		err := m.pushOnce(ctx, compressed)
		var refused *refusedError
		if err == nil || errors.As(err, &refused) {
			return err
		}
		if ctx.Err() != nil || try+1 >= writeTries {
			return fmt.Errorf("%w: write to VictoriaMetrics: %w", ErrUnavailable, err)
		}
		pause := min(firstPause<<try, lastPause)
		timer := time.NewTimer(pause/2 + rand.N(pause/2))
		select {
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("%w: write to VictoriaMetrics: %w", ErrUnavailable, err)
		case <-timer.C:
		}
	}
}

func (m *Remote) pushOnce(ctx context.Context, compressed []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	req, err := m.request(ctx, m.address(m.spaces.options.WriteURL), bytes.NewReader(compressed))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-protobuf")
	req.Header.Set("Content-Encoding", "snappy")
	req.Header.Set("X-Prometheus-Remote-Write-Version", "0.1.0")
	resp, err := m.spaces.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode/100 == 2 {
		_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4<<10)) // leaves the connection to the next request
		return nil
	}
	return answerError(resp)
}

// answerError is the error of an answer that is not 2xx.
func answerError(resp *http.Response) error {
	text, _ := io.ReadAll(io.LimitReader(resp.Body, quotedAnswer))
	message := resp.Status + ": " + string(bytes.TrimSpace(text))
	if resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusUnprocessableEntity {
		return &refusedError{message}
	}
	return errors.New(message)
}

// request makes a POST with what identifies us.
func (m *Remote) request(ctx context.Context, address string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		return nil, fmt.Errorf("make a request to VictoriaMetrics: %w", err)
	}
	o := &m.spaces.options
	if o.BearerToken != "" {
		req.Header.Set("Authorization", "Bearer "+o.BearerToken)
	}
	for name, value := range o.Headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("User-Agent", "memseep")
	return req, nil
}
