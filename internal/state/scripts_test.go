package state_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

var errTwice = errors.New("a host is there twice")

// fillScripts makes one record of each kind that scripts keep, and a run of the trigger.
func fillScripts(t *testing.T, db *state.DB, ws string) {
	t.Helper()
	ctx := t.Context()
	set := state.ScriptSet{
		ID: "set", WorkspaceID: ws, Name: "ours", Title: "Ours", Description: "d", Package: json.RawMessage(`{"version":"1.0.0"}`), PackageName: "memory_leak",
		CreatedBy: "ann", CreatedAt: now, UpdatedAt: now,
	}
	must(t, db.AddScriptSet(ctx, &set))
	script := state.Script{
		ID: "script", WorkspaceID: ws, SetID: "set", Name: "check", Title: "Check", Draft: "x = 1", DraftAt: now, DraftBy: "ann", CreatedBy: "ann", CreatedAt: now,
		Functions: json.RawMessage(`[{"name":"run"}]`),
	}
	must(t, db.AddScript(ctx, &script))
	must(t, db.PublishScript(ctx, &script, state.ScriptVersion{Code: "x = 1", Note: "first", By: "ann", At: now}))
	must(t, db.AddTrigger(ctx, &state.Trigger{
		ID: "trigger", WorkspaceID: ws, ScriptID: "script", Function: "run", Args: json.RawMessage(`{"limit":90}`), Schedule: "0 * * * *", Fixed: true, TimeZone: "UTC",
		Timeout: time.Minute, Enabled: true, ExpiresAt: now.Add(time.Hour), NextRunAt: now, Note: "n", Tags: []string{"a"}, Keep: 5, CreatedBy: "ann", CreatedAt: now, UpdatedAt: now,
	}))
	must(t, db.AddVariable(ctx, &state.Variable{
		ID: "variable", WorkspaceID: ws, SetID: "set", Name: "limit", Kind: "integer", Value: json.RawMessage(`90`), Sealed: []byte{0, 200}, Note: "n", CreatedBy: "ann", CreatedAt: now, UpdatedAt: now,
	}))
	must(t, db.SetScriptValue(ctx, state.ScriptValue{WorkspaceID: ws, Place: "store", Scope: "s", Key: "k", Value: json.RawMessage(`[1]`), ExpiresAt: now.Add(time.Hour)}, 100, now))
	source := state.PackageSource{
		ID: "packages", WorkspaceID: ws, Name: "folder", Kind: "folder", Address: "/packages", PublicKey: "RW", CreatedBy: "ann", CreatedAt: now,
		Packages: json.RawMessage(`[{"name":"a"}]`), CheckedAt: now, Error: "e",
	}
	must(t, db.AddPackageSource(ctx, &source))
	must(t, db.AddRun(ctx, &state.Run{ID: "00run", WorkspaceID: ws, TriggerID: "trigger", Inspection: "ours__check.run", ScheduledAt: now, Status: state.RunPending}))
}

// readScripts reads all that fillScripts has made.
func readScripts(t *testing.T, db *state.DB, ws string) map[string]any {
	t.Helper()
	ctx := t.Context()
	all := map[string]any{}
	read := func(name string, v any, err error) {
		t.Helper()
		must(t, err)
		all[name] = v
	}
	set, err := db.ScriptSet(ctx, ws, "set")
	read("set", set, err)
	script, err := db.Script(ctx, ws, "script")
	read("script", script, err)
	version, err := db.ScriptVersion(ctx, ws, "script", 1)
	read("version", version, err)
	trigger, err := db.Trigger(ctx, ws, "trigger")
	read("trigger", trigger, err)
	variable, err := db.Variable(ctx, ws, "variable")
	read("variable", variable, err)
	value, err := db.ScriptValue(ctx, ws, "store", "s", "k", now)
	read("value", value, err)
	source, err := db.PackageSource(ctx, ws, "packages")
	read("source", source, err)
	run, err := db.Run(ctx, ws, "00run")
	read("run", run, err)
	return all
}

