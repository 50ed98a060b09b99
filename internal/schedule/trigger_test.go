package schedule

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

var triggerBehaviours = []behaviour{
	{name: "a trigger fires when it is due, once", shows: firesWhenDue},
	{name: "what was missed is made up once and said", shows: missedIsMadeUp},
	{name: "a run over the next is skipped", shows: overlapIsSkipped},
	{name: "an inspection that has expired runs no more", shows: expiredRunsNoMore},
	{name: "a pause moves triggers on", shows: pauseMovesOn},
	{name: "a person runs at once", shows: runNow},
	{name: "a wrong schedule is a failed run, once", shows: wrongSchedule},
	{name: "a clock set back runs no time twice", shows: clockSetBack},
	{name: "a clock that was ahead by days does not stop runs for days", shows: clockWasAhead},
	{name: "500 runs are kept", shows: trimmed},
}

func firesWhenDue(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(59*time.Minute))
	if n := len(b.runs(t, i)); n != 0 {
		t.Fatalf("%d runs before the time", n)
	}
	b.src.newest = start.Add(time.Hour)
	b.at(t, start.Add(time.Hour+time.Second))
	b.at(t, start.Add(time.Hour+2*time.Second))
	r := b.ends(t, i)
	if n := len(b.runs(t, i)); n != 1 {
		t.Errorf("%d runs, want 1", n)
	}
	if r.Status != state.RunSuccess || r.MadeUp || !r.ScheduledAt.Equal(start.Add(time.Hour)) || r.Hosts != 23 || r.Chunks != 5 || r.ChunksDone != 5 {
		t.Errorf("run %+v", r)
	}
	if next := b.next(t, i); !next.Equal(start.Add(2 * time.Hour)) {
		t.Errorf("next at %s", next)
	}
}

func missedIsMadeUp(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(5*time.Hour+10*time.Minute)) // due at 1, 2, 3, 4 and 5 h
	r := b.ends(t, i)
	if n := len(b.runs(t, i)); n != 1 || !r.MadeUp || !r.ScheduledAt.Equal(start.Add(5*time.Hour)) {
		t.Errorf("%d runs, %+v; want the last one made up", n, r)
	}
	if w := strings.Join(logged(r, "warning"), "\n"); !strings.Contains(w, "5 runs") {
		t.Errorf("log %q, want that 5 were missed", w)
	}
	if next := b.next(t, i); !next.Equal(start.Add(6 * time.Hour)) {
		t.Errorf("next at %s", next)
	}
}

func overlapIsSkipped(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, func(i *state.Inspection) { i.Timeout = 3 * time.Hour })
	// Nothing works: the first run stays where it is.
	b.at(t, start.Add(time.Hour))
	b.at(t, start.Add(2*time.Hour))
	rows := b.runs(t, i)
	if len(rows) != 2 || rows[0].Status != state.RunPending || rows[1].Status != state.RunSkipped ||
		!strings.Contains(rows[1].Error, "still running") || rows[1].EndedAt.IsZero() {
		t.Fatalf("runs %+v", rows)
	}
	b.works(t)
	if r := b.ends(t, i); r.ID != rows[1].ID {
		t.Error("a third run was made")
	}
	b.at(t, start.Add(3*time.Hour))
	if r := b.ends(t, i); r.Status != state.RunSuccess {
		t.Errorf("the one after it: %+v", r)
	}
}

func expiredRunsNoMore(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, func(i *state.Inspection) { i.ExpiresAt = start.Add(90 * time.Minute) })
	b.works(t)
	b.at(t, start.Add(time.Hour))
	if r := b.ends(t, i); r.Status != state.RunSuccess {
		t.Errorf("before it expires: %+v", r)
	}
	b.at(t, start.Add(2*time.Hour))
	b.at(t, start.Add(3*time.Hour))
	rows := b.runs(t, i)
	if len(rows) != 2 || rows[1].Status != state.RunExpired || rows[1].Error == "" {
		t.Errorf("runs %+v", rows)
	}
	if next := b.next(t, i); !next.IsZero() {
		t.Errorf("its trigger is due at %s, want never", next)
	}
}

func pauseMovesOn(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, nil)
	b.works(t)
	if err := b.PauseAll(t.Context(), start.Add(150*time.Minute), "ann"); err != nil {
		t.Fatal(err)
	}
	if p, err := b.Paused(t.Context()); err != nil || p.By != "ann" || !p.Since.Equal(start) {
		t.Errorf("pause %+v, %v", p, err)
	}
	b.at(t, start.Add(time.Hour))
	b.at(t, start.Add(2*time.Hour))
	if n := len(b.runs(t, i)); n != 0 {
		t.Errorf("%d runs within the pause", n)
	}
	if next := b.next(t, i); !next.Equal(start.Add(3 * time.Hour)) {
		t.Errorf("next at %s", next)
	}
	if _, err := b.RunNow(t.Context(), b.ws, i.ID, "ann"); err != nil {
		t.Errorf("by hand within the pause: %v", err)
	}
	b.ends(t, i)
	b.at(t, start.Add(3*time.Hour))
	if p, err := b.Paused(t.Context()); err != nil || !p.Until.IsZero() {
		t.Errorf("after its end: %+v, %v", p, err)
	}
	if r := b.ends(t, i); r.Status != state.RunSuccess || r.MadeUp {
		t.Errorf("after the pause: %+v", r)
	}
	if err := b.PauseAll(t.Context(), start, "ann"); err == nil {
		t.Error("a pause until a time that is over was taken")
	}
	if err := b.PauseAll(t.Context(), start.Add(time.Hour*9), "ann"); err != nil {
		t.Fatal(err)
	}
	if err := b.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.at(t, start.Add(4*time.Hour))
	if n := len(b.runs(t, i)); n != 3 {
		t.Errorf("%d runs after resuming, want 3", n)
	}
	b.ends(t, i)
}

