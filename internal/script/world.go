package script

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
	"github.com/memseep/memseep/leak"
)

// World is what a script reaches outside of its sandbox.
type World struct {
	Source  inspect.Source
	Options inspect.Options // of inspections; Hosts is what the script may see at most
	// Findings gets what an inspection of the script finds, Reported the events of its own checks.
	Findings func(inspect.Finding) error
	Reported func(modules.Event) error
	Done     func(inspect.Summary) // after each inspection; nil for nobody
	// Inspect makes an inspection whose findings are events, in place of Findings; nil inspects here.
	Inspect func(ctx context.Context, configs, keep []string, filtered bool) (inspect.Summary, error)
	// Registered answers what is configured for an inspection that the script registers.
	Registered func(ctx context.Context, r modules.Registration) (modules.Registered, error)
	Store      Store    // DFF.STORE and DFF.CACHE
	Query      Query    // nil is that of Source, where it has one
	Allow      []string // servers that memseep.http may call, as ParseAllowed reads them
}

// sourceError marks what the source of samples answered.
type sourceError struct{ error }

func (sourceError) Source() bool    { return true }
func (e sourceError) Unwrap() error { return e.error }

// calls are what a script may ask for, by name.
func (w *World) calls(mask *mask) map[string]sandbox.Call {
	list := map[string]sandbox.Call{
		"hosts":     w.hosts,
		"inspect":   w.inspect,
		"samples":   w.samples,
		"workloads": w.workloads,
		"register": func(ctx context.Context, args json.RawMessage) (any, error) {
			var r modules.Registration
			if err := json.Unmarshal(args, &r); err != nil {
				return nil, err
			}
			mask.add(r.Key)
			return w.Registered(ctx, r)
		},
		"report": func(_ context.Context, args json.RawMessage) (any, error) {
			var e modules.Event
			if err := json.Unmarshal([]byte(mask.Replace(string(args))), &e); err != nil {
				return nil, err
			}
			return nil, w.Reported(e)
		},
	}
	maps.Copy(list, httpCalls(w.Allow))
	maps.Copy(list, w.queryCalls())
	for _, where := range []string{"store", "cache"} {
		maps.Copy(list, storeCalls(w.Store, where))
	}
	return list
}

func (w *World) hosts(ctx context.Context, _ json.RawMessage) (any, error) {
	at, err := w.at(ctx)
	if err != nil {
		return nil, err
	}
	list, err := w.Source.Hosts(ctx, at)
	if err != nil {
		return nil, sourceError{fmt.Errorf("list hosts: %w", err)}
	}
	out := make([]modules.Host, len(list))
	for i, h := range list {
		out[i] = modules.Host{Name: h.Name, Labels: h.Labels, TotalBytes: h.TotalBytes, Collectors: h.Collectors}
	}
	return out, nil
}

func (w *World) at(ctx context.Context) (time.Time, error) {
	if !w.Options.At.IsZero() {
		return w.Options.At, nil
	}
	at, err := w.Source.Newest(ctx)
	if err != nil {
		return at, sourceError{fmt.Errorf("find the newest sample: %w", err)}
	}
	return at, nil
}

// inspect runs the memory-leak inspection on what the script chose.
func (w *World) inspect(ctx context.Context, args json.RawMessage) (any, error) {
	var i modules.Inspection
	if err := json.Unmarshal(args, &i); err != nil {
		return nil, err
	}
	if w.Inspect != nil && !i.Quiet {
		s, err := w.Inspect(ctx, i.Configs, i.Keep, i.Filtered)
		if err != nil {
			return nil, sourceError{err}
		}
		return summary(s), nil
	}
	o := w.Options
	if len(i.Configs) > 0 {
		o.Hosts, o.Absent = i.Configs, true
	}
	if i.Filtered {
		keep := make(map[string]bool, len(i.Keep))
		for _, name := range i.Keep {
			keep[name] = true
		}
		o.Filters = append(o.Filters[:len(o.Filters):len(o.Filters)], func(h leak.Host) bool { return keep[h.Name] })
	}
	verdicts := []modules.Verdict{}
	emit := w.Findings
	if i.Quiet {
		emit = func(f inspect.Finding) error {
			verdicts = append(verdicts, modules.FindingVerdict(&f))
			return nil
		}
	}
	s, err := inspect.Run(ctx, w.Source, o, emit)
	var unknown *inspect.UnknownHostsError
	switch {
	case errors.As(err, &unknown):
		return nil, err
	case err != nil:
		return nil, sourceError{err}
	case i.Quiet:
		return verdicts, nil
	}
	if w.Done != nil {
		w.Done(s)
	}
	return summary(s), nil
}

