// Package proc reads the memory of a Linux machine and of its processes from /proc.
// In goes the root of a /proc tree, which may be another machine's in a test; out come Host and
// Processes.
// Read this file first, then process.go, which is the hot path, then stat.go for its parsers.
package proc

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"

	"github.com/prometheus/procfs"
)

// FS is a /proc tree. It must not be used by two goroutines at once.
type FS struct {
	root  string
	fs    procfs.FS
	users users
	boot  float64 // unix seconds
	known map[int]*Process
	turn  uint64
	buf   []byte
	path  []byte
}

// Open looks into the tree at root, for example "/proc"; users have their names from the file
// etc/passwd below rootfs.
func Open(root, rootfs string) (*FS, error) {
	fs, err := procfs.NewFS(root)
	if err != nil {
		return nil, fmt.Errorf("%s is not readable: mount /proc there or name another by --procfs: %w", root, err)
	}
	f := &FS{root: root, fs: fs, known: map[int]*Process{}, users: users{path: filepath.Join(rootfs, "etc/passwd")}}
	stat, err := f.read("stat")
	if err != nil {
		return nil, fmt.Errorf("%s is no /proc of Linux: %w", root, err)
	}
	if f.boot, err = parseBootTime(stat); err != nil {
		return nil, fmt.Errorf("read the boot time from %s/stat: %w", root, err)
	}
	return f, nil
}

// read reads a file below the root; what it returns is valid until the next call.
func (f *FS) read(name string) ([]byte, error) {
	var err error
	f.buf, err = AppendFile(f.buf[:0], filepath.Join(f.root, name))
	return f.buf, err
}

// readOf reads a file of a process; what it returns is valid until the next call.
func (f *FS) readOf(pid int, name string) ([]byte, error) {
	f.path = append(f.path[:0], f.root...)
	f.path = append(f.path, '/')
	f.path = strconv.AppendInt(f.path, int64(pid), 10)
	f.path = append(f.path, '/')
	f.path = append(f.path, name...)
	var err error
	f.buf, err = AppendFile(f.buf[:0], string(f.path))
	return f.buf, err
}

// parseBootTime finds the line "btime" of /proc/stat, in unix seconds.
func parseBootTime(stat []byte) (float64, error) {
	_, rest, ok := bytes.Cut(stat, []byte("\nbtime "))
	if !ok {
		return 0, fmt.Errorf("it has no line btime")
	}
	seconds, ok := parseUint(firstField(rest))
	if !ok {
		return 0, fmt.Errorf("btime is %q, not a number", firstField(rest))
	}
	return float64(seconds), nil
}
