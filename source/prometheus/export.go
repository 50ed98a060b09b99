package prometheus

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/memseep/memseep/leak"
	"github.com/memseep/memseep/source/dialect"
)

// exported is the blocks of one answer of VictoriaMetrics, still packed, by host and series. They
// are unpacked as their host is given away: unpacked, the samples of a batch take ten times the
// room, and have left the processor's caches before they are looked at.
type exported struct {
	packed []byte
	blocks []packedBlock
	series []packedSeries
	hosts  []chained      // the series of each host of the batch
	labels dialect.Labels // of all series
	known  map[string]int // place in series by marshalled name; −1 where nobody asked for it
}

type packedBlock struct {
	begin, end int // in packed
	next       int // block of the same series; −1 is none
}

type packedSeries struct {
	selector *dialect.Selector
	labels   dialect.Labels
	blocks   chained
	next     int // series of the same host; −1 is none
}

// chained is the places of the first and the last of those that follow each other by next.
type chained struct{ first, last int }

func (e *exported) begin(hosts int) {
	e.packed, e.blocks, e.series, e.labels = e.packed[:0], e.blocks[:0], e.series[:0], e.labels[:0]
	if e.known == nil {
		e.known = make(map[string]int, hosts)
	}
	clear(e.known)
	// Most hosts have a series at least, most series one block, and six hours take some hundred bytes.
	e.blocks, e.series, e.packed = slices.Grow(e.blocks, hosts), slices.Grow(e.series, hosts), slices.Grow(e.packed, 512*hosts)
	e.labels, e.hosts = slices.Grow(e.labels, 2*hosts), slices.Grow(e.hosts[:0], hosts)
	for range hosts {
		e.hosts = append(e.hosts, chained{-1, -1})
	}
}

// export reads everything at once, from the first floor to the end of the window.
func (b *batch) export(ctx context.Context, from, to int64) error {
	form := url.Values{"match[]": b.selectors(), "start": {seconds(from)}, "end": {seconds(to)}}
	return b.client.do(ctx, request{path: "/api/v1/export/native", form: form, header: identity}, func(_ http.Header, body io.Reader) error {
		b.exported.begin(len(b.hosts)) // it may be read once more
		return b.native.read(body, b.hold)
	})
}

// hold keeps a block for its host.
func (b *batch) hold(name, block []byte) error {
	e := &b.exported
	i, ok := e.known[string(name)]
	if !ok {
		var err error
		if i, err = b.beginExported(name); err != nil {
			return err
		}
	}
	if i < 0 {
		return nil
	}
	n := len(e.blocks)
	e.blocks = append(e.blocks, packedBlock{begin: len(e.packed), end: len(e.packed) + len(block), next: -1})
	if cap(e.packed)-len(e.packed) < len(block) {
		e.packed = slices.Grow(e.packed, max(len(block), cap(e.packed))) // twice the size, not a quarter more
	}
	e.packed = append(e.packed, block...)
	if s := &e.series[i]; s.blocks.first < 0 {
		s.blocks = chained{n, n}
	} else {
		e.blocks[s.blocks.last].next = n
		s.blocks.last = n
	}
	return nil
}

// beginExported finds the host of a series by its marshalled name.
func (b *batch) beginExported(marshalled []byte) (int, error) {
	e := &b.exported
	name := string(marshalled) // the labels are parts of it
	mark := len(e.labels)
	metric, labels, err := parseNativeName(name, e.labels)
	if err != nil {
		return -1, err
	}
	own := labels[mark:len(labels):len(labels)]
	sel := b.directory.plan.Match(metric, own)
	host, ok := b.hostOf(sel, own)
	if !ok {
		e.known[name] = -1
		return -1, nil
	}
	e.labels = labels
	n := len(e.series)
	e.known[name] = n
	e.series = append(e.series, packedSeries{selector: sel, labels: own, blocks: chained{-1, -1}, next: -1})
	if h := &e.hosts[host]; h.first < 0 {
		*h = chained{n, n}
	} else {
		e.series[h.last].next = n
		h.last = n
	}
	return n, nil
}

// giveExported unpacks one host after the other and gives its reading away.
func (b *batch) giveExported(ctx context.Context, hosts []*entry) error {
	e := &b.exported
	b.learn(len(hosts), len(e.packed), batchBytes)
	for i, h := range hosts {
		if err := ctx.Err(); err != nil {
			return err
		}
		reading, err := b.unpackHost(h, e.hosts[i].first)
		if err != nil {
			reading = h.unread(err)
		}
		if err := b.each(reading); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) unpackHost(h *entry, series int) (*leak.Reading, error) {
	e, a := &b.exported, b.assemblers[0]
	from, to := a.From(), b.query.At.UnixMilli()
	a.Begin(h.name, b.directory.joins)
	for ; series >= 0; series = e.series[series].next {
		s := &e.series[series]
		into := a.Add(s.selector, s.labels)
		for k := s.blocks.first; k >= 0; k = e.blocks[k].next {
			if err := b.native.samples(into, e.packed[e.blocks[k].begin:e.blocks[k].end], from, to); err != nil {
				return nil, fmt.Errorf("%w: block of %s: %w", errNative, s.selector.Metric, err)
			}
		}
	}
	return a.Reading(), nil
}
