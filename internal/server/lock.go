package server

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/prometheus/prometheus/tsdb/fileutil"
)

// lockFile is locked in the data directory by who works in it; the system gives it back where the
// process dies.
const lockFile = "lock"

// lockData makes sure that no other process works in the data directory: two would share the state
// and take the metrics from each other.
func (p *parts) lockData() error {
	dir := p.o.Config.Server.Data
	lock, _, err := fileutil.Flock(filepath.Join(dir, lockFile))
	var open *fs.PathError // it was not even opened
	if errors.As(err, &open) {
		return fmt.Errorf("the data directory %s cannot be written: give it to the user that memseep runs as, or name another by --data: %w", dir, err)
	}
	if err != nil {
		return fmt.Errorf("another memseep works in %s: end it, or name another directory by --data: %w", dir, err)
	}
	p.lock = lock
	return nil
}
