package store_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/prometheus"
)

func TestHandlerAnswersThePrometheusAPI(t *testing.T) {
	s := open(t, 0, host("web-1"))
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	now := "time=" + at.Format("2006-01-02T15:04:05Z")
	span := "start=" + at.Add(-3600e9).Format("2006-01-02T15:04:05Z") + "&end=" + at.Format("2006-01-02T15:04:05Z")
	for _, c := range []struct {
		name, method, path string
		status             int
		want               string // a part of the answer
	}{
		{"query", "GET", "/api/v1/query?query=node_memory_MemTotal_bytes&" + now, 200, `"17179869184"`},
		{"query by POST", "POST", "/api/v1/query?query=node_memory_MemTotal_bytes&" + now, 200, `"17179869184"`},
		{"floors", "GET", "/api/v1/query?query=" + url.QueryEscape("min_over_time(node_memory_MemTotal_bytes[15m])") + "&" + now, 200, `"17179869184"`},
		{"query_range", "GET", "/api/v1/query_range?query=node_memory_MemTotal_bytes&step=60&" + span, 200, `"resultType":"matrix"`},
		{"labels", "GET", "/api/v1/labels?" + span, 200, `"groupname"`},
		{"label values", "GET", "/api/v1/label/groupname/values?" + span, 200, `["java","sshd"]`},
		{"series", "GET", "/api/v1/series?match[]=node_uname_info&" + span, 200, `"nodename":"web-1"`},
		{"metadata", "GET", "/api/v1/metadata", 200, `"success"`},
		{"buildinfo", "GET", "/api/v1/status/buildinfo", 200, `"version":"3`},
		{"runtimeinfo", "GET", "/api/v1/status/runtimeinfo", 200, `"storageRetention":"720h0m0s"`},
		{"tsdb", "GET", "/api/v1/status/tsdb", 200, `"numSeries":7`},
		{"walreplay", "GET", "/api/v1/status/walreplay", 200, `"current"`},
		{"targets", "GET", "/api/v1/targets", 200, `"success"`},
		{"rules", "GET", "/api/v1/rules", 200, `"success"`},
		{"alerts", "GET", "/api/v1/alerts", 200, `"success"`},
		{"alertmanagers", "GET", "/api/v1/alertmanagers", 200, `"success"`},
		{"notifications", "GET", "/api/v1/notifications", 200, `"success"`},
		{"a query with an error", "GET", "/api/v1/query?query=sum(", 400, "parse error"},
		{"writing is not allowed", "POST", "/api/v1/write", 404, ""},
		{"deleting is not allowed", "POST", "/api/v1/admin/tsdb/delete_series?match[]=up", 500, "admin APIs disabled"},
		{"no such route", "GET", "/graph", 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), c.method, server.URL+c.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != c.status || !strings.Contains(string(body), c.want) {
				t.Errorf("%d %s\nwant %d and %s", resp.StatusCode, body, c.status, c.want)
			}
			if c.status == 200 && !json.Valid(body) {
				t.Errorf("not JSON: %s", body)
			}
		})
	}
}

// What an inspection finds in the store itself it finds through the API too.
func TestHandlerGivesTheSameFindingsAsTheReader(t *testing.T) {
	s := open(t, 3, append(host("web-1"), line{series("mem_used_percent", "host", "db-1"), func(ago int) float64 { return 50 + float64(ago%7) }}))
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	remote, err := prometheus.New(prometheus.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	direct, throughAPI := findings(t, s.Reader()), findings(t, remote)
	if len(direct) != 4 {
		t.Errorf("%d findings, want 4: two hosts and two processes", len(direct))
	}
	if diff := cmp.Diff(direct, throughAPI, cmp.AllowUnexported(leak.Verdict{}), cmpopts.EquateEmpty(), cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-9, 0)); diff != "" {
		t.Errorf("the reader and the API differ (-reader +API):\n%s", diff)
	}
}

func findings(t *testing.T, src inspect.Source) []inspect.Finding {
	t.Helper()
	var all []inspect.Finding
	_, err := inspect.Run(t.Context(), src, inspect.Options{At: at, Parallel: 2}, func(f inspect.Finding) error {
		all = append(all, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b inspect.Finding) int { return compare(a.Object.String(), b.Object.String()) })
	return all
}
