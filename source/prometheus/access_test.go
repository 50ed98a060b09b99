package prometheus

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/memseep/memseep/leak"
	"github.com/prometheus/prometheus/prompb"
)

// proxyTo stands in front of a real server, under a prefix; before decides whether a request goes
// through.
func proxyTo(t *testing.T, server string, before func(w http.ResponseWriter, r *http.Request) bool) http.Handler {
	t.Helper()
	target, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	return http.StripPrefix("/behind/proxy", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before == nil || before(w, r) {
			proxy.ServeHTTP(w, r)
		}
	}))
}

// wantHeader lets only requests with the header through.
func wantParameter(name, value string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Query().Get(name) != value {
			http.Error(w, "no "+name, http.StatusBadRequest)
			return false
		}
		return true
	}
}

func wantHeader(name, value string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get(name) != value {
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return false
		}
		return true
	}
}

func TestServersBehindProxiesAreRead(t *testing.T) {
	vm := startFleetVictoriaMetrics(t)
	want := expected(smallFleet(), fleetQuery())
	withUser := func(address, user string) string { return strings.Replace(address, "://", "://"+user+"@", 1) }
	for _, c := range []struct {
		name   string
		before func(http.ResponseWriter, *http.Request) bool
		config func(address string) Config
	}{
		{"prefix", nil, func(a string) Config { return Config{URL: a + "/behind/proxy/"} }},
		{"prefix with the path of the API", nil, func(a string) Config { return Config{URL: a + "/behind/proxy/api/v1"} }},
		{
			"basic", wantHeader("Authorization", "Basic bWU6czpjcmV0"),
			func(a string) Config { return Config{URL: withUser(a, "me:s%3Acret") + "/behind/proxy"} },
		},
		{
			"bearer", wantHeader("Authorization", "Bearer token"),
			func(a string) Config { return Config{URL: a + "/behind/proxy", BearerToken: "token"} },
		},
		{
			"tenant", wantHeader("X-Scope-Orgid", "team-a"),
			func(a string) Config {
				return Config{URL: a + "/behind/proxy", Headers: map[string]string{"X-Scope-OrgID": "team-a"}}
			},
		},
		{
			"parameters", wantParameter("nocache", "1"),
			func(a string) Config {
				return Config{URL: a + "/behind/proxy", Parameters: map[string]string{"nocache": "1"}}
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			front := httptest.NewServer(proxyTo(t, vm.URL, c.before))
			defer front.Close()
			compare(t, collect(t, newSource(t, c.config(front.URL)), fleetQuery()), want)
		})
	}
}

func TestTLS(t *testing.T) {
	vm := startFleetVictoriaMetrics(t)
	front := httptest.NewUnstartedServer(proxyTo(t, vm.URL, nil))
	front.Config.ErrorLog = nil
	front.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	front.StartTLS()
	defer front.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: front.Certificate().Raw})
	if err := os.WriteFile(ca, text, 0o600); err != nil {
		t.Fatal(err)
	}
	address := front.URL + "/behind/proxy"

	t.Run("with its CA", func(t *testing.T) { readsAll(t, Config{URL: address, CAFile: ca}) })
	t.Run("insecure", func(t *testing.T) { readsAll(t, Config{URL: address, Insecure: true}) })
	t.Run("not trusted", func(t *testing.T) {
		_, err := newSource(t, Config{URL: address}).Hosts(context.Background(), fleetEnd)
		if err == nil || !strings.Contains(err.Error(), "give the CA that signed it") {
			t.Errorf("error %v does not say what to do", err)
		}
	})
	t.Run("a file without certificate", func(t *testing.T) {
		if _, err := New(Config{URL: address, CAFile: os.Args[0]}); err == nil {
			t.Error("no error")
		}
	})
}

func readsAll(t *testing.T, c Config) {
	t.Helper()
	if got := collect(t, newSource(t, c), fleetQuery()); len(got) != 6 {
		t.Errorf("%d hosts, want 6", len(got))
	}
}

func TestRequestsAreTriedAgain(t *testing.T) {
	prometheus, victoria := startFleetPrometheus(t), startFleetVictoriaMetrics(t)
	want := expected(smallFleet(), fleetQuery())
	refuse := func(code int) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) { http.Error(w, "later", code) }
	}
	breakOff := func(w http.ResponseWriter) {
		w.Header().Set("Content-Length", "100000")
		_, _ = fmt.Fprint(w, "half an ans")
		panic(http.ErrAbortHandler)
	}
	for _, c := range []struct {
		name   string
		server string
		access Access
		fail   func(http.ResponseWriter)
	}{
		{"429 of VictoriaMetrics", victoria.URL, Auto, refuse(http.StatusTooManyRequests)},
		{"503 of VictoriaMetrics", victoria.URL, Auto, refuse(http.StatusServiceUnavailable)},
		{"an export that breaks off", victoria.URL, Native, breakOff},
		{"502 of Prometheus", prometheus.URL, Auto, refuse(http.StatusBadGateway)},
		{"a query that breaks off", prometheus.URL, Range, breakOff},
	} {
		t.Run(c.name, func(t *testing.T) {
			var calls, failed atomic.Int64
			front := httptest.NewServer(proxyTo(t, c.server, func(w http.ResponseWriter, _ *http.Request) bool {
				if calls.Add(1)%2 == 1 { // every other request
					failed.Add(1)
					c.fail(w)
					return false
				}
				return true
			}))
			defer front.Close()
			s := newSource(t, Config{URL: front.URL + "/behind/proxy", Access: c.access, Retries: 20})
			compare(t, collect(t, s, fleetQuery()), want)
			if failed.Load() == 0 {
				t.Error("no request failed")
			}
		})
	}
}

