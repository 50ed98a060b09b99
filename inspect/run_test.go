package inspect_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/leak"
)

// made is a source of made hosts held in memory.
type made struct {
	readings []leak.Reading
	broken   error // Read fails with it after the first host
}

func (m made) Hosts(context.Context, time.Time) ([]leak.Host, error) {
	var out []leak.Host
	for _, r := range m.readings {
		out = append(out, r.Host)
	}
	return out, nil
}

func (m made) Newest(context.Context) (time.Time, error) { return time.Unix(fleet.End, 0), nil }

func (m made) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	for i := range m.readings {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := m.readings[i]
		if r.Host.Labels["lost"] != "" || q.Hosts != nil && !slices.Contains(q.Hosts, r.Host.Name) {
			continue
		}
		if err := each(&r); err != nil {
			return err
		}
		if m.broken != nil {
			return m.broken
		}
	}
	return nil
}

// hosts makes one host of each kind named, called kind-0, kind-1, …
func hosts(kinds ...string) made {
	var m made
	for i, name := range kinds {
		for _, k := range fleet.Kinds() {
			if k.Name != name {
				continue
			}
			h := fleet.Make(k, 40)
			s := h.Series
			s.Object.Host = fmt.Sprintf("%s-%d", name, i)
			m.readings = append(m.readings, leak.Reading{
				Host:   leak.Host{Name: s.Object.Host, Labels: map[string]string{}, TotalBytes: 16 << 30},
				Memory: &s,
			})
		}
	}
	return m
}

func run(t *testing.T, m made, o inspect.Options) ([]inspect.Finding, inspect.Summary, error) {
	t.Helper()
	var out []inspect.Finding
	sum, err := inspect.Run(t.Context(), m, o, func(f inspect.Finding) error {
		out = append(out, f)
		return nil
	})
	return out, sum, err
}

func names(fs []inspect.Finding) string {
	var n []string
	for _, f := range fs {
		n = append(n, f.Object.String())
	}
	slices.Sort(n)
	return strings.Join(n, " ")
}

func TestHostsAreChosenByNameGlobAndFilters(t *testing.T) {
	m := hosts("flat", "linear", "flat", "gc")
	notGC := func(h leak.Host) bool { return !strings.HasPrefix(h.Name, "gc") }
	notFirst := func(h leak.Host) bool { return !strings.HasSuffix(h.Name, "-0") }
	tests := []struct {
		name string
		o    inspect.Options
		want string
	}{
		{"all", inspect.Options{}, "flat-0 flat-2 gc-3 linear-1"},
		{"exact names", inspect.Options{Hosts: []string{"gc-3", "flat-0"}}, "flat-0 gc-3"},
		{"a glob", inspect.Options{Hosts: []string{"flat-*"}}, "flat-0 flat-2"},
		{"filters in sequence", inspect.Options{Filters: []inspect.Filter{notGC, notFirst}}, "flat-2 linear-1"},
		{"glob and filter", inspect.Options{Hosts: []string{"flat-*"}, Filters: []inspect.Filter{notFirst}}, "flat-2"},
		{"a filter that keeps none", inspect.Options{Filters: []inspect.Filter{func(leak.Host) bool { return false }}}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, sum, err := run(t, m, tt.o)
			if err != nil || names(got) != tt.want {
				t.Errorf("got %q, %v; want %q", names(got), err, tt.want)
			}
			if sum.Hosts != len(got) {
				t.Errorf("%d hosts counted, want %d", sum.Hosts, len(got))
			}
		})
	}
}

func TestWrongRequestsAreToldFromFailures(t *testing.T) {
	m := hosts("flat", "linear")
	_, _, err := run(t, m, inspect.Options{Hosts: []string{"flat-0", "nobody", "no-*"}})
	var unknown *inspect.UnknownHostsError
	if !errors.As(err, &unknown) || strings.Join(unknown.Names, " ") != "no-* nobody" {
		t.Errorf("unknown hosts: %v", err)
	}
	end := time.Unix(fleet.End, 0)
	_, _, err = run(t, m, inspect.Options{At: end.Add(time.Hour), Now: end})
	var future *inspect.FutureError
	if !errors.As(err, &future) {
		t.Errorf("a time in the future: %v", err)
	}
	if _, _, err = run(t, m, inspect.Options{Hosts: []string{"[", "flat-0"}}); err == nil {
		t.Error("a broken glob is taken")
	}
	m.broken = errors.New("connection refused")
	if _, _, err = run(t, m, inspect.Options{}); !errors.Is(err, m.broken) {
		t.Errorf("a source that fails: %v", err)
	}
}

