package send

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"":                              0,
		"30":                            30 * time.Second,
		"-5":                            0,
		"soon":                          0,
		"999999999999999999999":         0,
		"90000":                         longestWait,
		"Wed, 25 Nov 2026 12:02:00 GMT": 2 * time.Minute,
		"Wed, 25 Nov 2026 11:00:00 GMT": 0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q means %s, want %s", header, got, want)
		}
	}
}

// What a server says is shown in one line of a length that can be read.
func TestReason(t *testing.T) {
	for _, c := range []struct{ name, said, want string }{
		{"nothing", "", "400 Bad Request"},
		{"a line", "out of bounds\n", "400 Bad Request: out of bounds"},
		{"a page", "<html>\n<body>", "400 Bad Request: <html>"},
		{"long", strings.Repeat("é", 400), "400 Bad Request: " + strings.Repeat("é", 150) + "…"},
		{"no text", "\xff", "400 Bad Request: �"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := reason("400 Bad Request", []byte(c.said)); got != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

// A password in the address is not shown.
func TestUnreachable(t *testing.T) {
	c, err := New(Options{URL: "http://user:secret@127.0.0.1:1/prefix/write", Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	err = c.Send(t.Context(), nil)
	var later *LaterError
	if !errors.As(err, &later) || strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "127.0.0.1:1/prefix/write does not answer") {
		t.Errorf("error is %v", err)
	}
}

// Where version 2 is not known version 1 is tried once; where that is refused as well, the batch
// is, and version 2 stays.
func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		name    string
		code    int
		version int
		written bool
		want    error
	}{
		{"written", 204, 2, true, nil},
		{"nothing said of what was written", 204, 2, false, errVersion},
		{"version 1 says nothing of it", 204, 1, false, nil},
		{"unknown form", 415, 2, false, errVersion},
		{"unknown form of version 1", 415, 1, false, &RefusedError{}},
		{"bad request", 400, 2, false, errVersion},
		{"bad request of one that speaks version 2", 400, 2, true, &RefusedError{}},
		{"redirected", 302, 2, false, &LaterError{Slow: true}},
		{"gateway", 502, 1, false, &LaterError{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp := &http.Response{StatusCode: c.code, Status: http.StatusText(c.code), Header: http.Header{}}
			if c.written {
				resp.Header.Set(writtenHeader, "7")
			}
			err := answer(resp, nil, c.version)
			var refused *RefusedError
			var later *LaterError
			switch want := c.want.(type) {
			case *RefusedError:
				if !errors.As(err, &refused) {
					t.Errorf("error is %v", err)
				}
			case *LaterError:
				if !errors.As(err, &later) || later.Slow != want.Slow {
					t.Errorf("error is %v", err)
				}
			default:
				if !errors.Is(err, c.want) {
					t.Errorf("error is %v, want %v", err, c.want)
				}
			}
		})
	}
}
