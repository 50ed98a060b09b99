package dialect

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

var update = flag.Bool("update", false, "write the golden files anew")

const recordings = "../../testdata/dialects"

// recorded is one series of a recording, which has one value.
type recorded struct {
	metric string
	labels Labels
	value  float64
}

func readRecording(t *testing.T, file string) []recorded {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parser := textparse.NewPromParser(text, labels.NewSymbolTable(), false)
	var out []recorded
	for {
		kind, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if kind != textparse.EntrySeries {
			continue
		}
		_, _, value := parser.Series()
		var ls labels.Labels
		parser.Labels(&ls)
		r := recorded{metric: ls.Get("__name__"), value: value}
		ls.Range(func(l labels.Label) { r.labels = append(r.labels, Label(l)) })
		out = append(out, r)
	}
}

// play gives the recording to assemblers, its values every minute for a quarter of an hour.
func play(series []recorded, at time.Time) string {
	names := map[string]bool{}
	for _, s := range series {
		names[s.metric] = true
	}
	holds := func(n string) bool { return names[n] }
	plan := NewPlan(Detect(holds), holds)
	joins := &Joins{}
	for _, s := range series {
		if sel := plan.Match(s.metric, s.labels); sel != nil && sel.Role.OfStore() {
			joins.Add(sel, s.labels)
		}
	}
	joins.Resolve()
	assemblers := map[string]*Assembler{}
	var hosts []string
	for _, s := range series {
		sel := plan.Match(s.metric, s.labels)
		if sel == nil || sel.Role.OfStore() {
			continue
		}
		label, value := sel.HostOf(s.labels)
		if label == "" {
			continue
		}
		host := joins.Host(value)
		a := assemblers[host]
		if a == nil {
			a = NewAssembler(leak.Query{At: at, Window: 15 * time.Minute})
			a.Begin(host, joins)
			assemblers[host], hosts = a, append(hosts, host)
		}
		to := a.Add(sel, s.labels)
		for minute := range 15 {
			to.Append(at.Add(-time.Duration(14-minute)*time.Minute).UnixMilli(), s.value)
		}
	}
	slices.Sort(hosts)
	var out bytes.Buffer
	for _, d := range plan.Dialects {
		fmt.Fprintf(&out, "speaks %s\n", d.Name)
	}
	for _, host := range hosts {
		describeReading(&out, assemblers[host].Reading())
	}
	return out.String()
}

func describeReading(out *bytes.Buffer, r *leak.Reading) {
	fmt.Fprintf(out, "\nhost %s, total %.0f, collectors %s\n", r.Host.Name, r.Host.TotalBytes, strings.Join(r.Host.Collectors, ", "))
	if r.Memory != nil {
		describeSeries(out, r.Memory)
	}
	for i := range r.Workloads {
		describeSeries(out, &r.Workloads[i])
	}
	for _, n := range r.Notes {
		fmt.Fprintf(out, "  note: %s\n", n)
	}
}

func describeSeries(out *bytes.Buffer, s *leak.Series) {
	w := s.Window
	fmt.Fprintf(out, "  %s: %.6g %s of %.0f, %d slots of %d s", s.Object, w.Values[len(w.Values)-1], s.Unit, s.Limits.Capacity, len(w.Values), w.Step)
	if s.Limits.StartsKnown {
		fmt.Fprintf(out, ", starts %v", s.Limits.Starts)
	}
	if s.Owner != "" {
		fmt.Fprintf(out, ", owner %s", s.Owner)
	}
	fmt.Fprintln(out)
}

// Each dialect has a recording of what a store holds of it, and what is read out of that.
func TestRecordingsOfDialects(t *testing.T) {
	at := time.Date(2026, 1, 1, 10, 5, 0, 0, time.UTC)
	for _, d := range All() {
		name := strings.NewReplacer("-", "_").Replace(strings.ToLower(d.Name))
		t.Run(d.Name, func(t *testing.T) {
			got := play(readRecording(t, filepath.Join(recordings, name+".prom")), at)
			if !strings.Contains(got, "speaks "+d.Name+"\n") {
				t.Errorf("%s is not detected", d.Name)
			}
			golden := filepath.Join(recordings, name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s reads as\n%s\nwant\n%s", name, got, want)
			}
		})
	}
}
