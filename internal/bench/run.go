package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/memseep/memseep/internal/realserver"
	"github.com/memseep/memseep/internal/torture"
)

// runHosts is how many hosts the run from end to end inspects.
const runHosts = 10_000

// measureRun lets the real server inspect many hosts that were sent to it, from the order to the last
// commit: windows read, verdicts written, events, hosts and the run kept.
func (b *bench) measureRun(ctx context.Context) error {
	binary := filepath.Join(b.dir, "memseep")
	if err := buildBinary(ctx, binary, "./cmd/memseep"); err != nil {
		return err
	}
	return withServers(b.dir, func(t *servers) (err error) {
		s, err := torture.New(torture.Options{
			Binary: binary, Dir: t.TempDir(), Listen: fmt.Sprintf("127.0.0.1:%d", realserver.FreePort(t)),
		})
		if err != nil {
			return err
		}
		if err := s.Start(); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.End()) }()
		if err := s.AwaitReady(ctx); err != nil {
			return err
		}
		f := torture.Fleet{Hosts: runHosts, LeakEvery: 100, Begun: time.Now().Truncate(time.Second), Lean: true}
		begun := time.Now()
		if err := f.Fill(ctx, s); err != nil {
			return err
		}
		filled := time.Since(begun)
		return runTwice(ctx, s, f, filled)
	})
}

// runTwice runs once with everything new, where each leak opens an event, and once again.
func runTwice(ctx context.Context, s *torture.Server, f torture.Fleet, filled time.Duration) error {
	inspection, err := s.FirstInspection(ctx, "0 0 1 1 *", 15*time.Minute, true)
	if err != nil {
		return err
	}
	for _, which := range []string{"the first", "the next"} {
		r, err := s.RunToEnd(ctx, inspection, 15*time.Minute)
		if err != nil {
			return err
		}
		if r.Status != "success" || r.Hosts != f.Hosts || r.Leaks != f.Leaking() || r.NoData+r.Failed > 0 {
			return fmt.Errorf("the run ended as %+v", r)
		}
		fmt.Printf("run: %d embedded hosts from end to end in %.1f s, %.0f hosts a second (%s run: %d events opened; taking their six hours in took %.0f s)\n",
			r.Hosts, r.RunSeconds, float64(r.Hosts)/r.RunSeconds, which, r.OpenedEvents, filled.Seconds())
	}
	return nil
}
