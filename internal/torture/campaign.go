package torture

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/api/client"
)

// Campaign kills a server at random moments while samples come in and runs go on, starts it again
// each time, and looks for what is lost, doubled or stuck.
type Campaign struct {
	Server *Server
	Fleet  Fleet
	Kills  int
	Seed   uint64
	// LongEvery lets one life in so many be long enough for the work of killed replicas to be taken
	// up again, which takes seconds on PostgreSQL; 0 is never.
	LongEvery int
	Progress  func(format string, args ...any)

	r                *rand.Rand
	book             *Book
	senders          []*Sender
	hourly, byHand   string // inspections: one runs each minute, one is asked for, and its events recovered by hand
	asked, recovered int
	startup          time.Duration // how long the newest start took
}

// Report is what a campaign has seen.
type Report struct {
	Kills, BeforeReady int // all, and those before the server was ready
	Samples            int // acknowledged, and found again
	Refused            int // requests that were answered, but not taken
	Runs               map[string]int
	Asked              int // runs that were asked for
	Recovered          int // events recovered by hand
	Events             int
	Took               time.Duration
}

func (r Report) String() string {
	return fmt.Sprintf("%d kills (%d before the server was ready) in %s: %d samples acknowledged and all found, %d requests refused, %d events (%d recovered by hand), runs %v (%d asked for)",
		r.Kills, r.BeforeReady, r.Took.Round(time.Second), r.Samples, r.Refused, r.Events, r.Recovered, r.Runs, r.Asked)
}

// The lives of a server between start and kill.
const (
	shortLife = 1200 * time.Millisecond
	longLife  = 9 * time.Second
	timeout   = 20 * time.Second // of the inspections
)

// Run makes the campaign. The error says what was lost, doubled or stuck, and after which kill.
func (c *Campaign) Run(ctx context.Context) (report Report, err error) {
	began := time.Now()
	c.r = rand.New(rand.NewPCG(c.Seed, 1))
	defer c.Server.Kill()
	if err := c.prepare(ctx); err != nil {
		return report, err
	}
	sending, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	for _, s := range c.senders {
		running.Go(func() { s.Run(sending) })
	}
	defer running.Wait()
	defer stop()
	for n := range c.Kills {
		before, err := c.killOnce(ctx, n)
		if err != nil {
			return report, fmt.Errorf("after kill %d of seed %d: %w\n%s", n, c.Seed, err, c.Server.LogTail())
		}
		if report.Kills++; before {
			report.BeforeReady++
		}
	}
	if err := c.settle(ctx); err != nil {
		return report, fmt.Errorf("after the last kill, %d, of seed %d: %w\n%s", c.Kills, c.Seed, err, c.Server.LogTail())
	}
	stop()
	running.Wait()
	for _, s := range c.senders {
		if err := s.Verify(ctx, c.Fleet.Begun); err != nil {
			return report, err
		}
		report.Samples += s.Samples()
		report.Refused += s.Refused()
	}
	report.Runs, report.Events, report.Asked, report.Recovered = c.book.Runs(), len(c.book.events), c.asked, c.recovered
	report.Took = time.Since(began)
	return report, c.Server.End()
}

// prepare starts the server for the first time, with a history of the fleet and its inspections.
func (c *Campaign) prepare(ctx context.Context) error {
	if err := c.start(ctx); err != nil {
		return err
	}
	if err := c.Fleet.Fill(ctx, c.Server); err != nil {
		return err
	}
	var err error
	if c.hourly, err = c.Server.FirstInspection(ctx, "* * * * *", timeout, true); err != nil {
		return err
	}
	if c.byHand, err = c.Server.AddInspection(ctx, "by hand", timeout); err != nil {
		return err
	}
	c.book = NewBook(c.Fleet, timeout, c.hourly)
	half := c.Fleet.Hosts / 2
	c.senders = []*Sender{
		NewSender(c.Server, c.Fleet, c.Fleet.all(0, half)),
		NewSender(c.Server, c.Fleet, c.Fleet.all(half, c.Fleet.Hosts)),
	}
	return nil
}

func (c *Campaign) start(ctx context.Context) error {
	begun := time.Now()
	if err := c.Server.Start(); err != nil {
		return err
	}
	err := c.Server.AwaitReady(ctx)
	c.startup = time.Since(begun)
	return err
}

