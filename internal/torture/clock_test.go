package torture_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/server"
	"github.com/memseep/memseep/internal/torture"
)

// A clock that is set back by an hour, and forward again: samples are taken, runs go on, and neither
// a run nor an event is there twice.
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	// Just before a full hour, so that the time of a run is met twice.
	begun := time.Now().UTC().Truncate(time.Hour).Add(-30 * time.Second)
	var ahead atomic.Int64 // of begun
	clock := func() time.Time { return begun.Add(time.Duration(ahead.Load())) }
	s := inProcess(t, clock)
	f := torture.Fleet{Hosts: 8, LeakEvery: 4, Begun: begun}
	must(t, f.Fill(t.Context(), s))
	inspection, err := s.FirstInspection(t.Context(), "0 * * * *", 15*time.Minute, true)
	must(t, err)
	book := torture.NewBook(f, 24*time.Hour, inspection) // its own clock is another

	scheduled := func() (runs int) {
		must(t, book.Check(t.Context(), s)) // doubled runs and events are its business
		for status, n := range book.Runs() {
			if status == "success" {
				runs += n
			}
		}
		return runs
	}
	send := func() {
		body, err := f.Packed(clock())
		must(t, err)
		if a, err := torture.Write(t.Context(), s, body); err != nil || !a.Taken() {
			t.Errorf("samples of %s were answered %+v, %v", clock(), a, err)
		}
	}
	ahead.Store(int64(time.Minute)) // past the full hour
	send()
	must(t, torture.Within(t.Context(), time.Minute, func() bool { return scheduled() == 1 }))

	ahead.Store(int64(-59 * time.Minute))
	send()
	r, err := s.RunToEnd(t.Context(), inspection, time.Minute)
	must(t, err)
	if r.Status != "success" || r.Failed > 0 || r.Hosts != f.Hosts {
		t.Errorf("a run after the clock was set back: %+v", r)
	}
	ahead.Store(int64(time.Minute)) // the same full hour once more
	send()
	r, err = s.RunToEnd(t.Context(), inspection, time.Minute)
	must(t, err)
	wantWhole(t, r, f)
	if n := scheduled(); n != 3 {
		t.Errorf("%d runs, want one of the hour and the two that were asked for: %v", n, book.Runs())
	}
	for minute := 2; minute <= 61; minute++ { // and the one after it
		ahead.Store(int64(time.Duration(minute) * time.Minute))
		send()
	}
	must(t, torture.Within(t.Context(), time.Minute, func() bool { return scheduled() == 4 }))
	if n := len(book.Open(inspection)); n != f.Leaking() {
		t.Errorf("%d events, and %d hosts leak", n, f.Leaking())
	}
}

// inProcess is a server in this process, which has the clock of the test.
func inProcess(t *testing.T, clock func() time.Time) *torture.Server {
	t.Helper()
	listen := fmt.Sprintf("127.0.0.1:%d", realserver.FreePort(t))
	s, err := torture.New(torture.Options{Dir: t.TempDir(), Listen: listen})
	must(t, err)
	c := config.Default
	c.Server.Data, c.Server.Listen, c.Server.Agent = t.TempDir(), listen, false
	ready := make(chan string, 1)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- server.Run(ctx, server.Options{
			Config: c, Stdout: t.Output(), Logger: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
			Clock: clock, Version: "test", Ready: func(url string) { ready <- url },
			First: auth.Environment{AdminPassword: "a password of the torture", IngestKey: torture.IngestKey, AdminKey: torture.AdminKey},
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case <-ready:
	case err := <-ended:
		ended <- err
		t.Fatalf("the server did not start: %v", err)
	}
	return s
}
