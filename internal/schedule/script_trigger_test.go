package schedule

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/state"
)

var scriptTriggerBehaviours = []behaviour{
	{name: "a trigger of a script is decided as an inspection is", shows: triggersAreDecided},
	{name: "an inspection of a script runs by its trigger", shows: runsByItsTrigger},
	{name: "a trigger keeps its newest runs", shows: triggerTrimmed},
	{name: "a server without scripts fires no trigger", shows: noScripts},
	{name: "a run before the first sample says so", shows: beforeTheFirstSample},
}

func triggersAreDecided(t *testing.T, url string) {
	release := make(chan struct{})
	b := newScripts(t, url, func(ctx context.Context, r *ScriptRun) error {
		if r.Trigger.Note == "slow" {
			select {
			case <-release:
			case <-ctx.Done():
			}
		}
		return ctx.Err()
	})
	add := func(note string, change func(*state.Trigger)) state.Trigger {
		return b.trigger(t, func(tr *state.Trigger) {
			tr.Note = note
			if change != nil {
				change(tr)
			}
		})
	}
	slow := add("slow", func(tr *state.Trigger) { tr.Timeout = 3 * time.Hour })
	off := add("off", func(tr *state.Trigger) { tr.Enabled = false })
	expired := add("expired", func(tr *state.Trigger) { tr.ExpiresAt = start.Add(30 * time.Minute) })
	wrong := add("wrong", func(tr *state.Trigger) { tr.Schedule = "61 * * * *" })
	unset := add("unset", func(tr *state.Trigger) { tr.NextRunAt = time.Time{} })
	if err := b.setSchedules(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.works(t)
	statuses := func(tr state.Trigger) string {
		var s []string
		for _, r := range b.fired(t, tr) {
			s = append(s, string(r.Status))
		}
		return strings.Join(s, " ")
	}
	b.at(t, start.Add(time.Hour))
	b.done(t, unset)
	b.at(t, start.Add(2*time.Hour))
	b.done(t, unset)
	close(release)
	until(t, "the slow one ends", func() bool { return strings.HasPrefix(statuses(slow), "success") })
	if err := b.PauseAll(t.Context(), start.Add(4*time.Hour), "ann"); err != nil {
		t.Fatal(err)
	}
	b.at(t, start.Add(3*time.Hour)) // paused
	b.at(t, start.Add(8*time.Hour+30*time.Minute))
	b.done(t, unset)
	b.done(t, slow)
	for _, c := range []struct {
		of    state.Trigger
		want  string
		error string // of the last run
	}{
		{slow, "success skipped success", ""},
		{off, "", ""},
		{expired, "expired", "expired at"},
		{wrong, "failure", "61"},
		{unset, "success success success", ""},
	} {
		rows := b.fired(t, c.of)
		if got := statuses(c.of); got != c.want || len(rows) > 0 && !strings.Contains(rows[len(rows)-1].Error, c.error) {
			t.Errorf("%s: %q, want %q: %+v", c.of.Note, got, c.want, rows)
		}
	}
	rows := b.fired(t, slow)
	if !strings.Contains(rows[1].Error, "was still running") {
		t.Errorf("skipped: %q", rows[1].Error)
	}
	late := rows[2]
	if w := logged(late, "warning"); !late.MadeUp || !late.ScheduledAt.Equal(start.Add(8*time.Hour)) || len(w) != 1 || !strings.Contains(w[0], "5 runs") {
		t.Errorf("made up: %+v", late)
	}
	if tr, err := b.db.Trigger(t.Context(), b.ws, slow.ID); err != nil || !tr.NextRunAt.Equal(start.Add(9*time.Hour)) {
		t.Errorf("next at %s, %v", tr.NextRunAt, err)
	}
}

func runsByItsTrigger(t *testing.T, url string) {
	release := make(chan struct{})
	var b *bench
	b = newScripts(t, url, func(ctx context.Context, r *ScriptRun) error {
		if r.Run.Manual != "" {
			select {
			case <-release:
			case <-ctx.Done():
			}
		}
		return register(ctx, b.db, r)
	})
	tr := b.trigger(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	first := b.done(t, tr)
	// However it came there: its own time is never due.
	if err := b.db.SetNextRun(t.Context(), b.ws, first.InspectionID, start); err != nil {
		t.Fatal(err)
	}
	b.at(t, start.Add(time.Hour+time.Minute))
	if n := len(b.fired(t, tr)); n != 1 {
		t.Errorf("%d runs, want 1", n)
	}
	if err := b.db.SetNextRun(t.Context(), b.ws, first.InspectionID, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := b.setSchedules(t.Context()); err != nil {
		t.Fatal(err)
	}
	if i, err := b.db.Inspection(t.Context(), b.ws, first.InspectionID); err != nil || !i.NextRunAt.IsZero() {
		t.Errorf("the inspection is due at %s, %v", i.NextRunAt, err)
	}
	run, err := b.RunNow(t.Context(), b.ws, first.InspectionID, "ann")
	if err != nil || run.TriggerID != tr.ID || run.InspectionID != first.InspectionID || run.Manual != "ann" {
		t.Errorf("run %+v, %v", run, err)
	}
	if _, err := b.RunTrigger(t.Context(), b.ws, tr.ID, "bob"); !errors.Is(err, ErrRunning) {
		t.Errorf("a second run: %v", err)
	}
	close(release)
	if r := b.done(t, tr); r.ID != run.ID || r.Status != state.RunSuccess {
		t.Errorf("run %+v", r)
	}
	if _, err := b.RunTrigger(t.Context(), b.ws, "none", "bob"); !errors.Is(err, state.ErrNotFound) {
		t.Errorf("a trigger that is not there: %v", err)
	}
	if err := b.db.DeleteTrigger(t.Context(), b.ws, tr.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.RunNow(t.Context(), b.ws, first.InspectionID, "ann"); !errors.Is(err, state.ErrNotFound) || !strings.Contains(err.Error(), "ours__check.run") {
		t.Errorf("without its trigger: %v", err)
	}
}

func triggerTrimmed(t *testing.T, url string) {
	b := newScripts(t, url, func(context.Context, *ScriptRun) error { return nil })
	tr := b.trigger(t, func(tr *state.Trigger) { tr.Keep = 3 })
	b.works(t)
	for hour := range 5 {
		b.at(t, start.Add(time.Duration(hour+1)*time.Hour))
		b.done(t, tr)
	}
	if rows := b.fired(t, tr); len(rows) != 3 || !rows[2].ScheduledAt.Equal(start.Add(5*time.Hour)) {
		t.Errorf("%d runs are kept, want the newest 3", len(rows))
	}
	b.at(t, start.Add(5*time.Hour+keepFor+time.Minute))
	b.done(t, tr)
	if rows := b.fired(t, tr); len(rows) != 1 {
		t.Errorf("%d runs are kept, want the newest alone: the others are too old", len(rows))
	}
}

func noScripts(t *testing.T, url string) {
	b := newBench(t, url, nil)
	tr := b.trigger(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	if n := len(b.fired(t, tr)); n != 0 {
		t.Errorf("%d runs", n)
	}
	if _, err := b.RunTrigger(t.Context(), b.ws, tr.ID, "ann"); !errors.Is(err, ErrNoScripts) {
		t.Errorf("by hand: %v", err)
	}
}

// empty is what a source without a sample answers.
type empty struct{}

func (empty) Error() string   { return "the store holds no samples yet" }
func (empty) NoSamples() bool { return true }

func beforeTheFirstSample(t *testing.T, url string) {
	b := newScripts(t, url, nil)
	b.o.Scripts = inspecting(b.db)
	b.src = newHosts(0)
	b.src.none = empty{}
	i := b.add(t, nil)
	source := state.Source{WorkspaceID: b.ws, Name: "outside", URL: "http://prometheus:9090"}
	if err := b.db.AddSource(t.Context(), &source); err != nil {
		t.Fatal(err)
	}
	outside := b.add(t, func(i *state.Inspection) { i.Name, i.SourceID = "outside", source.ID })
	tr := b.trigger(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	for name, r := range map[string]state.Run{"inspection": b.ends(t, i), "trigger": b.done(t, tr)} {
		if w := logged(r, "warning"); r.Status != state.RunSuccess || r.Hosts != 0 || r.Error != "" || len(w) != 1 || w[0] != noSamplesText {
			t.Errorf("%s: run %+v", name, r)
		}
	}
	if r := b.ends(t, outside); r.Status != state.RunFailure || !strings.Contains(r.Error, "no samples") {
		t.Errorf("of an address outside: run %+v", r)
	}
	// The first sample comes.
	b.src.readings, b.src.none = newHosts(3).readings, nil
	b.at(t, start.Add(2*time.Hour))
	for name, r := range map[string]state.Run{"inspection": b.ends(t, i), "trigger": b.done(t, tr)} {
		if r.Status != state.RunSuccess || r.Hosts != 3 {
			t.Errorf("%s: run %+v", name, r)
		}
	}
}

// TestTriggerOf reads which trigger runs an inspection.
func TestTriggerOf(t *testing.T) {
	for script, want := range map[string]string{
		`{"script_id":"s","trigger_id":"t","function":"run"}`: "t",
		`{"script_id":"s"}`: "", `null`: "", ``: "", `[]`: "",
	} {
		if got := triggerOf(&state.Inspection{Script: json.RawMessage(script)}); got != want {
			t.Errorf("%s: %q, want %q", script, got, want)
		}
	}
}
