package proc

import (
	"io/fs"
	"slices"

	"golang.org/x/sys/unix"
)

// AppendFile appends the file to dst. It opens, reads and closes without what os.File does for files
// that can be waited for: a third less time for the small files of /proc, three for each process.
func AppendFile(dst []byte, path string) ([]byte, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return dst, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	defer func() { _ = unix.Close(fd) }()
	for {
		dst = slices.Grow(dst, 4096)
		n, err := unix.Read(fd, dst[len(dst):cap(dst)])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return dst, &fs.PathError{Op: "read", Path: path, Err: err}
		case n == 0:
			return dst, nil
		default:
			dst = dst[:len(dst)+n]
		}
	}
}
