package modules

import (
	"encoding/json"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
	"github.com/memseep/memseep/leak"
)

// memseepModule is our own: everything that the other modules do, and what is behind it.
func memseepModule(s *Set) starlark.StringDict {
	return functions(map[string]function{
		"hosts":     s.hostNamesFunction,
		"samples":   s.samples,
		"workloads": s.workloads,
		"verdicts":  s.verdicts,
		"detect":    detect,
		"report":    s.reportFunction,
		"http":      s.http,
		"query":     s.query,
		"now": func(*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
			return starlark.MakeInt64(s.Now().Unix()), nil
		},
	})
}

func (s *Set) hostNamesFunction(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs(b.Name(), args, kwargs); err != nil {
		return nil, err
	}
	hosts, err := s.allHosts(thread)
	if err != nil {
		return nil, err
	}
	names := make([]starlark.Value, len(hosts))
	for i, h := range hosts {
		names[i] = starlark.String(h.Name)
	}
	return starlark.NewList(names), nil
}

// samples are the (time, value) of a host's memory in percent.
func (s *Set) samples(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	q := struct {
		Host  string `json:"host"`
		Hours real   `json:"hours"`
	}{Hours: 6}
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "host", &q.Host, "hours?", &q.Hours); err != nil {
		return nil, err
	}
	return s.ask("samples", q)
}

// ask returns what the parent answers, as values of the script; pairs are lists of two.
func (s *Set) ask(name string, args any) (starlark.Value, error) {
	var answer json.RawMessage
	if err := s.call(name, args, &answer); err != nil {
		return nil, err
	}
	if len(answer) == 0 {
		return starlark.None, nil
	}
	return FromJSON(answer)
}

func (s *Set) workloads(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var q struct {
		Host string `json:"host"`
	}
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "host", &q.Host); err != nil {
		return nil, err
	}
	return s.ask("workloads", q)
}

// verdicts inspects without reporting, and returns the verdicts of every object as dicts.
func (s *Set) verdicts(thread *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	made, err := newMemoryLeakCheck(thread, b, args, kwargs)
	if err != nil {
		return nil, err
	}
	i, err := s.inspection(thread, made.(*memoryLeakCheck))
	if err != nil {
		return nil, err
	}
	i.Quiet = true
	return s.ask("inspect", i)
}

// maxWindow bounds the values that detect takes.
const maxWindow = 10_000

// detect judges values of one's own: one value a step, None for a gap, in percent or in the unit of
// capacity.
func detect(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var values, history *starlark.List
	step, capacity, end := 60, real(100), 0
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "values", &values, "step?", &step, "capacity?", &capacity, "history?", &history, "end?", &end); err != nil {
		return nil, err
	}
	if step < 10 || step > 300 {
		return nil, runtime.Fail(runtime.ValueError, "detect: step is a number of seconds from 10 to 300, not %d", step)
	}
	w := leak.Window{Step: int64(step)}
	var err error
	if w.Values, err = numbers(values); err != nil {
		return nil, err
	}
	w.Start = int64(end) - int64(len(w.Values)-1)*w.Step
	h := leak.History{}
	if history != nil {
		if h.Floors, err = numbers(history); err != nil {
			return nil, err
		}
		h.Start = (w.Start/leak.FloorSeconds - int64(len(h.Floors))) * leak.FloorSeconds
	}
	d := leak.Detector{Thresholds: leak.DefaultThresholds}
	v := d.Detect(w, h, leak.Limits{Capacity: float64(capacity)})
	text, err := json.Marshal(newVerdict(&v))
	if err != nil {
		return nil, err
	}
	return FromJSON(text)
}

func numbers(list *starlark.List) ([]float64, error) {
	if list.Len() > maxWindow {
		return nil, runtime.Fail(runtime.ValueError, "detect: %d values are more than %d", list.Len(), maxWindow)
	}
	out := make([]float64, 0, list.Len())
	for item := range starlark.Elements(list) {
		f, ok := starlark.AsFloat(item)
		if !ok && item != starlark.None {
			return nil, runtime.Fail(runtime.TypeError, "detect: %s is no number", runtime.Repr(item))
		}
		if !ok {
			f = nan
		}
		out = append(out, f)
	}
	return out, nil
}

func (s *Set) reportFunction(_ *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var title, message, status, tags starlark.Value
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "title", &title, "message?", &message, "status?", &status, "dimension_tags?", &tags); err != nil {
		return nil, err
	}
	d := new(starlark.Dict)
	for name, v := range map[string]starlark.Value{"title": title, "message": message, "status": status, "dimension_tags": tags} {
		if v == nil {
			continue
		}
		if err := d.SetKey(starlark.String(name), v); err != nil {
			return nil, err
		}
	}
	return starlark.None, s.report(d)
}
