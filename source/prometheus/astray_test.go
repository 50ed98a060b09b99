package prometheus

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// A server that points to another host is not followed there: the credentials are for it alone.
func TestCredentialsAreNotTakenToAnotherHost(t *testing.T) {
	var asked atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Api-Key") != "" {
			asked.Add(1)
		}
	}))
	defer other.Close()
	_, port, err := net.SplitHostPort(strings.TrimPrefix(other.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(http.RedirectHandler("http://localhost:"+port+"/", http.StatusTemporaryRedirect))
	defer front.Close()
	s, err := New(Config{URL: front.URL, Headers: map[string]string{"X-Api-Key": "secret"}, Retries: -1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Newest(t.Context()); err == nil || !strings.Contains(err.Error(), "redirects to the host localhost") {
		t.Errorf("the redirect: %v", err)
	}
	if asked.Load() > 0 {
		t.Error("another host was told the key")
	}
}

// Where addresses are looked at before they are connected to, no proxy of the environment stands in
// between, which would hide them.
func TestAddressesAreSeenThoughThereIsAProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://192.0.2.1:3128")
	var seen atomic.Value
	s, err := New(Config{URL: "http://192.0.2.9:9090", Retries: -1, Control: func(_, address string, _ syscall.RawConn) error {
		seen.Store(address)
		return syscall.EACCES
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Newest(t.Context()); err == nil {
		t.Error("it was asked")
	}
	if got, _ := seen.Load().(string); got != "192.0.2.9:9090" {
		t.Errorf("the address that was looked at is %q", got)
	}
}
