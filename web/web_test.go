package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func TestEveryAddressOfTheAppHasItsPage(t *testing.T) {
	for _, c := range []struct {
		name, method, path string
		status             int
	}{
		{"the start", "GET", "/", 200},
		{"an address of the app", "GET", "/events/01J0000000?lang=zh", 200},
		{"a host with a dot", "GET", "/hosts/web-1.example.com", 200},
		{"a file that is gone", "GET", "/assets/index-old.js", 404},
		{"a change", "POST", "/", 405},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			Handler().ServeHTTP(w, httptest.NewRequest(c.method, c.path, nil))
			if w.Code != c.status {
				t.Errorf("status %d, want %d", w.Code, c.status)
			}
			if c.status == 200 && !strings.Contains(w.Body.String(), "<html") {
				t.Errorf("no page: %.100s", w.Body)
			}
		})
	}
}

func TestAPageIsAskedForAgainOnlyWhereItChanged(t *testing.T) {
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	again := httptest.NewRequest("GET", "/", nil)
	again.Header.Set("If-None-Match", w.Header().Get("ETag"))
	w = httptest.NewRecorder()
	Handler().ServeHTTP(w, again)
	if w.Code != http.StatusNotModified {
		t.Errorf("status %d, want 304", w.Code)
	}
}

// Without web/dist the page says how to build the app.
func TestThePageWithoutTheApp(t *testing.T) {
	w := httptest.NewRecorder()
	of("dist-missing").ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "make web") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestWhatABrowserTakes(t *testing.T) {
	for _, c := range []struct {
		accepted, encoding string
		want               bool
	}{
		{"gzip, deflate, br, zstd", "br", true},
		{"gzip;q=0.8, br ; q=1.0", "br", true},
		{"gzip;q=0.001", "gzip", true},
		{"br;q=0, gzip", "br", false},
		{"br;q=0.0", "br", false},
		{"brotli", "br", false},
		{"", "gzip", false},
	} {
		if got := takes(c.accepted, c.encoding); got != c.want {
			t.Errorf("%q takes %s: %v", c.accepted, c.encoding, got)
		}
	}
}

// A file that the build left compressed is sent so, as what it is.
func TestFilesAreSentCompressed(t *testing.T) {
	a := app{fstest.MapFS{
		"assets/index-1.js":    {Data: []byte("plain")},
		"assets/index-1.js.gz": {Data: []byte("gzipped")},
		"assets/index-1.js.br": {Data: []byte("smallest")},
		"assets/small-1.js":    {Data: []byte("tiny")},
	}}
	for _, c := range []struct{ path, accepted, encoding, body string }{
		{"/assets/index-1.js", "gzip, deflate, br, zstd", "br", "smallest"},
		{"/assets/index-1.js", "gzip", "gzip", "gzipped"},
		{"/assets/index-1.js", "identity", "", "plain"},
		{"/assets/small-1.js", "gzip, br", "", "tiny"},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.Header.Set("Accept-Encoding", c.accepted)
		w := httptest.NewRecorder()
		a.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Encoding"); w.Code != 200 || got != c.encoding || w.Body.String() != c.body {
			t.Errorf("%s for %q: status %d, encoding %q, %s", c.path, c.accepted, w.Code, got, w.Body)
		}
		if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/javascript") {
			t.Errorf("%s for %q: type %s", c.path, c.accepted, kind)
		}
	}
}
