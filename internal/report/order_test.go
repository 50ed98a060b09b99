package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
)

func findingsOf(at time.Time, hosts ...string) []inspect.Finding {
	var out []inspect.Finding
	for _, h := range hosts {
		out = append(out,
			inspect.Finding{At: at, Object: leak.Object{Kind: leak.KindHost, Host: h}, Verdict: leak.Verdict{Leak: true}},
			inspect.Finding{At: at, Object: leak.Object{Kind: leak.KindProcess, Host: h, Name: "java"}, Verdict: leak.Verdict{Leak: true}})
	}
	return out
}

func TestJSONDoesNotDependOnTheOrderOfReading(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, format := range []string{"jsonl", "json"} {
		var want string
		for _, order := range [][]string{{"a", "b", "c"}, {"c", "a", "b"}, {"b", "c", "a"}} {
			var out bytes.Buffer
			w, err := New(format, &out, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findingsOf(at, order...) {
				if err := w.Write(f); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(inspect.Summary{At: at, Hosts: 3}); err != nil {
				t.Fatal(err)
			}
			if want == "" {
				want = out.String()
			}
			if out.String() != want {
				t.Errorf("%s in order %v:\n%s\nwant\n%s", format, order, out.String(), want)
			}
			if format == "json" && !json.Valid(out.Bytes()) {
				t.Errorf("%s is no JSON", out.String())
			}
		}
	}
}

func TestInspectionsAndPiecesAreNotMixed(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		most int
		want string
	}{
		{"all is held", mostHeld, "0 a, 0 b, 0 c, 1 a, 1 b, 1 c"},
		{"nothing is", 0, "0 c, 0 b, 0 a, 1 c, 1 b, 1 a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			b := newByHost(&out, "")
			b.most = c.most
			for hour := range 2 {
				for _, f := range findingsOf(at.Add(time.Duration(hour)*time.Hour), "c", "b", "a") {
					if err := b.add(&f, "en"); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := b.flush(); err != nil {
				t.Fatal(err)
			}
			var got []string
			for line := range strings.Lines(out.String()) {
				var v struct {
					At     time.Time
					Object leak.Object
				}
				if err := json.Unmarshal([]byte(line), &v); err != nil {
					t.Fatal(err)
				}
				if v.Object.Kind == leak.KindHost {
					got = append(got, fmt.Sprint(v.At.Hour(), " ", v.Object.Host))
				}
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("got %s, want %s", s, c.want)
			}
		})
	}
}
