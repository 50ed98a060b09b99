package prometheus

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/memseep/memseep/source/dialect"
)

// The native export is the range of time (two big-endian int64), then for each block of a series
// its length-prefixed name and its length-prefixed data: a header of varints, packed timestamps,
// packed values. A block is at most 8192 samples, given whole where it reaches into the range.
const (
	maxNativeName  = 1 << 20
	maxNativeBlock = 4 << 20
	maxNativeRows  = 2 * 8192
)

// nativeDecoder reads a native export; its buffers are used for one answer after the other.
type nativeDecoder struct {
	in    *bufio.Reader
	name  []byte
	block []byte

	times  []int64
	raw    []int64 // decimals
	values []float64

	unzipped []byte
}

// errNative begins what is said of an answer that is none.
var errNative = errors.New("no native export of VictoriaMetrics")

// read gives each block away, with the name of its series in the marshalled form. Both are valid
// until each returns.
func (d *nativeDecoder) read(body io.Reader, each func(name, block []byte) error) error {
	if d.in == nil {
		d.in = bufio.NewReaderSize(body, 256<<10)
	} else {
		d.in.Reset(body)
	}
	defer d.in.Reset(nil)
	var span [16]byte
	if _, err := io.ReadFull(d.in, span[:]); err != nil {
		return fmt.Errorf("%w: no range of time: %w", errNative, err)
	}
	for {
		var err error
		d.name, err = d.sized(d.name, maxNativeName)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: name of a series: %w", errNative, err)
		}
		if d.block, err = d.sized(d.block, maxNativeBlock); err != nil {
			return fmt.Errorf("%w: block: %w", errNative, noEOF(err))
		}
		if err := each(d.name, d.block); err != nil {
			return fmt.Errorf("%w: %w", errNative, err)
		}
	}
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// sized reads what follows its own length; io.EOF where nothing follows.
func (d *nativeDecoder) sized(dst []byte, most uint32) ([]byte, error) {
	size, err := d.in.Peek(4)
	if err != nil {
		if err == io.EOF && len(size) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return dst[:0], err
	}
	n := binary.BigEndian.Uint32(size)
	_, _ = d.in.Discard(len(size)) // what was seen is there
	if n > most {
		return dst[:0], fmt.Errorf("%d bytes are too many", n)
	}
	if uint32(cap(dst)) < n {
		dst = make([]byte, n, n+n/4)
	}
	dst = dst[:n]
	_, err = io.ReadFull(d.in, dst)
	return dst, noEOF(err)
}

// blockHeader is what a block says of its samples.
type blockHeader struct {
	minTime, maxTime, firstValue int64
	rows                         int
	scale                        int
	timesType, valuesType        packing
	times, values                []byte
}

// samples unpacks a block, unless it lies outside of the time from one end to the other.
func (d *nativeDecoder) samples(to *dialect.Series, block []byte, from, until int64) error {
	h, err := parseBlock(block)
	if err != nil {
		return err
	}
	if h.maxTime < from || h.minTime > until {
		return nil
	}
	if d.times, err = d.unpack(d.times, h.times, h.timesType, h.minTime, h.rows); err != nil {
		return fmt.Errorf("timestamps: %w", err)
	}
	if d.raw, err = d.unpack(d.raw, h.values, h.valuesType, h.firstValue, h.rows); err != nil {
		return fmt.Errorf("values: %w", err)
	}
	d.values = appendDecimals(d.values[:0], d.raw, h.scale)
	to.AppendBlock(d.times, d.values)
	return nil
}

func parseBlock(b []byte) (h blockHeader, err error) {
	numbers := [...]*int64{&h.minTime, &h.maxTime, &h.firstValue}
	for _, n := range numbers {
		if *n, b, err = varint(b); err != nil {
			return h, err
		}
	}
	rows, size := binary.Uvarint(b)
	if size <= 0 || rows == 0 || rows > maxNativeRows {
		return h, fmt.Errorf("number of samples %d", rows)
	}
	h.rows, b = int(rows), b[size:]
	scale, b, err := varint(b)
	if err != nil {
		return h, err
	}
	if scale < -maxExponent || scale > maxExponent {
		return h, fmt.Errorf("exponent %d", scale)
	}
	if len(b) < 3 {
		return h, io.ErrUnexpectedEOF
	}
	// The third says how many bits of the values are kept; what is lost is lost.
	h.scale, h.timesType, h.valuesType = int(scale), packing(b[0]), packing(b[1])
	b = b[3:]
	for _, part := range [...]*[]byte{&h.times, &h.values} {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return h, io.ErrUnexpectedEOF
		}
		*part, b = b[size:size+int(n)], b[size+int(n):]
	}
	return h, nil
}

func varint(b []byte) (int64, []byte, error) {
	v, n := binary.Varint(b)
	if n <= 0 {
		return 0, b, io.ErrUnexpectedEOF
	}
	return v, b[n:], nil
}

// parseNativeName splits a marshalled name into its metric and labels. The strings are parts of
// the text given, but for those that hold escapes.
func parseNativeName(name string, labels dialect.Labels) (metric string, _ dialect.Labels, err error) {
	metric, name, err = nativeText(name)
	for err == nil && name != "" {
		var l dialect.Label
		if l.Name, name, err = nativeText(name); err != nil {
			break
		}
		if l.Value, name, err = nativeText(name); err != nil {
			break
		}
		labels = append(labels, l)
	}
	return metric, labels, err
}

// nativeText reads up to a byte 1; a byte 0 escapes 0, 1 and 2 as '0', '1' and '2'.
func nativeText(s string) (text, rest string, err error) {
	escapes := false
	for i := range len(s) {
		switch s[i] {
		case 0:
			escapes = true
		case 1:
			text, rest = s[:i], s[i+1:]
			if escapes {
				text, err = unescapeNative(text)
			}
			return text, rest, err
		}
	}
	return "", "", errors.New("name of a series ends too early")
}

func unescapeNative(s string) (string, error) {
	var b bytes.Buffer
	for i := 0; i < len(s); i++ {
		if s[i] != 0 {
			b.WriteByte(s[i])
			continue
		}
		if i++; i == len(s) || s[i] < '0' || s[i] > '2' {
			return "", errors.New("name of a series has an escape that is none")
		}
		b.WriteByte(s[i] - '0')
	}
	return b.String(), nil
}
