package modules

import (
	"maps"
	"math"
	"slices"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

// Query asks for a metric of any kind.
type Query struct {
	Metric string              `json:"metric"`
	Host   string              `json:"host,omitempty"`
	Hours  float64             `json:"hours"`
	Labels map[string][]string `json:"labels,omitempty"`
	Step   float64             `json:"step"` // seconds
}

// Series is one of the answer.
type Series struct {
	Host    *string           `json:"host"` // nil where its labels tell none
	Labels  map[string]string `json:"labels"`
	Samples [][2]float64      `json:"samples"`
}

// query is memseep.query(metric, host=None, hours=6, labels={}, step=None).
func (s *Set) query(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var q Query
	var host, labels, step starlark.Value
	hours := real(6)
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "metric", &q.Metric, "host?", &host, "hours?", &hours, "labels?", &labels, "step?", &step); err != nil {
		return nil, err
	}
	q.Host, q.Hours = textOr(host, ""), float64(hours)
	if step == nil || step == starlark.None {
		const samples, minute = 1000, 60 // of a series at the most, a minute apart at the least
		q.Step = minute * max(1, math.Ceil(q.Hours*3600/samples/minute))
	} else {
		var given real
		if err := given.Unpack(step); err != nil {
			return nil, runtime.Fail(runtime.TypeError, "query: step is a number of seconds, not %s", runtime.Repr(step))
		}
		q.Step = float64(given)
	}
	if math.IsNaN(q.Hours) || math.IsInf(q.Hours, 0) || math.IsNaN(q.Step) || math.IsInf(q.Step, 0) {
		return nil, runtime.Fail(runtime.ValueError, "query: hours and step are numbers that are finite")
	}
	var err error
	if q.Labels, err = valuesOf(labels); err != nil {
		return nil, err
	}
	var answer []Series
	if err := s.call("query", q, &answer); err != nil {
		return nil, err
	}
	list := make([]starlark.Value, len(answer))
	for i := range answer {
		if list[i], err = answer[i].value(); err != nil {
			return nil, err
		}
	}
	return starlark.NewList(list), nil
}

// value is the series as a dict; samples are lists of two.
func (s *Series) value() (starlark.Value, error) {
	labels := starlark.NewDict(len(s.Labels))
	for _, name := range slices.Sorted(maps.Keys(s.Labels)) {
		if err := labels.SetKey(starlark.String(name), starlark.String(s.Labels[name])); err != nil {
			return nil, err
		}
	}
	samples := make([]starlark.Value, len(s.Samples))
	for i, p := range s.Samples {
		var at starlark.Value = starlark.Float(p[0])
		if whole := int64(p[0]); float64(whole) == p[0] {
			at = starlark.MakeInt64(whole)
		}
		samples[i] = starlark.NewList([]starlark.Value{at, starlark.Float(p[1])})
	}
	var host starlark.Value = starlark.None
	if s.Host != nil {
		host = starlark.String(*s.Host)
	}
	d := starlark.NewDict(3)
	for _, entry := range []struct {
		name  string
		value starlark.Value
	}{{"host", host}, {"labels", labels}, {"samples", starlark.NewList(samples)}} {
		if err := d.SetKey(starlark.String(entry.name), entry.value); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// valuesOf reads a dict of labels: a text, or a list of texts of which one has to be there.
func valuesOf(v starlark.Value) (map[string][]string, error) {
	if v == nil || v == starlark.None {
		return nil, nil
	}
	d, ok := v.(starlark.IterableMapping)
	if !ok {
		return nil, runtime.Fail(runtime.TypeError, "query: labels is a dict, not %s", runtime.Repr(v))
	}
	out := map[string][]string{}
	for _, item := range d.Items() {
		name := runtime.Text(item[0])
		several, ok := item[1].(starlark.Iterable)
		if _, isDict := item[1].(starlark.Mapping); !ok || isDict {
			out[name] = []string{runtime.Text(item[1])}
			continue
		}
		out[name] = []string{}
		for value := range starlark.Elements(several) {
			out[name] = append(out[name], runtime.Text(value))
		}
	}
	return out, nil
}
