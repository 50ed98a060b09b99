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
