package script_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/script"
)

// answering is a server for scripts, and its HOST:PORT.
func answering(t *testing.T, elsewhere string) (*httptest.Server, string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Header.Get("Content-Type")+"|"+r.Header.Get("X-Token"))
		fmt.Fprintf(w, "%s %s", r.Method, body)
	})
	mux.HandleFunc("/to/", func(w http.ResponseWriter, r *http.Request) {
		to := strings.TrimPrefix(r.URL.Path, "/to/")
		if !strings.Contains(to, "/") {
			to += "/echo"
		}
		http.Redirect(w, r, "http://"+to, http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/elsewhere", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere, http.StatusFound)
	})
	mux.HandleFunc("/circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle", http.StatusFound) })
	mux.HandleFunc("/long", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 1<<20+1)) })
	mux.HandleFunc("/headers", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Long", strings.Repeat("x", 100<<10)) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("a\xffb")) })
	mux.HandleFunc("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s, strings.TrimPrefix(s.URL, "http://")
}

// What a script may call, and what it is told where it may not.
func TestHTTP(t *testing.T) {
	_, other := answering(t, "")
	_, server := answering(t, "http://"+other+"/echo")
	port := server[strings.LastIndex(server, ":")+1:]
	named := "localhost:" + port
	for _, c := range []struct {
		name  string
		allow []string
		call  string // with $ for the address of the server
		want  string
	}{
		{"an address of the list", []string{server}, `memseep.http('http://$/echo')['body']`, `"GET "`},
		{"status and headers", []string{server}, `(lambda r: [r['status'], r['headers']['x-seen'], r['headers']['content-type'][:10]])(memseep.http('http://$/echo', headers={'X-Token': 'ü'}))`, `[200,"|ü","text/plain"]`},
		{"a body as JSON", []string{server}, `(lambda r: [r['body'], r['headers']['x-seen']])(memseep.http('http://$/echo', 'post', body={'主机': [1, None]}, headers={'x-token': 't'}))`, `["POST {\"主机\":[1,null]}","application/json|t"]`},
		{"a body as text", []string{server}, `memseep.http('http://$/echo', method='PUT', body='x')['body']`, `"PUT x"`},
		{"a missing page is an answer", []string{server}, `memseep.http('http://$/nothing')['status']`, `404`},
		{"bytes that are no text", []string{server}, `memseep.http('http://$/broken')['body']`, "\"a\ufffdb\""},
		{"any port", []string{"127.0.0.1:*"}, `memseep.http('http://$/echo')['status']`, `200`},
		{"a network", []string{"127.0.0.0/8"}, `memseep.http('http://$/echo')['status']`, `200`},
		{"a name that leads into a network of the list", []string{named, "127.0.0.0/8", "::1/128"}, `memseep.http('http://` + named + `/echo')['status']`, `200`},
		{"a glob", []string{"LOCAL*:" + port, "127.0.0.0/8", "::1/128"}, `memseep.http('http://LocalHost:` + port + `/echo')['status']`, `200`},
		{"no list", nil, `memseep.http('http://$/echo')`, `ConnectionError: http: ` + server + ` is not allowed: scripts may call no host until server.scripts.allow of the configuration names some`},
		{"a wrong entry", []string{"http://x/y"}, `memseep.http('http://$/echo')`, `ConnectionError: http: "http://x/y" is no host that scripts may call`},
		{"not of the list", []string{"example.com"}, `memseep.http('http://$/echo')`, `ConnectionError: http: ` + server + ` is not allowed: server.scripts.allow of the configuration does not name it`},
		{"another port", []string{"127.0.0.1"}, `memseep.http('http://$/echo')`, `ConnectionError: http: ` + server + ` is not allowed`},
		{"a name that leads to this machine", []string{named}, `memseep.http('http://` + named + `/echo')`, `ConnectionError: http: ` + named + `: it leads to `},
		{"a glob is no address", []string{"*:*"}, `memseep.http('http://$/echo')`, `ConnectionError: http: ` + server + ` is not allowed`},
		{"a name that is an address in other words", []string{"*:*"}, `memseep.http('http://2130706433:` + port + `/echo')`, `ConnectionError: http: 2130706433:` + port + `: `},
		{"a user before the host", []string{"example.com:" + port}, `memseep.http('http://example.com:` + port + `@$/echo')`, `ConnectionError: http: ` + server + ` is not allowed`},
		{"files", []string{server}, `memseep.http('file:///etc/passwd')`, `ValueError: http: "file:///etc/passwd" is no address`},
		{"a method", []string{server}, `memseep.http('http://$/echo', method='CONNECT')`, `ValueError: http: the method is one of GET, HEAD, POST, PUT, PATCH, DELETE, not "CONNECT"`},
		{"a header that is two", []string{server}, `memseep.http('http://$/echo', headers={'A': 'b\r\nC: d'})`, `ConnectionError: http: ` + server + `: net/http: invalid header field value`},
		{"no time", []string{server}, `memseep.http('http://$/echo', timeout=0)`, `ValueError: http: timeout is a number of seconds above 0, up to 30`},
		{"too slow", []string{server}, `memseep.http('http://$/slow', timeout=0.1)`, `TimeoutError: http: ` + server + ` did not answer in time`},
		{"too long an answer", []string{server}, `memseep.http('http://$/long')`, `ConnectionError: http: the answer of ` + server + ` is longer than 1 MB`},
		{"too long headers", []string{server}, `memseep.http('http://$/headers')`, `ConnectionError: http: ` + server + `: net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded 65536 bytes`},
		{"too long a body", []string{server}, `memseep.http('http://$/echo', method='POST', body='x' * (1024 * 1024 + 1))`, `ValueError: http: the body is longer than 1 MB`},
		{"sent elsewhere within the list", []string{server, other}, `(lambda r: [r['body'], r['headers']['x-seen']])(memseep.http('http://$/to/` + other + `', method='POST', body={'a': 1}, headers={'X-Token': 'hush'}))`, `["POST {\"a\":1}","application/json|"]`},
		{"sent elsewhere, and on from there", []string{server, other}, `memseep.http('http://$/to/` + other + `/to/` + other + `', headers={'X-Token': 'hush'})['headers']['x-seen']`, `"|"`},
		{"sent elsewhere on the same server", []string{server}, `memseep.http('http://$/to/$', headers={'X-Token': 'kept'})['headers']['x-seen']`, `"|kept"`},
		{"sent elsewhere out of the list", []string{server}, `memseep.http('http://$/elsewhere')`, `ConnectionError: http: ` + server + `: it points elsewhere: ` + other + ` is not allowed`},
		{"sent around", []string{server}, `memseep.http('http://$/circle')`, `ConnectionError: http: ` + server + `: it was sent elsewhere more than 5 times`},
		{"too many calls", []string{server}, `[memseep.http('http://$/echo')['status'] for i in range(51)]`, `ConnectionError: http: more than 50 calls in one run`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t)
			w := f.world(true, "")
			w.Allow = c.allow
			got := w.run(t, f.job("x.py", "import memseep\ndef run():\n    return "+strings.ReplaceAll(c.call, "$", server)+"\n", "run"))
			said := string(got.result.Value)
			if got.result.Failure != nil {
				said = got.result.Failure.Message
			}
			if said != c.want && (got.result.Failure == nil || !strings.HasPrefix(said, c.want)) {
				t.Errorf("\n got %s\nwant %s", said, c.want)
			}
		})
	}
}

