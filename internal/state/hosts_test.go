package state_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func init() {
	suite["hosts"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		full := fullHost("b")
		must(t, db.UpsertHosts(ctx, ws, []state.Host{{Name: "a", Value: 99}, full}))
		must(t, db.UpsertHosts(ctx, ws, []state.Host{{Name: "a", Value: math.NaN(), LastSeenAt: now}, {Name: "c%", Value: 60, LastSeenAt: now.Add(-time.Hour)}}))
		got, err := db.Host(ctx, ws, "b")
		must(t, err)
		full.WorkspaceID = ws
		wantAllSet(t, got)
		same(t, full, got)
		got, err = db.Host(ctx, ws, "a")
		must(t, err)
		if !math.IsNaN(got.Value) {
			t.Errorf("a host without a value has %g", got.Value)
		}

		for _, c := range []struct {
			name string
			f    state.HostFilter
			want []string
		}{
			{"by name", state.HostFilter{}, []string{"a", "b", "c%"}},
			{"the fullest first, those without a value last", state.HostFilter{Sort: state.ByValue}, []string{"b", "c%", "a"}},
			{"text", state.HostFilter{Text: "C%"}, []string{"c%"}},
			{"levels", state.HostFilter{Levels: []leak.Level{leak.Error}}, []string{"b"}},
			{"causes", state.HostFilter{Causes: []leak.Cause{leak.Slow, leak.Steady}}, []string{"b"}},
		} {
			c.f.Limit = 2
			var names []string
			for {
				hosts, next, err := db.Hosts(ctx, ws, c.f)
				must(t, err)
				for _, h := range hosts {
					names = append(names, h.Name)
				}
				if c.f.Cursor = next; next == "" {
					break
				}
			}
			if !slices.Equal(names, c.want) {
				t.Errorf("%s: got %v, want %v", c.name, names, c.want)
			}
		}

		counts, err := db.HostCounts(ctx, ws)
		must(t, err)
		same(t, state.HostCounts{Total: 3, Levels: map[leak.Level]int{leak.Error: 1, "": 2}, Causes: map[leak.Cause]int{leak.Steady: 1, "": 2}}, counts)
		n, err := db.DeleteHostsUnseen(ctx, ws, now)
		must(t, err)
		if n != 1 {
			t.Errorf("%d hosts were forgotten, want 1", n)
		}
	}
}

func fullHost(name string) state.Host {
	return state.Host{
		Name: name, Labels: map[string]string{"env": "prod"}, Collectors: []string{"node_exporter"}, TotalBytes: 8e9, Value: 70.5,
		Verdict: []byte(`{"level":"error","cause":"steady"}`), Health: []byte(`{"gaps":1}`), InspectedAt: now, LastSeenAt: now, Spark: []byte(`[1,null]`),
	}
}
