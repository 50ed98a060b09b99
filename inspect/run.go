// Package inspect makes one run of an inspection.
//
// In go a source of windows, a clock and Options (hosts, filters, thresholds); out come findings,
// host by host: the verdict on each object, who grew, what is missing. Read run.go first.
package inspect

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/suspect"
)

// The spans that an inspection looks at unless Options says otherwise.
const (
	DefaultWindow  = 6 * time.Hour
	DefaultHistory = 7 * 24 * time.Hour
)

// Options is the configuration of one run. The zero value inspects every host now.
type Options struct {
	At         time.Time       // end of the window; the zero time is the newest sample of the source
	Now        time.Time       // the clock; the zero time is time.Now()
	Window     time.Duration   // 0 is DefaultWindow
	History    time.Duration   // 0 is DefaultHistory, negative is none
	Hosts      []string        // exact names or globs; empty is every host
	Filters    []Filter        // in sequence: a host is inspected when all keep it
	Parallel   int             // hosts in flight; below 1 is 1
	Thresholds leak.Thresholds // the zero value is leak.DefaultThresholds
	KeepSeries bool            // findings carry a copy of the series that was judged
	// Absent lets hosts be named that the source does not have: each is a finding of no_data, where
	// it would be an *UnknownHostsError. A glob that matches nothing is an error all the same.
	Absent bool
	// Progress is told after each host; total is 0 while the number of hosts is not known.
	Progress func(done, total int)
}

// Summary counts what a run has seen.
type Summary struct {
	At        time.Time
	Hosts     int // inspected, those with errors and without data among them
	Failed    int // could not be read
	NoData    int // hosts whose verdict is no_data or too_short
	Leaks     int // objects that leak
	LeakHosts int // hosts that leak, or on which a workload does
}

// Run inspects the hosts that o chooses and gives each finding to emit as soon as it is known.
//
// All findings of one host come together, the host's own first; emit is called by one goroutine
// at a time, in no particular order of hosts. A host that cannot be read is a finding with Err
// set. An error is returned where nothing could be inspected: *UnknownHostsError, *FutureError,
// what the source or emit returned, or the context's error.
func Run(ctx context.Context, src Source, o Options, emit func(Finding) error) (Summary, error) {
	q, err := o.query(ctx, src)
	if err != nil {
		return Summary{}, err
	}
	r := &run{options: o, at: q.At, emit: emit, summary: Summary{At: q.At}}
	r.workers.New = func() any { return newWorker(o.Thresholds) }
	if q.Hosts, err = o.chooseHosts(ctx, src, q.At); err != nil {
		return r.summary, err
	}
	r.total = len(q.Hosts)
	if q.Hosts != nil && len(q.Hosts) == 0 {
		return r.summary, nil
	}
	r.waiting = make(map[string]struct{}, len(q.Hosts))
	for _, h := range q.Hosts {
		r.waiting[h] = struct{}{}
	}
	if err := src.Read(ctx, q, r.inspectHost); err != nil {
		return r.summary, fmt.Errorf("read windows: %w", err)
	}
	return r.summary, r.reportUnread(q.Hosts)
}

func (o Options) query(ctx context.Context, src Source) (leak.Query, error) {
	q := leak.Query{At: o.At, Window: o.Window, History: o.History, Parallel: max(o.Parallel, 1)}
	if q.Window <= 0 {
		q.Window = DefaultWindow
	}
	if q.History == 0 {
		q.History = DefaultHistory
	}
	q.History = max(q.History, 0)
	now := o.Now
	if now.IsZero() {
		now = time.Now()
	}
	if !q.At.IsZero() && !q.At.After(now) {
		return q, nil
	}
	newest, err := src.Newest(ctx)
	if err != nil {
		return q, fmt.Errorf("find the newest sample: %w", err)
	}
	if q.At.IsZero() {
		q.At = newest
	} else if q.At.After(newest) {
		return q, &FutureError{At: q.At, Newest: newest}
	}
	return q, nil
}

// run is the state that the hosts of one run share.
type run struct {
	options Options
	at      time.Time
	emit    func(Finding) error
	workers sync.Pool
	total   int

	mu      sync.Mutex // guards what follows, and the calls of emit
	summary Summary
	waiting map[string]struct{} // hosts chosen by name that have not been read yet
}

// worker is the scratch memory that one host after the other is judged with.
type worker struct {
	detector leak.Detector
	ranker   suspect.Ranker
	verdicts []leak.Verdict
	findings []Finding
}

