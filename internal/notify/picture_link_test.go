package notify

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/event"
	"github.com/memseep/memseep/internal/state"
	"github.com/memseep/memseep/leak"
)

// curved is a leak with a curve.
func (b *bench) curved(host string) *event.Event {
	e := b.leakOn(host, "java")
	e.Snapshot = example(b.clock.now()).Snapshot
	return e
}

func (b *bench) follow(link string) error {
	token := strings.TrimSuffix(strings.TrimPrefix(link, "https://memseep.example/picture/"), ".png")
	d, _, err := b.LinkedPicture(b.t.Context(), token)
	if err == nil && (len(d.PNG) == 0 || d.ETag == "") {
		b.t.Errorf("%s leads to %d bytes, %q", link, len(d.PNG), d.ETag)
	}
	return err
}

// Only a message about a leak that goes on, and has a curve, leads to a picture.
func TestAMessageLinksThePictureOfItsFirstEvent(t *testing.T) {
	b, s := newBench(t), newServer(t)
	b.o.PictureURL = b.o.BaseURL
	b.setPolicy(state.Policy{Rules: []state.Rule{{Targets: []string{b.addTarget("team", s)}}}})
	link := func(e *event.Event) string {
		t.Helper()
		b.change(e)
		b.after(time.Second)
		s.mu.Lock()
		defer s.mu.Unlock()
		took := s.took
		s.took = nil
		if len(took) != 1 {
			t.Fatalf("told %d times", len(took))
		}
		return took[0].v.PictureURL
	}
	e := b.curved("web-1")
	opened := link(e)
	if err := b.follow(opened); err != nil {
		t.Errorf("%q: %v", opened, err)
	}
	e.Level = "critical"
	if again := link(e); again != opened {
		t.Errorf("told again on the same day it leads to %q, before to %q", again, opened)
	}
	b.recover(e)
	if over := link(e); over != "" {
		t.Errorf("what is over leads to %q", over)
	}
	if flat := link(b.leakOn("web-2", "java")); flat != "" {
		t.Errorf("what has no curve leads to %q", flat)
	}
	b.clock.set(b.clock.now().Add(pictureLasts))
	if err := b.follow(opened); err != nil {
		t.Errorf("after %s: %v", pictureLasts, err)
	}
	b.clock.set(b.clock.now().Add(24 * time.Hour))
	if err := b.follow(opened); !errors.Is(err, ErrPictureLink) {
		t.Errorf("a day later: %v", err)
	}
}

// A link is for one event of one workspace.
func TestAPictureIsOfItsWorkspaceAlone(t *testing.T) {
	b := newBench(t)
	b.o.PictureURL = b.o.BaseURL
	e, none := b.curved("web-1"), b.leakOn("web-2", "java")
	must(t, b.db.InsertEvent(t.Context(), e))
	must(t, b.db.InsertEvent(t.Context(), none))
	other := state.Workspace{Name: "other"}
	must(t, b.db.AddWorkspace(t.Context(), &other))
	for name, of := range map[string]event.Event{
		"another workspace":          {WorkspaceID: other.ID, ID: e.ID, Snapshot: e.Snapshot},
		"an event that is not there": {WorkspaceID: b.ws, ID: "gone", Snapshot: e.Snapshot},
		"an event without a curve":   {WorkspaceID: b.ws, ID: none.ID, Snapshot: e.Snapshot},
	} {
		if err := b.follow(b.pictureURL(&of)); !errors.Is(err, ErrPictureLink) {
			t.Errorf("%s: %v", name, err)
		}
	}
	link := b.pictureURL(e)
	must(t, b.follow(link))
	told := state.Told{Levels: []leak.Level{leak.Warning, leak.Error}}
	if as := b.alerts(e, &told, "en"); as[0].Annotations["picture"] != "" || as[1].Annotations["picture"] != link {
		t.Errorf("alerts lead to %q and %q", as[0].Annotations["picture"], as[1].Annotations["picture"])
	}
	if as := b.alerts(none, &told, "en"); as[1].Annotations["picture"] != "" {
		t.Error("an alert of an event without a curve leads to a picture")
	}
	for i := range len(link) {
		changed := link[:i] + string(link[i]^1) + link[i+1:]
		if i >= len("https://memseep.example/picture/") && i < len(link)-len(".png")-1 && b.follow(changed) == nil {
			t.Fatalf("%s, changed in %d, leads to a picture", link, i)
		}
	}
}

// Whoever follows one link often, or many at once, costs one drawing of each in ten minutes, and no
// two at a time.
func TestPicturesAreDrawnOnceInAWhile(t *testing.T) {
	d := newDrawn()
	var drawings, at, most atomic.Int32
	ask := func(name string, now time.Time) {
		got, err := d.get(t.Context(), name, now, func() ([]byte, error) {
			if n := at.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer at.Add(-1)
			drawings.Add(1)
			return []byte(name), nil
		})
		if err != nil || string(got.PNG) != name {
			t.Errorf("%s is %q, %v", name, got.PNG, err)
		}
	}
	var all sync.WaitGroup
	for i := range 300 {
		all.Go(func() { ask(fmt.Sprint(i%3), start) })
	}
	all.Wait()
	if drawings.Load() != 3 || most.Load() != 1 {
		t.Errorf("three pictures were drawn %d times, %d at once", drawings.Load(), most.Load())
	}
	ask("0", start.Add(drawnLasts))
	if drawings.Load() != 4 {
		t.Errorf("after a while it is drawn again: %d", drawings.Load())
	}
	for i := range 10 * drawnMost {
		ask(fmt.Sprint(i), start.Add(time.Hour+time.Duration(i)*time.Second))
	}
	if len(d.kept) > drawnMost {
		t.Errorf("%d are kept", len(d.kept))
	}
	failed := errors.New("no")
	if _, err := d.get(t.Context(), "bad", start, func() ([]byte, error) { return nil, failed }); !errors.Is(err, failed) || d.kept["bad"].PNG != nil {
		t.Errorf("what cannot be drawn: %v", err)
	}
	d.turn <- struct{}{} // somebody draws
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.get(ctx, "late", start, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone away is waited for: %v", err)
	}
}

func TestAChartIsTheCurveInFewPoints(t *testing.T) {
	e := example(start)
	c := chartOf(&e, "zh", time.FixedZone("", 8*3600))
	of := map[string]int{}
	for _, p := range c {
		of[p.Line]++
	}
	first, last := c[0], c[len(c)-1]
	if of["用量 (%)"] != 37 || of["预测"] != 44 || len(of) != 2 || first.At != "14:00" || first.Value != 54.8 || last.At != "03:10" || last.Value != 100 {
		t.Errorf("%v, from %+v to %+v", of, first, last)
	}
	e.Snapshot.Verdict.SlopePerHour, e.Snapshot.Curve.Unit = 0, "bytes"
	if c = chartOf(&e, "en", time.UTC); len(c) != 37 || c[0].Line != "In use (MiB)" {
		t.Errorf("in bytes: %+v", c)
	}
	e.Snapshot.Curve = event.Curve{}
	if c = chartOf(&e, "en", time.UTC); c != nil {
		t.Errorf("without a curve: %+v", c)
	}
}