func runNow(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, func(i *state.Inspection) { i.Enabled = false })
	first, err := b.RunNow(t.Context(), b.ws, i.ID, "ann")
	if err != nil || first.Manual != "ann" || first.Status != state.RunPending {
		t.Fatalf("%+v, %v", first, err)
	}
	if _, err := b.RunNow(t.Context(), b.ws, i.ID, "bob"); !errors.Is(err, ErrRunning) {
		t.Errorf("the second while the first runs: %v, want ErrRunning", err)
	}
	if _, err := b.RunNow(t.Context(), "other", i.ID, "eve"); !errors.Is(err, state.ErrNotFound) {
		t.Errorf("another workspace's: %v, want ErrNotFound", err)
	}
	b.works(t)
	if r := b.ends(t, i); r.ID != first.ID || r.Status != state.RunSuccess {
		t.Errorf("run %+v", r)
	}
}

func wrongSchedule(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, func(i *state.Inspection) { i.TimeZone = "Mars/Olympus" })
	b.at(t, start.Add(time.Hour))
	b.at(t, start.Add(2*time.Hour))
	rows := b.runs(t, i)
	if len(rows) != 1 || rows[0].Status != state.RunFailure || !strings.Contains(rows[0].Error, "IANA") {
		t.Errorf("runs %+v", rows)
	}
}

func clockSetBack(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(time.Hour))
	b.ends(t, i)
	// A clock of the year after, then back: as a restart finds it.
	if err := b.db.SetNextRun(t.Context(), b.ws, i.ID, start.AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	b.clock.set(start.Add(30 * time.Minute))
	if err := b.setSchedules(t.Context()); err != nil {
		t.Fatal(err)
	}
	if next := b.next(t, i); !next.Equal(start.Add(time.Hour)) {
		t.Fatalf("next at %s, want the coming hour", next)
	}
	b.at(t, start.Add(time.Hour))
	if n := len(b.runs(t, i)); n != 1 {
		t.Errorf("%d runs, want the one of this hour", n)
	}
	if next := b.next(t, i); !next.Equal(start.Add(2 * time.Hour)) {
		t.Errorf("next at %s, want the hour after", next)
	}
}

func clockWasAhead(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, nil)
	b.works(t)
	b.at(t, start.Add(5*24*time.Hour))
	b.ends(t, i)
	b.at(t, start.Add(time.Minute))
	if next := b.next(t, i); !next.Equal(start.Add(time.Hour)) {
		t.Fatalf("the clock is right again, and the next run is at %s", next)
	}
	b.at(t, start.Add(time.Hour))
	b.ends(t, i)
	if n := len(b.runs(t, i)); n != 2 {
		t.Errorf("%d runs, want one by each clock", n)
	}
}

func trimmed(t *testing.T, url string) {
	b := newBench(t, url, nil)
	i := b.add(t, nil)
	p := ofInspection(i)
	err := b.db.InTx(t.Context(), func(ctx context.Context, tx *state.Tx) error {
		for n := range 510 {
			r, err := p.newRun(ctx, tx.Queries, start.Add(-time.Duration(n)*time.Hour))
			if err != nil {
				return err
			}
			r.Status = state.RunSuccess
			if err := tx.AddRun(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.at(t, start.Add(time.Hour))
	rows, _, err := b.db.Runs(t.Context(), b.ws, state.RunFilter{InspectionID: i.ID, Page: state.Page{Limit: 1000}})
	if err != nil || len(rows) != 500 || rows[0].Status != state.RunPending {
		t.Errorf("%d runs are kept, %v; want 500", len(rows), err)
	}
}

func TestHostsAreChosenByLinesAndFilters(t *testing.T) {
	known := []leak.Host{{Name: "db-1"}, {Name: "db-2"}, {Name: "web-1"}, {Name: "odd[1]"}}
	tests := []struct {
		name, lines, want, unmatched string
		filter                       func(leak.Host) bool
	}{
		{"all", "", "db-1 db-2 odd[1] web-1", "", nil},
		{"a name and a glob", "web-1,db-*", "db-1 db-2 web-1", "", nil},
		{"a filter", "db-*", "db-2", "", func(h leak.Host) bool { return h.Name != "db-1" }},
		{"a name that is not there is inspected", "gone,db-1", "db-1 gone", "gone", nil},
		{"a glob that matches nothing", "cache-*,db-1", "db-1", "cache-*", nil},
		{"a name like a pattern", "odd[1]", "odd[1]", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var lines []string
			if tt.lines != "" {
				lines = strings.Split(tt.lines, ",")
			}
			var filters []inspect.Filter
			if tt.filter != nil {
				filters = append(filters, tt.filter)
			}
			chosen, unmatched, err := matchHosts(known, lines, filters)
			if got := strings.Join(slices.Sorted(maps.Keys(chosen)), " "); err != nil || got != tt.want {
				t.Errorf("%s, %v; want %s", got, err, tt.want)
			}
			if got := strings.Join(unmatched, " "); got != tt.unmatched {
				t.Errorf("unmatched %q, want %q", got, tt.unmatched)
			}
		})
	}
	if _, _, err := matchHosts(known, []string{"db-["}, nil); err == nil {
		t.Error("a broken pattern was taken")
	}
}
