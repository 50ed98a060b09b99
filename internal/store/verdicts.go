package store

import (
	"context"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// Verdict is what an inspection said of one object, as it is kept for dashboards and rules.
type Verdict struct {
	At         time.Time
	Inspection string // its name
	Object     leak.Object
	Unit       leak.Unit
	Verdict    leak.Verdict
}

// The series that verdicts become, with the labels kind, host, name, namespace and inspection.
// Hosts always have Leak, LeakConfidence and Used; workloads, and the others, are written where
// there is a leak alone, so that the number of series follows that of hosts.
//
// There is a sample an inspection: a query of the last one is last_over_time(memseep_leak[2h]).
const (
	LeakMetric       = "memseep_leak"                         // 1 or 0
	ConfidenceMetric = "memseep_confidence"                   // 0 to 1
	UsedMetric       = "memseep_used"                         // label unit: percent or bytes
	SlopeMetric      = "memseep_slope_per_hour"               // label unit
	ExhaustionMetric = "memseep_exhaustion_timestamp_seconds" // where it is foreseen
	CauseMetric      = "memseep_leak_cause"                   // 1; labels cause and level
)

// WriteVerdicts keeps the verdicts of a run.
func WriteVerdicts(ctx context.Context, m Metrics, verdicts []Verdict) error {
	series := make([]Series, 0, 3*len(verdicts))
	for i := range verdicts {
		series = appendVerdict(series, &verdicts[i])
	}
	return m.AppendDerived(ctx, series)
}

func appendVerdict(dst []Series, v *Verdict) []Series {
	isHost := v.Object.Kind == leak.KindHost
	said := v.Verdict.Cause != leak.NoData && v.Verdict.Cause != leak.TooShort
	if !said || !isHost && !v.Verdict.Leak {
		return dst
	}
	add := func(metric string, value float64, more ...string) {
		if value-value != 0 {
			return // not known
		}
		dst = append(dst, Series{
			Labels:  objectLabels(metric, v.Object, append(more, "inspection", v.Inspection)...),
			Samples: []Sample{{T: v.At.UnixMilli(), V: value}},
		})
	}
	leaks := 0.0
	if v.Verdict.Leak {
		leaks = 1
	}
	unit := v.Unit.String()
	add(LeakMetric, leaks)
	add(ConfidenceMetric, v.Verdict.Confidence)
	add(UsedMetric, v.Verdict.Value, "unit", unit)
	if !v.Verdict.Leak {
		return dst
	}
	add(SlopeMetric, v.Verdict.SlopePerHour, "unit", unit)
	if at := v.Verdict.Exhaustion.At; at > 0 {
		add(ExhaustionMetric, float64(at))
	}
	add(CauseMetric, 1, "cause", string(v.Verdict.Cause), "level", string(v.Verdict.Level))
	return dst
}

// objectLabels are those of a series about an object; what is empty is left out.
func objectLabels(metric string, o leak.Object, more ...string) labels.Labels {
	b := labels.NewScratchBuilder(8)
	add := func(name, value string) {
		if value != "" {
			b.Add(name, value)
		}
	}
	add(model.MetricNameLabel, metric)
	add("kind", string(o.Kind))
	add("host", o.Host)
	add("name", o.Name)
	add("namespace", o.Namespace)
	for i := 0; i+1 < len(more); i += 2 {
		add(more[i], more[i+1])
	}
	b.Sort()
	return b.Labels()
}
