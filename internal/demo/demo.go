// Package demo shows the server on a small fleet: real recordings and made hosts, a week of them up
// to now, that go on while it runs.
// In goes a directory; out comes a running server that can be inspected, queried and signed in to.
// Read this file first, then fleet.go for who is in the fleet, live.go for how it goes on.
package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/api"
	"github.com/memseep/memseep/internal/api/client"
	"github.com/memseep/memseep/internal/auth"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/internal/server"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/source/prometheus"
	"github.com/prometheus/prometheus/storage"
)

// Options says how a demo is served.
type Options struct {
	Listen   string // ADDRESS:PORT; empty is a free port of 127.0.0.1
	Password string // of the administrator; empty: one is made
	Version  string // that the server tells
	Live     bool   // the fleet goes on sending, and this machine is watched too
}

// Demo is a running demo. Its owner calls Close.
type Demo struct {
	URL      string // http://127.0.0.1:PORT
	User     string
	Password string
	Key      string // ID:SECRET of an administrator
	Hosts    int    // of the fleet

	client *client.Client
	end    context.CancelFunc
	parts  sync.WaitGroup
	mu     sync.Mutex // guards err
	err    error      // what the parts ended with
}

// Start makes a server's data in the directory, which has to be empty, with a week of the fleet up
// to the minute of now, and serves it.
func Start(ctx context.Context, dir string, now time.Time, o Options) (*Demo, error) {
	members, err := fleetUntil(now.Truncate(time.Minute))
	if err != nil {
		return nil, err
	}
	d := &Demo{User: "admin", Password: o.Password, Key: "demo:" + rand.Text(), Hosts: len(members)}
	if d.Password == "" {
		d.Password = rand.Text()
	}
	ingestKey := "collectors:" + rand.Text()
	so := server.Options{
		Config:  configuration(dir, o),
		First:   auth.Environment{AdminPassword: d.Password, AdminKey: d.Key, IngestKey: ingestKey},
		Stdout:  io.Discard,
		Level:   new(slog.LevelVar),
		Logger:  slog.New(slog.DiscardHandler),
		Version: o.Version,
	}
	first, err := server.Begin(ctx, so)
	if err != nil {
		return nil, err
	}
	err = store.FillWorkspace(ctx, dir, first.WorkspaceID, span, func(appender func() storage.AppenderV2) error {
		return appendFleet(ctx, appender, members)
	})
	if err != nil {
		return nil, err
	}
	if err := d.serve(ctx, so); err != nil {
		return nil, err
	}
	if o.Live {
		d.live(members, ingestKey)
	}
	return d, nil
}

func configuration(dir string, o Options) config.Config {
	c := config.Default
	c.Server.Data = dir
	c.Server.Agent = o.Live
	c.Server.Listen = o.Listen
	if o.Listen == "" {
		c.Server.Listen = "127.0.0.1:0"
	}
	return c
}

// serve starts the server, and waits until it listens.
func (d *Demo) serve(ctx context.Context, o server.Options) error {
	running, end := context.WithCancel(context.WithoutCancel(ctx))
	d.end = end
	ready := make(chan string, 1)
	stopped := make(chan struct{})
	o.Ready = func(url string) { ready <- url }
	d.parts.Go(func() {
		defer close(stopped)
		d.keep(server.Run(running, o))
	})
	select {
	case d.URL = <-ready:
	case <-stopped:
	case <-ctx.Done():
	}
	if d.URL == "" {
		return errors.Join(ctx.Err(), d.Close())
	}
	var err error
	if d.client, err = client.New(d.URL, d.Key); err != nil {
		return errors.Join(err, d.Close())
	}
	return nil
}

func (d *Demo) keep(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.err = errors.Join(d.err, err)
}

// Inspect runs one inspection of the fleet over the server's query API, as of the newest sample.
// The findings keep their series, for charts.
func (d *Demo) Inspect(ctx context.Context, emit func(inspect.Finding) error) (inspect.Summary, error) {
	source, err := prometheus.New(prometheus.Config{URL: d.URL + "/prometheus", BearerToken: d.Key})
	if err != nil {
		return inspect.Summary{}, err
	}
	return inspect.Run(ctx, source, inspect.Options{Parallel: 2, KeepSeries: true}, emit)
}

// runPoll is how often a run that goes on is looked at.
const runPoll = 50 * time.Millisecond

// Run has the server run its inspection now, and waits until it is done: then the events are there.
func (d *Demo) Run(ctx context.Context) (api.Run, error) {
	list, err := d.client.Inspections(ctx)
	if err != nil {
		return api.Run{}, err
	}
	if len(list) == 0 {
		return api.Run{}, errors.New("the server has no inspection")
	}
	run, err := d.client.RunInspection(ctx, list[0].ID)
	if err != nil {
		return api.Run{}, fmt.Errorf("run the inspection: %w", err)
	}
	poll := time.NewTicker(runPoll)
	defer poll.Stop()
	for run.EndedAt.IsZero() {
		select {
		case <-ctx.Done():
			return run, ctx.Err()
		case <-poll.C:
		}
		withLog, err := d.client.Run(ctx, run.ID)
		if err != nil {
			return run, err
		}
		run = withLog.Run
	}
	if run.Error != "" {
		return run, errors.New(run.Error)
	}
	return run, nil
}

// Close ends all that was started; the directory is the caller's.
func (d *Demo) Close() error {
	d.end()
	d.parts.Wait()
	return d.err
}