func summary(s inspect.Summary) modules.Summary {
	return modules.Summary{Hosts: s.Hosts, Leaks: s.Leaks, LeakHosts: s.LeakHosts, NoData: s.NoData, Failed: s.Failed}
}

// longestSamples is how far back a script reads.
const longestSamples = 7 * 24 * time.Hour

// samples are the pairs of time and percent of one host.
func (w *World) samples(ctx context.Context, args json.RawMessage) (any, error) {
	var q struct {
		Host  string
		Hours float64
	}
	if err := json.Unmarshal(args, &q); err != nil {
		return nil, err
	}
	window := time.Duration(q.Hours * float64(time.Hour))
	if window <= 0 || window > longestSamples {
		return nil, fmt.Errorf("samples: hours are more than 0 and up to %.0f", longestSamples.Hours())
	}
	pairs := [][2]float64{}
	err := w.readHost(ctx, q.Host, window, func(r *leak.Reading) {
		if r.Memory != nil {
			pairs = samplesOf(&r.Memory.Window)
		}
	})
	return pairs, err
}

func samplesOf(window *leak.Window) [][2]float64 {
	pairs := make([][2]float64, 0, len(window.Values))
	for i, v := range window.Values {
		if !math.IsNaN(v) {
			pairs = append(pairs, [2]float64{float64(window.Start + int64(i)*window.Step), v})
		}
	}
	return pairs
}

func (w *World) readHost(ctx context.Context, host string, window time.Duration, take func(*leak.Reading)) error {
	at, err := w.at(ctx)
	if err != nil {
		return err
	}
	var failed error
	err = w.Source.Read(ctx, leak.Query{At: at, Window: window, Hosts: []string{host}, Parallel: 1}, func(r *leak.Reading) error {
		if failed = r.Err; failed == nil {
			take(r)
		}
		return nil
	})
	if err = errors.Join(err, failed); err != nil {
		return sourceError{fmt.Errorf("read %s: %w", host, err)}
	}
	return nil
}

// workload is what a script sees of a process, container, pod or kernel pool.
type workload struct {
	Kind      leak.Kind    `json:"kind"`
	Name      string       `json:"name"`
	Namespace string       `json:"namespace,omitempty"`
	Owner     string       `json:"owner,omitempty"`
	Unit      string       `json:"unit"`
	Value     float64      `json:"value"` // the newest
	Samples   [][2]float64 `json:"samples"`
}

func (w *World) workloads(ctx context.Context, args json.RawMessage) (any, error) {
	var q struct{ Host string }
	if err := json.Unmarshal(args, &q); err != nil {
		return nil, err
	}
	out := []workload{}
	err := w.readHost(ctx, q.Host, inspect.DefaultWindow, func(r *leak.Reading) {
		for i := range r.Workloads {
			s := &r.Workloads[i]
			samples := samplesOf(&s.Window)
			if len(samples) == 0 {
				continue
			}
			out = append(out, workload{
				Kind: s.Object.Kind, Name: s.Object.Name, Namespace: s.Object.Namespace, Owner: s.Owner, Unit: s.Unit.String(),
				Value: samples[len(samples)-1][1], Samples: samples,
			})
		}
	})
	return out, err
}
