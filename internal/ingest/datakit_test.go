package ingest_test

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/memseep/memseep/internal/ingest"
	"github.com/memseep/memseep/leak"
	"google.golang.org/protobuf/encoding/protowire"
)

// captured is a moment after the recordings of DataKit were made.
var captured = time.Unix(1795527700, 0)

var dataKitVersions = []string{"datakit/v1", "datakit/v2"} // line protocol, protobuf

func TestDataKitAsItSends(t *testing.T) {
	for _, version := range dataKitVersions {
		t.Run(version, func(t *testing.T) {
			s := serveAt(t, ingest.Limits{}, func() time.Time { return captured })
			for _, r := range recordings(t, version) {
				a := s.replay(t, r)
				if a.status != 200 || a.header.Get("X-Memseep-Samples-Refused") != "0" || a.header.Get("X-Memseep-Samples-Stored") == "0" {
					t.Errorf("%s: %d %v %s", r.name, a.status, a.header, a.body)
				}
			}
			got := s.query(t, `count by (host, pid, process_name) (last_over_time(host_processes_rss{process_name=~"order-service|session-cache"}[2m]))`, captured)
			if len(got) != 3 || got["map[host:dk-host-1 pid:3 process_name:order-service]"] == "" || got["map[host:dk-host-1 pid:5 process_name:session-cache]"] == "" {
				t.Errorf("processes: %v, want pids 3, 4 and 5", got)
			}
			if got := s.query(t, `count(last_over_time({__name__=~"host_processes_.+",pid=""}[2m]) or last_over_time({__name__=~"host_processes_.+",state!=""}[2m]))`, captured); len(got) != 0 {
				t.Errorf("%v series of processes have no pid, or a state", got)
			}
		})
	}
}

// A DataKit that was cut off for long is answered so that it goes on.
func TestDataKitIsToldOfOldPoints(t *testing.T) {
	for _, version := range dataKitVersions {
		t.Run(version, func(t *testing.T) {
			s := serveAt(t, ingest.Limits{}, func() time.Time { return captured.Add(31 * 24 * time.Hour) })
			total := 0
			for _, r := range recordings(t, version) {
				a := s.replay(t, r)
				var said struct {
					Content struct {
						Stored  int
						Refused map[string]int
						Message string
					}
				}
				if err := json.Unmarshal([]byte(a.body), &said); err != nil || a.status != 200 {
					t.Fatalf("%s: %d %s: %v", r.name, a.status, a.body, err)
				}
				if said.Content.Stored != 0 || said.Content.Refused["too_old"] == 0 || !strings.Contains(said.Content.Message, "too old") {
					t.Errorf("%s: %s, want all points refused as too old", r.name, a.body)
				}
				total += said.Content.Refused["too_old"]
			}
			if got := s.ingest.Senders(workspace)[0].Refused; got["too_old"] != int64(total) {
				t.Errorf("the sender has %v, want the %d that its answers say", got, total)
			}
		})
	}
}

// The recorded points, moved so that they fill six hours, are what an inspection reads.
func TestDataKitFillsTheWindowOfAnInspection(t *testing.T) {
	for _, version := range dataKitVersions {
		t.Run(version, func(t *testing.T) {
			s := serve(t, ingest.Limits{})
			for _, r := range oneOfEach(t, version) {
				body := r.plain(t)
				for ago := 360; ago >= 0; ago-- {
					q := r
					q.body = zipped(moved(t, version, body, now.Add(-time.Duration(ago)*time.Minute)))
					if a := s.replay(t, q); a.status != 200 || a.header.Get("X-Memseep-Samples-Refused") != "0" {
						t.Fatalf("%s: %d %s", r.name, a.status, a.body)
					}
				}
			}
			read := 0
			err := s.metrics(t).Source().Read(t.Context(), leak.Query{At: now, Window: 6 * time.Hour, Parallel: 1}, func(r *leak.Reading) error {
				read++
				if r.Host.Name != "dk-host-1" || r.Memory == nil || samplesIn(r.Memory.Window) != 360 {
					t.Errorf("host %+v, memory %v", r.Host, r.Memory)
				}
				var names []string
				for _, w := range r.Workloads {
					if w.Object.Kind == leak.KindProcess {
						names = append(names, w.Object.Name)
						if n := samplesIn(w.Window); n != 360 {
							t.Errorf("%s has %d samples, want 360", w.Object.Name, n)
						}
					}
				}
				for _, want := range []string{"order-service", "session-cache", "datakit"} {
					if !slices.Contains(names, want) {
						t.Errorf("processes %v, want %s among them", names, want)
					}
				}
				return nil
			})
			if err != nil || read != 1 {
				t.Errorf("%d hosts, error %v", read, err)
			}
		})
	}
}

