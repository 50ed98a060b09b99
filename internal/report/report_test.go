package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

var update = flag.Bool("update", false, "write the golden files again")

const now = 1_793_491_200 // 2026-11-01T00:00:00Z

// window makes six hours at five minutes from a value at each hour before now.
func window(value func(hoursAgo float64) float64) *leak.Series {
	const step, n = 300, 72
	values := make([]float64, n)
	for i := range values {
		values[i] = value(float64(n-1-i) * step / 3600)
	}
	return &leak.Series{Window: leak.Window{Start: now - (n-1)*step, Step: step, Values: values}}
}

func wave(x float64) float64 { return math.Sin(40 * x) }

// findings are what every format has to be able to say. Their verdicts are made by hand, so that
// the golden files do not follow the detector; reasons come from the detector alone.
func findings() []inspect.Finding {
	leaking := window(func(h float64) float64 { return 72 - 2.5*h + 0.3*wave(h) })
	leaking.Limits.Capacity = 100
	java := window(func(h float64) float64 { return 6e9 - 3.9e8*h })
	java.Unit, java.Limits.Capacity = leak.Bytes, 16<<30
	full := window(func(h float64) float64 { return min(99.8, 100.4-0.8*h) })
	full.Limits.Capacity = 100
	pod := window(func(h float64) float64 { return 2e8 + 1e8*math.Mod(12-h, 2) })
	pod.Unit, pod.Window.Values[30] = leak.Bytes, math.NaN()
	calm := window(func(h float64) float64 { return 40 + 0.1*wave(h) })
	at := time.Unix(now, 0)
	return []inspect.Finding{
		{
			At: at, Object: leak.Object{Kind: leak.KindHost, Host: "db-1"}, Series: calm, Unexplained: math.NaN(),
			Verdict: leak.Verdict{Cause: leak.SteadyLevel, Level: leak.OK, Confidence: 0.995, Value: 40.01},
		}, {
			At: at, Object: leak.Object{Kind: leak.KindHost, Host: "web-1"}, Series: leaking, Unexplained: 1.5e8,
			Verdict: leak.Verdict{
				Leak: true, Cause: leak.Steady, Level: leak.Error, Confidence: 0.97, Value: 71.2, Onset: now - 5*3600,
				SlopePerHour: 2.5, SlopeLow: 2.3, SlopeHigh: 2.75,
				Exhaustion: leak.Exhaustion{At: now + 41400, Earliest: now + 37700, Latest: now + 45000},
			},
			Suspects: []suspect.Suspect{
				{Kind: leak.KindProcess, Name: "java", Share: 0.82, GrowthBytes: 1288490188, Bytes: 5368709120, Count: 1},
				{Kind: leak.KindProcess, Name: "php-fpm", Share: 0.1, GrowthBytes: 157286400, Bytes: 734003200, Count: 40},
			},
			Top: []suspect.Usage{
				{Kind: leak.KindProcess, Name: "java", Bytes: 5368709120}, {Kind: leak.KindPod, Namespace: "shop", Name: "cart-7d9f", Bytes: 2147483648},
			},
			Notes: []leak.Note{{Code: leak.NoContainers, Host: "web-1"}},
		}, {
			At: at, Object: leak.Object{Kind: leak.KindProcess, Host: "web-1", Name: "java"}, Unit: leak.Bytes, Series: java,
			Verdict: leak.Verdict{
				Leak: true, Cause: leak.Accelerating, Level: leak.Warning, Confidence: 0.91, Value: 5368709120, Onset: now - 9*3600,
				SlopePerHour: 3.9e8, SlopeLow: 3.1e8, SlopeHigh: 4.2e8, Exhaustion: leak.Exhaustion{At: now + 30*3600, Earliest: now + 28*3600},
			},
		}, {
			At: at, Object: leak.Object{Kind: leak.KindHost, Host: "<b>|x*\x1b[31m\n\u202egnp"}, Series: full,
			Verdict: leak.Verdict{
				Leak: true, Cause: leak.Exhausted, Level: leak.Critical, Confidence: 1, Value: 99.8, Onset: now - 40*3600,
				SlopePerHour: 0.8, SlopeLow: 0.01, SlopeHigh: 1.1, Exhaustion: leak.Exhaustion{At: now, Earliest: now, Latest: now},
			},
			Unexplained: math.Inf(1),
			Suspects:    []suspect.Suspect{{Kind: leak.KindContainer, Name: `"><script>alert(1)</script>`, Share: 1.4, GrowthBytes: math.NaN(), Bytes: math.Inf(1)}},
		}, {
			At: at, Object: leak.Object{Kind: leak.KindPod, Host: "节点-1", Namespace: "商店", Name: "购物车"}, Unit: leak.Bytes, Series: pod,
			Verdict: leak.Verdict{Leak: true, Cause: leak.Restarting, Level: leak.Warning, Confidence: 0.8, Value: 3e8, SlopePerHour: 5e7, SlopeLow: math.NaN(), SlopeHigh: math.Inf(1),
				Restarts: leak.Restarts{Count: 3, First: now - 5*3600, Last: now - 3600, Every: 7200, Peak: 3.5e8, Next: now + 3600}},
		}, {
			At: at, Object: leak.Object{Kind: leak.KindHost, Host: "gone"},
			Verdict: leak.Verdict{Cause: leak.NoData, Level: leak.OK, Value: math.NaN()},
			Err:     errors.New("read the window: connection reset"),
		},
	}
}

