package file

import (
	"fmt"
	"math"
	"strconv"
)

// parseNumber reads a decimal number; gap is true where the cell is empty or says NaN.
func parseNumber(cell []byte) (n number, gap bool, err error) {
	if len(cell) == 0 {
		return n, true, nil
	}
	if n, ok := parseDecimal(cell); ok {
		return n, false, nil
	}
	f, err := strconv.ParseFloat(string(cell), 64)
	switch {
	case err != nil:
		return n, false, fmt.Errorf("%s is not a number", quote(cell))
	case math.IsNaN(f):
		return n, true, nil
	case math.IsInf(f, 0):
		return n, false, fmt.Errorf("%s is not finite", quote(cell))
	}
	return number{exponent: plainFloats, float: f}, false, nil
}

// parseDecimal reads what nearly every cell holds: digits with at most one point.
func parseDecimal(cell []byte) (number, bool) {
	i, negative := 0, false
	if cell[0] == '-' {
		i, negative = 1, true
	}
	digits, point := 0, -1
	var m int64
	for ; i < len(cell); i++ {
		c := cell[i]
		if d := c - '0'; d <= 9 {
			digits++
			if digits > mostExponent {
				return number{}, false
			}
			m = m*10 + int64(d)
		} else if c == '.' && point < 0 {
			point = digits
		} else {
			return number{}, false
		}
	}
	if digits == 0 || m >= mostMantissa || negative && m == 0 {
		return number{}, false
	}
	if negative {
		m = -m
	}
	exponent := 0
	if point >= 0 {
		exponent = digits - point
	}
	return number{mantissa: m, exponent: uint8(exponent)}, true
}

// quote shows the start of a cell in an error.
func quote(cell []byte) string {
	const show = 40
	if len(cell) > show {
		return strconv.Quote(string(cell[:show])) + "…"
	}
	return strconv.Quote(string(cell))
}

// latestSeconds bounds unix seconds: what lies above is in another unit.
const latestSeconds = 100_000_000_000 // the year 5138

// parseTime reads unix seconds into milliseconds.
func parseTime(cell []byte) (int64, error) {
	n, gap, err := parseNumber(cell)
	if err != nil || gap {
		return 0, fmt.Errorf("%s is not a time in unix seconds", quote(cell))
	}
	seconds := n.value()
	switch {
	case seconds < 0:
		return 0, fmt.Errorf("%s lies before 1970", quote(cell))
	case seconds >= latestSeconds:
		return 0, fmt.Errorf("%s is too large for unix seconds: is it in milliseconds or nanoseconds?", quote(cell))
	}
	if n.exponent == 0 {
		return n.mantissa * 1000, nil
	}
	return int64(math.Round(seconds * 1000)), nil
}
