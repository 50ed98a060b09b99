package prometheus

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/snappy"
	"github.com/memseep/memseep/source/dialect"
	"github.com/prometheus/prometheus/prompb"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

const (
	maxFrame    = 64 << 20 // bytes of one frame of a stream; Prometheus sends 1 MiB
	maxUnsnappy = 512 << 20
	minXOR      = 3 // bytes of the smallest chunk: a count and something
)

// errRemoteRead begins what is said of an answer that is none.
var errRemoteRead = errors.New("no answer of remote read")

// remoteReadDecoder reads answers of the remote read API, streamed chunks or plain samples.
type remoteReadDecoder struct {
	in     *bufio.Reader
	frame  []byte
	labels dialect.Labels
	xor    chunkenc.Iterator
	castag *crc32.Table
}

// decode gives each series to the sink. A series may begin more than once, with further chunks.
func (d *remoteReadDecoder) decode(h http.Header, body io.Reader, to sink) error {
	to.start()
	if strings.HasPrefix(h.Get("Content-Type"), streamedChunks) {
		return d.stream(body, to)
	}
	return d.samples(body, to)
}

// stream reads frames: the length as a varint, a CRC-32C, a ChunkedReadResponse.
func (d *remoteReadDecoder) stream(body io.Reader, to sink) error {
	if d.in == nil {
		d.in, d.castag = bufio.NewReaderSize(body, 256<<10), crc32.MakeTable(crc32.Castagnoli)
	} else {
		d.in.Reset(body)
	}
	defer d.in.Reset(nil)
	var response prompb.ChunkedReadResponse
	for {
		size, err := binary.ReadUvarint(d.in)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errRemoteRead, err)
		}
		if size > maxFrame {
			return fmt.Errorf("%w: a frame of %d bytes", errRemoteRead, size)
		}
		var sum [4]byte
		if _, err := io.ReadFull(d.in, sum[:]); err != nil {
			return fmt.Errorf("%w: %w", errRemoteRead, noEOF(err))
		}
		// The chunks point into the frame: it is made anew only where the last was smaller.
		if uint64(cap(d.frame)) < size {
			d.frame = make([]byte, size, size+size/4)
		}
		d.frame = d.frame[:size]
		if _, err := io.ReadFull(d.in, d.frame); err != nil {
			return fmt.Errorf("%w: %w", errRemoteRead, noEOF(err))
		}
		if crc32.Checksum(d.frame, d.castag) != binary.BigEndian.Uint32(sum[:]) {
			return fmt.Errorf("%w: a frame arrived broken", errRemoteRead)
		}
		response.Reset()
		if err := response.Unmarshal(d.frame); err != nil {
			return fmt.Errorf("%w: %w", errRemoteRead, err)
		}
		if err := d.chunks(response.ChunkedSeries, to); err != nil {
			return fmt.Errorf("%w: %w", errRemoteRead, err)
		}
	}
}

func (d *remoteReadDecoder) chunks(series []*prompb.ChunkedSeries, to sink) error {
	for _, s := range series {
		d.begin(s.Labels, to)
		for _, c := range s.Chunks {
			if c.Type != prompb.Chunk_XOR { // histograms are no memory
				continue
			}
			if len(c.Data) < minXOR {
				return errors.New("a chunk is too short")
			}
			chunk, err := chunkenc.FromData(chunkenc.EncXOR, c.Data)
			if err != nil {
				return err
			}
			d.xor = chunk.Iterator(d.xor)
			for d.xor.Next() == chunkenc.ValFloat {
				to.sample(d.xor.At())
			}
			if err := d.xor.Err(); err != nil {
				return fmt.Errorf("chunk: %w", err)
			}
		}
	}
	return nil
}

func (d *remoteReadDecoder) begin(labels []prompb.Label, to sink) {
	d.labels = d.labels[:0]
	for _, l := range labels {
		d.labels = append(d.labels, dialect.Label{Name: l.Name, Value: l.Value})
	}
	to.begin(d.labels)
}

// samples reads the older form: one ReadResponse, packed with snappy.
func (d *remoteReadDecoder) samples(body io.Reader, to sink) error {
	packed, err := io.ReadAll(io.LimitReader(body, maxUnsnappy))
	if err != nil {
		return fmt.Errorf("%w: %w", errRemoteRead, err)
	}
	size, err := snappy.DecodedLen(packed)
	if err != nil || size > maxUnsnappy {
		return fmt.Errorf("%w: %d bytes unpacked", errRemoteRead, size)
	}
	data, err := snappy.Decode(nil, packed)
	if err != nil {
		return fmt.Errorf("%w: %w", errRemoteRead, err)
	}
	var response prompb.ReadResponse
	if err := response.Unmarshal(data); err != nil {
		return fmt.Errorf("%w: %w", errRemoteRead, err)
	}
	for _, result := range response.Results {
		for _, series := range result.Timeseries {
			d.begin(series.Labels, to)
			for _, s := range series.Samples {
				to.sample(s.Timestamp, s.Value)
			}
		}
	}
	return nil
}