var totals = inspect.Summary{At: time.Unix(now, 0), Hosts: 5, Failed: 1, NoData: 1, Leaks: 4, LeakHosts: 3}

func render(t *testing.T, w Writer, buffer *bytes.Buffer, of []inspect.Finding) string {
	t.Helper()
	for _, f := range of {
		if err := w.Write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(totals); err != nil {
		t.Fatal(err)
	}
	return buffer.String()
}

func TestFormatsAreGolden(t *testing.T) {
	for _, format := range Formats() {
		for _, lang := range []string{"en", "zh"} {
			t.Run(format+"."+lang, func(t *testing.T) {
				var b bytes.Buffer
				w, err := New(format, &b, Options{All: true, Lang: lang})
				if err != nil {
					t.Fatal(err)
				}
				golden(t, format+"."+lang, render(t, w, &b, findings()))
			})
		}
	}
}

func TestExplanationIsGolden(t *testing.T) {
	of := findings()[1:3]
	quiet := inspect.Finding{
		At: of[0].At, Object: leak.Object{Kind: leak.KindProcess, Host: "web-1", Name: "nginx"}, Unit: leak.Bytes,
		Verdict: leak.Verdict{Cause: leak.Daily, Level: leak.OK, Value: 5e7}, Series: window(func(h float64) float64 { return 5e7 + 1e7*math.Sin(h) }),
	}
	quiet.Series.Unit = leak.Bytes
	for _, lang := range []string{"en", "zh"} {
		var b bytes.Buffer
		golden(t, "explain."+lang, render(t, NewExplanation(&b, Options{Lang: lang}), &b, append(of, quiet)))
	}
}

func TestBacktestIsGolden(t *testing.T) {
	var all []inspect.Finding
	for i := range 60 {
		for k, f := range findings() {
			f.At = time.Unix(now+int64(i)*3600, 0)
			switch {
			case k == 0 && i == 30:
				f.Verdict = leak.Verdict{Leak: true, Cause: leak.Steady}
			case k == 1 && i < 20:
				f.Verdict = leak.Verdict{Cause: leak.SteadyLevel}
			case k == 1 && i >= 40 && i < 45:
				f.Verdict = leak.Verdict{Cause: leak.NoData}
			}
			all = append(all, f)
		}
	}
	for _, lang := range []string{"en", "zh"} {
		var b bytes.Buffer
		w, err := NewBacktest("table", &b, Options{All: true, Lang: lang})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "backtest."+lang, render(t, w, &b, all))
	}
}

