package event_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/fleet"
	"github.com/memseep/memseep/internal/fleet/workloads"
	"github.com/memseep/memseep/leak"
)

// machine is a source of one made host.
type machine struct{ reading leak.Reading }

func (m machine) Hosts(context.Context, time.Time) ([]leak.Host, error) {
	return []leak.Host{m.reading.Host}, nil
}

func (m machine) Newest(context.Context) (time.Time, error) { return time.Unix(fleet.End, 0), nil }

func (m machine) Read(_ context.Context, _ leak.Query, each func(*leak.Reading) error) error {
	return each(&m.reading)
}

// TestALeakingMachineBecomesOneEvent inspects made machines of every class, once: where the inspection
// finds a leak that need not wait there is one event, which names the workload that leaks and shows its
// curve. Few wait, but where a leak has just begun.
func TestALeakingMachineBecomesOneEvent(t *testing.T) {
	const perClass = 4
	machines, alone, named, waiting := 0, 0, 0, 0
	for _, class := range workloads.Classes() {
		for seed := range uint64(perClass) {
			made := workloads.Make(class, 81_000+seed)
			var findings []inspect.Finding
			leaking, certain := false, false
			_, err := inspect.Run(t.Context(), machine{made.Reading}, inspect.Options{KeepSeries: true}, func(f inspect.Finding) error {
				findings = append(findings, f)
				leaking = leaking || f.Verdict.Leak
				certain = certain || f.Verdict.Leak && f.Wait == ""
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			opened := event.Advance(nil, findings, time.Unix(fleet.End, 0), event.Options{NewID: func() string { return "e" }})
			if certain != (len(opened) > 0) {
				t.Errorf("%s %d: leaks for certain %v, %d events", class.Name, seed, certain, len(opened))
			}
			if leaking && !certain && class.Name != "late_onset" {
				waiting++
			}
			if made.Truth.First.Kind == "" || !certain {
				continue
			}
			machines++
			if len(opened) == 1 {
				alone++
			}
			for _, tr := range opened {
				e := tr.Event
				if len(e.Snapshot.Curve.Values) < 72 || e.Title == "" || strings.Contains(event.Overview(e, "en")+event.Overview(e, "zh"), "%!") {
					t.Errorf("%s %d: curve of %d points, %q", class.Name, seed, len(e.Snapshot.Curve.Values), e.Title)
				}
			}
			first := made.Truth.First
			want := event.OwnerOf(first, "")
			if got := opened[0].Event.Attributes[event.AttrCulprit]; got == want || strings.HasSuffix(got, "/"+want) {
				named++
			} else {
				t.Logf("%s %d: %q is named, %q leaks", class.Name, seed, got, want)
			}
		}
	}
	t.Logf("%d machines with a leak that is found: %d have one event, %d name the workload; %d leaks wait", machines, alone, named, waiting)
	if machines < 20 || alone < machines*9/10 || named < machines*8/10 || waiting > machines/10 {
		t.Errorf("of %d machines %d have one event, and %d name the workload; %d leaks wait", machines, alone, named, waiting)
	}
}