func init() {
	suite["what scripts keep is another workspace's for none"] = func(t *testing.T, db *state.DB) {
		ctx := t.Context()
		fill(t, db)
		other := addWorkspace(t, db, "other")
		for name, do := range map[string]func() error{
			"ScriptSet":           func() error { _, err := db.ScriptSet(ctx, other, "set"); return err },
			"ScriptSetByName":     func() error { _, err := db.ScriptSetByName(ctx, other, "ours"); return err },
			"InstalledPackage":    func() error { _, err := db.InstalledPackage(ctx, other, "memory_leak"); return err },
			"DeleteScriptSet":     func() error { return db.DeleteScriptSet(ctx, other, "set") },
			"Script":              func() error { _, err := db.Script(ctx, other, "script"); return err },
			"ScriptVersion":       func() error { _, err := db.ScriptVersion(ctx, other, "script", 1); return err },
			"DeleteScript":        func() error { return db.DeleteScript(ctx, other, "script") },
			"Trigger":             func() error { _, err := db.Trigger(ctx, other, "trigger"); return err },
			"SetNextTrigger":      func() error { return db.SetNextTrigger(ctx, other, "trigger", now) },
			"DeleteTrigger":       func() error { return db.DeleteTrigger(ctx, other, "trigger") },
			"Variable":            func() error { _, err := db.Variable(ctx, other, "variable"); return err },
			"DeleteVariable":      func() error { return db.DeleteVariable(ctx, other, "variable") },
			"ScriptValue":         func() error { _, err := db.ScriptValue(ctx, other, "store", "s", "k", now); return err },
			"PackageSource":       func() error { _, err := db.PackageSource(ctx, other, "packages"); return err },
			"DeletePackageSource": func() error { return db.DeletePackageSource(ctx, other, "packages") },
			"BindRun":             func() error { return db.BindRun(ctx, other, "00run", "x", "x") },
		} {
			wantError(t, do(), state.ErrNotFound)
			if t.Failed() {
				t.Fatalf("%s meets another workspace's", name)
			}
		}
	}

	suite["a script is published in versions, by one at a time"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		fillScripts(t, db, ws)
		first, err := db.Script(ctx, ws, "script")
		must(t, err)
		second := first
		must(t, db.PublishScript(ctx, &first, state.ScriptVersion{Code: "x = 2", By: "bob", At: now}))
		wantError(t, db.PublishScript(ctx, &second, state.ScriptVersion{Code: "x = 3", By: "eve", At: now}), state.ErrConflict)
		got, err := db.Script(ctx, ws, "script")
		must(t, err)
		if got.Code != "x = 2" || got.Number != 2 || got.PublishedBy != "bob" {
			t.Errorf("published is %q, version %d by %s", got.Code, got.Number, got.PublishedBy)
		}
		versions, err := db.ScriptVersions(ctx, ws, "script", 10)
		must(t, err)
		if len(versions) != 2 || versions[0].Code != "x = 2" || versions[1].Code != "x = 1" {
			t.Errorf("the versions are %+v", versions)
		}
	}

	suite["names of sets, scripts and variables are taken once"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		fillScripts(t, db, ws)
		wantError(t, db.AddScriptSet(ctx, &state.ScriptSet{WorkspaceID: ws, Name: "ours"}), state.ErrExists)
		wantError(t, db.AddScriptSet(ctx, &state.ScriptSet{WorkspaceID: ws, Name: "again", PackageName: "memory_leak"}), state.ErrExists)
		wantError(t, db.AddScript(ctx, &state.Script{WorkspaceID: ws, SetID: "set", Name: "check"}), state.ErrExists)
		wantError(t, db.AddVariable(ctx, &state.Variable{WorkspaceID: ws, SetID: "set", Name: "limit"}), state.ErrExists)
		must(t, db.AddVariable(ctx, &state.Variable{WorkspaceID: ws, Name: "limit", Kind: "integer", Value: json.RawMessage(`80`)}))
		read, err := db.VariablesOf(ctx, ws, "set")
		must(t, err)
		if len(read) != 2 || string(read[1].Value) != "90" {
			t.Errorf("a set reads %+v, its own last", read)
		}
	}

	suite["a due trigger is claimed, and run once a scheduled time"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		fillScripts(t, db, ws)
		next, err := db.NextTrigger(ctx)
		must(t, err)
		if !next.Equal(now) {
			t.Errorf("the next is due at %s", next)
		}
		claim := func(at time.Time) (n int) {
			must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
				due, err := tx.DueTriggers(ctx, at, 10)
				n = len(due)
				return err
			}))
			return n
		}
		if early, due := claim(now.Add(-time.Second)), claim(now); early != 0 || due != 1 {
			t.Errorf("%d and %d were due", early, due)
		}
		must(t, db.SetNextTrigger(ctx, ws, "trigger", time.Time{}))
		if due := claim(now.Add(time.Hour)); due != 0 {
			t.Errorf("%d were due", due)
		}
		wantError(t, db.AddRun(ctx, &state.Run{WorkspaceID: ws, TriggerID: "trigger", ScheduledAt: now, Status: state.RunPending}), state.ErrExists)
		must(t, db.AddRun(ctx, &state.Run{WorkspaceID: ws, TriggerID: "trigger", ScheduledAt: now, Status: state.RunPending, Manual: "ann"}))
	}

	suite["a run of a trigger outlives the inspection that it was of"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		fillScripts(t, db, ws)
		i := state.Inspection{WorkspaceID: ws, Name: "registered", Origin: state.FromScript, OriginKey: "ours__check.run"}
		must(t, db.AddInspection(ctx, &i))
		must(t, db.BindRun(ctx, ws, "00run", i.ID, i.Name))
		runs, _, err := db.Runs(ctx, ws, state.RunFilter{InspectionID: i.ID})
		must(t, err)
		if len(runs) != 1 || runs[0].TriggerID != "trigger" || runs[0].Inspection != "registered" {
			t.Errorf("the inspection's runs are %+v", runs)
		}
		must(t, db.DeleteInspection(ctx, ws, i.ID))
		last, err := db.LastTriggerRuns(ctx, ws, []string{"trigger"})
		must(t, err)
		if r := last["trigger"]; r.ID != "00run" || r.InspectionID != "" {
			t.Errorf("the trigger's last run is %+v", r)
		}
	}

	suite["hosts of a trigger's run count once, whoever adds them"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		fillScripts(t, db, ws)
		var counted atomic.Int64
		atOnce(t, 6, func(n int) error { // each part by two, one of them with a host more
			hosts := []string{fmt.Sprint("a", n%3), fmt.Sprint("b", n)}
			err := db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
				_, mine, err := tx.AddDoneChunk(ctx, ws, "00run", hosts, state.ChunkResult{Hosts: 2, Leaks: 1, EndedAt: now})
				if err == nil && !mine {
					err = errTwice
				}
				return err
			})
			if errors.Is(err, errTwice) {
				return nil
			}
			counted.Add(1)
			return err
		})
		if _, err := db.AddToRun(ctx, ws, "00run", state.ChunkResult{Opened: 4, Recovered: 1}); err != nil {
			t.Fatal(err)
		}
		r, err := db.Run(ctx, ws, "00run")
		must(t, err)
		if counted.Load() != 3 || r.ChunksDone != 3 || r.Hosts != 6 || r.Leaks != 3 || r.Opened != 4 || r.RecoveredN != 1 {
			t.Errorf("%d counted, run %+v", counted.Load(), r)
		}
		chunks, err := db.Chunks(ctx, ws, "00run")
		must(t, err)
		for n, c := range chunks {
			if c.Index != n || len(c.Hosts) != 2 || c.Status != state.ChunkDone {
				t.Errorf("chunk %+v", c)
			}
		}
		must(t, db.ForgetHosts(ctx, ws, "00run"))
		if chunks, err = db.Chunks(ctx, ws, "00run"); err != nil || len(chunks) != 3 || len(chunks[0].Hosts) != 0 {
			t.Errorf("chunks %+v, %v", chunks, err)
		}
	}

	suite["what a script has registered is never due"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		must(t, db.AddInspection(ctx, &state.Inspection{WorkspaceID: ws, Name: "s", Origin: state.FromScript, OriginKey: "a__b.c", Enabled: true, NextRunAt: now}))
		next, err := db.NextDue(ctx)
		must(t, err)
		must(t, db.InTx(ctx, func(ctx context.Context, tx *state.Tx) error {
			if due, err := tx.DueInspections(ctx, now.Add(time.Hour), 9); err != nil || len(due) != 0 || !next.IsZero() {
				t.Errorf("due are %+v, %v; the next at %s", due, err, next)
			}
			return nil
		}))
	}

	suite["events that a script reported are found by fingerprint alone"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		other := addWorkspace(t, db, "other")
		keep := func(ws, fingerprint string, kind leak.Kind, status event.Status) {
			e := event.Event{WorkspaceID: ws, InspectionID: "i", Fingerprint: fingerprint, Object: leak.Object{Kind: kind, Host: "h"}, Status: status,
				Level: event.Info, Message: "m " + fingerprint, OpenedAt: now, UpdatedAt: now, LastSeenAt: now}
			if status == event.Recovered {
				e.RecoveredAt = now
			}
			must(t, db.InsertEvent(ctx, &e))
		}
		keep(ws, "a", event.KindCheck, event.Open)
		keep(ws, "b", event.KindCheck, event.Recovered)
		keep(ws, "c", leak.KindHost, event.Open)
		keep(ws, "d", event.KindCheck, event.Open)
		keep(other, "e", event.KindCheck, event.Open)
		found, err := db.OpenReports(ctx, ws, []string{"a", "b", "c", "e"})
		must(t, err)
		if len(found) != 1 || found[0].Fingerprint != "a" || found[0].Message != "m a" || found[0].Level != event.Info {
			t.Errorf("found %+v", found)
		}
		open, err := db.OpenEvents(ctx, ws, "i", nil)
		must(t, err)
		if len(open) != 1 || open[0].Fingerprint != "c" {
			t.Errorf("open for a run are %+v", open)
		}
		listed, _, err := db.Events(ctx, ws, state.EventFilter{Levels: []leak.Level{event.Info}, Kinds: []leak.Kind{event.KindCheck}, Status: event.Open})
		must(t, err)
		if len(listed) != 2 {
			t.Errorf("listed %+v", listed)
		}
	}

	suite["runs are found by trigger and by when they were due"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		fillScripts(t, db, ws)
		for n := range 3 {
			must(t, db.AddRun(ctx, &state.Run{WorkspaceID: ws, TriggerID: "trigger", ScheduledAt: now.Add(time.Duration(n+1) * time.Hour), Status: state.RunSuccess}))
		}
		for _, c := range []struct {
			f    state.RunFilter
			want int
		}{
			{state.RunFilter{TriggerID: "trigger"}, 4},
			{state.RunFilter{TriggerID: "none"}, 0},
			{state.RunFilter{From: now.Add(time.Hour)}, 3},
			{state.RunFilter{From: now.Add(time.Hour), To: now.Add(3 * time.Hour)}, 2},
		} {
			rows, _, err := db.Runs(ctx, ws, c.f)
			must(t, err)
			if len(rows) != c.want {
				t.Errorf("%+v finds %d runs, want %d", c.f, len(rows), c.want)
			}
		}
	}

	suite["runs of a trigger are trimmed by number and age"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		fillScripts(t, db, ws)
		for n := range 6 {
			must(t, db.AddRun(ctx, &state.Run{WorkspaceID: ws, TriggerID: "trigger", ScheduledAt: now.Add(time.Duration(n+1) * time.Hour), Status: state.RunSuccess}))
		}
		left := func() int {
			runs, _, err := db.Runs(ctx, ws, state.RunFilter{TriggerID: "trigger"})
			must(t, err)
			return len(runs)
		}
		must(t, db.TrimTriggerRuns(ctx, ws, "trigger", 4, time.Time{}))
		if n := left(); n != 5 { // and the one that goes on
			t.Errorf("%d are left", n)
		}
		must(t, db.TrimTriggerRuns(ctx, ws, "trigger", 4, now.Add(5*time.Hour)))
		if n := left(); n != 3 {
			t.Errorf("%d are left", n)
		}
	}

	suite["values of scripts expire, and are bounded together"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		keep := func(key, value string, expires, at time.Time) error {
			return db.SetScriptValue(ctx, state.ScriptValue{WorkspaceID: ws, Place: "cache", Key: key, Value: json.RawMessage(value), ExpiresAt: expires}, 12, at)
		}
		must(t, keep("a", `"1234"`, now.Add(time.Minute), now))
		must(t, keep("a", `"abcd"`, now.Add(time.Minute), now))
		wantError(t, keep("b", `"1234"`, time.Time{}, now), state.ErrTooMuch)
		_, err := db.ScriptValue(ctx, ws, "cache", "", "a", now.Add(time.Minute))
		wantError(t, err, state.ErrNotFound)
		must(t, keep("b", `"1234"`, time.Time{}, now.Add(time.Minute)))
		must(t, db.DeleteScriptValue(ctx, ws, "cache", "", "b"))
		must(t, db.DeleteScriptValue(ctx, ws, "cache", "", "b"))
	}
}
