package library

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/script"
	"github.com/memseep/memseep/internal/script/modules"
	"github.com/memseep/memseep/internal/script/sandbox"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// DraftTime is how long a run of a draft may take.
const DraftTime = time.Minute

// ErrBusy says that as many drafts as may are running.
var ErrBusy = errors.New("too many drafts are running")

// Draft is a run of a draft that is about to begin.
type Draft struct {
	l      *Library
	script state.Script
	set    state.ScriptSet
	job    script.Job
	result DraftResult
}

// DraftResult is what a run of a draft came to. Nothing of it is kept.
type DraftResult struct {
	script.Result
	Events     []modules.Event // the first mostShown
	EventCount int
	Summary    inspect.Summary // of all its inspections
	Leaking    []string        // objects that leak, the first mostShown
}

// mostShown is how many events and leaks a draft's result names.
const mostShown = 100

// Draft prepares a run of a function: of the draft that is kept where code is nil. It is ErrBusy where
// too many run already; then, and after an error, nothing has to be undone.
func (l *Library) Draft(ctx context.Context, workspaceID, scriptID string, code *string, function string, args json.RawMessage) (*Draft, error) {
	s, err := l.o.DB.Script(ctx, workspaceID, scriptID)
	if err != nil {
		return nil, err
	}
	set, err := l.o.DB.ScriptSet(ctx, workspaceID, s.SetID)
	if err != nil {
		return nil, err
	}
	if code == nil {
		code = &s.Draft
	}
	if string(args) == "null" {
		args = nil
	}
	if len(args) > 0 && args[0] != '{' && args[0] != '[' {
		return nil, refuse("args", "the arguments have to be a JSON object of named ones, or a list")
	}
	job, err := l.job(ctx, set, s, *code, function, args)
	if err != nil {
		return nil, err
	}
	select {
	case l.drafts <- struct{}{}:
		return &Draft{l: l, script: s, set: set, job: job}, nil
	default:
		return nil, ErrBusy
	}
}

// Run runs it; print gets each line as it comes. An error says that it could not be run at all. It has
// to be called once.
func (d *Draft) Run(ctx context.Context, print func(sandbox.Line)) (DraftResult, error) {
	defer func() { <-d.l.drafts }()
	world, err := d.world(ctx)
	if err != nil {
		return d.result, err
	}
	limits := d.l.o.Limits
	limits.Wall = DraftTime
	r, err := script.Run(ctx, d.job, world, limits, print)
	d.result.Result = r
	return d.result, err
}

func (d *Draft) world(ctx context.Context) (*script.World, error) {
	ws := d.set.WorkspaceID
	// What is configured for the inspection that the function is counts for its draft too.
	i, err := d.l.o.DB.InspectionByOrigin(ctx, ws, state.FromScript, OriginKey(d.set.Name, d.script.Name, d.job.Function))
	if errors.Is(err, state.ErrNotFound) {
		i, err = state.Inspection{WorkspaceID: ws}, nil
	}
	if err != nil {
		return nil, err
	}
	source, err := d.l.o.Source(ctx, i)
	if err != nil {
		return nil, fmt.Errorf("open the source: %w", err)
	}
	o, err := d.l.inspectOptions(ctx, i)
	if err != nil {
		return nil, err
	}
	w := &script.World{
		Source: source, Options: o, Store: kept{d.l, ws}, Allow: d.l.o.Allow, Findings: d.found, Reported: d.reported, Done: d.done,
		Registered: func(ctx context.Context, r modules.Registration) (modules.Registered, error) {
			if err := d.l.o.Authorize(ctx, ws, r.KeyID, r.Key); err != nil {
				return modules.Registered{}, err
			}
			p, err := parameters(i)
			return modules.Registered{Enabled: true, Parameters: p}, err
		},
	}
	return w, nil
}

// draftParallel is how many hosts a draft reads at once: runs by schedule go first.
const draftParallel = 2

func (l *Library) inspectOptions(ctx context.Context, i state.Inspection) (inspect.Options, error) {
	o := inspect.Options{Now: l.o.Clock(), Window: i.Window, History: i.History, Thresholds: i.Thresholds, Parallel: draftParallel}
	if o.Thresholds == (leak.Thresholds{}) && l.o.Levels != nil {
		var err error
		if o.Thresholds, err = l.o.Levels(ctx, i.WorkspaceID); err != nil {
			return o, err
		}
	}
	return o, nil
}

func (d *Draft) found(f inspect.Finding) error {
	if f.Verdict.Leak && len(d.result.Leaking) < mostShown {
		d.result.Leaking = append(d.result.Leaking, f.Object.String())
	}
	return nil
}

func (d *Draft) reported(e modules.Event) error {
	if d.result.EventCount++; len(d.result.Events) < mostShown {
		d.result.Events = append(d.result.Events, e)
	}
	return nil
}

func (d *Draft) done(s inspect.Summary) {
	sum := &d.result.Summary
	sum.At = s.At
	sum.Hosts += s.Hosts
	sum.Failed += s.Failed
	sum.NoData += s.NoData
	sum.Leaks += s.Leaks
	sum.LeakHosts += s.LeakHosts
}
