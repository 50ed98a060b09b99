package target

import (
	"strings"
	"testing"
	"time"
)

func TestTemplate(t *testing.T) {
	m := message("n1")
	m.Facts.Suspects = []SuspectFacts{{Name: "java", Share: "82 %"}, {Name: "nginx", Share: "9 %"}}
	for _, tt := range []struct{ name, text, want, problem string }{
		{"fields and loops", `{{.Host}}{{range .Suspects}} {{.Name}}={{.Share}}{{end}}`, "web-1 java=82 % nginx=9 %", ""},
		{"JSON", `{"title":{{json .Title}},"labels":{{json .Labels}}}`, `{"title":"` + m.Title + `","labels":{"zone":"a"}}`, ""},
		{"an address", `{{urlquery "a b&c"}}`, "a+b%26c", ""},
		{"cut and upper", `{{cut 3 .Host | upper}}`, "WEB…", ""},
		{"a label that is not there", `[{{.Labels.none}}]`, "[]", ""},
		{"blanks alone", "  ", "  ", ""},
		{"a field that is not there", `{{.Nope}}`, "", "Nope"},
		{"not closed", "a\n{{if .Host}}", "", "2: unexpected EOF"},
		{"calls itself", `{{define "x"}}{{template "x"}}{{end}}{{template "x"}}`, "", "define"},
		{"a loop without an end", `{{range 1000000000}}{{end}}`, "", "loops"},
		{"loops in loops", `{{range 9999}}{{range 9999}}{{end}}{{end}}`, "", "loops"},
		{"doubles a text", `{{$x := "ab"}}{{range 60}}{{$x = print $x $x}}{{end}}`, "", "kB"},
		{"many wide numbers", `{{printf "` + strings.Repeat("%[1]60000d", 1000) + `" 1}}`, "", "kB"},
		{"a width from a value", `{{printf "%*d" 1000000 1}}`, "", "width"},
		{"a long text many times", `{{$x := printf "%60000d" 1}}{{print ` + strings.Repeat("$x ", 4000) + `}}`, "", "MB"},
		{"a long text by many verbs", `{{$x := printf "%60000d" 1}}{{printf "` + strings.Repeat("%[1]s", 3000) + `" $x}}`, "", "MB"},
		{"all of it again and again", `{{range 9999}}{{$x := json $}}{{end}}`, "", "MB"},
		{"work without a word", `{{range 9999}}{{if eq 0 ` + strings.Repeat("1 ", 4000) + `}}{{end}}{{end}}`, "", "loops"},
		{"a percent sign and a year", `{{printf "%.1f %% of %d" 71.25 2026}}`, "71.2 % of 2026", ""},
		{"a wide number", `{{printf "%1000000d" 1}}`, "", "kB"},
		{"writes for ever", `{{range 9999}}{{$.Markdown}}{{end}}`, "", "kB"},
		{"too long itself", strings.Repeat("x", templateSize+1), "", "longer"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			parsed, err := ParseTemplate(tt.text)
			got := ""
			if err == nil {
				got, err = parsed.Execute(m.View())
			}
			if tt.problem != "" {
				if err != nil && len(err.Error()) > 500 {
					t.Errorf("the error has %d bytes", len(err.Error()))
				}
				if err == nil || !strings.Contains(err.Error(), tt.problem) {
					t.Errorf("the error is %v, want one with %q", err, tt.problem)
				}
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

// Whatever somebody writes as a template, it ends soon, with little memory, and without a panic.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{`{{range .Suspects}}{{.Name}}{{end}}`, `{{with $x := .Title}}{{$x}}{{end}}`, `{{range $i := 10}}{{printf "%d" $i}}{{end}}`, `{{json .}}`, `{{index .Labels "zone"}}`, `{{break}}`, `{{range 3}}{{continue}}{{end}}`} {
		f.Add(seed)
	}
	v := (&Message{Facts: Facts{Suspects: []SuspectFacts{{}}, Labels: map[string]string{"zone": "a"}}}).View()
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := ParseTemplate(text)
		if err != nil {
			return
		}
		if out, err := parsed.Execute(v); err == nil && len(out) > templateOut {
			t.Errorf("%d bytes were written", len(out))
		}
	})
}

func TestRetryAfter(t *testing.T) {
	for s, want := range map[string]time.Duration{
		"": 0, "30": 30 * time.Second, "-5": 0, "99999999": 24 * time.Hour, "soon": 0,
		now.Add(time.Minute).Format("Mon, 02 Jan 2006 15:04:05 GMT"):  time.Minute,
		now.Add(-time.Minute).Format("Mon, 02 Jan 2006 15:04:05 GMT"): 0,
	} {
		if got := retryAfter(s, now); got != want {
			t.Errorf("Retry-After %q: %s, want %s", s, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, tt := range []struct {
		text string
		size int
		want string
	}{
		{"short", 10, "short"},
		{"泄漏泄漏", 10, "泄漏…"}, // between two runes
		{"one line or so\nanother line", 20, "one line or so…"},
		{"abc", 1, "…"},
	} {
		if got := cut(tt.text, tt.size, "…"); got != tt.want {
			t.Errorf("%q cut to %d: %q, want %q", tt.text, tt.size, got, tt.want)
		}
	}
}