// killOnce lets a server that runs work for a random time, kills it, and starts it again; at times
// it is killed once more while it starts. Then everything is looked at.
func (c *Campaign) killOnce(ctx context.Context, n int) (beforeReady bool, err error) {
	if err := c.ask(ctx); err != nil {
		return false, err
	}
	life := time.Duration(c.r.Int64N(int64(shortLife)))
	if c.LongEvery > 0 && n%c.LongEvery == c.LongEvery-1 {
		life = longLife
	}
	looked := time.Now().UnixMilli()
	pause(ctx, life)
	c.Server.Kill()
	if beforeReady = c.r.IntN(5) == 0; beforeReady {
		if err := c.Server.Start(); err != nil {
			return true, err
		}
		pause(ctx, time.Duration(c.r.Int64N(int64(c.startup)+1)))
		c.Server.Kill()
	}
	if err := c.start(ctx); err != nil {
		return beforeReady, err
	}
	if err := c.book.Check(ctx, c.Server); err != nil {
		return beforeReady, err
	}
	for _, s := range c.senders {
		if err := s.Verify(ctx, time.UnixMilli(looked)); err != nil {
			return beforeReady, err
		}
	}
	if c.Progress != nil && (n+1)%25 == 0 {
		c.Progress("%d kills, %d events, runs %v", n+1, len(c.book.events), c.book.Runs())
	}
	return beforeReady, ctx.Err()
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// ask asks for a run, and at times recovers an event by hand.
func (c *Campaign) ask(ctx context.Context) error {
	switch _, err := c.Server.Client.RunInspection(ctx, c.byHand); {
	case err == nil:
		c.asked++
	case !isStatus(err, http.StatusConflict): // one goes on
		return fmt.Errorf("ask for a run: %w", err)
	}
	open := c.book.Open(c.byHand)
	if len(open) == 0 || c.r.IntN(2) == 0 {
		return nil
	}
	id := open[c.r.IntN(len(open))]
	var e api.Event
	err := c.Server.Client.Call(ctx, "POST", "/events/"+id+"/recover", map[string]any{"note": "by hand"}, &e)
	if isStatus(err, http.StatusConflict) || isStatus(err, http.StatusPreconditionFailed) {
		return nil // a run has recovered it, or changed it in between
	}
	if err != nil {
		return fmt.Errorf("recover an event by hand: %w", err)
	}
	c.book.Remember(e)
	c.recovered++
	return nil
}

func isStatus(err error, status int) bool {
	var answered *client.Error
	return errors.As(err, &answered) && answered.Status == status
}

// settle lets what goes on end, and wants a last run of each inspection to find every leak.
func (c *Campaign) settle(ctx context.Context) error {
	var unchecked error
	if err := Within(ctx, timeout+runGrace, func() bool {
		unchecked = c.book.Check(ctx, c.Server)
		return unchecked != nil || c.book.Unfinished() == 0
	}); err != nil || unchecked != nil {
		return errors.Join(unchecked, err)
	}
	for _, id := range []string{c.byHand, c.hourly} {
		r, err := c.Server.RunToEnd(ctx, id, timeout+runGrace)
		if err != nil {
			return err
		}
		if r.Status != "success" || r.Hosts != c.Fleet.Hosts {
			return fmt.Errorf("the last run ended as %s with %d hosts of %d: %s", r.Status, r.Hosts, c.Fleet.Hosts, r.Error)
		}
	}
	if err := c.book.Check(ctx, c.Server); err != nil {
		return err
	}
	for _, id := range []string{c.byHand, c.hourly} {
		if n := len(c.book.Open(id)); n != c.Fleet.Leaking() {
			return fmt.Errorf("%d open events of inspection %s, and %d hosts leak", n, id, c.Fleet.Leaking())
		}
	}
	return nil
}

// FirstInspection changes the inspection that each server begins with, and returns its id.
func (s *Server) FirstInspection(ctx context.Context, schedule string, timeout time.Duration, enabled bool) (string, error) {
	list, err := s.Client.Inspections(ctx)
	if err != nil || len(list) == 0 {
		return "", fmt.Errorf("find the first inspection among %d: %w", len(list), err)
	}
	in := list[0].InspectionInput
	in.Schedule, in.TimeoutSeconds, in.Enabled = schedule, int64(timeout.Seconds()), enabled
	return list[0].ID, s.Client.Call(ctx, "PUT", "/inspections/"+list[0].ID, in, nil)
}

// AddInspection adds one that runs when it is asked to, and returns its id.
func (s *Server) AddInspection(ctx context.Context, name string, timeout time.Duration) (string, error) {
	var added api.Inspection
	in := api.InspectionInput{Name: name, Schedule: "0 0 1 1 *", TimeoutSeconds: int64(timeout.Seconds())}
	err := s.Client.Call(ctx, "POST", "/inspections", in, &added)
	return added.ID, err
}

// RunToEnd asks for a run, waiting for one that goes on, and follows it until it has ended.
func (s *Server) RunToEnd(ctx context.Context, inspectionID string, most time.Duration) (api.Run, error) {
	var r api.Run
	var failed error
	if err := Within(ctx, most, func() bool {
		r, failed = s.Client.RunInspection(ctx, inspectionID)
		return !isStatus(failed, http.StatusConflict)
	}); err != nil || failed != nil {
		return r, fmt.Errorf("ask for a run: %w", errors.Join(failed, err))
	}
	return s.AwaitRun(ctx, r.ID, most)
}

// AwaitRun follows a run until it has ended. While the server does not answer it goes on.
func (s *Server) AwaitRun(ctx context.Context, id string, most time.Duration) (api.Run, error) {
	var r api.RunWithLog
	err := Within(ctx, most, func() bool {
		now, err := s.Client.Run(ctx, id)
		if err == nil {
			r = now
		}
		return err == nil && Ended(now.Run)
	})
	if err != nil {
		return r.Run, fmt.Errorf("run %s did not end: it is %s, %.0f %% done: %w; its log: %s", id, r.Status, 100*r.Progress, err, LogOf(r))
	}
	return r.Run, nil
}

// LogOf is the log of a run as text.
func LogOf(r api.RunWithLog) string {
	var b strings.Builder
	for _, l := range r.Log {
		fmt.Fprintf(&b, "%s %s\n", l.Level, l.Text)
	}
	return b.String()
}
