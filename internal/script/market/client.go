package market

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// What a download may take.
const (
	downloadTimeout = time.Minute
	headerTimeout   = 20 * time.Second
	maxRedirects    = 5
	maxResumes      = 3 // of one download that broke
)

// client asks only addresses that may be asked, wherever names and redirects lead.
func (m *Market) client() *http.Client {
	dialer := &net.Dialer{Timeout: headerTimeout, Control: m.Dialed}
	return &http.Client{
		Timeout: downloadTimeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, ForceAttemptHTTP2: true, DisableKeepAlives: true, DisableCompression: true,
			TLSHandshakeTimeout: headerTimeout, ResponseHeaderTimeout: headerTimeout, MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			switch {
			case len(via) > maxRedirects:
				return fmt.Errorf("more than %d redirects", maxRedirects)
			case via[0].URL.Scheme == "https" && r.URL.Scheme != "https":
				return errors.New("it redirects from https to http")
			}
			u := *r.URL
			u.RawQuery, u.Fragment = "", "" // a redirect may have a query, an address of ours not
			return m.CheckURL(u.String())
		},
	}
}

// download reads what lies at an address, at most limit bytes of it. One that breaks is gone on with
// where the server can; the digest tells whether it is whole.
func download(ctx context.Context, c *http.Client, address string, limit int64) ([]byte, error) {
	var got bytes.Buffer
	for attempt := 0; ; attempt++ {
		err := downloadPart(ctx, c, address, limit, &got)
		switch {
		case err == nil:
			return got.Bytes(), nil
		case !errors.Is(err, io.ErrUnexpectedEOF):
			return nil, err
		case attempt == maxResumes || ctx.Err() != nil:
			return nil, fmt.Errorf("the download was interrupted after %d bytes: try again", got.Len())
		}
	}
}

// downloadPart reads what is not yet in got. The error is ErrUnexpectedEOF where it broke off.
func downloadPart(ctx context.Context, c *http.Client, address string, limit int64, got *bytes.Buffer) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", "memseep")
	if got.Len() > 0 {
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", got.Len()))
	}
	answer, err := c.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	switch {
	case answer.StatusCode == http.StatusPartialContent && strings.HasPrefix(answer.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", got.Len())):
	case answer.StatusCode == http.StatusOK:
		got.Reset()
	default:
		return fmt.Errorf("%s answered %s", address, answer.Status)
	}
	if answer.ContentLength+int64(got.Len()) > limit {
		return fmt.Errorf("%s is larger than %d kB", address, limit>>10)
	}
	_, err = io.Copy(got, io.LimitReader(answer.Body, limit+1-int64(got.Len())))
	var timeout net.Error
	switch {
	case int64(got.Len()) > limit:
		return fmt.Errorf("%s is larger than %d kB", address, limit>>10)
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("%s was not read within %s", address, downloadTimeout)
	case err != nil && ctx.Err() == nil:
		return errors.Join(io.ErrUnexpectedEOF, err)
	}
	return err
}