func newWorker(t leak.Thresholds) *worker {
	return &worker{detector: leak.Detector{Thresholds: t}}
}

func (r *run) inspectHost(reading *leak.Reading) error {
	w := r.workers.Get().(*worker)
	defer r.workers.Put(w)
	w.judge(reading, r.at, r.options.KeepSeries)

	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.waiting, reading.Host.Name)
	return r.report(w.findings)
}

// judge fills w.findings: the host's own first, then its workloads in the order read.
func (w *worker) judge(reading *leak.Reading, at time.Time, keep bool) {
	w.verdicts = w.verdicts[:0]
	w.findings = append(w.findings[:0], Finding{
		At:      at,
		Object:  leak.Object{Kind: leak.KindHost, Host: reading.Host.Name},
		Verdict: leak.Verdict{Cause: leak.NoData, Level: leak.OK, Value: math.NaN()},
		Notes:   slices.Clone(reading.Notes),
		Host:    copyHost(reading.Host),
		Err:     reading.Err,
	})
	if reading.Err != nil {
		return
	}
	host := &w.findings[0]
	if reading.Memory != nil {
		host.take(&w.detector, reading.Memory, keep)
	}
	host.Health = newHealth(reading, at)
	anyLeak := host.Verdict.Leak
	for i := range reading.Workloads {
		s := &reading.Workloads[i]
		f := Finding{At: at, Object: s.Object, Owner: s.Owner}
		f.take(&w.detector, s, keep)
		anyLeak = anyLeak || f.Verdict.Leak
		w.verdicts = append(w.verdicts, f.Verdict)
		w.findings = append(w.findings, f)
	}
	if anyLeak {
		w.explain(&w.findings[0], reading)
		for i := range w.findings {
			w.findings[i].hurry()
		}
	}
}

func (f *Finding) take(d *leak.Detector, s *leak.Series, keep bool) {
	f.Unit = s.Unit
	f.Newest = newest(s.Window)
	f.Verdict = d.Detect(s.Window, s.History, s.Limits)
	f.Wait = waitOf(d, s, &f.Verdict)
	if keep {
		c := *s
		c.Window.Values = slices.Clone(s.Window.Values)
		c.History.Floors = slices.Clone(s.History.Floors)
		c.Limits.Starts = slices.Clone(s.Limits.Starts)
		f.Series = &c
	}
}

// copyHost takes a host out of the reading that it belongs to.
func copyHost(h leak.Host) leak.Host {
	h.Labels, h.Collectors = maps.Clone(h.Labels), slices.Clone(h.Collectors)
	return h
}

// newest is the time of the last sample of a window; zero where it has none.
func newest(w leak.Window) time.Time {
	for i := len(w.Values) - 1; i >= 0; i-- {
		if !math.IsNaN(w.Values[i]) {
			return time.Unix(w.Start+int64(i)*w.Step, 0).UTC()
		}
	}
	return time.Time{}
}

// report counts the findings of one host and hands them on. r.mu is held.
func (r *run) report(findings []Finding) error {
	leaks := 0
	for i := range findings {
		if findings[i].Verdict.Leak {
			leaks++
		}
	}
	s, host := &r.summary, &findings[0]
	s.Hosts++
	s.Leaks += leaks
	switch {
	case host.Err != nil:
		s.Failed++
	case host.Verdict.Cause == leak.NoData || host.Verdict.Cause == leak.TooShort:
		s.NoData++
	}
	if leaks > 0 {
		s.LeakHosts++
	}
	for i := range findings {
		if err := r.emit(findings[i]); err != nil {
			return err
		}
	}
	if r.options.Progress != nil {
		r.options.Progress(s.Hosts, r.total)
	}
	return nil
}

// reportUnread says no_data of every host that was chosen and that the source did not give.
func (r *run) reportUnread(chosen []string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, h := range chosen {
		if _, ok := r.waiting[h]; !ok {
			continue
		}
		f := Finding{
			At:      r.at,
			Object:  leak.Object{Kind: leak.KindHost, Host: h},
			Host:    leak.Host{Name: h},
			Verdict: leak.Verdict{Cause: leak.NoData, Level: leak.OK, Value: math.NaN()},
			Notes:   []leak.Note{{Code: leak.NoSamples, Host: h}},
		}
		if err := r.report([]Finding{f}); err != nil {
			return err
		}
	}
	return nil
}
