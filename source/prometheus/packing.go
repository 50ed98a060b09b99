package prometheus

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// packing is how VictoriaMetrics packs the numbers of a block. Its own decoder is a package that
// prints, registers flags and is not bounded in memory, so that these forms are read here.
type packing byte

// Forms of packing, by their numbers in a block.
const (
	zippedDeltas2 packing = 1 // deltas2, packed with zstd
	constDelta    packing = 2 // one difference
	constant      packing = 3
	zippedDeltas  packing = 4 // deltas, packed with zstd
	deltas2       packing = 5 // the first difference, then the differences of differences
	deltas        packing = 6 // differences
)

// maxUnpacked is what the numbers of a block take at most before they are packed.
const maxUnpacked = maxNativeRows * binary.MaxVarintLen64

var unzip = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderMaxMemory(maxUnpacked), zstd.WithDecoderConcurrency(0))
})

// unpack restores n numbers into the memory of dst.
func (d *nativeDecoder) unpack(dst []int64, src []byte, form packing, first int64, n int) ([]int64, error) {
	switch form {
	case zippedDeltas, zippedDeltas2:
		decoder, err := unzip()
		if err != nil {
			return dst, err
		}
		if d.unzipped, err = decoder.DecodeAll(src, d.unzipped[:0]); err != nil {
			return dst, fmt.Errorf("zstd: %w", err)
		}
		src = d.unzipped
	}
	dst = slices.Grow(dst[:0], n)[:n]
	dst[0] = first
	switch form {
	case constant:
		for i := range dst {
			dst[i] = first
		}
		return dst, nil
	case constDelta:
		delta, _, err := varint(src)
		for i := 1; i < n; i++ {
			dst[i] = dst[i-1] + delta
		}
		return dst, err
	case deltas, zippedDeltas:
		return dst, sum(dst, src)
	case deltas2, zippedDeltas2:
		// Summed once these are the differences, summed twice the numbers.
		if n < 2 {
			return dst, errors.New("differences of differences of one number")
		}
		first, rest, err := varint(src)
		if err != nil {
			return dst, err
		}
		dst[1] = first
		if err := sum(dst[1:], rest); err != nil {
			return dst, err
		}
		for i := 1; i < n; i++ {
			dst[i] += dst[i-1]
		}
		return dst, nil
	}
	return dst, fmt.Errorf("numbers are packed in an unknown form %d", form)
}

// sum fills dst behind its first number with the running sum of the differences in src.
func sum(dst []int64, src []byte) error {
	v := dst[0]
	at := 0
	for i := 1; i < len(dst); i++ {
		if at >= len(src) {
			return io.ErrUnexpectedEOF
		}
		// Most differences have one byte or two.
		u := uint64(src[at])
		if at++; u >= 0x80 {
			if at < len(src) && src[at] < 0x80 {
				u = u&0x7f | uint64(src[at])<<7
				at++
			} else {
				var size int
				if u, size = binary.Uvarint(src[at-1:]); size <= 0 {
					return io.ErrUnexpectedEOF
				}
				at += size - 1
			}
		}
		v += int64(u>>1) ^ -int64(u&1)
		dst[i] = v
	}
	if at != len(src) {
		return fmt.Errorf("%d bytes too many", len(src)-at)
	}
	return nil
}

// maxExponent is beyond what a float64 has.
const maxExponent = 400

// specialDecimals are the numbers from which on decimals mean stale (2⁶³−2) and infinite
// (2⁶³−1, −2⁶³): all of them are gaps.
const specialDecimals = math.MaxInt64 - 1

// appendDecimals makes v·10^exponent of each number.
func appendDecimals(dst []float64, numbers []int64, exponent int) []float64 {
	dst = slices.Grow(dst, len(numbers))[:len(dst)+len(numbers)]
	out := dst[len(dst)-len(numbers):]
	// A negative power of ten is not exact, but a division by the positive one is.
	by, divide := math.Pow10(max(exponent, -exponent)), exponent < 0
	for i, v := range numbers {
		switch {
		case v >= specialDecimals || v == math.MinInt64:
			out[i] = math.NaN()
		case divide:
			out[i] = float64(v) / by
		default:
			out[i] = float64(v) * by
		}
	}
	return dst
}
