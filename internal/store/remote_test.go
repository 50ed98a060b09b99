package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/store"
)

func openRemote(t *testing.T, o store.RemoteOptions) store.Metrics {
	t.Helper()
	o.Clock = func() time.Time { return at }
	r, err := store.OpenRemote(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	m, err := r.Workspace(t.Context(), "w1")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A VictoriaMetrics behind a proxy that fails at first, and that is away.
func TestRemoteWritesAreTriedAgain(t *testing.T) {
	vm := realserver.StartVictoriaMetrics(t)
	var failures atomic.Int32
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if failures.Add(-1) >= 0 {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		req, err := http.NewRequestWithContext(r.Context(), r.Method, vm.URL+r.URL.Path, r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		req.Header = r.Header
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	}))
	defer front.Close()
	m := openRemote(t, store.RemoteOptions{WriteURL: front.URL + "/api/v1/write", ReadURL: vm.URL})
	up := []store.Series{one("up", "a", sample(time.Minute, 1), sample(0, 1))}

	failures.Store(2)
	if r, err := m.Append(t.Context(), up); err != nil || r.Stored != 2 {
		t.Errorf("after two failures: %+v, %v", r, err)
	}
	vm.Flush(t)
	if got := query1(t, m, `count_over_time(up[1h])`); got != "2" {
		t.Errorf("%s samples, want 2", got)
	}
	failures.Store(1000)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := m.Append(ctx, up); !errors.Is(err, store.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), "busy") {
		t.Errorf("as long as it fails: %v, want ErrUnavailable with its answer", err)
	}
	vm.Stop()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/api/v1/query?query=up", nil))
	if w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), `"errorType":"unavailable"`) {
		t.Errorf("a query without a server: %d %s", w.Code, w.Body)
	}
	if err := m.Snapshot(t.Context(), t.TempDir()); !errors.Is(err, store.ErrElsewhere) {
		t.Errorf("snapshot: %v, want ErrElsewhere", err)
	}
}

// In a cluster the tenant stands in the address; a workspace always has the same.
func TestTenantStandsInTheAddress(t *testing.T) {
	var paths []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		paths = append(paths, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	m := openRemote(t, store.RemoteOptions{
		WriteURL: server.URL + "/insert/{tenant}/prometheus/api/v1/write",
		ReadURL:  server.URL + "/select/{tenant}/prometheus",
	})
	if _, err := m.Append(t.Context(), []store.Series{one("up", "a", sample(0, 1))}); err != nil {
		t.Fatal(err)
	}
	m.Handler().ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/api/v1/label/host/values", nil))
	const tenant = "1623546127:1928262290"
	want := []string{"/insert/" + tenant + "/prometheus/api/v1/write", "/select/" + tenant + "/prometheus/api/v1/label/host/values"}
	if fmt.Sprint(paths) != fmt.Sprint(want) {
		t.Errorf("asked %v, want %v", paths, want)
	}
}

func TestRemoteAddressesAreChecked(t *testing.T) {
	for _, c := range []struct {
		name, write, read string
		good              bool
	}{
		{"single node", "http://vm:8428/api/v1/write", "http://vm:8428", true},
		{"cluster", "http://insert:8480/insert/{tenant}/prometheus/api/v1/write", "http://select:8481/select/{tenant}/prometheus", true},
		{"tenant in one alone", "http://insert:8480/insert/{tenant}/prometheus/api/v1/write", "http://select:8481/select/0/prometheus", false},
		{"no scheme", "vm:8428/api/v1/write", "http://vm:8428", false},
		{"nothing", "", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := store.OpenRemote(store.RemoteOptions{WriteURL: c.write, ReadURL: c.read})
			if (err == nil) != c.good {
				t.Fatalf("error %v, good is %v", err, c.good)
			}
			if c.good {
				_ = r.Close()
			}
		})
	}
}
