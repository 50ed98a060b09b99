package ingest

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/influxdata/line-protocol/v2/lineprotocol"
)

// lines reads InfluxDB's line protocol: https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
// A bad line is counted, and the rest goes on. Fields that are no numbers are left out; booleans
// are 0 and 1, as in Telegraf's own output for Prometheus. Shape changes a point before it is kept.
func lines(b *batch, body []byte, unit time.Duration, now time.Time, shape func(*point)) {
	d := lineprotocol.NewDecoderWithBytes(body)
	p := point{most: b.limits.Labels}
	for d.Next() {
		t, err := readLine(d, &p, unit, now)
		if err != nil {
			b.explain(lineProblem(err))
			b.refuse(Invalid, 1)
			continue
		}
		if shape != nil {
			shape(&p)
		}
		b.add(&p, t)
	}
}

func lineProblem(err error) string {
	var at *lineprotocol.DecodeError
	if errors.As(err, &at) {
		return fmt.Sprintf("line %d, column %d: %v", at.Line, at.Column, at.Err)
	}
	return err.Error()
}

// readLine reads one line; t in milliseconds.
func readLine(d *lineprotocol.Decoder, p *point, unit time.Duration, now time.Time) (t int64, err error) {
	measurement, err := d.Measurement()
	if err != nil {
		return 0, err
	}
	p.reset(string(measurement))
	for {
		key, value, err := d.NextTag()
		if err != nil {
			return 0, err
		}
		if key == nil {
			break
		}
		p.set(string(key), string(value))
	}
	for {
		key, value, err := d.NextField()
		if err != nil {
			return 0, err
		}
		if key == nil {
			break
		}
		if v, ok := number(value); ok {
			p.fields = append(p.fields, pointValue{string(key), v})
		}
	}
	text, err := d.TimeBytes()
	if err != nil {
		return 0, err
	}
	if text == nil {
		return now.UnixMilli(), nil
	}
	return timeOf(text, unit)
}

func number(v lineprotocol.Value) (float64, bool) {
	switch v.Kind() {
	case lineprotocol.Int:
		return float64(v.IntV()), true
	case lineprotocol.Uint:
		return float64(v.UintV()), true
	case lineprotocol.Float:
		return v.FloatV(), true
	case lineprotocol.Bool:
		if v.BoolV() {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// timeOf reads a time in the unit; the result is in milliseconds, down to the millisecond before.
func timeOf(text []byte, unit time.Duration) (int64, error) {
	v, err := lineprotocol.NewValueFromBytes(lineprotocol.Int, text)
	if err != nil {
		return 0, fmt.Errorf("the time %s: %w", shown(string(text)), err)
	}
	return millis(v.IntV(), unit), nil
}

func millis(t int64, unit time.Duration) int64 {
	if unit < time.Millisecond {
		n := int64(time.Millisecond / unit)
		if t < 0 {
			t -= n - 1
		}
		return t / n
	}
	n := int64(unit / time.Millisecond)
	if t > math.MaxInt64/n || t < math.MinInt64/n {
		return math.MaxInt64 // as far from now as any that is refused
	}
	return t * n
}
