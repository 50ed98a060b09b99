// Package demo shows an inspection on a small fleet: real recordings and made hosts, a week of
// them up to now, in a real metrics store that answers the Prometheus query API.
// In goes a directory; out comes the address of a store that can be inspected and queried.
// Read this file first, then fleet.go for who is in the fleet.
package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/store"
	"github.com/memseep/memseep/source/prometheus"
	"github.com/prometheus/prometheus/storage"
)

// Demo is a running demo. Its owner calls Close.
type Demo struct {
	URL   string // of the query API: http://127.0.0.1:PORT
	Hosts int

	store  *store.Store
	server *http.Server
	served chan error // what the server ended with
}

// Times of the server.
const (
	headerTimeout = 10 * time.Second
	closeTimeout  = 5 * time.Second
)

// Start fills a store in the directory, which has to be empty, and serves it on a free port of
// 127.0.0.1. The newest samples are of the minute of now.
func Start(ctx context.Context, dir string, now time.Time) (*Demo, error) {
	members, err := fleetUntil(now.Truncate(time.Minute))
	if err != nil {
		return nil, err
	}
	err = store.Fill(ctx, dir, span, func(appender func() storage.AppenderV2) error {
		return appendFleet(ctx, appender, members)
	})
	if err != nil {
		return nil, err
	}
	d := &Demo{Hosts: len(members), served: make(chan error, 1)}
	if d.store, err = store.Open(dir, store.Options{}); err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen for queries: %w", err), d.store.Close())
	}
	d.URL = "http://" + listener.Addr().String()
	d.server = &http.Server{Handler: d.store.Handler(), ReadHeaderTimeout: headerTimeout}
	go func() { d.served <- d.server.Serve(listener) }()
	return d, nil
}

// Inspect runs one inspection of the fleet over the query API, as of the newest sample. The
// findings keep their series, for charts.
func (d *Demo) Inspect(ctx context.Context, emit func(inspect.Finding) error) (inspect.Summary, error) {
	source, err := prometheus.New(prometheus.Config{URL: d.URL})
	if err != nil {
		return inspect.Summary{}, err
	}
	return inspect.Run(ctx, source, inspect.Options{Parallel: 2, KeepSeries: true}, emit)
}

// Close ends the server and the store; the directory is the caller's.
func (d *Demo) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	err := d.server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) { // a client keeps a connection: nothing is lost by cutting it
		err = d.server.Close()
	}
	if served := <-d.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, d.store.Close())
}
