package modules

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"

	"go.starlark.net/starlark"

	"github.com/memseep/memseep/internal/script/runtime"
)

// maxNested bounds values within values on their way to JSON.
const maxNested = 100

// ToJSON writes a value of a script as JSON, dicts in their order. What JSON does not have becomes
// its text.
func ToJSON(v starlark.Value) (json.RawMessage, error) {
	var b bytes.Buffer
	if err := writeJSON(&b, v, 0); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func writeJSON(b *bytes.Buffer, v starlark.Value, depth int) error {
	if depth > maxNested {
		return runtime.Fail(runtime.ValueError, "values within values, more than %d deep", maxNested)
	}
	switch v := v.(type) {
	case starlark.NoneType:
		b.WriteString("null")
	case starlark.Bool:
		b.WriteString(strconv.FormatBool(bool(v)))
	case starlark.Int:
		b.WriteString(v.String())
	case starlark.Float:
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			b.WriteString("null")
			return nil
		}
		b.WriteString(runtime.Text(v)) // as Python writes it, which JSON takes
	case starlark.IterableMapping:
		return writeObject(b, v, depth)
	case *starlark.List, starlark.Tuple, *starlark.Set:
		b.WriteByte('[')
		first := true
		for item := range starlark.Elements(v.(starlark.Iterable)) {
			if !first {
				b.WriteByte(',')
			}
			first = false
			if err := writeJSON(b, item, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	default:
		return writeText(b, runtime.Text(v))
	}
	return nil
}

func writeObject(b *bytes.Buffer, v starlark.IterableMapping, depth int) error {
	b.WriteByte('{')
	for i, item := range v.Items() {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := writeText(b, runtime.Text(item[0])); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := writeJSON(b, item[1], depth+1); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func writeText(b *bytes.Buffer, text string) error {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // Encode ends with a newline
	return nil
}

// FromJSON reads JSON into values of a script; objects become dicts in their order.
func FromJSON(text []byte) (starlark.Value, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := readJSON(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something behind the value")
	}
	return v, nil
}

func readJSON(d *json.Decoder, depth int) (starlark.Value, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case nil:
		return starlark.None, nil
	case bool:
		return starlark.Bool(t), nil
	case string:
		return starlark.String(t), nil
	case json.Number:
		return number(string(t))
	case json.Delim:
		if depth > maxNested {
			return nil, fmt.Errorf("values within values, more than %d deep", maxNested)
		}
		if t == '[' {
			return readList(d, depth)
		}
		return readDict(d, depth)
	}
	return nil, fmt.Errorf("%v is no value", t)
}

func number(text string) (starlark.Value, error) {
	const mostDigits = 4300
	if !strings.ContainsAny(text, ".eE") && len(text) <= mostDigits {
		i, ok := new(big.Int).SetString(text, 10)
		if ok {
			return starlark.MakeBigInt(i), nil
		}
	}
	f, err := strconv.ParseFloat(text, 64)
	return starlark.Float(f), err
}

func readList(d *json.Decoder, depth int) (starlark.Value, error) {
	var items []starlark.Value
	for d.More() {
		v, err := readJSON(d, depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	_, err := d.Token()
	return starlark.NewList(items), err
}

func readDict(d *json.Decoder, depth int) (starlark.Value, error) {
	made := new(starlark.Dict)
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		v, err := readJSON(d, depth+1)
		if err != nil {
			return nil, err
		}
		if err := made.SetKey(starlark.String(key.(string)), v); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return made, err
}

// real is a number that a script may write with or without a point.
type real float64

// Unpack takes an int or a float.
func (r *real) Unpack(v starlark.Value) error {
	f, ok := starlark.AsFloat(v)
	if !ok {
		return fmt.Errorf("got %s, want a number", v.Type())
	}
	*r = real(f)
	return nil
}
