package file

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
)

// mostLine bounds a line, so that a file that is no text at all does not fill the memory.
const mostLine = 1 << 20

// lineError says which line of a file cannot be read, and why.
type lineError struct {
	line int
	err  error
}

func (e *lineError) Error() string { return fmt.Sprintf("line %d: %v", e.line, e.err) }
func (e *lineError) Unwrap() error { return e.err }

// lines gives a text line by line, without their ends and without a byte order mark.
type lines struct {
	r      *bufio.Reader
	number int
}

func newLines(r io.Reader) *lines {
	l := &lines{r: bufio.NewReaderSize(r, mostLine)}
	if bom, err := l.r.Peek(3); err == nil && bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = l.r.Discard(3) // they were just seen
	}
	return l
}

// next returns the next line, valid until it is called again; io.EOF after the last.
func (l *lines) next() ([]byte, error) {
	line, err := l.r.ReadSlice('\n')
	l.number++
	switch {
	case err == nil:
		line = line[:len(line)-1]
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, &lineError{l.number, fmt.Errorf("longer than %d bytes: is this a text file?", mostLine)}
	case errors.Is(err, io.EOF) && len(line) == 0:
		return nil, io.EOF
	case errors.Is(err, io.EOF):
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, &lineError{l.number, errors.New("the compressed file ends too early: it was not written to its end")}
	default:
		return nil, &lineError{l.number, err}
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, nil
}

// text is an open file, decompressed where it is gzip by its content.
type text struct {
	io.Reader
	file *os.File
	gz   *gzip.Reader
}

func (t *text) Close() error {
	if t.gz != nil {
		_ = t.gz.Close() // the reader of it has told what is wrong
	}
	return t.file.Close()
}

// openText opens a file for reading; read is told how many bytes of it were taken from disk.
func openText(path string, read func(n int)) (*text, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t := &text{file: f}
	buffered := bufio.NewReaderSize(&counter{f, read}, 256<<10)
	t.Reader = buffered
	if magic, err := buffered.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		return t, nil
	}
	if t.gz, err = gzip.NewReader(buffered); err != nil {
		_ = f.Close() // what went wrong is err
		return nil, fmt.Errorf("decompress: %w", err)
	}
	t.Reader = t.gz
	return t, nil
}

type counter struct {
	r    io.Reader
	read func(n int)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.read(n)
	return n, err
}
