//go:build !linux

package proc

import "os"

// AppendFile appends the file to dst.
func AppendFile(dst []byte, path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	return append(dst, text...), err
}
