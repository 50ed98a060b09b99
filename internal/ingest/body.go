package ingest

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// Encodings of bodies. Snappy is the block format, as remote write has it.
const (
	asItIs  = ""
	snappy  = "snappy"
	gzipped = "gzip"
	zstded  = "zstd"
)

// payload is the body of a request: raw as it arrived, bytes when it is unpacked.
type payload struct {
	raw, plain []byte
	bytes      []byte // one of both
	memory     *budget
	taken      int64
}

var payloads = sync.Pool{New: func() any { return &payload{} }}

const (
	firstBuffer  = 64 << 10
	pooledBuffer = 4 << 20 // a larger one is not kept for the next request
	// drained is how much of a body that is too large is read and thrown away, so that the sender
	// is through with it and reads the answer.
	drained = 256 << 20
	// memoryOfBodies is how much all bodies that are being read may take together.
	memoryOfBodies = 512 << 20
)

// budget counts bytes in use.
type budget struct{ used atomic.Int64 }

func (b *budget) take(n int64) bool {
	if b.used.Add(n) > memoryOfBodies {
		b.used.Add(-n)
		return false
	}
	return true
}

// readBody reads and unpacks the body. It stops at the limits, and takes no length for granted
// that the body or its header claims. The caller releases what it gets.
func (in *Ingest) readBody(r *http.Request, p *protocol, l Limits) (*payload, error) {
	encoding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding")))
	if encoding == "identity" {
		encoding = asItIs
	}
	if !slices.Contains(p.encodings, encoding) {
		return nil, refuse(http.StatusUnsupportedMediaType, "Content-Encoding %s is not taken here: send %s", shown(encoding), words(p.encodings))
	}
	b := payloads.Get().(*payload)
	b.memory = &in.memory
	if err := b.read(r, encoding, p, l); err != nil {
		b.release()
		return nil, err
	}
	return b, nil
}

func words(encodings []string) string {
	named := slices.Clone(encodings)
	for i, e := range named {
		if e == asItIs {
			named[i] = "none"
		}
	}
	return strings.Join(named, " or ")
}

func (b *payload) read(r *http.Request, encoding string, p *protocol, l Limits) (err error) {
	if r.ContentLength > int64(l.Body) {
		return tooLarge(r, p, l)
	}
	if b.raw, err = b.fill(b.raw[:0], r.Body, l.Body); err != nil {
		if errors.Is(err, errTooMuch) {
			return tooLarge(r, p, l)
		}
		return unread(err)
	}
	if len(b.raw) == 0 {
		return refuse(http.StatusBadRequest, "the body is empty")
	}
	switch encoding {
	case asItIs:
		b.bytes = b.raw
		return nil
	case snappy:
		b.plain, err = b.unsnap(l.Decoded)
	default:
		b.plain, err = b.inflate(encoding, l.Decoded)
	}
	if errors.Is(err, errTooMuch) {
		return refuse(p.tooLarge, "the body is more than %d bytes when it is unpacked: send fewer samples at a time", l.Decoded)
	}
	if err != nil {
		return unread(err)
	}
	b.bytes = b.plain
	return nil
}

func tooLarge(r *http.Request, p *protocol, l Limits) error {
	_, _ = io.CopyN(io.Discard, r.Body, drained) // the answer is the same however that ends
	return refuse(p.tooLarge, "the body is more than %d bytes: send fewer samples at a time", l.Body)
}

func unread(err error) error {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return refuse(http.StatusBadRequest, "the body could not be read: %v", err)
}

var (
	errTooMuch = errors.New("more bytes than the limit")
	errCorrupt = errors.New("it is not what its Content-Encoding says")
)

// grow makes room for n more bytes, from the memory of all bodies.
func (b *payload) grow(buf []byte, n int) ([]byte, error) {
	if cap(buf)-len(buf) >= n {
		return buf, nil
	}
	if !b.memory.take(int64(n)) {
		return buf, &failure{status: http.StatusServiceUnavailable, retry: retryBusy, text: "too much is arriving at once: send it again"}
	}
	b.taken += int64(n)
	return slices.Grow(buf, n), nil
}

// fill reads to the end, or until there is more than the limit.
func (b *payload) fill(buf []byte, from io.Reader, limit int) (_ []byte, err error) {
	for {
		if len(buf) == cap(buf) {
			if buf, err = b.grow(buf, max(firstBuffer, len(buf))); err != nil {
				return buf, err
			}
		}
		n, err := from.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case len(buf) > limit:
			return buf, errTooMuch
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil:
			return buf, err
		}
	}
}

// A copy of 64 bytes takes three in the snappy format, so that no block unpacks to more than this
// many times its length.
const snappyRatio = 22

func (b *payload) unsnap(limit int) (_ []byte, err error) {
	n, err := s2.DecodedLen(b.raw)
	switch {
	case err != nil:
		return b.plain, errCorrupt
	case n > limit:
		return b.plain, errTooMuch
	case n > snappyRatio*len(b.raw):
		return b.plain, errCorrupt
	}
	if b.plain, err = b.grow(b.plain[:0], n); err != nil {
		return b.plain, err
	}
	plain, err := s2.Decode(b.plain[:n], b.raw)
	if err != nil {
		return b.plain, errCorrupt
	}
	return plain, nil
}

var (
	gzips = sync.Pool{New: func() any { return &gzip.Reader{} }}
	zstds = sync.Pool{New: func() any { return newZstd() }}
)

// newZstd makes a decoder that works in the goroutine of its reader.
func newZstd() *zstd.Decoder {
	const window = 8 << 20 // what RFC 8878 asks of every decoder
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(window), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil // the options are none that can be refused
	}
	return d
}

func (b *payload) inflate(encoding string, limit int) ([]byte, error) {
	if encoding == zstded {
		d := zstds.Get().(*zstd.Decoder)
		defer zstds.Put(d)
		if err := d.Reset(bytes.NewReader(b.raw)); err != nil {
			return b.plain, err
		}
		return b.fill(b.plain[:0], d, limit)
	}
	d := gzips.Get().(*gzip.Reader)
	defer gzips.Put(d)
	if err := d.Reset(bytes.NewReader(b.raw)); err != nil {
		return b.plain, err
	}
	return b.fill(b.plain[:0], d, limit)
}

// release gives the memory back. Nothing may point into the body any more.
func (b *payload) release() {
	b.memory.used.Add(-b.taken)
	if cap(b.raw) > pooledBuffer {
		b.raw = nil
	}
	if cap(b.plain) > pooledBuffer {
		b.plain = nil
	}
	b.bytes, b.taken, b.memory = nil, 0, nil
	payloads.Put(b)
}
