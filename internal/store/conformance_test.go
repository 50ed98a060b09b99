package store_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
	"github.com/prometheus/prometheus/model/value"
)

// spaces is an implementation of Spaces under test; settle makes what was written visible.
type spaces struct {
	store.Spaces
	settle func()
}

// eachSpaces runs a test on every implementation of Spaces.
func eachSpaces(t *testing.T, test func(t *testing.T, s spaces)) {
	t.Helper()
	clock := func() time.Time { return at }
	t.Run("embedded", func(t *testing.T) {
		d, err := store.OpenDirectory(t.TempDir(), store.DirectoryOptions{EmbeddedOptions: store.EmbeddedOptions{Clock: clock}})
		if err != nil {
			t.Fatal(err)
		}
		runSpaces(t, spaces{d, func() {}}, test)
	})
	t.Run("VictoriaMetrics", func(t *testing.T) {
		vm := realserver.StartVictoriaMetrics(t)
		r, err := store.OpenRemote(store.RemoteOptions{WriteURL: vm.URL + "/api/v1/write", ReadURL: vm.URL, Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		runSpaces(t, spaces{r, func() { vm.Flush(t) }}, test)
	})
}

func runSpaces(t *testing.T, s spaces, test func(t *testing.T, s spaces)) {
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	test(t, s)
}

func workspace(t testing.TB, s spaces, id string) store.Metrics {
	t.Helper()
	m, err := s.Workspace(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// appendAll appends the lines from so many minutes before the end on, in one request.
func appendAll(t testing.TB, m store.Metrics, lines []line, from int) {
	t.Helper()
	var all []store.Series
	for _, l := range lines {
		s := store.Series{Labels: l.labels}
		for ago := from; ago >= 0; ago-- {
			if v := l.value(ago); !math.IsNaN(v) {
				s.Samples = append(s.Samples, sample(time.Duration(ago)*time.Minute, v))
			}
		}
		all = append(all, s)
	}
	if r, err := m.Append(t.Context(), all); err != nil || r.Refused() > 0 {
		t.Fatalf("append: %+v, %v", r, err)
	}
}

func TestMetricsGiveWhatWasAppended(t *testing.T) {
	eachSpaces(t, func(t *testing.T, s spaces) {
		m := workspace(t, s, "w1")
		appendAll(t, m, host("web-1"), 5*60)
		s.settle()
		got := readings(t, m.Source(), leak.Query{At: at, Window: 6 * time.Hour, History: 24 * time.Hour})
		if len(got) != 1 || got[0].Host.Name != "web-1" || got[0].Memory == nil || len(got[0].Workloads) != 2 {
			t.Fatalf("readings %+v, want one of web-1 with two processes", got)
		}
		w := got[0].Memory.Window
		for ago := range 5 * 60 {
			if v, want := w.Values[len(w.Values)-1-ago], 87.5-10*float64(ago)/60; math.Abs(v-want) > 1e-9 {
				t.Fatalf("%d min ago: %g, want %g", ago, v, want)
			}
		}
		if newest, err := m.Source().Newest(t.Context()); err != nil || !newest.Equal(at) {
			t.Errorf("newest %v, %v; want %v", newest, err, at)
		}
		stats, err := m.Stats(t.Context())
		if err != nil || stats.Series != 7 || !stats.Newest.Equal(at) || stats.DiskFull {
			t.Errorf("stats %+v, %v; want 7 series up to %v", stats, err, at)
		}
	})
}

func TestMetricsRefuseWhatNobodyCouldUse(t *testing.T) {
	eachSpaces(t, func(t *testing.T, s spaces) {
		m := workspace(t, s, "w1")
		if _, err := m.Append(t.Context(), []store.Series{one("up", "a", sample(0, 1))}); err != nil {
			t.Fatal(err)
		}
		old := sample(7*time.Hour, 1)
		r, err := m.Append(t.Context(), []store.Series{
			one("up", "b", old, sample(5*time.Hour, 1), sample(time.Minute, math.Float64frombits(value.StaleNaN)), sample(-11*time.Minute, 1)),
			one("up", "\xff", sample(0, 1)),
			{Labels: series("", "host", "c"), Samples: []store.Sample{sample(0, 1)}},
		})
		if want := (store.Result{Stored: 2, TooOld: 1, TooNew: 1, Invalid: 2, Oldest: old.T}); err != nil || r != want {
			t.Errorf("%+v, %v; want %+v", r, err, want)
		}
		s.settle()
		if got := query1(t, m, "count(up)"); got != "1" {
			t.Errorf("%s series at the end, want 1: the other has ended", got)
		}
		if got := query1(t, m, "sum(count_over_time(up[6h]))"); got != "2" {
			t.Errorf("%s samples, want 2", got)
		}
	})
}

func TestWorkspacesDoNotSeeEachOther(t *testing.T) {
	eachSpaces(t, func(t *testing.T, s spaces) {
		mine, yours := workspace(t, s, "mine"), workspace(t, s, "yours")
		appendAll(t, mine, []line{{series("mem_used_percent", "host", "a", "memseep_workspace", "yours"), constant(1)}}, 1)
		appendAll(t, yours, []line{{series("mem_used_percent", "host", "b"), constant(2)}}, 1)
		s.settle()
		now := fmt.Sprintf("&time=%d&start=%d&end=%d", at.Unix(), at.Unix()-600, at.Unix())
		for _, path := range []string{
			"query?query=mem_used_percent" + now,
			"query?query=mem_used_percent" + now + "&extra_label=memseep_workspace%3Dyours",
			"query?query=mem_used_percent" + now + "&extra_filters[]=" + url.QueryEscape(`{memseep_workspace="yours"}`),
			"query?query=" + url.QueryEscape(`mem_used_percent or {memseep_workspace="yours"} or {host="b"}`) + now,
			"query_range?step=60&query=mem_used_percent" + now,
			"series?match[]=mem_used_percent" + now,
			"label/host/values?match[]=mem_used_percent" + now,
		} {
			for _, method := range []string{"GET", "POST"} {
				w := httptest.NewRecorder()
				r := httptest.NewRequest(method, "/api/v1/"+path, nil)
				if method == "POST" {
					address, form, _ := strings.Cut(path, "?")
					if strings.HasPrefix(address, "label/") {
						continue
					}
					r = httptest.NewRequest(method, "/api/v1/"+address, strings.NewReader(form))
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				}
				mine.Handler().ServeHTTP(w, r)
				if w.Code != 200 || !json.Valid(w.Body.Bytes()) || strings.Contains(w.Body.String(), `"b"`) || !strings.Contains(w.Body.String(), `"a"`) {
					t.Errorf("%s %s: %d %s; want host a alone", method, path, w.Code, w.Body)
				}
			}
		}
		for _, path := range []string{"/api/v1/write", "/api/v1/admin/tsdb/delete_series?match[]=up", "/api/v1/export?match[]=up", "/delete/0/prometheus", "/"} {
			w := httptest.NewRecorder()
			mine.Handler().ServeHTTP(w, httptest.NewRequest("POST", path, nil))
			if w.Code < 400 {
				t.Errorf("%s: %d %s; want it refused", path, w.Code, w.Body)
			}
		}
		if err := s.Delete(t.Context(), "mine"); err != nil {
			t.Fatal(err)
		}
		if got := query1(t, workspace(t, s, "mine"), "count(mem_used_percent)"); got != "" {
			t.Errorf("%s series after the workspace was deleted", got)
		}
		if got := query1(t, yours, "count(mem_used_percent)"); got != "1" {
			t.Errorf("%s series of the other workspace, want 1", got)
		}
		for _, id := range []string{"", "../yours", "a/b", `a"b`, strings.Repeat("x", 65)} {
			if _, err := s.Workspace(t.Context(), id); err == nil {
				t.Errorf("workspace %q is opened", id)
			}
		}
	})
}

// The history of a source outside is asked for once; later runs ask for the last hours.
func TestFloorsOfASourceOutsideAreKept(t *testing.T) {
	outside := filled(t, 4, fleet())
	eachSpaces(t, func(t *testing.T, s spaces) {
		m := workspace(t, s, "w1")
		asked := &askedSource{Source: store.RawSource(outside)}
		for i, ago := range []time.Duration{3 * time.Hour, 2 * time.Hour, 0} {
			q := leak.Query{At: at.Add(-ago), Window: 6 * time.Hour, History: 3 * 24 * time.Hour}
			src := store.WithFloors(asked, "prod", m)
			asked.longest = map[string]time.Duration{}
			expectSameReadings(t, ago.String(), readings(t, store.Raw(outside), q), readings(t, src, q))
			if err := src.WriteFloors(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.settle()
			if got := asked.longest["saw"]; i > 0 && got > 3*time.Hour {
				t.Errorf("run %d asks for %s of history", i, got)
			}
		}
		if got := query1(t, m, `count(memseep_floor{source="prod",host="saw",kind="host",unit="percent"} offset 6h15m)`); got != "1" {
			t.Errorf("%q series of floors, want 1", got)
		}
	})
}

func TestVerdictsAreSeries(t *testing.T) {
	eachSpaces(t, func(t *testing.T, s spaces) {
		m := workspace(t, s, "w1")
		host := leak.Object{Kind: leak.KindHost, Host: "web-1"}
		java := leak.Object{Kind: leak.KindProcess, Host: "web-1", Name: "java"}
		err := store.WriteVerdicts(t.Context(), m, []store.Verdict{
			{At: at, Inspection: "memory", Object: host, Verdict: leak.Verdict{Cause: leak.Daily, Confidence: 0.9, Value: 71}},
			{At: at, Inspection: "memory", Object: java, Unit: leak.Bytes, Verdict: leak.Verdict{
				Leak: true, Cause: leak.Steady, Level: leak.Error, Confidence: 0.97, Value: 5 * gib, SlopePerHour: gib, Exhaustion: leak.Exhaustion{At: at.Unix() + 7200},
			}},
			{At: at, Inspection: "memory", Object: leak.Object{Kind: leak.KindProcess, Host: "web-1", Name: "sshd"}, Verdict: leak.Verdict{Cause: leak.SteadyLevel}},
			{At: at, Inspection: "memory", Object: leak.Object{Kind: leak.KindHost, Host: "web-2"}, Verdict: leak.Verdict{Cause: leak.NoData, Value: math.NaN()}},
		})
		if err != nil {
			t.Fatal(err)
		}
		s.settle()
		var got []string
		for _, expr := range []string{
			`memseep_leak{kind="host"}`, `memseep_leak{kind="process",host="web-1",name="java",inspection="memory"}`, `count(memseep_leak)`,
			`memseep_used{unit="percent"}`, `memseep_slope_per_hour{unit="bytes"} / 2^30`, `memseep_exhaustion_timestamp_seconds - time()`,
			`count(memseep_leak_cause{cause="steady",level="error"})`, `memseep_confidence{name="java"}`,
		} {
			got = append(got, query1(t, m, expr))
		}
		if want := []string{"0", "1", "2", "71", "1", "7200", "1", "0.97"}; !slices.Equal(got, want) {
			t.Errorf("%s", cmp.Diff(want, got))
		}
	})
}
