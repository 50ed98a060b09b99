package prometheus

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	defaultTimeout   = 2 * time.Minute
	defaultRetries   = 4
	defaultMaxAnswer = 1 << 30

	firstBackoff = 100 * time.Millisecond
	lastBackoff  = 10 * time.Second
	errorText    = 2 << 10 // bytes of an answer that an error quotes
)

// client sends requests to one server.
type client struct {
	http       *http.Client
	base       *url.URL // without user
	shown      string   // the address as errors show it
	header     http.Header
	parameters string // of each address
	timeout    time.Duration
	retries    int
	maxAnswer  int64
}

func newClient(c Config) (*client, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		// The parser's own message would show a password.
		return nil, errors.New("the address of the source is not a URL: write it as http://[user:password@]host:port[/prefix]")
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("the address %q of the source has to be http://host:port or https://host:port", u.Redacted())
	}
	cl := &client{header: http.Header{}, timeout: c.Timeout, retries: c.Retries, maxAnswer: c.MaxAnswer}
	if cl.timeout <= 0 {
		cl.timeout = defaultTimeout
	}
	switch {
	case cl.retries == 0:
		cl.retries = defaultRetries
	case cl.retries < 0:
		cl.retries = 0
	}
	if cl.maxAnswer <= 0 {
		cl.maxAnswer = defaultMaxAnswer
	}
	cl.setIdentity(c, u)
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	more := url.Values{}
	for name, value := range c.Parameters {
		more.Set(name, value)
	}
	cl.parameters = more.Encode()
	u.Path = strings.TrimSuffix(strings.TrimSuffix(strings.TrimRight(u.Path, "/"), "/api/v1"), "/")
	u.RawPath = ""
	cl.base, cl.shown = u, u.String()

	tlsConfig := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: c.Insecure}
	if c.CAFile != "" {
		if tlsConfig.RootCAs, err = trust(c.CAFile); err != nil {
			return nil, err
		}
	}
	proxy := http.ProxyFromEnvironment
	if c.Control != nil {
		proxy = nil // it would see the proxy's address alone
	}
	cl.http = &http.Client{
		CheckRedirect: staysAtHost,
		Transport: &http.Transport{
			Proxy:               proxy,
			DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: c.Control}).DialContext,
			TLSClientConfig:     tlsConfig,
			TLSHandshakeTimeout: 10 * time.Second,
			ForceAttemptHTTP2:   true,
			MaxIdleConnsPerHost: 64,
			IdleConnTimeout:     90 * time.Second,
			ReadBufferSize:      64 << 10,
		},
	}
	return cl, nil
}

// maxRedirects is how often a server may point elsewhere.
const maxRedirects = 5

// staysAtHost follows a server to other addresses of its own alone: what it is asked with is no other's.
func staysAtHost(r *http.Request, via []*http.Request) error {
	switch first := via[0].URL; {
	case len(via) > maxRedirects:
		return fmt.Errorf("more than %d redirects", maxRedirects)
	case first.Scheme == "https" && r.URL.Scheme != "https":
		return errors.New("it redirects from https to http")
	case r.URL.Hostname() != first.Hostname():
		return fmt.Errorf("it redirects to the host %s: write that address, if it is right", r.URL.Host)
	}
	return nil
}

func (c *client) setIdentity(config Config, u *url.URL) {
	if u.User != nil {
		password, _ := u.User.Password()
		r := http.Request{Header: c.header}
		r.SetBasicAuth(u.User.Username(), password)
	}
	if config.BearerToken != "" {
		c.header.Set("Authorization", "Bearer "+config.BearerToken)
	}
	for name, value := range config.Headers {
		c.header.Set(name, value)
	}
}

func trust(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the certificates to trust: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form", file)
	}
	return pool, nil
}

// request is one call of the API.
type request struct {
	path   string     // below the base, e.g. /api/v1/query
	form   url.Values // sent as the body, or in the address with get
	get    bool
	body   []byte // instead of the form
	header map[string]string
}

// do sends the request and hands the body of its answer to read, which may see it more than once:
// after 429, 5xx, a connection that breaks or an answer that ends too early the whole is tried
// again, with growing pauses. Other errors of read end it.
func (c *client) do(ctx context.Context, r request, read func(h http.Header, body io.Reader) error) error {
	for try := 0; ; try++ {
		err := c.once(ctx, r, read)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if try >= c.retries || !mayPass(err) {
			return err
		}
		if err := pause(ctx, try, err); err != nil {
			return err
		}
	}
}

func (c *client) once(ctx context.Context, r request, read func(http.Header, io.Reader) error) error {
	requestCtx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := c.build(requestCtx, r)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return &UnreachableError{Address: c.shown, Timeout: c.timeout, Err: unwrapURL(err)}
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode/100 != 2 {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, errorText))
		return &StatusError{
			Address: c.shown, Path: r.path, Code: resp.StatusCode,
			Text: errorMessage(text), retryAfter: retryAfter(resp.Header),
		}
	}
	body := &boundedBody{r: resp.Body, left: c.maxAnswer, max: c.maxAnswer}
	if err := read(resp.Header, body); err != nil {
		if body.err != nil {
			return &UnreachableError{Address: c.shown, Timeout: c.timeout, Err: body.err}
		}
		return fmt.Errorf("read the answer of %s%s: %w", c.shown, r.path, err)
	}
	// A body that is read to its end leaves the connection to the next request.
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4<<10))
	return nil
}

func (c *client) build(ctx context.Context, r request) (*http.Request, error) {
	u := *c.base
	u.Path += r.path
	u.RawQuery = c.parameters
	method, contentType := http.MethodPost, "application/x-www-form-urlencoded"
	var body io.Reader
	switch {
	case r.get:
		method = http.MethodGet
		u.RawQuery = strings.TrimPrefix(c.parameters+"&"+r.form.Encode(), "&")
	case r.body != nil:
		body, contentType = bytes.NewReader(r.body), "application/x-protobuf"
	default:
		body = strings.NewReader(r.form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, fmt.Errorf("make a request to %s: %w", c.shown, err)
	}
	if !r.get {
		req.Header.Set("Content-Type", contentType)
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	for name, values := range c.header {
		req.Header[name] = values
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	req.Header.Set("User-Agent", "memseep")
	return req, nil
}

// mayPass tells whether the same request may succeed later.
func mayPass(err error) bool {
	var status *StatusError
	if errors.As(err, &status) {
		// VictoriaMetrics and Prometheus say 503 of a query that took too long: see tooMuch.
		return status.Code == http.StatusTooManyRequests || status.Code >= 500 && !status.tooMuch()
	}
	var unreachable *UnreachableError
	if errors.As(err, &unreachable) {
		var dns *net.DNSError
		return !(errors.As(err, &dns) && dns.IsNotFound) && !isCertificate(err) &&
			!errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, errAnswerTooLong)
	}
	return errors.Is(err, io.ErrUnexpectedEOF)
}

// pause waits before the next try: doubling, with a random part, or as long as the server asks.
func pause(ctx context.Context, try int, err error) error {
	wait := min(firstBackoff<<try, lastBackoff)
	wait = wait/2 + rand.N(wait/2)
	var status *StatusError
	if errors.As(err, &status) && status.retryAfter > 0 {
		wait = min(status.retryAfter, lastBackoff)
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// boundedBody ends with an error where an answer is too long, and remembers what broke it.
type boundedBody struct {
	r         io.Reader
	left, max int64
	err       error
}

var errAnswerTooLong = errors.New("the answer is too long")

func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		b.err = fmt.Errorf("%w: more than %d bytes", errAnswerTooLong, b.max)
		return 0, b.err
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}
