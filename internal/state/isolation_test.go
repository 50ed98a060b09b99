package state_test

import (
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
)

func init() {
	// Nothing of a workspace is read, changed or deleted by another's identifier.
	suite["a workspace sees its own alone"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), fill(t, db)
		other := addWorkspace(t, db, "other")
		inspections, _, err := db.Inspections(ctx, ws, state.InspectionFilter{})
		must(t, err)
		inspection := inspections[0]
		e, err := db.Event(ctx, ws, "event")
		must(t, err)
		e.WorkspaceID = other
		run, err := db.Run(ctx, ws, "run")
		must(t, err)
		run.WorkspaceID = other
		source, err := db.Source(ctx, ws, "src")
		must(t, err)
		source.WorkspaceID = other
		foreign := inspection
		foreign.WorkspaceID = other
		for name, do := range map[string]func() error{
			"Inspection":       func() error { _, err := db.Inspection(ctx, other, inspection.ID); return err },
			"UpdateInspection": func() error { return db.UpdateInspection(ctx, &foreign) },
			"DeleteInspection": func() error { return db.DeleteInspection(ctx, other, inspection.ID) },
			"SetNextRun":       func() error { return db.SetNextRun(ctx, other, inspection.ID, now) },
			"Source":           func() error { _, err := db.Source(ctx, other, "src"); return err },
			"UpdateSource":     func() error { return db.UpdateSource(ctx, &source) },
			"DeleteSource":     func() error { return db.DeleteSource(ctx, other, "src") },
			"RevokeKey":        func() error { return db.RevokeKey(ctx, other, "k", now) },
			"RemoveMember":     func() error { return db.RemoveMember(ctx, other, "u") },
			"Run":              func() error { _, err := db.Run(ctx, other, "run"); return err },
			"UpdateRun":        func() error { return db.UpdateRun(ctx, &run) },
			"AddChunks":        func() error { return db.AddChunks(ctx, other, "run", []state.Chunk{{Index: 9}}) },
			"Chunk":            func() error { _, err := db.Chunk(ctx, other, "run", 0); return err },
			"PendingChunks":    func() error { _, err := db.PendingChunks(ctx, other, "run"); return err },
			"AttemptChunk":     func() error { return db.AttemptChunk(ctx, other, "run", 0, "") },
			"FinishChunk":      func() error { _, _, err := db.FinishChunk(ctx, other, "run", 0, state.ChunkResult{}); return err },
			"Chunks":           func() error { _, err := db.Chunks(ctx, other, "run"); return err },
			"AddDoneChunk": func() error {
				_, _, err := db.AddDoneChunk(ctx, other, "run", []string{"h9"}, state.ChunkResult{})
				return err
			},
			"AddToRun":    func() error { _, err := db.AddToRun(ctx, other, "run", state.ChunkResult{Opened: 1}); return err },
			"ForgetHosts": func() error { return db.ForgetHosts(ctx, other, "run") },
			"AppendLog":   func() error { return db.AppendLog(ctx, other, "run", []state.LogLine{{At: now}}) },
			"Event":       func() error { _, err := db.Event(ctx, other, "event"); return err },
			"UpdateEvent": func() error { return db.UpdateEvent(ctx, &e) },
			"Entries":     func() error { _, err := db.Entries(ctx, other, "event"); return err },
			"AppendEntries": func() error {
				return db.AppendEntries(ctx, other, []event.Entry{{EventID: "event", Seq: 9, At: now}})
			},
			"Host": func() error { _, err := db.Host(ctx, other, "h"); return err },
		} {
			if err := do(); err == nil {
				t.Errorf("%s meets another workspace's", name)
			} else {
				wantError(t, err, state.ErrNotFound)
			}
		}
		for name, n := range map[string]func() (int, error){
			"Inspections": func() (int, error) {
				r, _, err := db.Inspections(ctx, other, state.InspectionFilter{})
				return len(r), err
			},
			"Keys":        func() (int, error) { r, _, err := db.Keys(ctx, other, state.Page{}); return len(r), err },
			"Sources":     func() (int, error) { r, _, err := db.Sources(ctx, other, state.Page{}); return len(r), err },
			"Members":     func() (int, error) { r, err := db.Members(ctx, other); return len(r), err },
			"Runs":        func() (int, error) { r, _, err := db.Runs(ctx, other, state.RunFilter{}); return len(r), err },
			"RunLog":      func() (int, error) { r, err := db.RunLog(ctx, other, "run", 0); return len(r), err },
			"RunningRuns": func() (int, error) { r, err := db.RunningRuns(ctx, other, inspection.ID); return len(r), err },
			"Events":      func() (int, error) { r, _, err := db.Events(ctx, other, state.EventFilter{}); return len(r), err },
			"Events by text": func() (int, error) {
				r, _, err := db.Events(ctx, other, state.EventFilter{Text: "内存泄漏"})
				return len(r), err
			},
			"Events by attribute": func() (int, error) {
				r, _, err := db.Events(ctx, other, state.EventFilter{Attributes: map[string][]string{"culprit": {"java"}}})
				return len(r), err
			},
			"EventCounts": func() (int, error) { c, err := db.EventCounts(ctx, other, state.EventFilter{}); return c.Total, err },
			"OpenEvents":  func() (int, error) { r, err := db.OpenEvents(ctx, other, "i", nil); return len(r), err },
			"RecoveredEvents": func() (int, error) {
				r, err := db.RecoveredEvents(ctx, other, "i", []string{"web-1"}, time.Time{})
				return len(r), err
			},
			"OpenIncidentCandidates": func() (int, error) {
				r, err := db.OpenIncidentCandidates(ctx, other, []string{"java"}, time.Time{})
				return len(r), err
			},
			"Hosts":      func() (int, error) { r, _, err := db.Hosts(ctx, other, state.HostFilter{}); return len(r), err },
			"HostCounts": func() (int, error) { c, err := db.HostCounts(ctx, other); return c.Total, err },
			"AuditLog":   func() (int, error) { r, _, err := db.AuditLog(ctx, other, state.AuditFilter{}); return len(r), err },
		} {
			got, err := n()
			must(t, err)
			if got != 0 {
				t.Errorf("%s lists %d of another workspace", name, got)
			}
		}

		must(t, db.TrimRuns(ctx, other, inspection.ID))
		must(t, db.DeleteWorkspace(ctx, ws))
		for name, do := range map[string]func() error{
			"inspection": func() error { _, err := db.Inspection(ctx, ws, inspection.ID); return err },
			"key":        func() error { _, err := db.Key(ctx, "k"); return err },
			"event":      func() error { _, err := db.Event(ctx, ws, "event"); return err },
			"host":       func() error { _, err := db.Host(ctx, ws, "h"); return err },
		} {
			if err := do(); err == nil {
				t.Errorf("its %s is there after the workspace was deleted", name)
			}
		}
	}

	suite["a change of what somebody else has changed is refused"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), fill(t, db)
		i := addInspection(t, db, ws, "x")
		e, err := db.Event(ctx, ws, "event")
		must(t, err)
		source, err := db.Source(ctx, ws, "src")
		must(t, err)
		user, err := db.UserByName(ctx, "ann")
		must(t, err)
		w, err := db.Workspace(ctx, ws)
		must(t, err)
		staleI, staleE, staleSource, staleUser, staleW := i, e, source, user, w
		for name, c := range map[string]struct{ fresh, stale func() error }{
			"inspection": {func() error { return db.UpdateInspection(ctx, &i) }, func() error { return db.UpdateInspection(ctx, &staleI) }},
			"event":      {func() error { return db.UpdateEvent(ctx, &e) }, func() error { return db.UpdateEvent(ctx, &staleE) }},
			"source":     {func() error { return db.UpdateSource(ctx, &source) }, func() error { return db.UpdateSource(ctx, &staleSource) }},
			"user":       {func() error { return db.UpdateUser(ctx, &user) }, func() error { return db.UpdateUser(ctx, &staleUser) }},
			"workspace":  {func() error { return db.UpdateWorkspace(ctx, &w) }, func() error { return db.UpdateWorkspace(ctx, &staleW) }},
		} {
			if err := c.fresh(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err := c.fresh(); err != nil {
				t.Errorf("%s, with the version that the change has set: %v", name, err)
			}
			wantError(t, c.stale(), state.ErrConflict)
		}
		if staleI.Version != 1 {
			t.Errorf("a refused change moved the version to %d", staleI.Version)
		}
	}

	suite["what is taken is refused"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), fill(t, db)
		other := addWorkspace(t, db, "other")
		i := state.Inspection{WorkspaceID: ws, Origin: state.FromFile, OriginKey: "a", CreatedAt: now}
		must(t, db.AddInspection(ctx, &i))
		for name, do := range map[string]func() error{
			"workspace":            func() error { return db.AddWorkspace(ctx, &state.Workspace{Name: "w"}) },
			"user in another case": func() error { return db.AddUser(ctx, &state.User{Name: "ANN"}) },
			"key":                  func() error { return db.AddKey(ctx, &state.Key{ID: "k", WorkspaceID: other}) },
			"key, set by another":  func() error { return db.SetKey(ctx, &state.Key{ID: "k", WorkspaceID: other}) },
			"source":               func() error { return db.AddSource(ctx, &state.Source{WorkspaceID: ws, Name: "s"}) },
			"inspection of a file": func() error {
				return db.AddInspection(ctx, &state.Inspection{WorkspaceID: ws, Origin: state.FromFile, OriginKey: "a"})
			},
			"scheduled time": func() error {
				return db.AddRun(ctx, &state.Run{WorkspaceID: ws, InspectionID: runOf(t, db, ws).InspectionID, ScheduledAt: now})
			},
			"source that is still read": func() error { return deleteUsedSource(t, db, ws) },
			"chunk":                     func() error { return db.AddChunks(ctx, ws, "run", []state.Chunk{{Index: 0}}) },
		} {
			if err := do(); err == nil {
				t.Errorf("%s: taken twice", name)
			} else {
				wantError(t, err, state.ErrExists)
			}
		}
		must(t, db.AddRun(ctx, &state.Run{WorkspaceID: ws, InspectionID: runOf(t, db, ws).InspectionID, ScheduledAt: now, Manual: "ann"}))
		wantError(t, db.AddSource(ctx, &state.Source{WorkspaceID: "none", Name: "s"}), state.ErrNotFound)
	}
}

func runOf(t *testing.T, db *state.DB, ws string) state.Run {
	t.Helper()
	r, err := db.Run(t.Context(), ws, "run")
	must(t, err)
	return r
}

func deleteUsedSource(t *testing.T, db *state.DB, ws string) error {
	t.Helper()
	i := state.Inspection{WorkspaceID: ws, SourceID: "src", CreatedAt: now}
	must(t, db.AddInspection(t.Context(), &i))
	return db.DeleteSource(t.Context(), ws, "src")
}
