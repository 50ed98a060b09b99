package prometheus

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/memseep/memseep/source/dialect"
)

// UnreachableError says that no answer came, or that it broke off.
type UnreachableError struct {
	Address string
	Timeout time.Duration
	Err     error
}

func (e *UnreachableError) Error() string {
	switch {
	case errors.Is(e.Err, context.DeadlineExceeded):
		return fmt.Sprintf("%s did not answer within %s: ask for fewer hosts or a shorter history, or raise the timeout", e.Address, e.Timeout)
	case errors.Is(e.Err, errAnswerTooLong):
		return fmt.Sprintf("%s: %v", e.Address, e.Err)
	case isCertificate(e.Err):
		return fmt.Sprintf("%s has a certificate that is not trusted (%v): give the CA that signed it", e.Address, e.Err)
	}
	return fmt.Sprintf("no answer from %s (%v): check the address and that the server runs", e.Address, e.Err)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// StatusError is an answer that is none of 2xx.
type StatusError struct {
	Address    string
	Path       string
	Code       int
	Text       string // what the server said
	retryAfter time.Duration
}

func (e *StatusError) Error() string {
	status := fmt.Sprintf("%d %s", e.Code, http.StatusText(e.Code))
	switch {
	case e.Code == http.StatusUnauthorized:
		return fmt.Sprintf("%s wants another user or password (%s): write them as http://user:password@host, or give a bearer token", e.Address, status)
	case e.Code == http.StatusForbidden:
		return fmt.Sprintf("%s does not allow this user to read (%s)%s: check the user, the token and the tenant header", e.Address, status, quoted(e.Text))
	case e.Code == http.StatusNotFound || strings.HasPrefix(e.Text, "unsupported path"): // VictoriaMetrics' way
		return fmt.Sprintf("%s%s is not there (%s): check the prefix of the address; Mimir's ends with /prometheus, that of a VictoriaMetrics cluster with /select/0/prometheus", e.Address, e.Path, status)
	}
	return fmt.Sprintf("%s%s answers %s%s", e.Address, e.Path, status, quoted(e.Text))
}

func quoted(text string) string {
	if text == "" {
		return ""
	}
	return ": " + text
}

// refused tells whether the server turns the user away: no other request will fare better.
func refused(err error) bool {
	var status *StatusError
	return errors.As(err, &status) && (status.Code == http.StatusUnauthorized || status.Code == http.StatusForbidden)
}

// tooMuch tells whether the server has a limit that the request went over, or ran out of time:
// a smaller request may succeed.
func (e *StatusError) tooMuch() bool {
	switch e.Code {
	case http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge, http.StatusBadRequest, http.StatusRequestURITooLong:
		return true
	}
	text := strings.ToLower(e.Text)
	for _, sign := range []string{"too many", "limit", "exceed", "maxsamples", "max-samples", "timed out", "timeout", "too large", "too long"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

// smaller tells whether a smaller request may succeed where this one failed.
func smaller(err error) bool {
	var status *StatusError
	return errors.As(err, &status) && status.tooMuch() && status.Code != http.StatusTooManyRequests ||
		errors.Is(err, errAnswerTooLong) || errors.Is(err, context.DeadlineExceeded)
}

// NoMetricsError says that a server holds nothing that tells of memory.
type NoMetricsError struct {
	Address  string
	From, To time.Time
}

func (e *NoMetricsError) Error() string {
	var looked []string
	for _, d := range dialect.All() {
		looked = append(looked, fmt.Sprintf("%s (%s)", d.Detect[0], d.Name))
	}
	return fmt.Sprintf("%s holds no memory metrics between %s and %s; looked for %s: install node_exporter and process-exporter, or memseep's agent, on the hosts, or choose another time",
		e.Address, e.From.UTC().Format(time.RFC3339), e.To.UTC().Format(time.RFC3339), strings.Join(looked, ", "))
}

// NoSamples tells a run that there is nothing to inspect yet, which is no failure.
func (*NoMetricsError) NoSamples() bool { return true }

// errorMessage is what a server says in its JSON envelope, or in plain text.
func errorMessage(body []byte) string {
	var envelope struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(body, &envelope) == nil && envelope.Error != "" {
		return envelope.Error
	}
	text := strings.TrimSpace(string(body))
	if strings.HasPrefix(text, "<") { // a page of a proxy says nothing to a person
		return ""
	}
	line, _, _ := strings.Cut(text, "\n")
	return line
}

func unwrapURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) { // its text repeats the address, with all parameters
		return u.Err
	}
	return err
}

func isCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &hostname)
}
