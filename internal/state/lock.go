package state

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/prometheus/prometheus/tsdb/fileutil"
)

// lockPoll is how often a locked file is tried again.
const lockPoll = 20 * time.Millisecond

// lockFile waits until this process alone holds the file. The system gives it back where the
// process dies.
func lockFile(ctx context.Context, path string) (unlock func() error, err error) {
	for {
		lock, _, err := fileutil.Flock(path)
		if err == nil {
			return lock.Release, nil
		}
		if open := (*fs.PathError)(nil); errors.As(err, &open) { // nobody holds it: it was not even opened
			return nil, fmt.Errorf("lock the database: make its directory one that can be written: %w", err)
		}
		select {
		case <-time.After(lockPoll):
		case <-ctx.Done():
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), ctx.Err())
		}
	}
}
