package demo

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/fleet/workloads"
	"github.com/memseep/memseep/leak"
)

func TestDemo(t *testing.T) {
	now := time.Now()
	d, err := Start(t.Context(), t.TempDir(), now, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		if _, err := http.Get(d.URL); err == nil {
			t.Error("the server still answers after Close")
		}
	})
	hosts := map[string]inspect.Finding{}
	leaking := map[string][]string{} // workloads by host
	summary, err := d.Inspect(t.Context(), func(f inspect.Finding) error {
		if f.Object.Kind == leak.KindHost {
			f.Suspects = slices.Clone(f.Suspects)
			hosts[f.Object.Host] = f
		} else if f.Verdict.Leak {
			leaking[f.Object.Host] = append(leaking[f.Object.Host], f.Object.Name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !summary.At.Equal(now.Truncate(time.Minute)) {
		t.Errorf("inspected as of %s, want the minute of now", summary.At)
	}
	if summary.Hosts != d.Hosts || summary.NoData > 0 || summary.Failed > 0 {
		t.Errorf("summary %+v, want %d hosts with data", summary, d.Hosts)
	}

	t.Run("recorded hosts", func(t *testing.T) {
		for host, leaks := range map[string]bool{"edge-1": true, "llm-1": true, "batch-1": false, "batch-2": false} {
			if got := hosts[host].Verdict; got.Leak != leaks {
				t.Errorf("%s: leak %t (%s), want %t", host, got.Leak, got.Cause, leaks)
			}
		}
		slices.Sort(leaking["lab-1"])
		if want := []string{"c_malloc", "session_store"}; !slices.Equal(leaking["lab-1"], want) {
			t.Errorf("lab-1: %v leak, want %v", leaking["lab-1"], want)
		}
	})

	t.Run("made hosts name who leaks first", func(t *testing.T) {
		for _, m := range madeHosts {
			truth := truthOf(t, m.class, m.seed)
			suspects := hosts[m.name].Suspects
			switch {
			case truth.First.Kind == "" && len(suspects) > 0:
				t.Errorf("%s: %+v named, where nothing leaks", m.name, suspects)
			case truth.First.Kind == "":
			case len(suspects) == 0:
				t.Errorf("%s: nobody named, want %s", m.name, truth.First.Name)
			case suspects[0].Name != truth.First.Name && !isInside(truth, suspects[0].Name):
				t.Errorf("%s: %s named first, want %s", m.name, suspects[0].Name, truth.First.Name)
			}
		}
	})

	t.Run("the store can be queried", func(t *testing.T) {
		for query, want := range map[string]string{
			"count(node_memory_MemTotal_bytes)":                                       `"13"`,
			`count(count by (node) (container_memory_rss{pod!=""})) > 0`:              `"value"`,
			`namedprocess_namegroup_memory_bytes{groupname="session_store"}`:          `"instance":"lab-1:9256"`,
			`count_over_time(node_memory_MemAvailable_bytes{instance=~"edge.*"}[6h])`: `"3`, // about 360
		} {
			address := d.URL + "/prometheus/api/v1/query?time=" + now.UTC().Format(time.RFC3339) + "&query=" + url.QueryEscape(query)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", "Bearer "+d.Key)
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || !strings.Contains(string(body), want) {
				t.Errorf("%s: %v %s\nwant %s", query, err, body, want)
			}
		}
	})
}

// The fleet goes on: what leaks leaks on, what has ended stays so, and the server takes it.
func TestDemoGoesOn(t *testing.T) {
	members, err := fleetUntil(time.Now().Truncate(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	leak := series{times: []int64{0, hour / 2, hour}, values: []float64{10, 15, 20}}
	for _, c := range []struct {
		name string
		at   int64
		want float64
	}{
		{"half an hour on", hour + hour/2, 25},
		{"an hour on", 2 * hour, 30},
		{"three hours on", 4 * hour, 50},
	} {
		if got, known := leak.goingOn(c.at); !known || got != c.want {
			t.Errorf("%s: %g (known %t), want %g", c.name, got, known, c.want)
		}
	}
	if _, known := leak.goingOn(hour); known {
		t.Error("a sample that is there is made again")
	}
	now := time.Now().Truncate(time.Minute).Add(time.Minute)
	if n := len(minuteOf(members, now).Timeseries); n < 10*len(members) {
		t.Errorf("%d series go on, of %d hosts", n, len(members))
	}
}

func TestRunRaisesEvents(t *testing.T) {
	d, err := Start(t.Context(), t.TempDir(), time.Now(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	run, err := d.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if run.Hosts != d.Hosts || run.OpenedEvents == 0 {
		t.Errorf("run %+v, want %d hosts and events", run, d.Hosts)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

func truthOf(t *testing.T, class string, seed uint64) workloads.Truth {
	t.Helper()
	for _, c := range workloads.Classes() {
		if c.Name == class {
			return workloads.Make(c, seed).Truth
		}
	}
	t.Fatalf("no class %s", class)
	return workloads.Truth{}
}

func isInside(t workloads.Truth, name string) bool {
	return slices.ContainsFunc(t.Inside, func(o leak.Object) bool { return o.Name == name })
}
