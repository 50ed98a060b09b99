package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"slices"
	"time"

	"github.com/memseep/memseep/inspect"
)

// mostHeld bounds what waits to be sorted. A fleet whose report is longer is sorted in pieces.
const mostHeld = 64 << 20

// byHost prints findings as JSON, sorted by the time of their inspection and by host, in whatever
// order the hosts were read.
type byHost struct {
	w       io.Writer
	between string // what stands before each record but the first
	held    bytes.Buffer
	encoder *json.Encoder
	parts   []part
	at      time.Time
	most    int
	begun   bool
}

// part is what is held of one host.
type part struct {
	host     string
	from, to int
}

func newByHost(w io.Writer, between string) *byHost {
	b := &byHost{w: w, between: between, most: mostHeld}
	b.encoder = json.NewEncoder(&b.held)
	b.encoder.SetEscapeHTML(false)
	return b
}

// add takes a finding; those of one host have to come together.
func (b *byHost) add(f *inspect.Finding, lang string) error {
	n := len(b.parts)
	another := n == 0 || b.parts[n-1].host != f.Object.Host
	if !b.at.Equal(f.At) || another && b.held.Len() >= b.most {
		if err := b.flush(); err != nil {
			return err
		}
		another = true
	}
	b.at = f.At
	if another {
		b.parts = append(b.parts, part{host: f.Object.Host, from: b.held.Len()})
	}
	b.held.WriteString(b.between)
	if err := b.encoder.Encode(newVerdict(f, lang)); err != nil {
		return err
	}
	b.parts[len(b.parts)-1].to = b.held.Len()
	return nil
}

// flush writes what is held.
func (b *byHost) flush() error {
	slices.SortStableFunc(b.parts, func(x, y part) int { return cmp.Compare(x.host, y.host) })
	for _, p := range b.parts {
		text := b.held.Bytes()[p.from:p.to]
		if !b.begun {
			text, b.begun = text[len(b.between):], true
		}
		if _, err := b.w.Write(text); err != nil {
			return err
		}
	}
	b.parts = b.parts[:0]
	b.held.Reset()
	return nil
}
