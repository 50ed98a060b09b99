package main

import (
	"cmp"
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

// serverInFlight keeps a server busy while answers are judged, without crowding others out.
const serverInFlight = 4

// openSource opens what --source names. Where nobody has said how many hosts or batches of hosts are to
// be in flight, o is given what suits the source.
func openSource(ctx context.Context, c config.Source, o *inspect.Options) (inspect.Source, error) {
	path, isFile := strings.CutPrefix(c.URL, "file:")
	switch {
	case c.URL == "":
		return nil, errors.New("--source is missing: give file:PATH, or the http(s):// address of a Prometheus-compatible API")
	case isFile:
		bar := newProgress("reading")
		s, err := file.Open(ctx, path, file.Options{Progress: bar.set})
		bar.clear()
		if err != nil {
			return nil, err
		}
		o.Parallel = cmp.Or(o.Parallel, runtime.GOMAXPROCS(0))
		return s, nil
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
			return nil, fmt.Errorf("--source: %w", err)
		}
		o.Parallel = cmp.Or(o.Parallel, serverInFlight)
		return s, nil
	}
	return nil, fmt.Errorf("--source %q: it has to begin with file:, http:// or https://", c.URL)
}
