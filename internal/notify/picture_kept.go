package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"
)

// Drawn is a picture, and what tells it from others.
type Drawn struct {
	PNG  []byte
	ETag string // as in the header
}

// How many drawn pictures are kept, 30 kB each, and for how long: an event that is deleted is gone then.
const (
	drawnMost  = 64
	drawnLasts = 10 * time.Minute
)

// drawn keeps pictures for which links were followed, and draws one at a time: whoever has a link
// costs one drawing in a while, however often it is followed.
type drawn struct {
	turn chan struct{} // holds one while somebody draws
	mu   sync.Mutex
	kept map[string]drawnAt
}

type drawnAt struct {
	Drawn
	at time.Time
}

func newDrawn() *drawn {
	return &drawn{turn: make(chan struct{}, 1), kept: map[string]drawnAt{}}
}

// get is the picture of a name, drawn where it is not kept. What cannot be drawn is not kept.
func (d *drawn) get(ctx context.Context, name string, now time.Time, draw func() ([]byte, error)) (Drawn, error) {
	if p, ok := d.find(name, now); ok {
		return p, nil
	}
	select {
	case d.turn <- struct{}{}:
		defer func() { <-d.turn }()
	case <-ctx.Done():
		return Drawn{}, ctx.Err()
	}
	if p, ok := d.find(name, now); ok { // drawn while this one waited
		return p, nil
	}
	png, err := draw()
	if err != nil {
		return Drawn{}, err
	}
	sum := sha256.Sum256(png)
	p := Drawn{PNG: png, ETag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	d.keep(name, drawnAt{p, now})
	return p, nil
}

func (d *drawn) find(name string, now time.Time) (Drawn, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.kept[name]
	return p.Drawn, ok && now.Sub(p.at) < drawnLasts
}

// keep keeps a picture in place of the one that was drawn first.
func (d *drawn) keep(name string, p drawnAt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.kept) >= drawnMost {
		oldest, at := "", time.Time{}
		for n, k := range d.kept {
			if oldest == "" || k.at.Before(at) {
				oldest, at = n, k.at
			}
		}
		delete(d.kept, oldest)
	}
	d.kept[name] = p
}
