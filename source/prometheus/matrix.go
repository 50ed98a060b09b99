package prometheus

import (
	"fmt"
	"io"

	"github.com/memseep/memseep/source/dialect"
)

// sink takes the series of an answer, one after the other.
type sink interface {
	// start comes before all series, and again where an answer broke off and is read once more.
	start()
	// begin starts a series; the slice of labels is used again, its strings are not.
	begin(ls dialect.Labels)
	sample(millis int64, v float64)
}

// decodeResult gives the series of a matrix or a vector to the sink, as they are read.
func decodeResult(body io.Reader, to sink) error {
	to.start()
	d := &resultDecoder{scanner: newScanner(body), sink: to, names: map[string]string{}}
	return d.envelope(func() error {
		return d.object(func(key []byte) error {
			if string(key) != "result" {
				return d.skip()
			}
			return d.array(d.series)
		})
	})
}

// decodeValues gives the strings of an answer to /label/…/values.
func decodeValues(body io.Reader, value func(string)) error {
	d := &resultDecoder{scanner: newScanner(body)}
	return d.envelope(func() error {
		return d.array(func() error {
			text, err := d.str()
			if err == nil {
				value(string(text))
			}
			return err
		})
	})
}

// decodeSeries gives the labels of an answer to /series.
func decodeSeries(body io.Reader, series func(dialect.Labels)) error {
	d := &resultDecoder{scanner: newScanner(body), names: map[string]string{}}
	return d.envelope(func() error {
		return d.array(func() error {
			if err := d.metric(); err != nil {
				return err
			}
			series(d.labels)
			return nil
		})
	})
}

type resultDecoder struct {
	*scanner
	sink   sink
	names  map[string]string // of labels: a few, in all series
	labels dialect.Labels
}

// maxNames bounds the label names that are kept.
const maxNames = 4096

// envelope reads {"status": …, "data": …}.
func (d *resultDecoder) envelope(data func() error) error {
	failed, message := false, ""
	err := d.object(func(key []byte) error {
		switch string(key) {
		case "status":
			text, err := d.str()
			failed = string(text) != "success"
			return err
		case "error":
			text, err := d.str()
			message = string(text)
			return err
		case "data":
			c, err := d.peek()
			if err != nil {
				return err
			}
			if c == 'n' { // null: nothing was found
				return d.skip()
			}
			return data()
		}
		return d.skip()
	})
	if err != nil {
		return err
	}
	if failed {
		return fmt.Errorf("the server could not answer: %s", message)
	}
	return nil
}

// series reads {"metric": {…}, "values": [[t, "v"], …]}. The metric comes first, as all servers
// write it; one that does not cannot be streamed.
func (d *resultDecoder) series() error {
	begun := false
	return d.object(func(key []byte) error {
		switch string(key) {
		case "metric":
			if err := d.metric(); err != nil {
				return err
			}
			d.sink.begin(d.labels)
			begun = true
			return nil
		case "values":
			if !begun {
				return fmt.Errorf("no JSON of the query API: values before their metric")
			}
			return d.array(d.sample)
		case "value":
			if !begun {
				return fmt.Errorf("no JSON of the query API: a value before its metric")
			}
			return d.sample()
		}
		return d.skip()
	})
}

func (d *resultDecoder) metric() error {
	d.labels = d.labels[:0]
	return d.object(func(key []byte) error {
		name, ok := d.names[string(key)]
		if !ok {
			name = string(key)
			if len(d.names) < maxNames {
				d.names[name] = name
			}
		}
		value, err := d.str()
		if err == nil {
			d.labels = append(d.labels, dialect.Label{Name: name, Value: string(value)})
		}
		return err
	})
}

// sample reads [t, "v"].
func (d *resultDecoder) sample() error {
	if t, v, size := plainSample(d.buf[d.pos:d.end]); size > 0 {
		d.pos += size
		d.sink.sample(t, v)
		return nil
	}
	if err := d.expect('['); err != nil {
		return err
	}
	text, err := d.word()
	if err != nil {
		return err
	}
	t, err := millis(text)
	if err != nil {
		return err
	}
	if err = d.expect(','); err != nil {
		return err
	}
	if text, err = d.str(); err != nil {
		return err
	}
	v, err := float(text)
	if err != nil {
		return err
	}
	d.sink.sample(t, v)
	return d.expect(']')
}

// plainSample reads a sample at the beginning of b that is written the way nearly all are: no
// spaces, no exponents, few enough digits to be exact. Its size is 0 where b begins otherwise.
func plainSample(b []byte) (millis int64, v float64, size int) {
	if len(b) < len(`[0,"0"]`) || b[0] != '[' {
		return 0, 0, 0
	}
	whole, i, _ := plainDigits(b, 1, 0)
	if i == 1 || i > 14 {
		return 0, 0, 0
	}
	millis = whole * 1000
	if i < len(b) && b[i] == '.' {
		fraction, end, digits := plainDigits(b, i+1, 0)
		if digits == 0 || digits > 3 {
			return 0, 0, 0
		}
		for ; digits < 3; digits++ {
			fraction *= 10
		}
		millis, i = millis+fraction, end
	}
	if i+2 >= len(b) || b[i] != ',' || b[i+1] != '"' {
		return 0, 0, 0
	}
	i += 2
	negative := b[i] == '-'
	if negative {
		i++
	}
	number, end, digits := plainDigits(b, i, 0)
	if digits == 0 {
		return 0, 0, 0
	}
	i = end
	fraction := 0
	if i < len(b) && b[i] == '.' {
		number, i, fraction = plainDigits(b, i+1, number)
	}
	if digits+fraction > exactDigits || i+1 >= len(b) || b[i] != '"' || b[i+1] != ']' {
		return 0, 0, 0
	}
	// Both are exact, so that their quotient is rounded once, as the number itself would be.
	v = float64(number) / powersOfTen[fraction]
	if negative {
		v = -v
	}
	return millis, v, i + 2
}

// exactDigits is how many digits always fit into the 53 bits of a float64.
const exactDigits = 15

var powersOfTen = [exactDigits + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// plainDigits appends decimal digits, at most 16, to the number v.
func plainDigits(b []byte, from int, v int64) (number int64, end, digits int) {
	i := from
	for ; i < len(b) && i-from <= exactDigits; i++ {
		c := b[i] - '0'
		if c > 9 {
			break
		}
		v = v*10 + int64(c)
	}
	return v, i, i - from
}
