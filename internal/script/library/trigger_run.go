package library

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/schedule"
	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// RunTrigger runs the function of a trigger: it is schedule.Options.Scripts. What the script did wrong
// is a *schedule.ScriptError; another error says that it could not be tried.
func (l *Library) RunTrigger(ctx context.Context, r *schedule.ScriptRun) error {
	t := r.Trigger
	set, s, err := l.scriptOf(ctx, l.o.DB.Queries, t)
	if err != nil {
		return err
	}
	f, there, err := functionOf(s, t.Function)
	if err != nil {
		return err
	}
	if !there {
		return &schedule.ScriptError{Message: goneText(t, FullName(set.Name, s.Name))}
	}
	job, err := l.job(ctx, set, s, s.Code, t.Function, t.Args)
	if errors.Is(err, errSealed) {
		return &schedule.ScriptError{Message: err.Error()}
	}
	if err != nil {
		return err
	}
	job.Now = r.At()
	limits := l.o.Limits
	if limits.Wall = r.TimeLeft(); limits.Wall <= 0 {
		return &schedule.ScriptError{Message: fmt.Sprintf("it was not done within %s", t.Timeout), Timeout: true}
	}
	run := &running{l: l, r: r, set: set, script: s, function: f}
	result, err := script.Run(ctx, job, run.world(ctx), limits, func(line sandbox.Line) {
		if line.Said {
			r.Say(line.At, line.Text)
			return
		}
		r.Print(line.At, line.Text)
	})
	if err != nil {
		return err
	}
	r.Returned(result.Value, result.PeakBytes)
	if failed := result.Failure; failed != nil {
		return &schedule.ScriptError{Message: failed.Message, Traceback: failed.Traceback, Timeout: failed.Limit == "wall"}
	}
	return nil
}

// running is one run of a trigger. A sandbox asks one thing after the other.
type running struct {
	l        *Library
	r        *schedule.ScriptRun
	set      state.ScriptSet
	script   state.Script
	function script.Function

	worldOf *script.World
	bound   *state.Inspection // nil before something registered
	silent  bool              // the function is a disabled inspection: what it reports is not kept
}

func (r *running) world(ctx context.Context) *script.World {
	r.worldOf = &script.World{
		Source: late{r.r}, Options: r.r.Options(), Store: kept{r.l, r.set.WorkspaceID}, Allow: r.l.o.Allow,
		Query: r.query, Inspect: r.inspect, Registered: r.registered,
		Reported: func(e modules.Event) error { return r.reported(ctx, e) },
	}
	return r.worldOf
}

// registered is asked when a decorated function is called.
func (r *running) registered(ctx context.Context, g modules.Registration) (modules.Registered, error) {
	if err := r.l.o.Authorize(ctx, r.set.WorkspaceID, g.KeyID, g.Key); err != nil {
		return modules.Registered{}, err
	}
	i, err := r.l.register(ctx, r.set, r.script, r.r.Trigger, registration{Function: g.Function, Title: g.Title, Doc: g.Doc, Tags: g.Tags})
	if err != nil {
		return modules.Registered{}, err
	}
	if !i.Enabled {
		return modules.Registered{}, nil
	}
	p, err := parameters(i)
	if err != nil {
		return modules.Registered{}, err
	}
	return modules.Registered{Enabled: true, Parameters: p}, r.bind(ctx, i)
}

// bind makes what follows in the run that of an inspection.
func (r *running) bind(ctx context.Context, i state.Inspection) error {
	if err := r.r.Bind(ctx, i); err != nil {
		return err
	}
	r.bound, r.worldOf.Options = &i, r.r.Options()
	return nil
}

// bindSelf makes an inspection of a function that is not decorated, when it first inspects or reports.
func (r *running) bindSelf(ctx context.Context) error {
	if r.bound != nil || r.silent {
		return nil
	}
	f := r.function
	i, err := r.l.register(ctx, r.set, r.script, r.r.Trigger, registration{Function: f.Name, Title: f.Title, Doc: f.Doc, Tags: f.Tags})
	if err != nil {
		return err
	}
	if !i.Enabled {
		r.silent = true
		r.r.Say(r.l.o.Clock(), "the inspection "+i.Name+" is disabled: what it finds and reports is not kept")
		return nil
	}
	return r.bind(ctx, i)
}

// inspect makes the memory-leak inspection; the hosts of the inspection's page win over the script's.
func (r *running) inspect(ctx context.Context, configs, keep []string, filtered bool) (inspect.Summary, error) {
	if err := r.bindSelf(ctx); err != nil {
		return inspect.Summary{}, err
	}
	if r.silent {
		return inspect.Summary{At: r.r.At()}, nil
	}
	if lines := r.bound.HostLines(); len(lines) > 0 {
		configs = lines
	}
	return r.r.Inspect(ctx, configs, keep, filtered)
}

func (r *running) reported(ctx context.Context, e modules.Event) error {
	if err := r.bindSelf(ctx); err != nil || r.silent {
		return err
	}
	return r.r.Report(ctx, []event.Report{{
		Title: e.Title, Message: e.Message, Level: leak.Level(e.Status), Dimensions: e.DimensionTags,
	}})
}

// query asks the source of the inspection for metrics of any kind.
func (r *running) query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error {
	src, err := r.r.Source(ctx)
	if err != nil {
		return err
	}
	asked, answers := src.(interface {
		Query(ctx context.Context, q leak.MetricQuery, each func(*leak.Metric) error) error
	})
	if !answers {
		return errors.ErrUnsupported
	}
	return asked.Query(ctx, q, each)
}

// late is the source of a run's inspection, which is known once its function has registered.
type late struct{ r *schedule.ScriptRun }

// Hosts lists the source's.
func (s late) Hosts(ctx context.Context, at time.Time) ([]leak.Host, error) {
	src, err := s.r.Source(ctx)
	if err != nil {
		return nil, err
	}
	return src.Hosts(ctx, at)
}

// Newest is the source's.
func (s late) Newest(ctx context.Context) (time.Time, error) {
	src, err := s.r.Source(ctx)
	if err != nil {
		return time.Time{}, err
	}
	return src.Newest(ctx)
}

// Read reads from the source.
func (s late) Read(ctx context.Context, q leak.Query, each func(*leak.Reading) error) error {
	src, err := s.r.Source(ctx)
	if err != nil {
		return err
	}
	return src.Read(ctx, q, each)
}
