package ingest

import (
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Fields of com.guance.Point:
//
//	PBPoints { repeated PBPoint arr = 1; }
//	PBPoint  { string name = 1; repeated Field fields = 2; int64 time = 3; }  // nanoseconds
//	Field    { string key = 1; oneof val { int64 i = 2; uint64 u = 3; double f = 4; bool b = 5;
//	           bytes d = 6; Any a = 7; string s = 11; } bool is_tag = 8; … }
const (
	pointsPoint = 1
	pointName   = 1
	pointField  = 2
	pointTime   = 3
	fieldKey    = 1
	fieldInt    = 2
	fieldUint   = 3
	fieldFloat  = 4
	fieldBool   = 5
	fieldBytes  = 6
	fieldIsTag  = 8
	fieldText   = 11
)

// dataKitPoints reads a PBPoints. Shape changes a point before it is kept.
func dataKitPoints(b *batch, body []byte, shape func(*point)) error {
	p := point{most: b.limits.Labels}
	return eachField(body, func(field protowire.Number, _ uint64, message []byte) error {
		if field != pointsPoint {
			return nil
		}
		p.reset("")
		var ns int64
		err := eachField(message, func(field protowire.Number, number uint64, bytes []byte) error {
			switch field {
			case pointName:
				p.measurement = inBody(bytes)
			case pointField:
				return p.read(bytes)
			case pointTime:
				ns = int64(number)
			}
			return nil
		})
		if err != nil {
			return err
		}
		t := b.now.UnixMilli()
		if ns != 0 {
			t = millis(ns, time.Nanosecond)
		}
		if p.measurement == "" {
			b.explain("a point without a name")
			b.refuse(Invalid, 1)
			return nil
		}
		shape(&p)
		b.add(&p, t)
		return nil
	})
}

// read reads a Field: a tag, or a field with a number. Others are left out.
func (p *point) read(message []byte) error {
	var key, text string
	var value float64
	var isTag, isNumber bool
	err := eachField(message, func(field protowire.Number, number uint64, bytes []byte) error {
		switch field {
		case fieldKey:
			key = inBody(bytes)
		case fieldInt:
			value, isNumber = float64(int64(number)), true
		case fieldUint:
			value, isNumber = float64(number), true
		case fieldFloat:
			value, isNumber = math.Float64frombits(number), true
		case fieldBool:
			value, isNumber = 0, true
			if number != 0 {
				value = 1
			}
		case fieldBytes, fieldText:
			text = inBody(bytes)
		case fieldIsTag:
			isTag = number != 0
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case isTag:
		p.set(key, text)
	case isNumber:
		p.fields = append(p.fields, pointValue{key, value})
	}
	return nil
}
