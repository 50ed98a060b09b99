package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

type function = func(ctx context.Context, r *ScriptRun) error

// newScripts is a bench whose triggers run a function.
func newScripts(t *testing.T, url string, f function) *bench {
	t.Helper()
	return newBench(t, url, func(o *Options) { o.Scripts = f })
}

// trigger makes one of a script's function that is due at the next full hour.
func (b *bench) trigger(t *testing.T, change func(*state.Trigger)) state.Trigger {
	t.Helper()
	ctx := t.Context()
	set, err := b.db.ScriptSetByName(ctx, b.ws, "ours")
	if errors.Is(err, state.ErrNotFound) {
		set = state.ScriptSet{WorkspaceID: b.ws, Name: "ours"}
		err = b.db.AddScriptSet(ctx, &set)
	}
	if err != nil {
		t.Fatal(err)
	}
	var script state.Script
	if scripts, _, err := b.db.Scripts(ctx, b.ws, state.ScriptFilter{}); err != nil {
		t.Fatal(err)
	} else if len(scripts) > 0 {
		script = scripts[0]
	} else {
		script = state.Script{WorkspaceID: b.ws, SetID: set.ID, Name: "check"}
		if err := b.db.AddScript(ctx, &script); err != nil {
			t.Fatal(err)
		}
	}
	tr := state.Trigger{
		WorkspaceID: b.ws, ScriptID: script.ID, Function: "run", Schedule: "0 * * * *", Timeout: 10 * time.Minute, Enabled: true,
		NextRunAt: start.Add(time.Hour),
	}
	if change != nil {
		change(&tr)
	}
	if err := b.db.AddTrigger(ctx, &tr); err != nil {
		t.Fatal(err)
	}
	return tr
}

// register is what a library does where a function is an inspection.
func register(ctx context.Context, db *state.DB, r *ScriptRun) error {
	i, err := db.InspectionByOrigin(ctx, r.Trigger.WorkspaceID, state.FromScript, "ours__check.run")
	if errors.Is(err, state.ErrNotFound) {
		i = state.Inspection{
			WorkspaceID: r.Trigger.WorkspaceID, Name: "by script", Origin: state.FromScript, OriginKey: "ours__check.run", Enabled: true,
			Schedule: r.Trigger.Schedule, Script: json.RawMessage(`{"trigger_id":"` + r.Trigger.ID + `"}`),
		}
		err = db.AddInspection(ctx, &i)
	}
	if err != nil {
		return err
	}
	return r.Bind(ctx, i)
}

// fired lists the runs of a trigger, the oldest first, with their logs.
func (b *bench) fired(t *testing.T, tr state.Trigger) []state.Run {
	t.Helper()
	return b.runsOf(t, state.RunFilter{TriggerID: tr.ID})
}

// done waits until no run of a trigger is going on, and returns the newest.
func (b *bench) done(t *testing.T, tr state.Trigger) state.Run {
	t.Helper()
	return b.endsOf(t, state.RunFilter{TriggerID: tr.ID}, func() ([]state.Run, error) { return b.db.RunningTriggerRuns(t.Context(), b.ws, tr.ID) })
}

func disk(level leak.Level, hosts ...string) []event.Report {
	var out []event.Report
	for _, h := range hosts {
		out = append(out, event.Report{Title: "The disk is full", Message: "**92 %** of /var", Level: level, Dimensions: map[string]string{"host": h, "disk": "/var"}})
	}
	return out
}
