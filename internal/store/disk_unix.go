//go:build unix

package store

import (
	"fmt"
	"math"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// diskSpace asks the operating system for what a process without privileges may use. Where the
// directory does not exist yet, its parent is asked.
func diskSpace(dir string) (free, size int64, err error) {
	var s unix.Statfs_t
	for {
		err := unix.Statfs(dir, &s)
		if err == nil {
			break
		}
		if parent := filepath.Dir(dir); os.IsNotExist(err) && parent != dir {
			dir = parent
			continue
		}
		return 0, 0, fmt.Errorf("ask for the free space of %s: %w", dir, err)
	}
	block := uint64(s.Bsize)
	return clampBytes(uint64(s.Bavail) * block), clampBytes(uint64(s.Blocks) * block), nil
}

func clampBytes(n uint64) int64 { return int64(min(n, math.MaxInt64)) }