// Prometheus with a low limit refuses what is too much at once; hosts are then read one by one,
// and a host in pieces of time.
func TestLimitsOfTheServerAreFoundAndRespected(t *testing.T) {
	want := expected(smallFleet(), fleetQuery())
	for _, limit := range []string{"5000", "800"} {
		server := startFleetPrometheus(t, "--query.max-samples="+limit)
		for _, access := range []Access{Range, RemoteRead} {
			t.Run(string(access)+" with "+limit+" samples", func(t *testing.T) {
				got := collect(t, newSource(t, Config{URL: server.URL, Access: access}), fleetQuery())
				compare(t, got, want)
			})
		}
	}
}

// A server that gives no week of raw samples is asked for floors.
func TestFloorsAreAskedWhereRawHistoryIsRefused(t *testing.T) {
	server := startFleetPrometheus(t)
	refused := atomic.Int64{}
	front := httptest.NewServer(proxyTo(t, server.URL, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/api/v1/read") {
			return true
		}
		packed, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		data, err := snappy.Decode(nil, packed)
		if err != nil {
			t.Error(err)
		}
		var request prompb.ReadRequest
		if err := request.Unmarshal(data); err != nil {
			t.Error(err)
		}
		for _, q := range request.Queries {
			if q.EndTimestampMs-q.StartTimestampMs > (12 * time.Hour).Milliseconds() {
				refused.Add(1)
				http.Error(w, "the query exceeds the limit of time", http.StatusUnprocessableEntity)
				return false
			}
		}
		r.Body = io.NopCloser(bytes.NewReader(packed))
		return true
	}))
	defer front.Close()
	s := newSource(t, Config{URL: front.URL + "/behind/proxy"})
	compare(t, collect(t, s, fleetQuery()), expected(smallFleet(), fleetQuery()))
	if refused.Load() == 0 {
		t.Error("no request was refused")
	}
}

// A host that cannot be read is a reading with an error, the others are read.
func TestAHostThatFailsDoesNotFailTheOthers(t *testing.T) {
	vm := startFleetVictoriaMetrics(t)
	front := httptest.NewServer(proxyTo(t, vm.URL, func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/export/native") {
			if err := r.ParseForm(); err != nil {
				t.Error(err)
			}
			if strings.Contains(r.PostForm.Encode(), "made-1") {
				http.Error(w, `{"status":"error","error":"this host has too many samples"}`, http.StatusUnprocessableEntity)
				return false
			}
			form := r.PostForm.Encode()
			r.Body, r.ContentLength = http.NoBody, 0
			r.URL.RawQuery = form
		}
		return true
	}))
	defer front.Close()
	got := collect(t, newSource(t, Config{URL: front.URL + "/behind/proxy"}), fleetQuery())
	if len(got) != 6 {
		t.Fatalf("%d hosts, want 6", len(got))
	}
	for name, r := range got {
		if (r.Err != nil) != (name == "made-1") {
			t.Errorf("host %s: error %v", name, r.Err)
		}
	}
	if err := got["made-1"].Err; err == nil || !strings.Contains(err.Error(), "this host has too many samples") {
		t.Errorf("error %v does not say what the server said", err)
	}
}