// Addresses that names lead to: the services of clouds are never called by chance.
func TestAllowed(t *testing.T) {
	for _, c := range []struct {
		name, url, leads string
		allow            []string
		want             bool
	}{
		{"public", "https://example.com/x", "93.184.216.34:443", []string{"example.com"}, true},
		{"public by a glob", "https://a.b.example.com", "[2606:2800:220:1::1]:443", []string{"*.example.com"}, true},
		{"a glob does not name its top", "https://example.com", "93.184.216.34:443", []string{"*.example.com"}, false},
		{"another name with the same end", "https://evil-example.com", "93.184.216.34:443", []string{"*.example.com"}, false},
		{"the other scheme's port", "http://example.com:443", "93.184.216.34:443", []string{"example.com"}, false},
		{"private", "http://example.com", "10.1.2.3:80", []string{"example.com"}, false},
		{"private, and listed", "http://example.com", "10.1.2.3:80", []string{"example.com", "10.0.0.0/8"}, true},
		{"private, and its address is listed", "http://example.com", "10.1.2.3:80", []string{"example.com", "10.1.2.3"}, true},
		{"private, and its address is listed with another port", "http://example.com", "10.1.2.3:80", []string{"example.com", "10.1.2.3:8080"}, false},
		{"loopback", "http://example.com", "127.0.0.2:80", []string{"*"}, false},
		{"loopback of IPv6", "http://example.com", "[::1]:80", []string{"*"}, false},
		{"IPv4 within IPv6", "http://example.com", "[::ffff:10.1.2.3]:80", []string{"*"}, false},
		{"IPv4 by translation", "http://example.com", "[64:ff9b::a01:203]:80", []string{"*"}, false},
		{"a carrier's", "http://example.com", "100.64.1.1:80", []string{"*"}, false},
		{"unspecified", "http://example.com", "0.0.0.0:80", []string{"*"}, false},
		{"unique local", "http://example.com", "[fd12::1]:80", []string{"*"}, false},
		{"metadata", "http://example.com", "169.254.169.254:80", []string{"*"}, false},
		{"metadata, and all networks are listed", "http://example.com", "169.254.169.254:80", []string{"*", "0.0.0.0/0"}, false},
		{"metadata of Alibaba Cloud, and all networks are listed", "http://example.com", "100.100.100.200:80", []string{"*", "0.0.0.0/0"}, false},
		{"metadata, and its address is listed", "http://169.254.169.254/latest", "169.254.169.254:80", []string{"169.254.169.254"}, true},
		{"an address of IPv6", "http://[::1]:9090/", "[::1]:9090", []string{"[::1]:9090"}, true},
		{"an address of IPv6 without a port", "http://[::1]/", "[::1]:80", []string{"::1"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := script.MayCall(t, c.allow, c.url, c.leads); got != c.want {
				t.Errorf("may be called: %v, want %v", got, c.want)
			}
		})
	}
}

