// Package send brings batches to a server by Prometheus remote write, version 2 or 1.
// In go requests of version 2, compressed; out come nil, or an error that says whether to try again.
// Read this file first, then answer.go for what a server's answers mean.
package send

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang/snappy"

	"github.com/memseep/memseep/internal/agent/metric"
)

// Options say where to send.
type Options struct {
	URL       string // with no path the one of remote write is added
	Key       string // ID:SECRET, sent as a bearer token; empty sends none
	Headers   map[string]string
	CAFile    string // certificates to trust besides the system's
	Insecure  bool   // any certificate is taken
	Timeout   time.Duration
	UserAgent string
}

// Client sends to one server. Only one request may be under way at a time.
type Client struct {
	url      string
	o        Options
	http     *http.Client
	version1 atomic.Bool // the server has shown that it does not speak version 2
}

// writePath is where Prometheus, VictoriaMetrics and memseep take remote write.
const writePath = "/api/v1/write"

// New makes a client. It does not connect yet.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, fmt.Errorf("the address of the server: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("the address of the server is %q: write http://HOST:PORT or https://HOST", o.URL)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = writePath
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	trust, err := o.tls()
	if err != nil {
		return nil, err
	}
	return &Client{url: u.String(), o: o, http: &http.Client{
		Timeout: o.Timeout,
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSHandshakeTimeout: 10 * time.Second,
			TLSClientConfig:     trust,
			MaxIdleConns:        1,
			IdleConnTimeout:     2 * time.Minute,
			WriteBufferSize:     4 << 10,
			ReadBufferSize:      4 << 10,
			ForceAttemptHTTP2:   false,
		},
		// A redirect would turn the request into one without a body.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func (o *Options) tls() (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: o.Insecure}
	if o.CAFile == "" {
		return c, nil
	}
	text, err := os.ReadFile(o.CAFile)
	if err != nil {
		return nil, fmt.Errorf("read the certificates to trust: %w", err)
	}
	if c.RootCAs, err = x509.SystemCertPool(); err != nil {
		c.RootCAs = x509.NewCertPool()
	}
	if !c.RootCAs.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form", o.CAFile)
	}
	return c, nil
}

// URL is where the client sends to.
func (c *Client) URL() string { return c.url }

// Version is that of remote write that the server is spoken to in, 2 until it shows that it does
// not know it.
func (c *Client) Version() int {
	if c.version1.Load() {
		return 1
	}
	return 2
}

// Send sends a request of version 2, compressed as a Snappy block. The error is a *RefusedError
// where it is of no use to send it again, and a *LaterError where it is.
func (c *Client) Send(ctx context.Context, compressed []byte) error {
	if c.version1.Load() {
		return c.sendVersion1(ctx, compressed)
	}
	err := c.post(ctx, compressed, 2)
	if !errors.Is(err, errVersion) {
		return err
	}
	// Version 1 may be refused for another reason; then version 2 is tried again the next time.
	if err := c.sendVersion1(ctx, compressed); err != nil {
		return err
	}
	c.version1.Store(true)
	return nil
}

func (c *Client) sendVersion1(ctx context.Context, compressed []byte) error {
	request, err := snappy.Decode(nil, compressed)
	if err != nil {
		return &RefusedError{Reason: fmt.Sprintf("the batch is damaged: %v", err)}
	}
	one, err := metric.AppendVersion1(make([]byte, 0, 3*len(request)), request)
	if err != nil {
		return &RefusedError{Reason: fmt.Sprintf("the batch is damaged: %v", err)}
	}
	return c.post(ctx, snappy.Encode(nil, one), 1)
}

// The headers of both versions.
const (
	contentType2   = "application/x-protobuf;proto=io.prometheus.write.v2.Request"
	contentType1   = "application/x-protobuf"
	versionHeader  = "X-Prometheus-Remote-Write-Version"
	versionNumber2 = "2.0.0"
	versionNumber1 = "0.1.0"
	writtenHeader  = "X-Prometheus-Remote-Write-Samples-Written"
)

func (c *Client) post(ctx context.Context, body []byte, version int) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make a request: %w", err)
	}
	h := req.Header
	h.Set("Content-Encoding", "snappy")
	h.Set("User-Agent", c.o.UserAgent)
	if version == 2 {
		h.Set("Content-Type", contentType2)
		h.Set(versionHeader, versionNumber2)
	} else {
		h.Set("Content-Type", contentType1)
		h.Set(versionHeader, versionNumber1)
	}
	if c.o.Key != "" {
		h.Set("Authorization", "Bearer "+c.o.Key)
	}
	for name, value := range c.o.Headers {
		h.Set(name, value)
		if strings.EqualFold(name, "Host") {
			req.Host = value
		}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return unreachable(c.url, err)
	}
	defer func() { _ = resp.Body.Close() }() // all of it that is wanted is read below
	said, _ := io.ReadAll(io.LimitReader(resp.Body, 1024))
	return answer(resp, said, version)
}
