package file

import (
	"encoding/binary"
	"math"
	"slices"
	"sort"
)

// samples is one series, packed: about two bytes for a sample of a percentage at an even step.
//
// Values are kept as integers of a power of ten (27.85 as 2785 hundredths), so that they come out
// as strconv would have read them. A sample is a varint of its difference to the one before, with
// the lowest bit set where its distance in time changes; then that distance follows. A series
// with a value that does not fit is kept as plain float bits instead.
type samples struct {
	data     []byte
	count    int
	exponent uint8 // of ten; plainFloats for float bits
	unsorted bool  // a time is not above the one before it

	time, distance, mantissa int64 // of the newest sample appended
}

const (
	plainFloats  = math.MaxUint8
	mostExponent = 18
	mostMantissa = 1 << 53 // integers below are exact in a float64
)

// number is a value as the file spells it: mantissa ÷ 10^exponent, or float where that is not exact.
type number struct {
	mantissa int64
	exponent uint8 // plainFloats: float holds the value
	float    float64
}

func (n number) value() float64 {
	if n.exponent == plainFloats {
		return n.float
	}
	return float64(n.mantissa) / powers[n.exponent]
}

var powers = [mostExponent + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// append takes a finite value at a time in milliseconds; times may come in any order.
func (s *samples) append(millis int64, n number) {
	if s.count == 0 {
		s.exponent = n.exponent
	}
	if n.exponent != s.exponent {
		n = s.adapt(n)
	}
	if s.count > 0 && millis <= s.time {
		s.unsorted = true
	}
	s.push(millis, n)
}

// adapt spells n in the series' exponent, after raising that where n has more digits.
func (s *samples) adapt(n number) number {
	if s.exponent != plainFloats && n.exponent != plainFloats {
		if n.exponent > s.exponent {
			s.repack(n.exponent)
		}
		if m, ok := scaleTo(n, s.exponent); ok {
			return number{mantissa: m, exponent: s.exponent}
		}
	}
	if s.exponent != plainFloats {
		s.repack(plainFloats)
	}
	return number{exponent: plainFloats, float: n.value()}
}

func scaleTo(n number, exponent uint8) (int64, bool) {
	if n.exponent > exponent || exponent == plainFloats {
		return n.mantissa, n.exponent == exponent
	}
	m := float64(n.mantissa) * powers[exponent-n.exponent]
	return int64(m), math.Abs(m) < mostMantissa
}

// repack writes the series again with another exponent, or as floats where that does not do.
func (s *samples) repack(exponent uint8) {
	var packed samples
	packed.exponent = exponent
	packed.data = make([]byte, 0, cap(s.data))
	for c := s.cursor(); c.next(); {
		n := number{exponent: plainFloats, float: c.value}
		if exponent != plainFloats {
			m, ok := scaleTo(number{mantissa: c.mantissa, exponent: s.exponent}, exponent)
			if !ok {
				s.repack(plainFloats)
				return
			}
			n = number{mantissa: m, exponent: exponent}
		}
		packed.push(c.time, n)
	}
	packed.unsorted = s.unsorted
	*s = packed
}

func (s *samples) push(millis int64, n number) {
	distance := millis - s.time
	s.time = millis
	changed := uint64(0)
	if distance != s.distance {
		changed = 1
	}
	if n.exponent == plainFloats {
		s.data = append(s.data, byte(changed))
		s.data = binary.LittleEndian.AppendUint64(s.data, math.Float64bits(n.float))
	} else {
		s.data = binary.AppendUvarint(s.data, zigzag(n.mantissa-s.mantissa)<<1|changed)
		s.mantissa = n.mantissa
	}
	if changed != 0 {
		s.data = binary.AppendVarint(s.data, distance)
		s.distance = distance
	}
	s.count++
}

func zigzag(v int64) uint64   { return uint64(v<<1) ^ uint64(v>>63) }
func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// settle sorts the series by time, keeps of equal times the last that was appended, and gives
// back memory that is not needed.
func (s *samples) settle() {
	if s.unsorted {
		s.sort()
	}
	s.data = slices.Clip(s.data)
}

func (s *samples) sort() {
	type sample struct {
		time  int64
		value number
	}
	all := make([]sample, 0, s.count)
	for c := s.cursor(); c.next(); {
		all = append(all, sample{c.time, number{c.mantissa, s.exponent, c.value}})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].time < all[j].time })
	sorted := samples{exponent: s.exponent, data: make([]byte, 0, len(s.data))}
	for i, a := range all {
		if i+1 < len(all) && all[i+1].time == a.time {
			continue
		}
		sorted.push(a.time, a.value)
	}
	*s = sorted
}

// cursor reads a series from its start.
type cursor struct {
	data     []byte
	exponent uint8
	distance int64
	mantissa int64

	time  int64 // milliseconds
	value float64
}

func (s *samples) cursor() cursor { return cursor{data: s.data, exponent: s.exponent} }

// next goes to the next sample, and is false after the last.
func (c *cursor) next() bool {
	if len(c.data) == 0 {
		return false
	}
	var changed uint64
	if c.exponent == plainFloats {
		changed = uint64(c.data[0])
		c.value = math.Float64frombits(binary.LittleEndian.Uint64(c.data[1:]))
		c.data = c.data[9:]
	} else {
		u, n := uint64(c.data[0]), 1
		if u >= 0x80 {
			u, n = binary.Uvarint(c.data)
		}
		c.data = c.data[n:]
		changed = u & 1
		c.mantissa += unzigzag(u >> 1)
		c.value = float64(c.mantissa) / powers[c.exponent]
	}
	if changed != 0 {
		d, n := binary.Varint(c.data)
		c.data = c.data[n:]
		c.distance = d
	}
	c.time += c.distance
	return true
}
