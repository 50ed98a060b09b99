package script_test

import (
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/memseep/memseep/internal/store"
)

// A script reads what a workspace keeps of any metric, by the source that its runs have.
func TestScriptsQueryTheOwnStore(t *testing.T) {
	end := time.Unix(fleetEnd, 0)
	e, err := store.OpenEmbedded(t.TempDir(), store.EmbeddedOptions{Clock: func() time.Time { return end }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	for metric, value := range map[string]float64{"node_memory_MemTotal_bytes": 8 << 30, "node_memory_MemAvailable_bytes": 4 << 30, "node_filesystem_avail_bytes": 100} {
		s := store.Series{Labels: labels.FromStrings("__name__", metric, "instance", "数据库-1:9100", "mountpoint", "/数据")}
		for ago := 300; ago >= 0; ago-- {
			s.Samples = append(s.Samples, store.Sample{T: end.Add(-time.Duration(ago) * time.Minute).UnixMilli(), V: value + float64(ago)})
		}
		if r, err := e.Append(t.Context(), []store.Series{s}); err != nil || r.Refused() > 0 {
			t.Fatal(r, err)
		}
	}
	f := newFleet(t)
	w := f.world(true, "")
	w.Source = e.Source()
	source := `
import memseep
def run():
    host = memseep.hosts()[0]
    [s] = memseep.query('node_filesystem_avail_bytes', host, hours=1, labels={'mountpoint': '/数据'})
    return [host, s['host'], s['labels']['instance'], len(s['samples']), s['samples'][0], s['samples'][-1], memseep.query('nothing')]
`
	got := w.run(t, f.job("x.py", source, "run"))
	if want := `["数据库-1","数据库-1","数据库-1:9100",61,[1793487600,160.0],[1793491200,100.0],[]]`; string(got.result.Value) != want {
		t.Errorf("%s, want %s: %+v", got.result.Value, want, got.result.Failure)
	}
}
