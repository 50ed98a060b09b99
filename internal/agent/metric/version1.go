package metric

import (
	"errors"
	"fmt"

	"google.golang.org/protobuf/encoding/protowire"
)

// The numbers of the fields of prometheus.WriteRequest, see
// https://prometheus.io/docs/specs/prw/remote_write_spec/. A series has its samples in the same
// field, and in the same form, as in version 2.
const (
	v1Timeseries  = 1
	v1Labels      = 1
	v1LabelName   = 1
	v1LabelValue  = 2
	fewestSymbols = 64
)

// errNoRequest says that bytes are no request of version 2.
var errNoRequest = errors.New("not a remote write request of version 2")

// AppendVersion1 appends the prometheus.WriteRequest that says the same as the
// io.prometheus.write.v2.Request, but for the types and the help of metrics.
func AppendVersion1(dst, request []byte) ([]byte, error) {
	symbols := make([][]byte, 0, fewestSymbols)
	err := eachField(request, func(n protowire.Number, value []byte) error {
		if n == requestSymbols {
			symbols = append(symbols, value)
		}
		return nil
	})
	if err != nil {
		return dst, err
	}
	var one []byte
	err = eachField(request, func(n protowire.Number, value []byte) (err error) {
		if n != requestTimeseries {
			return nil
		}
		if one, err = appendSeriesV1(one[:0], value, symbols); err != nil {
			return err
		}
		dst = protowire.AppendTag(dst, v1Timeseries, protowire.BytesType)
		dst = protowire.AppendBytes(dst, one)
		return nil
	})
	return dst, err
}

func appendSeriesV1(dst, series []byte, symbols [][]byte) ([]byte, error) {
	err := eachField(series, func(n protowire.Number, value []byte) (err error) {
		switch n {
		case seriesLabels:
			dst, err = appendLabelsV1(dst, value, symbols)
		case seriesSamples:
			dst = protowire.AppendTag(dst, seriesSamples, protowire.BytesType)
			dst = protowire.AppendBytes(dst, value)
		}
		return err
	})
	return dst, err
}

func appendLabelsV1(dst, refs []byte, symbols [][]byte) ([]byte, error) {
	for len(refs) > 0 {
		name, refs1, err := symbol(refs, symbols)
		if err != nil {
			return dst, err
		}
		value, refs2, err := symbol(refs1, symbols)
		if err != nil {
			return dst, err
		}
		refs = refs2
		size := protowire.SizeTag(v1LabelName) + protowire.SizeBytes(len(name)) + protowire.SizeTag(v1LabelValue) + protowire.SizeBytes(len(value))
		dst = protowire.AppendTag(dst, v1Labels, protowire.BytesType)
		dst = protowire.AppendVarint(dst, uint64(size))
		dst = protowire.AppendTag(dst, v1LabelName, protowire.BytesType)
		dst = protowire.AppendBytes(dst, name)
		dst = protowire.AppendTag(dst, v1LabelValue, protowire.BytesType)
		dst = protowire.AppendBytes(dst, value)
	}
	return dst, nil
}

// symbol is the string of the first reference, and the references after it.
func symbol(refs []byte, symbols [][]byte) (s, rest []byte, err error) {
	ref, n := protowire.ConsumeVarint(refs)
	if n < 0 || ref >= uint64(len(symbols)) {
		return nil, nil, fmt.Errorf("%w: a label's reference leads nowhere", errNoRequest)
	}
	return symbols[ref], refs[n:], nil
}

// eachField gives the fields of a message that are bytes, and passes over the others.
func eachField(message []byte, each func(n protowire.Number, value []byte) error) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return fmt.Errorf("%w: %w", errNoRequest, protowire.ParseError(n))
		}
		message = message[n:]
		if kind != protowire.BytesType {
			if n = protowire.ConsumeFieldValue(number, kind, message); n < 0 {
				return fmt.Errorf("%w: %w", errNoRequest, protowire.ParseError(n))
			}
			message = message[n:]
			continue
		}
		value, n := protowire.ConsumeBytes(message)
		if n < 0 {
			return fmt.Errorf("%w: %w", errNoRequest, protowire.ParseError(n))
		}
		if err := each(number, value); err != nil {
			return err
		}
		message = message[n:]
	}
	return nil
}
