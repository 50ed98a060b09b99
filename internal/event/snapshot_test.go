package event

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

func TestCurvesAreThinnedOutByTheLowest(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name   string
		values []float64
		most   int
		want   string
		start  int64
		step   int64
	}{
		{"few points stay", []float64{1, nan, 3}, 5, "[1,null,3]", 1000, 10},
		{"two make one", []float64{5, 1, 2, 8, nan, nan}, 3, "[1,2,null]", 1010, 20},
		{"the last point ends with the line", []float64{9, 5, 1, 2, 8}, 3, "[9,1,2]", 1000, 20},
		{"nothing", nil, 3, "[]", 1000, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			curve := curveOf(1000, 10, c.values, leak.Percent, c.most)
			got, err := json.Marshal(curve.Values)
			if err != nil || string(got) != c.want {
				t.Errorf("%s, %v; want %s", got, err, c.want)
			}
			if n := int64(len(curve.Values)); n > 0 && (curve.Step != c.step || curve.Start != c.start) {
				t.Errorf("starts at %d with steps of %d, want %d and %d", curve.Start, curve.Step, c.start, c.step)
			}
		})
	}
}

// leaking is a host whose java grows, as a run with KeepSeries finds it.
func leaking(at time.Time) []inspect.Finding {
	series := func(o leak.Object, unit leak.Unit, from, by float64) *leak.Series {
		s := &leak.Series{Object: o, Unit: unit, Window: leak.Window{Start: at.Unix() - 359*60, Step: 60, Values: make([]float64, 360)}}
		for i := range s.Window.Values {
			s.Window.Values[i] = from + by*float64(i)
		}
		s.Window.Values[10] = math.NaN()
		first := s.Window.Start / 900 * 900
		s.History = leak.History{Start: first - 671*900, Floors: make([]float64, 672)}
		for i := range s.History.Floors {
			s.History.Floors[i] = from
		}
		return s
	}
	host := leak.Object{Kind: leak.KindHost, Host: "web-1"}
	java := leak.Object{Kind: leak.KindProcess, Host: "web-1", Name: "java"}
	return []inspect.Finding{
		{
			At: at, Object: host, Unexplained: 1e6, Series: series(host, leak.Percent, 40, 0.05),
			Host: leak.Host{Name: "web-1", TotalBytes: 16 << 30, Labels: map[string]string{"zone": "a", "culprit": "x"}, Collectors: []string{"memseep", "node_exporter"}},
			Verdict: leak.Verdict{
				Leak: true, Cause: leak.Steady, Level: leak.Error, Confidence: 0.97, Value: 58, Onset: at.Add(-6 * time.Hour).Unix(),
				SlopePerHour: 3, SlopeLow: 2.9, SlopeHigh: math.NaN(), Exhaustion: leak.Exhaustion{At: at.Add(14 * time.Hour).Unix()},
			},
			Suspects: []suspect.Suspect{{Kind: leak.KindProcess, Name: "java", Share: 0.93, GrowthBytes: 3e9, Bytes: 5e9, Count: 1}},
			Top:      []suspect.Usage{{Kind: leak.KindProcess, Name: "java", Bytes: 5e9}, {Kind: leak.KindProcess, Name: "db", Bytes: 4e9}},
		},
		{At: at, Object: java, Unit: leak.Bytes, Series: series(java, leak.Bytes, 2e9, 8e6), Verdict: leak.Verdict{Cause: leak.Noise, Level: leak.OK}},
	}
}

func open(t *testing.T, findings []inspect.Finding) Event {
	t.Helper()
	ts := Advance(nil, findings, midnight.Add(time.Minute), Options{WorkspaceID: "w", InspectionID: "i", Inspection: "Memory", NewID: func() string { return "e1" }})
	if len(ts) != 1 || !ts[0].New {
		t.Fatalf("transitions: %+v", ts)
	}
	return ts[0].Event
}

func TestTheSnapshotShowsTheAnomaly(t *testing.T) {
	e := open(t, leaking(midnight))
	s := e.Snapshot
	if c := s.Curve; len(c.Values) != 360 || c.Values[10] != nil || *c.Values[0] != 40 || c.Unit != "percent" || c.Step != 60 {
		t.Errorf("curve of %d values from %v, unit %s", len(c.Values), c.Values[0], c.Unit)
	}
	if f := s.Floors; f == nil || len(f.Values) > mostPoints || len(f.Values) < 300 || *f.Values[0] != 40 || *f.Values[len(f.Values)-1] < 56 {
		t.Errorf("floors %+v", f)
	}
	if len(s.Suspects) != 1 || s.Suspects[0].Name != "java" || s.Suspects[0].Curve == nil || len(s.Suspects[0].Curve.Values) > mostWorkloadPoints {
		t.Errorf("suspects %+v", s.Suspects)
	}
	if len(s.Top) != 2 || s.Top[0].Curve == nil || s.Top[0].Curve.Unit != "bytes" || s.Top[1].Curve != nil {
		t.Errorf("top %+v", s.Top)
	}
	if s.TotalBytes != 16<<30 || s.Unexplained == nil || *s.Unexplained != 1e6 {
		t.Errorf("total %d, unexplained %v", s.TotalBytes, s.Unexplained)
	}
	if e.Verdict.SlopeHigh != 0 || e.Verdict.Exhaustion != midnight.Add(14*time.Hour) || e.Onset != midnight.Add(-6*time.Hour) {
		t.Errorf("verdict %+v", e.Verdict)
	}
	if e.Attributes["zone"] != "a" || e.Attributes[AttrCulprit] != "java" || e.Attributes[AttrCollectors] != "memseep,node_exporter" {
		t.Errorf("attributes %v", e.Attributes)
	}
	if e.Dimensions["host"] != "web-1" || e.Dimensions["kind"] != "host" || e.Dimensions["culprit"] != "java" {
		t.Errorf("dimensions %v", e.Dimensions)
	}
	text, err := json.Marshal(e)
	if err != nil || len(text) > 40_000 {
		t.Errorf("an event is %d bytes of JSON, %v", len(text), err)
	}
}

func TestALabelOfTheHostIsNotTakenForTheCulprit(t *testing.T) {
	f := leaking(midnight)[:1]
	f[0].Suspects = nil
	if e := open(t, f); e.Attributes[AttrCulprit] != "" || strings.Contains(e.Title, ":") {
		t.Errorf("culprit %q, title %q", e.Attributes[AttrCulprit], e.Title)
	}
}
