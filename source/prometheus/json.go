package prometheus

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// scanner reads JSON piece by piece from a stream, without keeping more of it than one token: the
// answers of a query are too long to be held as a whole, and encoding/json is four times slower.
type scanner struct {
	r        io.Reader
	buf      []byte
	pos, end int
	ended    error // what Read said last
	depth    int
}

const (
	scanBuffer = 64 << 10
	maxToken   = 1 << 20 // bytes of a string or a number
	maxDepth   = 64
)

func newScanner(r io.Reader) *scanner { return &scanner{r: r, buf: make([]byte, scanBuffer)} }

// fill reads more behind what is left; false at the end of the stream.
func (s *scanner) fill() bool {
	if s.ended != nil {
		return false
	}
	if s.pos > 0 {
		copy(s.buf, s.buf[s.pos:s.end])
		s.end -= s.pos
		s.pos = 0
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	for {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		if err != nil {
			s.ended = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
}

// problem is the error that the stream ended with, or that it ended too early.
func (s *scanner) problem() error {
	if s.ended != nil && !errors.Is(s.ended, io.EOF) {
		return s.ended
	}
	return io.ErrUnexpectedEOF
}

// peek is the next byte that is not white space.
func (s *scanner) peek() (byte, error) {
	for {
		for s.pos < s.end {
			switch c := s.buf[s.pos]; c {
			case ' ', '\n', '\t', '\r':
				s.pos++
			default:
				return c, nil
			}
		}
		if !s.fill() {
			return 0, s.problem()
		}
	}
}

func (s *scanner) expect(want byte) error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c != want {
		return fmt.Errorf("no JSON of the query API: %q where %q should be", c, want)
	}
	s.pos++
	return nil
}

// more tells whether a further element follows in an array or object that ends with closing; it
// steps over the comma, or over the end.
func (s *scanner) more(first bool, closing byte) (bool, error) {
	c, err := s.peek()
	if err != nil {
		return false, err
	}
	if c == closing {
		s.pos++
		return false, nil
	}
	if first {
		return true, nil
	}
	return true, s.expect(',')
}

// array calls element at the start of each of an array's elements.
func (s *scanner) array(element func() error) error {
	return s.sequence('[', ']', element)
}

// object calls member after each of an object's keys; the key is valid until more is read.
func (s *scanner) object(member func(key []byte) error) error {
	return s.sequence('{', '}', func() error {
		key, err := s.str()
		if err != nil {
			return err
		}
		// The key may lie in the buffer, which the colon may have to fill.
		var short [32]byte
		key = append(short[:0], key...)
		if err := s.expect(':'); err != nil {
			return err
		}
		return member(key)
	})
}

func (s *scanner) sequence(opening, closing byte, element func() error) error {
	if err := s.expect(opening); err != nil {
		return err
	}
	if s.depth++; s.depth > maxDepth {
		return errors.New("no JSON of the query API: nested too deeply")
	}
	for first := true; ; first = false {
		another, err := s.more(first, closing)
		if err != nil {
			return err
		}
		if !another {
			s.depth--
			return nil
		}
		if err := element(); err != nil {
			return err
		}
	}
}

// str reads a string; the bytes are valid until more is read.
func (s *scanner) str() ([]byte, error) {
	if err := s.expect('"'); err != nil {
		return nil, err
	}
	for i := s.pos; ; i++ {
		if i == s.end {
			done := i - s.pos
			if done > maxToken {
				return nil, errors.New("a string in the answer is too long")
			}
			if !s.fill() {
				return nil, s.problem()
			}
			i = s.pos + done
		}
		switch s.buf[i] {
		case '"':
			text := s.buf[s.pos:i]
			s.pos = i + 1
			return text, nil
		case '\\':
			return s.escaped(i - s.pos)
		}
	}
}

// escaped reads the rest of a string whose first escape is `plain` bytes ahead.
func (s *scanner) escaped(plain int) ([]byte, error) {
	text := append([]byte(nil), s.buf[s.pos:s.pos+plain]...)
	s.pos += plain
	for len(text) <= maxToken {
		c, err := s.next()
		if err != nil {
			return nil, err
		}
		if c == '"' {
			return text, nil
		}
		if c != '\\' {
			text = append(text, c)
			continue
		}
		if c, err = s.next(); err != nil {
			return nil, err
		}
		switch c {
		case 'n':
			text = append(text, '\n')
		case 't':
			text = append(text, '\t')
		case 'r':
			text = append(text, '\r')
		case 'b':
			text = append(text, '\b')
		case 'f':
			text = append(text, '\f')
		case 'u':
			r, err := s.unicode()
			if err != nil {
				return nil, err
			}
			text = utf8.AppendRune(text, r)
		default:
			text = append(text, c)
		}
	}
	return nil, errors.New("a string in the answer is too long")
}

// unicode reads the digits of \u, and the second half of a surrogate pair.
func (s *scanner) unicode() (rune, error) {
	high, err := s.hex()
	if err != nil || !utf16.IsSurrogate(high) {
		return high, err
	}
	for s.end-s.pos < len(`\uXXXX`) && s.fill() {
	}
	if s.end-s.pos < len(`\uXXXX`) || s.buf[s.pos] != '\\' || s.buf[s.pos+1] != 'u' {
		return utf8.RuneError, nil
	}
	s.pos += 2
	low, err := s.hex()
	return utf16.DecodeRune(high, low), err
}

func (s *scanner) hex() (rune, error) {
	var digits [4]byte
	for i := range digits {
		c, err := s.next()
		if err != nil {
			return 0, err
		}
		digits[i] = c
	}
	v, err := strconv.ParseUint(string(digits[:]), 16, 32)
	if err != nil {
		return 0, fmt.Errorf("no JSON of the query API: \\u%q", digits[:])
	}
	return rune(v), nil
}

func (s *scanner) next() (byte, error) {
	if s.pos == s.end && !s.fill() {
		return 0, s.problem()
	}
	c := s.buf[s.pos]
	s.pos++
	return c, nil
}

// word reads a number, true, false or null; the bytes are valid until more is read.
func (s *scanner) word() ([]byte, error) {
	if _, err := s.peek(); err != nil {
		return nil, err
	}
	for i := s.pos; ; i++ {
		if i == s.end {
			done := i - s.pos
			if done > maxToken {
				return nil, errors.New("a number in the answer is too long")
			}
			if !s.fill() {
				return nil, s.problem()
			}
			i = s.pos + done
		}
		switch s.buf[i] {
		case ',', ']', '}', ' ', '\n', '\t', '\r', ':', '"', '[', '{':
			if i == s.pos {
				return nil, fmt.Errorf("no JSON of the query API: %q where a value should be", s.buf[i])
			}
			text := s.buf[s.pos:i]
			s.pos = i
			return text, nil
		}
	}
}

// skip steps over any value.
func (s *scanner) skip() error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	switch c {
	case '{':
		return s.object(func([]byte) error { return s.skip() })
	case '[':
		return s.array(s.skip)
	case '"':
		_, err = s.str()
	default:
		_, err = s.word()
	}
	return err
}

// float parses a number as the query API writes it, NaN and +Inf among them.
func float(text []byte) (float64, error) {
	// ParseFloat keeps its argument only in errors, which are made anew here.
	v, err := strconv.ParseFloat(unsafe.String(unsafe.SliceData(text), len(text)), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, fmt.Errorf("no JSON of the query API: %q is no number", text)
	}
	return v, nil
}

// millis parses unix seconds with a fraction.
func millis(text []byte) (int64, error) {
	var whole int64
	i := 0
	for ; i < len(text) && text[i] >= '0' && text[i] <= '9' && i < 15; i++ {
		whole = whole*10 + int64(text[i]-'0')
	}
	if i > 0 && i == len(text) {
		return whole * 1000, nil
	}
	if i > 0 && text[i] == '.' && len(text)-i <= 4 {
		fraction, unit := int64(0), int64(100)
		for _, c := range text[i+1:] {
			if c < '0' || c > '9' {
				return 0, fmt.Errorf("no JSON of the query API: %q is no time", text)
			}
			fraction += int64(c-'0') * unit
			unit /= 10
		}
		return whole*1000 + fraction, nil
	}
	v, err := float(text)
	if err != nil || v != v || v > 1e14 || v < -1e14 {
		return 0, fmt.Errorf("no JSON of the query API: %q is no time", text)
	}
	if v < 0 {
		return int64(v*1000 - 0.5), nil
	}
	return int64(v*1000 + 0.5), nil
}