// A server that fails for good ends the read soon, however many hosts there are.
func TestAServerThatAlwaysFailsEndsTheRead(t *testing.T) {
	vm := startFleetVictoriaMetrics(t)
	var calls atomic.Int64
	front := httptest.NewServer(proxyTo(t, vm.URL, func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/export/native") && calls.Add(1) > 1 { // the first asks whether it is there
			http.Error(w, "the disk is broken", http.StatusInternalServerError)
			return false
		}
		return true
	}))
	defer front.Close()
	s := newSource(t, Config{URL: front.URL + "/behind/proxy", Retries: -1})
	n := 0
	q := fleetQuery()
	q.Parallel = 1
	err := s.Read(context.Background(), q, func(r *leak.Reading) error {
		n++
		if r.Err == nil || !strings.Contains(r.Err.Error(), "the disk is broken") {
			t.Errorf("host %s: error %v", r.Host.Name, r.Err)
		}
		return nil
	})
	if err != nil || n != 6 {
		t.Errorf("%d readings, error %v", n, err)
	}
	if calls.Load() > 20 {
		t.Errorf("%d requests for six hosts", calls.Load())
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	vm := startFleetVictoriaMetrics(t)
	locked := httptest.NewServer(proxyTo(t, vm.URL, wantHeader("Authorization", "never")))
	defer locked.Close()
	closed := httptest.NewServer(nil)
	closed.Close()
	for _, c := range []struct {
		name   string
		config Config
		at     time.Time
		want   []string
	}{
		{"no answer", Config{URL: strings.Replace(closed.URL, "://", "://me:secret@", 1), Retries: -1}, fleetEnd, []string{closed.URL, "check the address and that the server runs"}},
		{"wrong password", Config{URL: strings.Replace(locked.URL, "://", "://me:secret@", 1) + "/behind/proxy"}, fleetEnd, []string{"401", "another user or password"}},
		{"wrong prefix", Config{URL: vm.URL + "/elsewhere"}, fleetEnd, []string{"check the prefix"}},
		{"no metrics", Config{URL: vm.URL}, fleetEnd.AddDate(0, -3, 0), []string{"no memory metrics", "node_memory_MemAvailable_bytes (node_exporter)", "install"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSource(t, c.config)
			_, err := s.Hosts(context.Background(), c.at)
			q := fleetQuery()
			q.At = c.at
			readErr := s.Read(context.Background(), q, func(*leak.Reading) error { return nil })
			for _, err := range []error{err, readErr} {
				if err == nil {
					t.Fatal("no error")
				}
				for _, want := range c.want {
					if !strings.Contains(err.Error(), want) {
						t.Errorf("error %q does not say %q", err, want)
					}
				}
				if strings.Contains(err.Error(), "secret") {
					t.Errorf("error %q shows the password", err)
				}
			}
		})
	}
	t.Run("no URL", func(t *testing.T) {
		for _, address := range []string{"", "prometheus:9090", "ftp://host", "http://", "http://me:sec%ret@host"} {
			if _, err := New(Config{URL: address}); err == nil || strings.Contains(err.Error(), "sec%ret") {
				t.Errorf("address %q: error %v", address, err)
			}
		}
	})
}

func TestTheContextEndsARead(t *testing.T) {
	vm := startFleetVictoriaMetrics(t)
	ctx, cancel := context.WithCancel(context.Background())
	err := newSource(t, Config{URL: vm.URL}).Read(ctx, fleetQuery(), func(*leak.Reading) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Read returned %v", err)
	}
	stop := errors.New("enough")
	err = newSource(t, Config{URL: vm.URL}).Read(context.Background(), fleetQuery(), func(*leak.Reading) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("Read returned %v, want what its function did", err)
	}
}

func TestHostsAndNewest(t *testing.T) {
	prometheus, victoria := startFleetPrometheus(t), startFleetVictoriaMetrics(t)
	for name, address := range map[string]string{"Prometheus": prometheus.URL, "VictoriaMetrics": victoria.URL} {
		t.Run(name, func(t *testing.T) {
			s := newSource(t, Config{URL: address})
			newest, err := s.Newest(context.Background())
			if err != nil || !newest.Equal(fleetEnd) {
				t.Errorf("newest sample %v, %v; want %v", newest, err, fleetEnd)
			}
			hosts, err := s.Hosts(context.Background(), fleetEnd)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range hosts {
				got = append(got, fmt.Sprintf("%s %v %.0f", h.Name, h.Collectors, h.TotalBytes))
			}
			want := []string{

				`dk "one" [DataKit] 4000000000`,
				"made-0 [memseep] 8589934592", "made-1 [memseep] 8589934592", "made-2 [memseep] 8589934592",
				"made-3 [memseep] 0", "worker-1 [cAdvisor node_exporter] 17179869184",
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("hosts\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if job := hosts[5].Labels["job"]; job != "node" {
				t.Errorf("labels %v of the node", hosts[5].Labels)
			}
			q := fleetQuery()
			q.Hosts = []string{"made-2", "nobody", "worker-1"}
			if some := collect(t, s, q); len(some) != 2 {
				t.Errorf("%d readings for two hosts that are there and one that is not", len(some))
			}
		})
	}
}

// Steps of a minute are what the samples are, where those lie a minute apart.
func TestStepsWhereNoRawSamplesAreLetThrough(t *testing.T) {
	server := startFleetPrometheus(t)
	got := collect(t, newSource(t, Config{URL: server.URL, Access: Steps}), fleetQuery())
	want := expected(smallFleet(), fleetQuery())
	delete(want, "worker-1") // scraped twice a minute: every other sample is left out
	delete(got, "worker-1")
	compare(t, got, want)
}
