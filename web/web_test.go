package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
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
	app{"dist-missing"}.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "make web") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
