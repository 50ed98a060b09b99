package inspect_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/internal/fleet/workloads"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/file"
	"github.com/memseep/memseep/source/prometheus"
)

// mixedFleet is hosts of many kinds, and hosts with workloads, with up to a day of history.
func mixedFleet() []leak.Reading {
	var out []leak.Reading
	for i, k := range fleet.Kinds() {
		if i%6 != 0 {
			continue
		}
		s := fleet.Make(k, 900).Series
		s.Object.Host = "host-" + k.Name
		s.Limits.Starts, s.Limits.StartsKnown = nil, false
		out = append(out, leak.Reading{Host: leak.Host{Name: s.Object.Host, TotalBytes: 8 << 30}, Memory: &s})
	}
	for _, c := range workloads.Classes() {
		if c.Name != "plain" && c.Name != "pod" && c.Name != "kernel" && c.Name != "none" {
			continue
		}
		r := workloads.Make(c, 901).Reading
		r.Host.Name = "with-" + c.Name
		out = append(out, r)
	}
	for i := range out {
		r := &out[i]
		if r.Memory != nil {
			r.Memory.History = lastDay(r.Memory.History)
		}
		for j := range r.Workloads {
			r.Workloads[j].History = lastDay(r.Workloads[j].History)
		}
	}
	return out
}

func lastDay(h leak.History) leak.History {
	if n := len(h.Floors) - 96; n > 0 {
		return leak.History{Start: h.Start + int64(n)*leak.FloorSeconds, Floors: h.Floors[n:]}
	}
	return h
}

// samples calls each for every sample of a series at its own step, oldest first. A floor stands
// for each step of its fifteen minutes.
func samples(s *leak.Series, each func(t int64, v float64)) {
	for i, v := range s.History.Floors {
		end := s.History.Start + int64(i)*leak.FloorSeconds
		for t := end - leak.FloorSeconds + s.Window.Step; t <= end; t += s.Window.Step {
			if !math.IsNaN(v) && t < s.Window.Start {
				each(t, v)
			}
		}
	}
	for i, v := range s.Window.Values {
		if !math.IsNaN(v) {
			each(s.Window.Start+int64(i)*s.Window.Step, v)
		}
	}
}

// asFiles writes hosts.csv and workloads.csv into a directory.
func asFiles(t *testing.T, fleet []leak.Reading) string {
	var hosts, works bytes.Buffer
	hosts.WriteString("timestamp,host,used_percent,total_bytes\n")
	works.WriteString("timestamp,host,kind,name,bytes,namespace\n")
	for i := range fleet {
		r := &fleet[i]
		samples(r.Memory, func(at int64, v float64) {
			fmt.Fprintf(&hosts, "%d,%s,%.3f,%.0f\n", at, r.Host.Name, v, r.Host.TotalBytes)
		})
		for j := range r.Workloads {
			w := &r.Workloads[j]
			samples(w, func(at int64, v float64) {
				fmt.Fprintf(&works, "%d,%s,%s,%s,%.0f,%s\n", at, r.Host.Name, w.Object.Kind, w.Object.Name, v, w.Object.Namespace)
			})
		}
	}
	dir := t.TempDir()
	for name, text := range map[string][]byte{"hosts.csv": hosts.Bytes(), "workloads.csv": works.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// asText writes the fleet as metrics, the samples of each together; unit turns seconds into what
// the format's timestamps count.
func asText(fleet []leak.Reading, unit int64, openMetrics bool) []byte {
	metrics := map[string]*bytes.Buffer{}
	line := func(metric, labels string, v float64, at int64) {
		b := metrics[metric]
		if b == nil {
			b = &bytes.Buffer{}
			metrics[metric] = b
			if openMetrics {
				fmt.Fprintf(b, "# TYPE %s gauge\n", metric)
			}
		}
		fmt.Fprintf(b, "%s{%s} %.3f %d\n", metric, labels, v, at*unit)
	}
	for i := range fleet {
		r := &fleet[i]
		host := fmt.Sprintf("host=%q", r.Host.Name)
		samples(r.Memory, func(at int64, v float64) {
			line("memseep_host_memory_used_percent", host, v, at)
			line("memseep_host_memory_total_bytes", host, r.Host.TotalBytes, at)
		})
		for j := range r.Workloads {
			w := &r.Workloads[j]
			metric, labels := "", ""
			switch w.Object.Kind {
			case leak.KindKernel:
				metric, labels = "memseep_kernel_bytes", fmt.Sprintf("%s,pool=%q", host, w.Object.Name)
			case leak.KindPod:
				metric, labels = "memseep_pod_rss_bytes", fmt.Sprintf("%s,namespace=%q,pod=%q", host, w.Object.Namespace, w.Object.Name)
			default:
				metric, labels = "memseep_process_rss_bytes", fmt.Sprintf("%s,name=%q", host, w.Object.Name)
			}
			samples(w, func(at int64, v float64) { line(metric, labels, math.Round(v), at) })
		}
	}
	var out bytes.Buffer
	names := make([]string, 0, len(metrics))
	for n := range metrics {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range names {
		out.Write(metrics[n].Bytes())
	}
	if openMetrics {
		out.WriteString("# EOF\n")
	}
	return out.Bytes()
}

// verdicts says each finding in one line, sorted: the object, what is told of it, and on a host
// who is named first.
func verdicts(t *testing.T, src inspect.Source) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out []string
	_, err := inspect.Run(ctx, src, inspect.Options{At: time.Unix(fleet.End, 0), Parallel: 2}, func(f inspect.Finding) error {
		v := f.Verdict
		first := ""
		if len(f.Suspects) > 0 {
			first = " " + f.Suspects[0].Name
		}
		out = append(out, fmt.Sprintf("%s leak=%v %s %s%s", f.Object, v.Leak, v.Cause, v.Level, first))
		return f.Err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestFilePrometheusAndVictoriaMetricsGiveTheSameVerdicts(t *testing.T) {
	made := mixedFleet()
	csv, err := file.Open(t.Context(), asFiles(t, made), file.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := verdicts(t, csv)
	leaks := 0
	for _, v := range want {
		if strings.Contains(v, "leak=true") {
			leaks++
		}
	}
	if leaks < 5 || leaks > len(want)/2 {
		t.Fatalf("%d of %d objects leak: this fleet shows nothing", leaks, len(want))
	}
	text := filepath.Join(t.TempDir(), "fleet.om")
	if err := os.WriteFile(text, asText(made, 1, true), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("prometheus", func(t *testing.T) {
		p := realserver.StartPrometheus(t, realserver.PrometheusOptions{OpenMetrics: text})
		same(t, p.URL, want)
	})
	t.Run("victoria metrics", func(t *testing.T) {
		v := realserver.StartVictoriaMetrics(t)
		v.Import(t, bytes.NewReader(asText(made, 1000, false)))
		same(t, v.URL, want)
	})
}

func same(t *testing.T, url string, want []string) {
	t.Helper()
	src, err := prometheus.New(prometheus.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	got := verdicts(t, src)
	if slices.Equal(got, want) {
		return
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Errorf("server alone: %s", g)
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("file alone:   %s", w)
		}
	}
}