// oneOfEach is one request with metrics of memory, and one with those of processes.
func oneOfEach(t testing.TB, version string) (out []recorded) {
	t.Helper()
	found := map[bool]bool{}
	for _, r := range recordings(t, version) {
		ofProcesses := strings.Contains(string(r.plain(t)), "host_processes")
		if strings.HasPrefix(r.path, "/v1/write/metric") && !found[ofProcesses] {
			found[ofProcesses] = true
			out = append(out, r)
		}
	}
	return out
}

func samplesIn(w leak.Window) int {
	n := 0
	for _, v := range w.Values {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}

var endOfLine = regexp.MustCompile(` \d{19}(\n|$)`)

// moved gives the points of a body another time.
func moved(t testing.TB, version string, body []byte, at time.Time) []byte {
	t.Helper()
	if version == "datakit/v1" {
		return endOfLine.ReplaceAll(body, []byte(" "+strconv.FormatInt(at.UnixNano(), 10)+"$1"))
	}
	const point, pointTime = 1, 3
	return rewrite(t, body, func(field protowire.Number, message []byte) []byte {
		if field != point {
			return nil
		}
		message = rewrite(t, message, func(field protowire.Number, _ []byte) []byte {
			if field == pointTime {
				return []byte{} // taken out
			}
			return nil
		})
		message = protowire.AppendTag(message, pointTime, protowire.VarintType)
		message = protowire.AppendVarint(message, uint64(at.UnixNano()))
		return protowire.AppendBytes(protowire.AppendTag(nil, point, protowire.BytesType), message)
	})
}

// rewrite copies a message field by field; where change gives something, that takes its place.
func rewrite(t testing.TB, message []byte, change func(field protowire.Number, content []byte) []byte) []byte {
	t.Helper()
	var out []byte
	for len(message) > 0 {
		field, kind, n := protowire.ConsumeTag(message)
		m := protowire.ConsumeFieldValue(field, kind, message[max(n, 0):])
		if n < 0 || m < 0 {
			t.Fatal("the recording is not protobuf")
		}
		var content []byte
		if kind == protowire.BytesType {
			content, _ = protowire.ConsumeBytes(message[n:])
		}
		if changed := change(field, content); changed != nil {
			out = append(out, changed...)
		} else {
			out = append(out, message[:n+m]...)
		}
		message = message[n+m:]
	}
	return out
}

func TestDataKitOtherCalls(t *testing.T) {
	s := serve(t, ingest.Limits{})
	token := "?token=tkn_0123456789abcdef0123456789abcdef"
	for _, c := range []struct {
		method, path, body string
		want               string
	}{
		{"GET", "/v1/datakit/pull", "", `{"content":{}}`},
		{"GET", "/v1/ntp", "", `{"content":{"timestamp_sec":1772368440},"timestamp_sec":1772368440}`},
		{"POST", "/v1/write/heartbeat", "x", `{"content":{}}`},
		{"POST", "/v1/election", "", `{"content":{}}`},
		{"POST", "/v1/election/heartbeat", "", `{"content":{}}`},
		{"POST", "/v1/datakit/usage_trace", "{}", `{"content":{}}`},
	} {
		t.Run(c.method+" "+c.path, func(t *testing.T) {
			a := s.send(t, c.method, c.path+token, nil, strings.NewReader(c.body))
			if a.status != 200 || strings.TrimSpace(a.body) != c.want {
				t.Errorf("%d %s, want %s", a.status, a.body, c.want)
			}
			if a := s.send(t, c.method, c.path+"?token=x", nil, strings.NewReader(c.body)); a.status != 401 {
				t.Errorf("with a wrong token %d, want 401", a.status)
			}
		})
	}
}

func TestDataKitOtherCategoriesAreCounted(t *testing.T) {
	s := serve(t, ingest.Limits{})
	for _, category := range []string{"logging", "tracing", "keyevent", "network", "rum", "security", "profiling", "custom_object", "object_change"} {
		a := s.post(t, "/v1/write/"+category+"?token="+key, map[string]string{"X-Points": "7"}, []byte("nginx message=\"x\""))
		expect(t, a, 200, 0, 7)
		explains(t, a, `"category":7`, category)
	}
	if got := s.ingest.Senders(workspace)[0].Refused["category"]; got != 63 {
		t.Errorf("%d points of other categories, want 63", got)
	}
}

// A long command line is cut, not a reason to lose the process.
func TestDataKitCommandLineIsCut(t *testing.T) {
	s := serve(t, ingest.Limits{})
	line := fmt.Sprintf("host_processes,host=h1,pid=7,process_name=java,cmdline=java%s rss=1u %d", strings.Repeat(":é.jar", 2000), now.UnixNano())
	a := s.post(t, "/v1/write/metric?token="+key, nil, []byte(line))
	expect(t, a, 200, 1, 0)
	got := s.query(t, `count by (pid, process_name) (host_processes_rss)`, now)
	if diff := cmp.Diff(map[string]string{"map[pid:7 process_name:java]": "1"}, got); diff != "" {
		t.Error(diff)
	}
}