func TestOnlyLeaksUnlessAll(t *testing.T) {
	for _, format := range Formats() {
		var b bytes.Buffer
		w, err := New(format, &b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if text := render(t, w, &b, findings()); strings.Contains(text, "db-1") || !strings.Contains(text, "web-1") {
			t.Errorf("%s shows what does not leak, or not what does", format)
		}
	}
}

func TestWithoutFindings(t *testing.T) {
	for _, format := range Formats() {
		var b bytes.Buffer
		w, err := New(format, &b, Options{All: true})
		if err != nil {
			t.Fatal(err)
		}
		text := render(t, w, &b, nil)
		if format == "jsonl" != (text == "") {
			t.Errorf("%s without findings is %q", format, text)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if _, err := New("xml", nil, Options{}); err == nil || !strings.Contains(err.Error(), "use one of table, jsonl, json, markdown, html") {
		t.Errorf("got %v", err)
	}
	if _, err := NewBacktest("html", nil, Options{}); err == nil || !strings.Contains(err.Error(), "use one of table, jsonl") {
		t.Errorf("got %v", err)
	}
}

func TestJSONIsValidWhateverTheNumbersAre(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(-1)
	f := inspect.Finding{
		At: time.Unix(now, 0), Object: leak.Object{Kind: leak.KindHost, Host: "h\xff"}, Unexplained: nan,
		Verdict:  leak.Verdict{Leak: true, Confidence: nan, Value: inf, SlopePerHour: nan, SlopeLow: inf, SlopeHigh: math.MaxFloat64},
		Suspects: []suspect.Suspect{{Share: nan, GrowthBytes: inf, Bytes: math.MaxFloat64}},
		Top:      []suspect.Usage{{Bytes: nan}},
	}
	for _, format := range []string{"jsonl", "json"} {
		var b bytes.Buffer
		w, err := New(format, &b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if text := render(t, w, &b, []inspect.Finding{f}); !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON: %s", format, text)
		}
	}
}

// TestReasonsAreSaid takes them from the detector, who alone can make them.
func TestReasonsAreSaid(t *testing.T) {
	s := window(func(h float64) float64 { return 72 - 2.5*h + 0.3*wave(h) })
	f := inspect.Finding{At: time.Unix(now, 0), Object: leak.Object{Kind: leak.KindHost, Host: "web-1"}, Series: s}
	f.Verdict = leak.Detect(s.Window, leak.History{}, leak.Limits{Capacity: 100})
	reasons := f.Verdict.Reasons()
	if len(reasons) == 0 {
		t.Fatal("the detector gives no reasons")
	}
	for _, lang := range []string{"en", "zh"} {
		v := newVerdict(&f, lang)
		if len(v.Reasons) != len(reasons) || v.Reasons[0].Code != reasons[0].Code || v.Reasons[0].Text != reasons[0].Text(lang) {
			t.Errorf("JSON says %+v of %+v", v.Reasons, reasons)
		}
		var b bytes.Buffer
		text := render(t, NewExplanation(&b, Options{Lang: lang}), &b, []inspect.Finding{f})
		for _, r := range reasons {
			if !strings.Contains(text, r.Text(lang)) {
				t.Errorf("the explanation does not say %q", r.Text(lang))
			}
		}
	}
}

func TestNamesFromOutsideAreHarmless(t *testing.T) {
	for format, bad := range map[string][]string{
		"html":     {"<script>", "<b>|"},
		"markdown": {"<script>", "<b>", "\x1b", "\u202e"},
		"table":    {"\x1b", "\u202e", "\ngnp"},
	} {
		var b bytes.Buffer
		w, err := New(format, &b, Options{All: true})
		if err != nil {
			t.Fatal(err)
		}
		text := render(t, w, &b, findings())
		for _, s := range bad {
			if strings.Contains(text, s) {
				t.Errorf("%s holds %q", format, s)
			}
		}
	}
}

func TestColoursOnlyWhereWanted(t *testing.T) {
	for _, color := range []bool{false, true} {
		var b bytes.Buffer
		w, err := New("table", &b, Options{Color: color})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(render(t, w, &b, findings()), "\x1b["); got != color {
			t.Errorf("colour wanted %v, got %v", color, got)
		}
	}
}

func TestTableFitsTheTerminal(t *testing.T) {
	for _, width := range []int{100, 120, 150} {
		var b bytes.Buffer
		w, err := New("table", &b, Options{Width: width})
		if err != nil {
			t.Fatal(err)
		}
		of := findings()[1:2]
		of[0].Suspects = slices.Repeat(of[0].Suspects, 3)
		table, _, _ := strings.Cut(render(t, w, &b, of), "As of")
		for line := range strings.Lines(table) {
			if n := len([]rune(strings.TrimRight(line, "\n "))); n > width {
				t.Errorf("a line of %d columns on a terminal of %d: %s", n, width, line)
			}
		}
	}
}

func TestWorkloadsAreNamedUnderTheirHost(t *testing.T) {
	for _, c := range []struct {
		name string
		of   []inspect.Finding
		want string
	}{
		{"after the host's row", findings()[1:3], "\n└ process java "},
		{"without one", findings()[2:3], "\nweb-1 / process java "},
	} {
		var b bytes.Buffer
		w, err := New("table", &b, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if text := render(t, w, &b, c.of); !strings.Contains(text, c.want) {
			t.Errorf("%s: no %q in\n%s", c.name, c.want, text)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("..", "..", "testdata", "report", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not as its golden file says; run the test with -update and look at the difference\ngot:\n%s", name, got)
	}
}