func TestHostsThatTheSourceLacksMayBeNamed(t *testing.T) {
	m := hosts("flat", "linear")
	notFlat := func(h leak.Host) bool { return !strings.HasPrefix(h.Name, "flat") }
	for _, tt := range []struct {
		name string
		o    inspect.Options
		want string
	}{
		{"names alone", inspect.Options{Hosts: []string{"gone", "flat-0", "gone"}}, "flat-0 gone"},
		{"with a glob", inspect.Options{Hosts: []string{"gone", "lin*"}}, "gone linear-1"},
		{"with a filter, which is not asked about them", inspect.Options{Hosts: []string{"gone", "flat-0"}, Filters: []inspect.Filter{notFlat}}, "gone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.Absent = true
			got, sum, err := run(t, m, tt.o)
			if err != nil || names(got) != tt.want {
				t.Fatalf("got %q, %v; want %q", names(got), err, tt.want)
			}
			for _, f := range got {
				if gone := f.Object.Host == "gone"; gone != (f.Verdict.Cause == leak.NoData) || gone != (len(f.Notes) == 1 && f.Notes[0].Code == leak.NoSamples) {
					t.Errorf("%s: %s %v", f.Object, f.Verdict.Cause, f.Notes)
				}
			}
			if sum.Hosts != len(got) || sum.NoData != 1 {
				t.Errorf("summary %+v", sum)
			}
		})
	}
	var unknown *inspect.UnknownHostsError
	if _, _, err := run(t, m, inspect.Options{Hosts: []string{"gone", "no-*"}, Absent: true}); !errors.As(err, &unknown) || fmt.Sprint(unknown.Names) != "[no-*]" {
		t.Errorf("a glob that matches nothing: %v", err)
	}
}

func TestFindingsTellTheHostAndTheOwner(t *testing.T) {
	m := hosts("linear")
	r := &m.readings[0]
	r.Host.Labels["zone"], r.Host.Collectors = "a", []string{"cAdvisor"}
	pod := *r.Memory
	pod.Object = leak.Object{Kind: leak.KindPod, Host: "linear-0", Namespace: "shop", Name: "cart-7d9f-abcde"}
	pod.Owner = "deployment/cart"
	pod.Limits.Capacity = 100
	r.Workloads = []leak.Series{pod}
	got, _, err := run(t, m, inspect.Options{})
	if err != nil {
		t.Fatal(err)
	}
	host, workload := got[0], got[1]
	if h := host.Host; h.Labels["zone"] != "a" || h.TotalBytes != 16<<30 || fmt.Sprint(h.Collectors) != "[cAdvisor]" {
		t.Errorf("host %+v", h)
	}
	r.Host.Labels["zone"] = "b"
	if host.Host.Labels["zone"] != "a" {
		t.Error("the labels still belong to the source")
	}
	if workload.Owner != "deployment/cart" || host.Suspects[0].Owner != "deployment/cart" || host.Top[0].Owner != "deployment/cart" {
		t.Errorf("owners %q, %+v, %+v", workload.Owner, host.Suspects, host.Top)
	}
}

func TestOneHostThatFailsDoesNotEndTheRun(t *testing.T) {
	m := hosts("flat", "linear", "gc")
	m.readings[0].Err = errors.New("too many samples")
	m.readings[2].Host.Labels["lost"] = "yes"
	got, sum, err := run(t, m, inspect.Options{Hosts: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	if names(got) != "flat-0 gc-2 linear-1" || sum.Failed != 1 || sum.NoData != 1 || sum.Leaks != 1 {
		t.Errorf("%s: %+v", names(got), sum)
	}
	for _, f := range got {
		if failed := f.Object.Host == "flat-0"; failed != (f.Err != nil) {
			t.Errorf("%s: error %v", f.Object, f.Err)
		}
		if f.Object.Host != "linear-1" && (f.Verdict.Cause != leak.NoData || f.Verdict.Leak) {
			t.Errorf("%s: %s", f.Object, f.Verdict.Cause)
		}
	}
}

func TestALeakThatTheHostHidesIsFoundInItsWorkload(t *testing.T) {
	m := hosts("flat")
	grown := hosts("linear").readings[0].Memory
	s := *grown
	s.Object = leak.Object{Kind: leak.KindProcess, Host: "flat-0", Name: "java"}
	s.Unit = leak.Bytes
	s.Window.Values = scaled(s.Window.Values, 16<<30/100/10)
	s.History.Floors = scaled(s.History.Floors, 16<<30/100/10)
	s.Limits.Capacity = 16 << 30
	m.readings[0].Workloads = []leak.Series{s}
	got, sum, err := run(t, m, inspect.Options{KeepSeries: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Object.Kind != leak.KindHost || got[0].Verdict.Leak || !got[1].Verdict.Leak {
		t.Fatalf("findings: %+v", got)
	}
	if len(got[0].Suspects) == 0 || got[0].Suspects[0].Name != "java" {
		t.Errorf("suspects: %+v", got[0].Suspects)
	}
	if sum.LeakHosts != 1 || sum.Leaks != 1 {
		t.Errorf("summary: %+v", sum)
	}
	if got[1].Series == nil || &got[1].Series.Window.Values[0] == &s.Window.Values[0] {
		t.Error("a finding keeps a copy of its series, not the source's own")
	}
}

func scaled(v []float64, by float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = v[i] * by
	}
	return out
}

func TestARunEndsWhenItsContextOrItsReaderDoes(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := inspect.Run(ctx, hosts("flat"), inspect.Options{}, func(inspect.Finding) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	full := errors.New("disk full")
	_, err = inspect.Run(t.Context(), hosts("flat"), inspect.Options{}, func(inspect.Finding) error { return full })
	if !errors.Is(err, full) {
		t.Errorf("reader failed: %v", err)
	}
}
