package state_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

func init() {
	suite["what leaks on hosts"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		if pace, err := db.LeakPace(ctx, ws); err != nil || pace != 0 {
			t.Errorf("of nothing %g bytes an hour are lost: %v", pace, err)
		}
		must(t, db.UpsertHosts(ctx, ws, []state.Host{{Name: "a", Value: 1, TotalBytes: 1000}, {Name: "b", Value: 1, TotalBytes: 500}}))
		for i, c := range []struct {
			host, unit string
			slope      float64
			status     event.Status
		}{
			{"a", "percent", 2, event.Open},      // 20 bytes
			{"a", "bytes", 5, event.Open},        // 5 bytes
			{"b", "percent", -2, event.Open},     // it shrinks: nothing is lost
			{"b", "percent", 9, event.Recovered}, // it is over
			{"gone", "percent", 9, event.Open},   // nobody knows how large it was
		} {
			e := event.Event{
				WorkspaceID: ws, Fingerprint: fmt.Sprint(i), Object: leak.Object{Kind: leak.KindHost, Host: c.host}, Status: c.status, Level: leak.Error,
				Verdict: event.Verdict{Unit: c.unit, SlopePerHour: c.slope}, OpenedAt: now, UpdatedAt: now, LastSeenAt: now,
			}
			must(t, db.InsertEvent(ctx, &e))
		}
		pace, err := db.LeakPace(ctx, ws)
		must(t, err)
		if pace != 25 {
			t.Errorf("%g bytes an hour are lost, want 25", pace)
		}
		open, err := db.OpenByHost(ctx, ws, []string{"a", "b", "nobody"})
		must(t, err)
		same(t, map[string]int{"a": 2, "b": 1}, open)
	}

	suite["what changed lately"] = func(t *testing.T, db *state.DB) {
		ctx, ws := t.Context(), addWorkspace(t, db, "w")
		for _, c := range []struct {
			title             string
			opened, recovered time.Duration // before now; 0 is not recovered
		}{
			{"opened long ago", 48 * time.Hour, 0},
			{"opened an hour ago", time.Hour, 0},
			{"recovered half an hour ago", 48 * time.Hour, 30 * time.Minute},
			{"came and went", 3 * time.Hour, 2 * time.Hour},
			{"over long ago", 72 * time.Hour, 48 * time.Hour},
		} {
			e := event.Event{
				WorkspaceID: ws, Fingerprint: c.title, Title: c.title, Object: leak.Object{Kind: leak.KindHost, Host: "h"}, Status: event.Open,
				Level: leak.Error, OpenedAt: now.Add(-c.opened), UpdatedAt: now, LastSeenAt: now,
			}
			if c.recovered > 0 {
				e.Status, e.RecoveredAt = event.Recovered, now.Add(-c.recovered)
			}
			must(t, db.InsertEvent(ctx, &e))
		}
		for limit, want := range map[int][]string{
			10: {"recovered half an hour ago", "opened an hour ago", "came and went"},
			2:  {"recovered half an hour ago", "opened an hour ago"},
		} {
			changed, err := db.Changes(ctx, ws, now.Add(-24*time.Hour), limit)
			must(t, err)
			if changed.Opened != 2 || changed.Recovered != 2 {
				t.Errorf("%d were opened and %d recovered, want 2 and 2", changed.Opened, changed.Recovered)
			}
			var titles []string
			for _, e := range changed.Latest {
				titles = append(titles, e.Title)
			}
			if !slices.Equal(titles, want) {
				t.Errorf("the latest %d: %v, want %v", limit, titles, want)
			}
		}
	}

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
			{"names", state.HostFilter{Names: []string{"c%", "a", "nobody"}}, []string{"a", "c%"}},
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

		ranks, err := db.HostRanks(ctx, ws, "", state.HostColumns{Exhaustion: true, Tags: true})
		must(t, err)
		percent, other := 70.5, 60.0
		same(t, []state.HostRank{
			{Name: "a", LastSeenAt: now},
			{
				Name: "b", Level: leak.Error, Cause: leak.Steady, Percent: &percent, LastSeenAt: now, Exhaustion: "2026-03-01T00:00:00Z",
				Labels: full.Labels, Collectors: full.Collectors,
			},
			{Name: "c%", Percent: &other, LastSeenAt: now.Add(-time.Hour)},
		}, ranks)
		ranks, err = db.HostRanks(ctx, ws, "C%", state.HostColumns{})
		must(t, err)
		if len(ranks) != 1 || ranks[0].Name != "c%" {
			t.Errorf("ranks of a text: %+v", ranks)
		}

		for _, c := range []struct {
			name  string
			place state.HostPlace
			want  []string
		}{
			{"by name", state.HostPlace{}, []string{"a", "b", "c%"}},
			{"the fullest first", state.HostPlace{Sort: state.ByValue}, []string{"b", "c%", "a"}},
			{"the most urgent first", state.HostPlace{Sort: state.HostsByLevel}, []string{"b", "a", "c%"}},
			{"who is full first", state.HostPlace{Sort: state.HostsByExhaustion}, []string{"b", "a", "c%"}},
			{"the longest silent first", state.HostPlace{Sort: state.HostsBySeen}, []string{"c%", "a", "b"}},
			{"without data", state.HostPlace{States: []string{"no_data", "ok"}}, []string{"a", "c%"}},
			{"a level and a text", state.HostPlace{States: []string{"error"}, Text: "B"}, []string{"b"}},
		} {
			c.place.Limit = 2
			var names []string
			for more := true; more; c.place.First += c.place.Limit {
				var some []string
				some, more, err = db.HostNames(ctx, ws, c.place)
				must(t, err)
				names = append(names, some...)
			}
			if !slices.Equal(names, c.want) {
				t.Errorf("names %s: got %v, want %v", c.name, names, c.want)
			}
		}

		groups, err := db.HostGroups(ctx, ws)
		must(t, err)
		same(t, []state.HostGroup{
			{Hosts: 2, Example: "a", Missing: []byte{}},
			{Collectors: full.Collectors, Hosts: 1, Example: "b", Missing: []byte(`[{"code":"late"}]`)},
		}, groups)

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
		Verdict: []byte(`{"level":"error","cause":"steady","exhaustion":"2026-03-01T00:00:00Z"}`), Health: []byte(`{"gaps":1,"missing":[{"code":"late"}]}`), InspectedAt: now, LastSeenAt: now, Spark: []byte(`[1,null]`),
	}
}
