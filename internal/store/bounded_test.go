package store_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// An expression that is nested so deep that reading it takes minutes is refused; long texts are not.
func TestExpressionsAreBounded(t *testing.T) {
	h := open(t, 0, host("web-1")).Handler()
	deep := func(open, close string, n int) string {
		return strings.Repeat(open, n) + "1" + strings.Repeat(close, n)
	}
	const n = 2_000_000
	for _, c := range []struct {
		name, query string
		status      int
	}{
		{"brackets", deep("(", ")", n), 400},
		{"signs", deep("-", "", n), 400},
		{"sums", deep("1+", "", n), 400},
		{"calls", deep("abs(", ")", n/2), 400},
		{"behind a quote in a comment", "# it's\n" + deep("(", ")", n), 400},
		{"behind a text without an end", "'\n" + deep("(", ")", n), 400},
		{"as deep as may be", deep("(", ")", 8000), 200},
		{"a long text", fmt.Sprintf("up{instance=~\"%s\"}", strings.Repeat("host|", 20_000)), 200},
		{"a long text with what ends none", "up{instance=~`" + strings.Repeat("\"\\\\'", 20_000) + "`}", 200},
	} {
		for name, request := range map[string]*http.Request{
			"a form":    form("query", c.query),
			"multipart": multipart("query", c.query),
		} {
			t.Run(c.name+" in "+name, func(t *testing.T) {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, request)
				if w.Code != c.status || w.Header().Get("Content-Type") != "application/json" {
					t.Errorf("%d %.300s, want %d", w.Code, w.Body, c.status)
				}
			})
		}
	}
	w := httptest.NewRecorder()
	r := form("match[]", "{a=\"b\"}"+strings.Repeat(" ", 20_000))
	r.URL.Path = "/api/v1/series"
	if h.ServeHTTP(w, r); w.Code != 400 {
		t.Errorf("a long selector: %d %.300s", w.Code, w.Body)
	}
}

func form(name, value string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/api/v1/query", strings.NewReader(url.Values{name: {value}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func multipart(name, value string) *http.Request {
	body := "--x\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n--x--\r\n"
	r := httptest.NewRequest(http.MethodPost, "/api/v1/query", strings.NewReader(body))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	return r
}
