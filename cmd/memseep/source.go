package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/internal/config"
	"github.com/memseep/memseep/source/file"
	"github.com/memseep/memseep/source/prometheus"
)

// openedSource is a source, and how many hosts or batches of it are best in flight.
type openedSource struct {
	inspect.Source
	inFlight int
}

// parallel is what was asked for, or else what suits the source.
func (s openedSource) parallel(asked int) int {
	if asked > 0 {
		return asked
	}
	return s.inFlight
}

// serverInFlight keeps a server busy while answers are judged, without crowding others out.
const serverInFlight = 4

// openSource opens what --source names.
func openSource(ctx context.Context, c config.Source) (openedSource, error) {
	path, isFile := strings.CutPrefix(c.URL, "file:")
	switch {
	case c.URL == "":
		return openedSource{}, errors.New("--source is missing: give file:PATH, or the http(s):// address of a Prometheus-compatible API")
	case isFile:
		bar := newProgress("reading")
		s, err := file.Open(ctx, path, file.Options{Progress: bar.set})
		bar.clear()
		if err != nil {
			return openedSource{}, err
		}
		return openedSource{s, runtime.GOMAXPROCS(0)}, nil
	case strings.HasPrefix(c.URL, "http://") || strings.HasPrefix(c.URL, "https://"):
		s, err := prometheus.New(prometheus.Config{
			URL:         c.URL,
			BearerToken: c.BearerToken,
			Headers:     c.Headers,
			CAFile:      c.CAFile,
			Insecure:    c.Insecure,
			Timeout:     time.Duration(c.Timeout),
		})
		if err != nil {
			return openedSource{}, fmt.Errorf("--source: %w", err)
		}
		return openedSource{s, serverInFlight}, nil
	}
	return openedSource{}, fmt.Errorf("--source %q: it has to begin with file:, http:// or https://", c.URL)
}
