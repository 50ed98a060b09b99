package send

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// RefusedError says that the server will never take the batch.
type RefusedError struct{ Reason string }

func (e *RefusedError) Error() string { return "the server refused a batch: " + e.Reason }

// LaterError says that the batch may be taken later.
type LaterError struct {
	Reason string
	After  time.Duration // what the server asks to wait; 0 where it does not
	// Slow says that nothing will change until a person does something: the key, the address.
	Slow bool
}

func (e *LaterError) Error() string { return e.Reason }

// errVersion says that the server does not speak version 2.
var errVersion = errors.New("the server does not speak remote write 2")

// answer says what the server's answer means, as the specification of remote write has it: a 5xx
// and a 429 are tried again, any other 4xx is not. Where the key or the address is wrong the batch
// is kept all the same, since a person can mend that.
func answer(resp *http.Response, said []byte, version int) error {
	text := reason(resp.Status, said)
	switch code := resp.StatusCode; {
	case code/100 == 2:
		// A server of version 1 may take a request of version 2 for one without samples; only one
		// of version 2 says how many it has written.
		if version == 2 && resp.Header.Get(writtenHeader) == "" {
			return errVersion
		}
		return nil
	case code == http.StatusUnsupportedMediaType && version == 2:
		return errVersion
	case code == http.StatusBadRequest && version == 2 && resp.Header.Get(writtenHeader) == "":
		return errVersion // what cannot be read as version 1 is often answered so
	case code == http.StatusUnauthorized:
		return &LaterError{Reason: "the server does not know the key: check --key (" + text + ")", Slow: true}
	case code == http.StatusForbidden:
		return &LaterError{Reason: "the key may not write: give one with the scope ingest (" + text + ")", Slow: true}
	case code == http.StatusNotFound || code == http.StatusMethodNotAllowed || code == http.StatusProxyAuthRequired || code/100 == 3:
		return &LaterError{Reason: "nothing takes remote write at the address: check --url (" + text + ")", Slow: true}
	case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code/100 == 5:
		return &LaterError{Reason: "the server takes nothing for now (" + text + ")", After: retryAfter(resp.Header.Get("Retry-After"), time.Now())}
	}
	return &RefusedError{Reason: text}
}

// reason is the status with the first line of what the server said.
func reason(status string, said []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(strings.ToValidUTF8(string(said), "�")), "\n")
	if len(line) > 300 {
		line = strings.ToValidUTF8(line[:300], "") + "…"
	}
	if line == "" {
		return status
	}
	return status + ": " + line
}

// longestWait is what a server may ask to wait.
const longestWait = time.Hour

// retryAfter reads the header of the name, seconds or a date: RFC 9110, 10.2.3.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(header, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, longestWait)
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(now), 0), longestWait)
	}
	return 0
}

// unreachable says that there was no answer.
func unreachable(address string, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the address, which may hold a password
	}
	shown := address
	if parsed, parseErr := url.Parse(address); parseErr == nil {
		shown = parsed.Redacted()
	}
	return &LaterError{Reason: fmt.Sprintf("%s does not answer: %v", shown, err)}
}
