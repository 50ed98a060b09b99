package file

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/memseep/memseep/leak"
)

// exposed writes a text of one host with node_exporter and a process, in seconds or milliseconds.
func exposed(t *testing.T, name string, unit int64, eof string) string {
	var b strings.Builder
	b.WriteString("# TYPE node_memory_MemTotal_bytes gauge\n")
	for i := range int64(10) {
		at := (end - 600 + 60*i + 60) * unit
		fmt.Fprintf(&b, "node_memory_MemTotal_bytes{instance=\"web-1:9100\"} 1000 %d\n", at)
		fmt.Fprintf(&b, "node_memory_MemAvailable_bytes{instance=\"web-1:9100\"} %d %d\n", 900-10*i, at)
		fmt.Fprintf(&b, "namedprocess_namegroup_memory_bytes{instance=\"web-1:9256\",groupname=\"java\",memtype=\"resident\"} %d %d\n", 100+i, at)
		fmt.Fprintf(&b, "something_else{instance=\"web-1:9100\"} NaN %d\n", at)
	}
	return write(t, name, b.String()+eof)
}

func TestOpenMetricsAndPrometheusTextGiveTheSame(t *testing.T) {
	for _, c := range []struct{ name, path string }{
		{"OpenMetrics", exposed(t, "fleet.om", 1, "# EOF\n")},
		{"OpenMetrics without its end", exposed(t, "fleet.om", 1, "")},
		{"Prometheus text", exposed(t, "fleet.prom", 1000, "")},
		{"a name that ends with txt", exposed(t, "fleet.txt", 1000, "\n\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Open(context.Background(), c.path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			newest, err := s.Newest(context.Background())
			if err != nil || newest.Unix() != end {
				t.Errorf("newest is %v, %v", newest, err)
			}
			hosts, err := s.Hosts(context.Background(), newest)
			if err != nil || len(hosts) != 1 || hosts[0].Name != "web-1" || hosts[0].TotalBytes != 1000 ||
				!slices.Equal(hosts[0].Collectors, []string{"node_exporter", "process-exporter"}) {
				t.Fatalf("hosts are %+v, %v", hosts, err)
			}
			q := query(end)
			q.Hosts = []string{"web-1"}
			err = s.Read(context.Background(), q, func(r *leak.Reading) error {
				v := r.Memory.Window.Values
				if last := v[len(v)-1]; math.Abs(last-19) > 1e-9 {
					t.Errorf("%v %% in use, want 19", last)
				}
				if len(r.Workloads) != 1 || r.Workloads[0].Object.Name != "java" {
					t.Fatalf("workloads are %+v", r.Workloads)
				}
				if w := r.Workloads[0].Window.Values; w[len(w)-1] != 109 {
					t.Errorf("java has %v bytes, want 109", w[len(w)-1])
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestExpositionErrorsTellLineAndReason(t *testing.T) {
	const head = "# TYPE node_memory_MemTotal_bytes gauge\nnode_memory_MemTotal_bytes{instance=\"a\"} 5 1800000000\n"
	for _, c := range []struct{ name, text, want string }{
		{"no time", "# HELP x y\n\nnode_memory_MemTotal_bytes{instance=\"a\"} 5\n", "line 3: the sample has no timestamp"},
		{"no value", head + "node_memory_MemTotal_bytes{instance=\"a\"}\n", "line 3: "},
		{"broken labels", head + "node_memory_MemTotal_bytes{instance=a} 5 1800000000\n", "line 3: "},
		{"a time far away", head + "node_memory_MemTotal_bytes{instance=\"a\"} 5 1800000000000000\n", "line 3: the timestamp"},
		{"other metrics alone", "up{instance=\"a\"} 1 1800000000\n", "there are no memory metrics; looked for"},
		{"empty", "", "there are no memory metrics"},
		{"gaps alone", "node_memory_MemTotal_bytes{instance=\"a\"} NaN 1800000000\n", "there are no memory metrics"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := write(t, "fleet.om", c.text)
			_, err := Open(context.Background(), path, Options{})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v, want the path and %q in it", err, c.want)
			}
		})
	}
}

func TestTextLargerThanAChunk(t *testing.T) {
	var b strings.Builder
	lines := 0
	for ; b.Len() < 3*chunkBytes; lines++ {
		fmt.Fprintf(&b, "node_memory_MemTotal_bytes{instance=\"host-%d\"} 5 %d\n", lines, end)
	}
	e := newExposition()
	if err := readExposition(context.Background(), strings.NewReader(b.String()), e); err != nil {
		t.Fatal(err)
	}
	if len(e.series) != lines {
		t.Errorf("%d series, want %d", len(e.series), lines)
	}
	b.WriteString("nonsense\n")
	err := readExposition(context.Background(), strings.NewReader(b.String()), newExposition())
	if want := fmt.Sprintf("line %d: ", lines+1); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %q at its start", err, want)
	}
}
