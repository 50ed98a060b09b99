package target

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"time"
)

// request is one message on its way by HTTP.
type request struct {
	method string // empty is POST
	url    string
	header http.Header
	body   []byte
}

// do asks, and takes anything but 2xx for a failure: 408, 429 and 5xx for one that may pass.
func (n Network) do(ctx context.Context, r request) (Answer, error) {
	if r.method == "" {
		r.method = http.MethodPost
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) {
		if !mayLeave(ctx) {
			cancel()
			_ = c.Conn.Close() // nothing was written yet, and nothing will be
		}
	}})
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		return Answer{}, refused(Answer{}, "the address or a header is none: "+unwrapURL(err))
	}
	for name, values := range r.header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	req.Header.Set("User-Agent", "memseep")
	resp, err := n.client().Do(req)
	if err != nil {
		return Answer{}, unreachable(err)
	}
	defer func() { _ = resp.Body.Close() }() // all of it that matters has been read
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	a := Answer{Status: resp.StatusCode, Body: string(body), RetryAfter: retryAfter(resp.Header.Get("Retry-After"), n.now())}
	switch {
	case err != nil:
		return a, unreachable(err)
	case resp.StatusCode/100 == 2:
		return a, nil
	case resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode == http.StatusRequestTimeout, resp.StatusCode >= 500:
		return a, later(a, said(a))
	}
	return a, refused(a, said(a))
}

// json posts a body of JSON.
func (n Network) json(ctx context.Context, url string, body []byte) (Answer, error) {
	return n.do(ctx, request{url: url, body: body, header: http.Header{"Content-Type": {"application/json; charset=utf-8"}}})
}

// said is the reason that an answer gives.
func said(a Answer) string {
	text := fmt.Sprintf("it answered %d", a.Status)
	if body := oneLine(cut(a.Body, 300, "…")); body != "" {
		text += ": " + body
	}
	return text
}

// retryAfter reads the header: seconds, or a date (RFC 9110, 10.2.3). It is believed up to a day.
func retryAfter(s string, now time.Time) time.Duration {
	if s == "" {
		return 0
	}
	wait := time.Duration(0)
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil {
		wait = time.Duration(min(n, 24*60*60)) * time.Second
	} else if at, err := http.ParseTime(s); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), 24*time.Hour)
}

// coded reads the code that robots give inside of a 200.
func coded(a Answer, into any) error {
	if err := json.Unmarshal([]byte(a.Body), into); err != nil {
		return later(a, "its answer is not of this kind of target: is the address right? "+said(a))
	}
	return nil
}

// errcode is the code of an answer as DingTalk and WeCom give it, 0 for taken, and what it says.
func errcode(a Answer) (code int, text string, err error) {
	var answer struct {
		Code *int   `json:"errcode"`
		Text string `json:"errmsg"`
	}
	if err := coded(a, &answer); err != nil {
		return 0, "", err
	}
	if answer.Code == nil {
		return 0, "", later(a, "its answer has no errcode: is the address right? "+said(a))
	}
	return *answer.Code, answer.Text, nil
}

// encode is JSON without the escapes that HTML would need: they would cost a robot's few bytes.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func unwrapURL(err error) string {
	text := err.Error()
	if i := strings.LastIndex(text, ": "); i >= 0 {
		return text[i+2:]
	}
	return text
}
