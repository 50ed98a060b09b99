package script

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
)

// Bounds of what a script calls.
const (
	mostCalls     = 50 // of a run
	mostBody      = 1 << 20
	mostHeader    = 64 << 10
	mostRedirects = 5
	longestCall   = 30 * time.Second
)

// caller calls servers for one run of a script.
type caller struct {
	allowed *Allowed
	client  *http.Client
	calls   atomic.Int32
}

func newCaller(allowed *Allowed) *caller {
	c := &caller{allowed: allowed}
	dialer := &net.Dialer{Timeout: longestCall, Control: c.dialed}
	c.client = &http.Client{
		CheckRedirect: c.redirected,
		Transport: &http.Transport{ // no proxy: nobody would look at the addresses then
			DialContext: dialer.DialContext, DisableKeepAlives: true, ForceAttemptHTTP2: true,
			TLSHandshakeTimeout: longestCall, MaxResponseHeaderBytes: mostHeader,
		},
	}
	return c
}

// refusal is an error that a script meets as an exception of Python.
type refusal struct {
	exception string
	error
}

func (r refusal) Exception() string { return r.exception }
func (r refusal) Unwrap() error     { return r.error }

func refuse(exception, format string, args ...any) error {
	return refusal{exception, fmt.Errorf("http: "+format, args...)}
}

// http is the call of a sandbox.
func (c *caller) http(ctx context.Context, args json.RawMessage) (any, error) {
	var r modules.Request
	if err := json.Unmarshal(args, &r); err != nil {
		return nil, err
	}
	if c.calls.Add(1) > mostCalls {
		return nil, refuse("ConnectionError", "more than %d calls in one run", mostCalls)
	}
	request, err := c.request(r)
	if err != nil {
		return nil, err
	}
	timeout := time.Duration(r.Timeout * float64(time.Second))
	ctx, cancel := context.WithTimeout(ctx, min(timeout, longestCall))
	defer cancel()
	response, err := c.client.Do(request.WithContext(ctx))
	if err != nil {
		return nil, c.failed(ctx, request.URL, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, mostBody+1))
	switch {
	case err != nil:
		return nil, c.failed(ctx, request.URL, err)
	case len(body) > mostBody:
		return nil, refuse("ConnectionError", "the answer of %s is longer than %d MB", request.URL.Host, mostBody>>20)
	}
	answer := modules.Response{Status: response.StatusCode, Headers: map[string]string{}, Body: strings.ToValidUTF8(string(body), "\ufffd")}
	for name, values := range response.Header {
		answer.Headers[strings.ToLower(name)] = strings.ToValidUTF8(strings.Join(values, ", "), "\ufffd")
	}
	return answer, nil
}

var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// request checks what a script asks for.
func (c *caller) request(r modules.Request) (*http.Request, error) {
	u, err := url.Parse(r.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, refuse("ValueError", "%q is no address: write http://host[:port]/path or https://…", r.URL)
	}
	r.Method = strings.ToUpper(r.Method)
	switch {
	case !slices.Contains(methods, r.Method):
		return nil, refuse("ValueError", "the method is one of %s, not %q", strings.Join(methods, ", "), r.Method)
	case !(r.Timeout > 0):
		return nil, refuse("ValueError", "timeout is a number of seconds above 0, up to %.0f", longestCall.Seconds())
	case len(r.Body) > mostBody:
		return nil, refuse("ValueError", "the body is longer than %d MB", mostBody>>20)
	}
	if err := c.allowed.url(u); err != nil {
		return nil, refuse("ConnectionError", "%w", err)
	}
	request, err := http.NewRequestWithContext(context.Background(), r.Method, u.String(), strings.NewReader(r.Body))
	if err != nil {
		return nil, refuse("ValueError", "%w", err)
	}
	request.Header.Set("User-Agent", "memseep-script")
	if r.JSON {
		request.Header.Set("Content-Type", "application/json")
	}
	size := 0
	for name, value := range r.Headers {
		size += len(name) + len(value)
		request.Header.Set(name, value)
	}
	if size > mostHeader {
		return nil, refuse("ValueError", "the headers are longer than %d kB", mostHeader>>10)
	}
	return request, nil
}

// redirected follows within the list alone. What a script says to one host is not said to another.
func (c *caller) redirected(r *http.Request, via []*http.Request) error {
	switch {
	case len(via) > mostRedirects:
		return fmt.Errorf("it was sent elsewhere more than %d times", mostRedirects)
	case r.URL.Scheme != "http" && r.URL.Scheme != "https":
		return fmt.Errorf("it points to %s, which is not HTTP", r.URL.Scheme)
	}
	if err := c.allowed.url(r.URL); err != nil {
		return fmt.Errorf("it points elsewhere: %w", err)
	}
	if first := via[0].URL; r.URL.Host != first.Host || r.URL.Scheme != first.Scheme { // the client copies the first headers at each turn
		agent, kind := r.Header.Get("User-Agent"), r.Header.Get("Content-Type")
		r.Header = http.Header{"User-Agent": {agent}}
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
	}
	return nil
}

func (c *caller) dialed(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	return c.allowed.dialed(to)
}

// failed tells why there is no answer, without the path and query, where secrets may stand.
func (c *caller) failed(ctx context.Context, u *url.URL, err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	var dial *net.OpError
	if errors.As(err, &dial) && errors.Is(err, errNotAllowed) {
		err = dial.Err
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return refuse("TimeoutError", "%s did not answer in time", u.Host)
	}
	return refuse("ConnectionError", "%s: %w", u.Host, err)
}

// httpCalls are those of a sandbox that a list of servers lets through.
func httpCalls(list []string) map[string]sandbox.Call {
	allowed, err := ParseAllowed(list)
	if err != nil {
		return map[string]sandbox.Call{"http": func(context.Context, json.RawMessage) (any, error) {
			return nil, refuse("ConnectionError", "%w", err)
		}}
	}
	return map[string]sandbox.Call{"http": newCaller(allowed).http}
}
