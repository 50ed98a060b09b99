package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/memseep/memseep/inspect"
	"github.com/memseep/memseep/source/file"
)

// openSource opens what --source names.
func openSource(ctx context.Context, spec string) (inspect.Source, error) {
	if spec == "" {
		return nil, errors.New("--source is missing: give file:PATH, or the http(s):// address of a Prometheus-compatible API")
	}
	if path, ok := strings.CutPrefix(spec, "file:"); ok {
		return file.Open(ctx, path, file.Options{})
	}
	return nil, fmt.Errorf("--source %q: it has to begin with file:, http:// or https://", spec)
}