func TestAllowedEntriesThatAreNone(t *testing.T) {
	for _, entry := range []string{"", "http://example.com", "example.com/x", "a b", "[", "user@example.com", "example.com:80:90"} {
		if _, err := script.ParseAllowed([]string{"example.com", entry}); err == nil {
			t.Errorf("%q is taken", entry)
		}
	}
}

// A call does not outlive its run.
func TestHTTPEndsWithTheRun(t *testing.T) {
	reached, ended := make(chan struct{}, 1), make(chan struct{}, 1)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		reached <- struct{}{}
		<-r.Context().Done()
		ended <- struct{}{}
	}))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil || net.ParseIP(u.Hostname()) == nil {
		t.Fatal(s.URL, err)
	}
	f := newFleet(t)
	w := f.world(true, "")
	w.Allow = []string{u.Host}
	// A machine that is busy may not come to the call within the first of these times.
	for _, w.limits.Wall = range []time.Duration{500 * time.Millisecond, 5 * time.Second, 25 * time.Second} {
		got := w.run(t, f.job("x.py", "import memseep\ndef run():\n    return memseep.http('"+s.URL+"', timeout=30)\n", "run"))
		if got.result.Failure == nil || got.result.Failure.Limit != "wall" {
			t.Errorf("%+v", got.result.Failure)
		}
		if len(reached) > 0 {
			break
		}
	}
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Errorf("the call goes on a minute after its run; it has begun %d times", len(reached))
	}
}
