package ingest_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/ingest"
	"github.com/memseep/memseep/leak"
)

// What Telegraf sends by InfluxDB's two ways is taken, and the host and its process are found.
func TestTelegrafAsItSends(t *testing.T) {
	for _, version := range []string{"telegraf/v1", "telegraf/v2"} {
		t.Run(version, func(t *testing.T) {
			all := recordings(t, version)
			last := all[len(all)-1]
			at := lastTime(t, last.plain(t))
			s := serveAt(t, ingest.Limits{}, func() time.Time { return at })
			for _, r := range all {
				if a := s.replay(t, r); a.status != 204 {
					t.Errorf("%s: %d %s", r.name, a.status, a.body)
				}
			}
			s.finds(t, at, "web-1", "leaky")
		})
	}
}

var timeOfLine = regexp.MustCompile(`(\d{19})\n`)

// lastTime is the newest of a body of lines.
func lastTime(t testing.TB, body []byte) time.Time {
	t.Helper()
	var newest int64
	for _, m := range timeOfLine.FindAllSubmatch(body, -1) {
		ns, err := strconv.ParseInt(string(m[1]), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		newest = max(newest, ns)
	}
	return time.Unix(0, newest)
}

// finds checks that an inspection would read the host with its memory in percent, and its process.
func (s *server) finds(t testing.TB, at time.Time, host, process string) {
	t.Helper()
	var seen []string
	err := s.metrics(t).Source().Read(t.Context(), leak.Query{At: at, Window: 10 * time.Minute, Parallel: 1}, func(r *leak.Reading) error {
		seen = append(seen, r.Host.Name)
		if r.Host.Name != host {
			return nil
		}
		if r.Memory == nil || samplesIn(r.Memory.Window) == 0 || !(r.Host.TotalBytes > 0) {
			t.Errorf("host %+v has no memory", r.Host)
		}
		var names []string
		for _, w := range r.Workloads {
			if w.Object.Kind != leak.KindProcess {
				continue
			}
			names = append(names, w.Object.Name)
			if samplesIn(w.Window) == 0 {
				t.Errorf("%s has no samples", w.Object.Name)
			}
		}
		if !strings.Contains(strings.Join(names, " "), process) {
			t.Errorf("processes %v, want %s", names, process)
		}
		return nil
	})
	if err != nil || len(seen) != 1 || seen[0] != host {
		t.Errorf("hosts %v, error %v; want %s", seen, err, host)
	}
}
