package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// Fill writes samples of the past into the directory of a store that is not open, as one block.
//
// The samples that write appends lie within the span before newest, in ascending order within a
// series; series may come one after the other. Write may commit as often as it likes by asking
// for another appender; at least one sample has to be written.
func Fill(ctx context.Context, dir string, span time.Duration, write func(appender func() storage.AppenderV2) error) (err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("make the directory of the metrics store: %w", err)
	}
	// The writer takes samples that are at most half a block older than its newest.
	w, err := tsdb.NewBlockWriter(promslog.NewNopLogger(), dir, 2*span.Milliseconds()+1)
	if err != nil {
		return fmt.Errorf("fill the metrics store: %w", err)
	}
	defer func() {
		if closeErr := w.Close(); closeErr != nil {
			err = errors.Join(err, fmt.Errorf("fill the metrics store: %w", closeErr))
		}
	}()
	if err := write(func() storage.AppenderV2 { return w.AppenderV2(ctx) }); err != nil {
		return err
	}
	if _, err := w.Flush(ctx); err != nil {
		return fmt.Errorf("write a block of the metrics store: %w", err)
	}
	return nil
}

// FillWorkspace is Fill for the samples of a workspace, in a directory of workspaces that is not open.
func FillWorkspace(ctx context.Context, dir, workspaceID string, span time.Duration, write func(appender func() storage.AppenderV2) error) error {
	return Fill(ctx, filepath.Join(dir, workspacesFolder, workspaceID, samplesFolder), span, write)
}
