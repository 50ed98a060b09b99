package demo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/memseep/memseep/internal/fleet/workloads"
	"github.com/memseep/memseep/leak"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
)

// span is how far back the fleet reaches: a window and a week of history.
const span = (6 + 7*24) * time.Hour

// madeHosts are the hosts that no recording exists of, each showing one thing.
var madeHosts = []struct {
	name  string
	class string // of workloads
	seed  uint64
}{
	{"k8s-1", "pod", 3},                         // a pod of a deployment leaks
	{"db-1", "kernel", 4},                       // memory that no process owns
	{"web-1", "hidden", 5},                      // a leak that a shrinking process hides
	{"web-2", "beside_warm_up", 3},              // a leak beside a cache that warms up
	{"web-3", "none", 2},                        // growth of many kinds, none of which is a leak
	{"job-1", "many_small", 2},                  // short processes that pile up
	{"queue-1", "restarting", 2},                // a process that is killed, and leaks again
	{"docker-1", "container_with_processes", 1}, // a container, and the processes inside it
}

// member is one host of the fleet with all of its series.
type member struct {
	name   string
	series []series
}

// series is one metric as a collector would send it; times in milliseconds, ascending.
type series struct {
	labels labels.Labels
	times  []int64
	values []float64
}

// fleetUntil makes every host of the demo, its newest samples at the time.
func fleetUntil(newest time.Time) ([]member, error) {
	members, err := recordedHosts(newest)
	if err != nil {
		return nil, err
	}
	classes := workloads.Classes()
	for _, m := range madeHosts {
		i := slices.IndexFunc(classes, func(c workloads.Class) bool { return c.Name == m.class })
		if i < 0 {
			return nil, fmt.Errorf("make the demo's host %s: there is no class of hosts named %s", m.name, m.class)
		}
		made := workloads.Make(classes[i], m.seed)
		members = append(members, fromReading(m.name, &made.Reading, newest))
	}
	return members, nil
}

// fromReading gives the collectors' metrics of a made host.
func fromReading(name string, r *leak.Reading, newest time.Time) member {
	m := member{name: name}
	shift := newest.Unix() - r.Memory.Window.End()
	node := collector{host: name, total: r.Host.TotalBytes}
	m.series = append(m.series, node.memory(samplesOf(r.Memory).shifted(shift))...)
	for _, w := range grouped(r.Workloads) {
		m.series = append(m.series, node.workload(w.series, w.samples.shifted(shift), shift)...)
	}
	return m
}

// group is a workload, or all processes of one name: process-exporter adds them up.
type group struct {
	series  *leak.Series
	samples samples
}

func grouped(all []leak.Series) []group {
	var groups []group
	index := map[leak.Object]int{}
	for i := range all {
		s := &all[i]
		at, known := index[s.Object]
		if !known {
			index[s.Object] = len(groups)
			groups = append(groups, group{s, samplesOf(s)})
			continue
		}
		sum := *groups[at].series
		sum.Limits.StartsKnown = false // some of the group have started, others go on
		groups[at] = group{&sum, groups[at].samples.plus(samplesOf(s))}
	}
	return groups
}

// samples are values over time in milliseconds.
type samples struct {
	times  []int64
	values []float64
}

func (s *samples) add(seconds int64, v float64) {
	if v == v { // a gap is no sample
		s.times = append(s.times, seconds*1000)
		s.values = append(s.values, v)
	}
}

// plus adds values of the same time.
func (s samples) plus(other samples) samples {
	sum := map[int64]float64{}
	for _, part := range []samples{s, other} {
		for i, t := range part.times {
			sum[t] += part.values[i]
		}
	}
	out := samples{times: slices.Sorted(maps.Keys(sum))}
	for _, t := range out.times {
		out.values = append(out.values, sum[t])
	}
	return out
}

// shifted is so many seconds later.
func (s samples) shifted(seconds int64) samples {
	out := samples{times: slices.Clone(s.times), values: s.values}
	for i := range out.times {
		out.times[i] += seconds * 1000
	}
	return out
}

// pastStep is the distance in seconds of the samples that stand for a floor of the past.
const pastStep = 300

// samplesOf turns a series back into samples. Of the past a floor for 15 minutes is known: it
// holds for all of them.
func samplesOf(s *leak.Series) samples {
	var out samples
	for i, v := range s.History.Floors {
		end := s.History.Start + int64(i)*leak.FloorSeconds
		for t := end - leak.FloorSeconds + pastStep; t <= end; t += pastStep {
			if t < s.Window.Start {
				out.add(t, v)
			}
		}
	}
	for i, v := range s.Window.Values {
		out.add(s.Window.Start+int64(i)*s.Window.Step, v)
	}
	return out
}

// appendFleet writes the samples, a transaction a host.
func appendFleet(ctx context.Context, appender func() storage.AppenderV2, members []member) error {
	for _, m := range members {
		if err := ctx.Err(); err != nil {
			return err
		}
		app := appender()
		for _, s := range m.series {
			var ref storage.SeriesRef
			for i, t := range s.times {
				var err error
				if ref, err = app.Append(ref, s.labels, 0, t, s.values[i], nil, nil, storage.AOptions{}); err != nil {
					return fmt.Errorf("write %s: %w", s.labels, err)
				}
			}
		}
		if err := app.Commit(); err != nil {
			return fmt.Errorf("write the samples of %s: %w", m.name, err)
		}
	}
	return nil
}
