package store_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/leak"
	"go.yaml.in/yaml/v3"
)

const (
	dashboardFile = "../../deploy/grafana/memseep.json"
	rulesFile     = "../../deploy/rules/memseep.yaml"
)

// judged is a store with the verdicts of two runs: a host that leaks to an end in both, a process on
// it and one whose end nobody knows, a host that is well.
func judged(t *testing.T) *httptest.Server {
	t.Helper()
	e := embedded(t, store.EmbeddedOptions{})
	host := func(name string) leak.Object { return leak.Object{Kind: leak.KindHost, Host: name} }
	process := func(host, name string) leak.Object {
		return leak.Object{Kind: leak.KindProcess, Host: host, Name: name}
	}
	leaks := leak.Verdict{Leak: true, Cause: leak.Steady, Level: leak.Error, Confidence: 0.98, Value: 71, SlopePerHour: 2}
	leaks.Exhaustion.At = at.Add(3 * time.Hour).Unix()
	endless := leaks // as far as is known
	endless.Exhaustion.At = 0
	verdicts := []store.Verdict{
		{At: at, Inspection: "memory leaks", Object: host("web-1"), Unit: leak.Percent, Verdict: leaks},
		{At: at, Inspection: "memory leaks", Object: process("web-1", "java"), Unit: leak.Bytes, Verdict: leaks},
		{At: at, Inspection: "memory leaks", Object: process("web-2", "node"), Unit: leak.Bytes, Verdict: endless},
		{At: at, Inspection: "all hosts again", Object: host("web-1"), Unit: leak.Percent, Verdict: leaks},
		{At: at, Inspection: "memory leaks", Object: host("web-2"), Unit: leak.Percent, Verdict: leak.Verdict{Cause: leak.SteadyLevel, Level: leak.OK, Confidence: 0.9, Value: 40}},
	}
	if err := store.WriteVerdicts(t.Context(), e, verdicts); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(e.Handler())
	t.Cleanup(s.Close)
	return s
}

// Every query of the Grafana dashboard finds the verdicts, for all hosts and for some.
func TestDashboardShowsVerdicts(t *testing.T) {
	text, err := os.ReadFile(dashboardFile)
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
		Templating struct {
			List []struct {
				Name, Type string
				AllValue   string
				Query      json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	s := judged(t)
	values, selected := "", map[string]string{}
	for _, v := range dashboard.Templating.List {
		if v.Type == "query" {
			values = labelOf(t, string(v.Query))
			selected["all"], selected["one"], selected["two"] = v.AllValue, "web-1", "(web-1|web-2)"
		}
	}
	a := askPrometheus(t, http.MethodGet, s.URL, "label/"+values+"/values", url.Values{"match[]": {store.UsedMetric}})
	if got, want := list(a.Data), []string{"web-1", "web-2"}; !slices.Equal(got, want) {
		t.Errorf("the variable has %v, want %v", got, want)
	}
	queries := 0
	for _, panel := range dashboard.Panels {
		for _, target := range panel.Targets {
			for name, hosts := range selected {
				queries++
				a := askPrometheus(t, http.MethodGet, s.URL, "query", url.Values{"query": {strings.ReplaceAll(target.Expr, "$host", hosts)}, "time": {unix(at.Add(time.Minute))}})
				n := len(found(a))
				if n == 0 {
					t.Errorf("%s, %s: %+v of %s", panel.Title, name, a, target.Expr)
					continue
				}
				if want := map[string]int{"all": 4, "one": 3, "two": 4}[name]; panel.Title == "What leaks now" && n != want {
					t.Errorf("%s, %s: %d rows, want %d: %+v", panel.Title, name, n, want, a)
				}
				if v := found(a)[0].(map[string]any)["value"].([]any)[1]; panel.Title == "Hosts that leak" && v != twelve(1) {
					t.Errorf("%s hosts leak, want the one that two inspections judged", v)
				}
			}
		}
	}
	if queries < 3*7 {
		t.Errorf("%d queries were made", queries)
	}
}

// labelOf is the label of "label_values(metric, label)".
func labelOf(t *testing.T, query string) string {
	t.Helper()
	_, rest, ok := strings.Cut(query, "label_values("+store.UsedMetric+", ")
	label, _, end := strings.Cut(rest, ")")
	if !ok || !end {
		t.Fatalf("the variable asks for %s", query)
	}
	return label
}

func list(data any) (out []string) {
	all, _ := data.([]any)
	for _, v := range all {
		out = append(out, v.(string))
	}
	return out
}

func found(a promAnswer) []any {
	data, _ := a.Data.(map[string]any)
	result, _ := data["result"].([]any)
	return result
}

// Each alert rule is one for Prometheus, and fires for what it is made for and nothing else.
func TestRulesFireOnVerdicts(t *testing.T) {
	if out, err := exec.Command(realserver.Find(t, "promtool"), "check", "rules", rulesFile).CombinedOutput(); err != nil {
		t.Errorf("promtool: %v\n%s", err, out)
	}
	text, err := os.ReadFile(rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	s := judged(t)
	soon, late := at.Add(time.Minute), at.Add(4*time.Hour)
	want := map[string][2]int{"MemoryLeak": {4, 0}, "MemoryExhaustedSoon": {3, 0}, "MemseepInspectsNothing": {0, 1}}
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			for i, when := range []time.Time{soon, late} {
				a := askPrometheus(t, http.MethodGet, s.URL, "query", url.Values{"query": {r.Expr}, "time": {unix(when)}})
				if n := len(found(a)); n != want[r.Alert][i] {
					t.Errorf("%s fires for %d at %s, want %d: %+v", r.Alert, n, when, want[r.Alert][i], a)
				}
			}
			delete(want, r.Alert)
		}
	}
	if len(want) > 0 {
		t.Errorf("there are no rules %v", want)
	}
}
