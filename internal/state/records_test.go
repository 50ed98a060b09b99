package state_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func init() {
	suite["what was added is read again"] = func(t *testing.T, db *state.DB) {
		ctx := t.Context()
		w := state.Workspace{Name: "prod'; DROP TABLE users; --", Settings: json.RawMessage(`{"b":1, "a":"ü\u0000\n"}`), CreatedAt: now}
		must(t, db.AddWorkspace(ctx, &w))
		got, err := db.Workspace(ctx, w.ID)
		must(t, err)
		same(t, w, got)

		u := state.User{Name: "Ann", Email: "a@b.c", PasswordHash: "$argon2id$v=19$", Administrator: true, Language: "zh", CreatedAt: now, PasswordAt: now, LastSeenAt: now.Add(time.Hour)}
		must(t, db.AddUser(ctx, &u))
		gotUser, err := db.UserByName(ctx, "ANN")
		must(t, err)
		same(t, u, gotUser)

		k := state.Key{ID: "msk_1", WorkspaceID: w.ID, Name: "k", SecretHash: "h", Token: "t", Scopes: []state.Scope{state.ScopeIngest, state.ScopeRead}, CreatedBy: "ann", CreatedAt: now, ExpiresAt: now.Add(time.Hour)}
		must(t, db.AddKey(ctx, &k))
		gotKey, err := db.KeyByToken(ctx, "t")
		must(t, err)
		same(t, k, gotKey)

		s := state.Source{WorkspaceID: w.ID, Name: "p", URL: "https://p", Headers: map[string]string{"X-Scope-OrgID": "1"}, CAFile: "/ca", Insecure: true, Sealed: []byte{0, 1, 255}, CreatedAt: now}
		must(t, db.AddSource(ctx, &s))
		gotSource, err := db.Source(ctx, w.ID, s.ID)
		must(t, err)
		same(t, s, gotSource)

		i := state.Inspection{WorkspaceID: w.ID, Name: "Leaks", Help: "# h", Origin: state.FromScript, OriginKey: "a/b", Overrides: json.RawMessage(`{"enabled":true}`),
			Hosts: "a\nb*", SourceID: s.ID, Window: 6 * time.Hour, History: 168 * time.Hour, Thresholds: leak.DefaultThresholds, HealthyRuns: 2, NoDataRuns: 3, PolicyID: "p",
			Script: json.RawMessage(`{"set":"s"}`), Schedule: "0 * * * *", TimeZone: "Europe/Berlin", Timeout: 15 * time.Minute, Enabled: true, ExpiresAt: now.Add(time.Hour), NextRunAt: now, Tags: []string{"x"}, CreatedBy: "ann", CreatedAt: now}
		must(t, db.AddInspection(ctx, &i))
		gotInspection, err := db.InspectionByOrigin(ctx, w.ID, state.FromScript, "a/b")
		must(t, err)
		same(t, i, gotInspection)

		r := state.Run{WorkspaceID: w.ID, InspectionID: i.ID, Inspection: "Leaks", ScheduledAt: now, MadeUp: true, Status: state.RunRunning, StartedAt: now, At: now, Chunks: 2, ChunksDone: 1, Hosts: 3, Failed: 4, NoData: 5, Leaks: 6, Opened: 7, RecoveredN: 8, Error: "e", Log: []state.LogLine{}}
		must(t, db.AddRun(ctx, &r))
		gotRun, err := db.Run(ctx, w.ID, r.ID)
		must(t, err)
		same(t, r, gotRun)
	}
}

// wantAllSet fails where a field of a record has its zero value: a test that reads back what it
// kept would not see it lost.
func wantAllSet(t testing.TB, record any) {
	t.Helper()
	v := reflect.ValueOf(record)
	for i := range v.NumField() {
		if v.Field(i).IsZero() && !v.Type().Field(i).Anonymous {
			t.Errorf("%s.%s is not set by this test", v.Type(), v.Type().Field(i).Name)
		}
	}
}

func same[T any](t testing.TB, want, got T) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}
