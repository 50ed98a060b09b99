//go:build !unix

package store

import "errors"

// diskSpace is not known here: a full disk is met when a write fails.
func diskSpace(string) (free, size int64, err error) {
	return 0, 0, errors.New("the free space is not known on this system")
}
